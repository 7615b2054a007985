"""The exit codes of every command."""

WRITTEN, GATE_REACHED, FAILED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

"""The command line: commands, messages and exit codes. What a command needs is imported when it runs.

Data goes to standard output, talk to standard error. Exit codes: 0 written, 1 the gate of `--fail-on` was reached, 2 bad
input or a requested output that could not be produced, 130 interrupted, 141 the reader of a pipe went away.
"""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper

from cyclopts import App, CycloptsError

from pai_report import __version__
from pai_report.cli.batch import batch
from pai_report.cli.bundle import bundle
from pai_report.cli.catalogue import explain, rules
from pai_report.cli.exits import FAILED, GATE_REACHED, INTERRUPTED, PIPE_CLOSED, WRITTEN
from pai_report.cli.inspect import inspect
from pai_report.cli.report import report
from pai_report.cli.talk import tell, tell_error
from pai_report.cli.verify import verify
from pai_report.errors import ExpectedError

__all__ = ["FAILED", "GATE_REACHED", "INTERRUPTED", "PIPE_CLOSED", "WRITTEN", "app", "main"]

app = App(
    name="pai-report",
    version=__version__,
    help="Reports of PerforatedAI training runs: did the dendrites help, at what cost, what to do next.",
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
app.default(report)
for command in (batch, bundle, inspect, verify, rules, explain):
    app.command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on `arguments` (default: those of the process) and return the exit code."""
    try:
        with _one_shot():
            code = app(sys.argv[1:] if arguments is None else arguments, exit_on_error=False, print_error=False)
            sys.stdout.flush()
    except ExpectedError as error:
        tell_error(error)
        return FAILED
    except CycloptsError as error:
        tell(f"pai-report: {error}\nSee pai-report --help.")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output once more at exit: give it somewhere to go (docs.python.org, signal, SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return code or WRITTEN


@contextmanager
def _one_shot() -> Iterator[None]:
    """Output that any locale can write, and no cyclic garbage collector: it costs a report a fifth of its time."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()

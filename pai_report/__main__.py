"""The program, as `python -m pai_report` or the console script: a process of its own around the command line.

It imports nothing of weight before it has seen to Ctrl-C, which is to end a command without a word from Python.
"""

import _signal as signal  # type: ignore[import-not-found] # the module signal is made of it, and takes its time to import
import os
import sys


def main() -> int:
    """Run the command line on the arguments of this process and return the exit code."""
    interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where it was inherited as ignored
    if interruptible:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until there is something to tidy up
    _hold_closed_streams()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing here is worth a thread; each would take memory at once
    try:
        from pai_report.cli import main as run  # noqa: PLC0415
    except (OSError, MemoryError) as error:  # a limit of the machine so low that nothing can be imported
        sys.stderr.write(f"pai-report: It cannot start here: {type(error).__name__} ({error}).\n")
        return 2

    if interruptible:
        sys.unraisablehook = _heard
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = run()
    if interruptible:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return code


def _hold_closed_streams() -> None:
    """Put the null device where a standard stream is closed, so that no file of ours gets its number and its output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one


def _heard(unraisable: "sys.UnraisableHookArgs") -> None:
    """Ctrl-C that came where Python cannot raise it is heard a moment later; everything else is told as usual."""
    if unraisable.exc_type is KeyboardInterrupt:
        signal.raise_signal(signal.SIGINT)
    else:
        sys.__unraisablehook__(unraisable)


if __name__ == "__main__":
    sys.exit(main())

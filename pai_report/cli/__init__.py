"""The command line: commands, messages and exit codes. What a command needs is imported when it runs.

Data goes to standard output, talk to standard error. Exit codes: 0 written, 1 the gate of `--fail-on` was reached, 2 bad
input or a requested output that could not be produced, 3 a mistake of ours, 130 interrupted, 141 the reader of a pipe has gone.
"""

import gc
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from pai_report import __version__
from pai_report.cli.batch import batch
from pai_report.cli.bundle import bundle
from pai_report.cli.catalogue import explain, rules
from pai_report.cli.completion import completion
from pai_report.cli.exits import FAILED, GATE_REACHED, INTERRUPTED, PIPE_CLOSED, UNEXPECTED, WRITTEN
from pai_report.cli.faults import check_memory, interrupted, limit, unexpected
from pai_report.cli.inspect import inspect
from pai_report.cli.report import report
from pai_report.cli.talk import abandon, finish, talking, tell, tell_error, undelivered
from pai_report.cli.usage import help_text, near_command, refused
from pai_report.cli.verify import verify
from pai_report.errors import ExpectedError

__all__ = ["FAILED", "GATE_REACHED", "INTERRUPTED", "PIPE_CLOSED", "UNEXPECTED", "WRITTEN", "app", "main"]

app = App(
    name="pai-report",
    version=__version__,
    version_flags=["--version", "-V"],
    help="Reports of PerforatedAI training runs: did the dendrites help, at what cost, what to do next.",
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
app.default(report)
for command in (batch, bundle, inspect, verify, rules, explain, completion):
    app.command(command)
app.meta.suppress_keyboard_interrupt = False


@app.meta.default
def launch(
    *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=(), show_default=False)] = False,
    debug: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
) -> int | None:
    """Run the command that `words` are.

    Parameters
    ----------
    words
        A command and what belongs to it, or the path of a run.
    quiet
        Tell of problems only, not of what was written.
    debug
        Show the place in the code when something goes wrong that should not.
    """
    if not words:
        raise ExpectedError("no-path", "No run is named.", help_text(app))
    with talking(quiet=quiet):
        try:
            check_memory()
            return app(words, exit_on_error=False, print_error=False)  # type: ignore[no-any-return]
        except CycloptsError as error:
            raise refused(error, words, app) from error
        except ExpectedError as error:
            if error.slug == "no-such-path":
                error.hint = near_command(words, app) or error.hint
            raise
        except Exception:
            if debug:
                tell(traceback.format_exc())
            raise


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on `arguments` (default: those of the process) and return the exit code."""
    try:
        with _one_shot():
            code = app.meta(sys.argv[1:] if arguments is None else arguments, exit_on_error=False, print_error=False)
            finish()
    except CycloptsError as error:  # of what is said to all commands
        tell_error(refused(error, (), app))
        return FAILED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 whatever it is, it is told and has its exit code
        return _failed(error)
    return code or WRITTEN


def _failed(error: BaseException) -> int:
    """Say what went wrong; the exit code for it."""
    if interrupted(error):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        abandon(sys.stdout)
        return PIPE_CLOSED
    problem = error if isinstance(error, ExpectedError) else undelivered(error) or limit(error)
    if problem is None:
        tell(unexpected(error))
        return UNEXPECTED
    tell_error(problem)
    return FAILED


@contextmanager
def _one_shot() -> Iterator[None]:
    """Streams that any locale can write, libraries that keep their warnings, and no cyclic garbage collector.

    The collector costs a report a fifth of its time.
    """
    for stream, errors in ((sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace"), (sys.stdin, "replace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)
    collected = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if collected:
            gc.enable()

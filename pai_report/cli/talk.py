"""What the command line says: data on standard output, talk on standard error, questions only where somebody can answer.

Every word of a command goes through here, for here it is made harmless: what run folders, files and arguments hold may colour,
move or rename what a terminal shows.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.run.locate import Ask

_ELSEWHERE = "Send it to a file or a program that takes it, or write a report with -o FILE."
_quiet: ContextVar[bool] = ContextVar("_quiet", default=False)


@contextmanager
def talking(*, quiet: bool) -> Iterator[None]:
    """Leave out what is said only so that something is said, if `quiet`."""
    token = _quiet.set(quiet)
    try:
        yield
    finally:
        _quiet.reset(token)


def asker() -> "Ask | None":
    """A way to ask the user, None where nobody is there to answer."""
    return _ask if on_terminal(sys.stdin) and on_terminal(sys.stderr) else None


def on_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal; one that is closed is none."""
    return stream is not None and stream.isatty()


def show(text: str) -> None:
    """Print data, ending in a newline. ExpectedError "no-standard-output" where it cannot be written."""
    from pai_report.report.clean import clean_code

    with _writing() as stream:
        stream.write(clean_code(text.removesuffix("\n")) + "\n")
        stream.flush()


def show_bytes(data: bytes) -> None:
    """Print data as it is, for files and pipes. ExpectedError "no-standard-output" where it cannot be written."""
    with _writing() as stream:
        stream.buffer.write(data)
        stream.flush()


def finish() -> None:
    """See to it that all data is out. ExpectedError "no-standard-output" where it cannot be written."""
    if sys.stdout is not None:
        with _writing() as stream:
            stream.flush()


def tell(text: str) -> None:
    """Print talk; where standard error cannot be written there is nobody to tell that."""
    from pai_report.report.clean import clean_code

    try:
        if sys.stderr is not None:
            sys.stderr.write(f"{clean_code(text)}\n")
            sys.stderr.flush()
    except OSError:
        abandon(sys.stderr)


def note(text: str) -> None:
    """Print talk that says that all went well, unless the user wants none."""
    if not _quiet.get():
        tell(text)


def is_quiet() -> bool:
    """Whether the user wants to hear of problems only."""
    return _quiet.get()


def tell_error(error: ExpectedError) -> None:
    """Print a problem that the user can repair, with the hint."""
    from pai_report.report.clean import clean

    tell(f"pai-report: {clean(error.sentence)}" + (f"\n{error.hint}" if error.hint else ""))


def abandon(stream: TextIO | None) -> None:
    """Let Python's own last flush of a standard stream that cannot be written go nowhere (docs.python.org, signal, SIGPIPE)."""
    with suppress(OSError, ValueError):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def undelivered(error: BaseException) -> ExpectedError | None:
    """The error of the help, which is printed by a library, where standard output does not take it; None for any other."""
    frames = traceback.extract_tb(error.__traceback__)
    if not isinstance(error, OSError) or not any("rich" in Path(frame.filename).parts for frame in frames):
        return None
    return _not_taken(error)


def _not_taken(error: OSError) -> ExpectedError:
    abandon(sys.stdout)
    sentence = f"Standard output could not be written: {error.strerror}."
    return ExpectedError("no-standard-output", sentence, _ELSEWHERE)


@contextmanager
def _writing() -> Iterator[TextIO]:
    if sys.stdout is None:
        raise ExpectedError("no-standard-output", "Standard output is closed.", _ELSEWHERE)
    try:
        yield sys.stdout
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _not_taken(error) from error


def _ask(question: str, candidates: tuple[str, ...]) -> str:
    """Put `question` on the terminal; standard output stays free for data."""
    from pai_report.report.clean import clean

    tell("\n".join((question, *(f"  {clean(candidate)}" for candidate in candidates))))
    sys.stderr.write("> ")
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    if not answer:
        raise ExpectedError("save-name-unknown", "No save name was given.", "Answer with one of them, or with --save-name.")
    return answer

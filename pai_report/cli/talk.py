"""What the command line says: data on standard output, talk on standard error, questions only where somebody can answer."""

import sys
from typing import TYPE_CHECKING

from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.run.locate import Ask


def asker() -> "Ask | None":
    """A way to ask the user, None where nobody is there to answer."""
    return _ask if sys.stdin.isatty() and sys.stderr.isatty() else None


def show(text: str) -> None:
    """Print data."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def tell(text: str) -> None:
    """Print talk."""
    sys.stderr.write(f"{text}\n")


def tell_error(error: ExpectedError) -> None:
    """Print a problem that the user can repair, with the hint."""
    tell(f"pai-report: {error.sentence}" + (f"\n{error.hint}" if error.hint else ""))


def _ask(question: str, candidates: tuple[str, ...]) -> str:
    """Put `question` on the terminal; standard output stays free for data."""
    tell("\n".join((question, *(f"  {candidate}" for candidate in candidates))))
    sys.stderr.write("> ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()

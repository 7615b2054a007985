"""What is said where the call itself is wrong: what was meant, as far as the words tell."""

from collections.abc import Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from cyclopts import App, CycloptsError, UnusedCliTokensError

from pai_report.errors import ExpectedError

_SEE = "See pai-report --help."


def refused(error: CycloptsError, words: Sequence[str], app: App) -> ExpectedError:
    """Why the `words` are no call of `app`."""
    sentence = str(error)
    if isinstance(error, UnusedCliTokensError):
        sentence = f"Only one PATH can be given, and there is more: {' '.join(error.unused_tokens or ())}."
    return ExpectedError("bad-usage", sentence, near_command(words, app) or _SEE)


def near_command(words: Sequence[str], app: App) -> str:
    """The question whether a command was misspelt, where the first word is no path; else nothing."""
    names = [name for name in app if not name.startswith("-")]
    if not words or words[0] in names or words[0].startswith("-"):
        return ""
    near = get_close_matches(words[0].lower(), names, n=1, cutoff=0.7)
    try:
        there = Path(words[0]).exists()
    except (OSError, ValueError):
        there = False
    return f"Did you mean the command {near[0]}? pai-report {' '.join([near[0], *words[1:]])}" if near and not there else ""


def help_text(app: App) -> str:
    """The help of `app`, as `--help` prints it on a narrow terminal."""
    from rich.console import Console

    target = StringIO()
    app.help_print([], console=Console(file=target, width=80))
    return target.getvalue()

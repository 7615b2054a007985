"""The style sheet of the pictures: a few settings of matplotlib, and no other that a user's own file may name."""

from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl

from pai_report.errors import ExpectedError

SETTINGS: tuple[Any, ...] = (
    "lines.solid_capstyle",
    "lines.solid_joinstyle",
    "lines.dash_capstyle",
    "lines.dash_joinstyle",
    "lines.scale_dashes",
    "path.simplify",
    "svg.hashsalt",
)
_HINT = f"It takes {', '.join(SETTINGS)}."


@cache
def settings(path: Path) -> dict[Any, Any]:
    """Matplotlib's own defaults under the style sheet `path`: what a user's matplotlibrc says never reaches a report.

    Other settings could start programs (`text.usetex`) or read files, so that the sheet takes `SETTINGS` only. Raises
    ExpectedError: "broken-style" for any other line, "assets-missing" where the sheet is not there or no text.
    """
    chosen: dict[Any, Any] = {name: held for name, held in mpl.rcParamsDefault.items() if not name.startswith("backend")}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ExpectedError("assets-missing", f"The style sheet {path} cannot be read: {error}.", _HINT) from error
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].strip()
        if words:
            chosen |= _setting(f"{path.name}, line {number}", words)
    return chosen


def _setting(place: str, words: str) -> dict[Any, Any]:
    """One line of a style sheet as matplotlib understands it."""
    name, _, chosen = (part.strip() for part in words.partition(":"))
    if name not in SETTINGS:
        raise ExpectedError("broken-style", f"{place}: {name[:60]!r} is no setting that pictures take.", _HINT)
    try:
        return dict(mpl.RcParams({name: chosen}))
    except ValueError:
        raise ExpectedError("broken-style", f"{place}: {chosen[:60]!r} is no value of {name}.", _HINT) from None

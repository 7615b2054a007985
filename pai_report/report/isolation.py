"""matplotlib imported without the machine around it: no settings of the user, no fonts of the system, nothing written."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from pai_report.errors import ExpectedError
from pai_report.report.assets import folder

SANS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")  # what the pictures are lettered with
# Versions before 3.11 do not know the first variable; they find no fc-list on an empty path.
_ALONE = {"MPL_IGNORE_SYSTEM_FONTS": "1", "PATH": "", "MPLBACKEND": "agg"}


@contextmanager
def isolated() -> Iterator[None]:
    """Let matplotlib be imported inside, as far as it is not yet.

    On its own it would make folders in the user's home and have fc-list list the fonts of the system: half a second
    at the first run of a user. Raises ExpectedError "unreadable-matplotlibrc".
    """
    if "matplotlib.font_manager" in sys.modules:
        yield
        return
    settings = str(folder("styles") / "figures.mplstyle")
    with _quiet(), _replaced(os.environ, _ALONE | {"MATPLOTLIBRC": settings}):
        library = _imported()
        hidden = _hidden(library.cbook)
        with _replaced(vars(library), {"get_configdir": _nowhere, "get_cachedir": _nowhere}), _replaced(*hidden):
            yield
            manager = import_module("matplotlib.font_manager").fontManager
    for name in SANS:
        manager.addfont(font_folder(library) / name)


def font_folder(library: Any) -> Path:
    """The fonts that the module matplotlib brings."""
    return Path(library.get_data_path()) / "fonts" / "ttf"


def _imported() -> Any:
    """The module matplotlib, which reads a `matplotlibrc` in the working folder whatever it is told."""
    try:
        return import_module("matplotlib")
    except (OSError, UnicodeDecodeError) as error:
        if not Path("matplotlibrc").exists():
            raise
        sentence = "The file matplotlibrc in the working folder cannot be read, and matplotlib does not start without."
        raise ExpectedError(
            "unreadable-matplotlibrc", sentence, "Correct it, move it away, or work in another folder."
        ) from error


def _nowhere() -> str:
    """A folder that does not exist and cannot be made."""
    return os.devnull


def _hidden(cbook: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What hides the hundred fonts that matplotlib brings: to list them takes longer than to draw."""
    real = cbook._get_data_path  # noqa: SLF001

    def place(*parts: str) -> Path:
        return Path(os.devnull) if parts[:1] == ("fonts",) else real(*parts)

    return vars(cbook), {"_get_data_path": place}


@contextmanager
def _replaced(held: MutableMapping[str, Any], others: Mapping[str, Any]) -> Iterator[None]:
    """`held` with `others` in it for a while."""
    before = {name: held[name] for name in others if name in held}
    held.update(others)
    try:
        yield
    finally:
        for name in others.keys() - before.keys():
            del held[name]
        held.update(before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep matplotlib from talking about a list of fonts that it cannot keep."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)

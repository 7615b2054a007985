"""`--open`: a written page in the browser, where there is somebody to look at it."""

import os
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pai_report.errors import ExpectedError

if TYPE_CHECKING:
    from pai_report.pipeline import Target


def page_of(targets: "Sequence[Target]") -> Path:
    """The first HTML page among `targets`, else the first PDF; ExpectedError "nothing-to-open" where there is neither."""
    from pai_report.pipeline import STDOUT

    pages = [target for kind in ("html", "pdf") for target in targets if target.format == kind and target.name != STDOUT]
    if not pages:
        sentence = "--open opens a page that is written, and none is asked for."
        raise ExpectedError("nothing-to-open", sentence, "Add one: -o report.html --open")
    return Path(pages[0].name)


def opened(page: Path, environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """Open `page`; why it was not opened, empty where it was."""
    if environment.get("CI"):
        return f"{page} is not opened: the variable CI says that nobody is looking."
    if platform not in {"win32", "darwin"} and not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        return f"{page} is not opened: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    return "" if webbrowser.open(page.absolute().as_uri()) else f"{page} is not opened: no browser was found."

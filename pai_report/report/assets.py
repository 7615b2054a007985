"""Where the templates and styles are, installed or in a checkout."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pai_report.errors import ExpectedError

Kind = Literal["templates", "styles"]


def folder(kind: Kind) -> Path:
    """The folder of `kind`: inside the installed package, else beside it; ExpectedError "assets-missing" for neither."""
    package = Path(str(files("pai_report")))
    for candidate in (package / kind, package.parent / kind):
        if candidate.is_dir():
            return candidate
    sentence = f"The {kind} of pai-report are missing: neither {package / kind} nor {package.parent / kind} is a folder."
    raise ExpectedError("assets-missing", sentence, "Install pai-report again: pip install --force-reinstall pai-report")


@cache
def style(name: str) -> str:
    """The style sheet `name`; ExpectedError "assets-missing" where it is not there."""
    path = folder("styles") / name
    try:
        return path.read_text("utf-8")
    except OSError as error:
        hint = "Install pai-report again: pip install --force-reinstall pai-report"
        raise ExpectedError("assets-missing", f"The style sheet {path} cannot be read: {error.strerror}.", hint) from error

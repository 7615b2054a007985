"""Where the templates and styles are: the user's own folders first, then those of the installation or checkout."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pai_report.errors import ExpectedError
from pai_report.there import is_folder
from pai_report.values import value

Kind = Literal["templates", "styles"]
KINDS: tuple[Kind, ...] = ("templates", "styles")
AGAIN = "Install pai-report again, in its checkout: pip install --force-reinstall ."


@value
class Overrides:
    """The user's own folders. A file in one of them replaces ours of the same name; the others stay."""

    templates: Path | None = None
    styles: Path | None = None

    def inputs(self) -> tuple[Path, ...]:
        """What lies in the folders, as far as they can be listed."""
        return tuple(path for own in (self.templates, self.styles) if own and is_folder(own) for path in own.iterdir())


_overrides: ContextVar[Overrides] = ContextVar("_overrides", default=Overrides())  # noqa: B039 frozen


@contextmanager
def overriding(chosen: Overrides) -> Iterator[None]:
    """Let the files in the user's folders replace ours.

    Raises ExpectedError: "no-such-folder", "overrides-nothing" for a folder in which no file has the name of one of ours.
    """
    for kind, own in (("templates", chosen.templates), ("styles", chosen.styles)):
        if own is not None:
            _check(own, "templates" if kind == "templates" else "styles")
    token = _overrides.set(chosen)
    try:
        yield
    finally:
        _overrides.reset(token)


def folders(kind: Kind) -> tuple[Path, ...]:
    """The folders of `kind` in which a file is looked for, first one first."""
    chosen = _overrides.get()
    own = chosen.templates if kind == "templates" else chosen.styles
    return (folder(kind),) if own is None else (own, folder(kind))


def find(kind: Kind, name: str) -> Path:
    """The file `name` of `kind`; one that is in no folder is given as the path where it should be."""
    places = [place / name for place in folders(kind)]
    return next((path for path in places if path.is_file()), places[-1])


def folder(kind: Kind) -> Path:
    """The folder of `kind`: inside the installed package, else beside it; ExpectedError "assets-missing" for neither."""
    package = Path(str(files("pai_report")))
    for candidate in (package / kind, package.parent / kind):
        if candidate.is_dir():
            return candidate
    sentence = f"The {kind} of pai-report are missing: neither {package / kind} nor {package.parent / kind} is a folder."
    raise ExpectedError("assets-missing", sentence, AGAIN)


def style(name: str) -> str:
    """The style sheet `name`, which cannot end its element; ExpectedError "assets-missing" where it is not there or no text."""
    path = find("styles", name)
    try:
        return path.read_text("utf-8").replace("</", r"<\/")  # the same to CSS, and no end of a style element to HTML
    except (OSError, UnicodeDecodeError) as error:
        raise ExpectedError("assets-missing", f"The style sheet {path} cannot be read: {error}.", AGAIN) from error


def _check(own: Path, kind: Kind) -> None:
    if not is_folder(own):
        raise ExpectedError("no-such-folder", f"The folder {own} does not exist.", f"Give a folder with {kind} of your own.")
    names = sorted(path.name for path in folder(kind).iterdir())
    if not any((own / name).is_file() for name in names):
        sentence = f"The folder {own} replaces nothing: none of its files has the name of one of the {kind}."
        raise ExpectedError("overrides-nothing", sentence, f"They are: {', '.join(names)}.")

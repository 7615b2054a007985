"""WeasyPrint imported quickly, and with a clear word where the libraries it draws with are missing."""

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from io import StringIO
from types import ModuleType

from pai_report.errors import ExpectedError
from pai_report.machine import missing_libraries, remedy

_WITHOUT = "Markdown, HTML and JSON work without them."


def import_weasyprint() -> ModuleType:
    """The `weasyprint` module; ExpectedError "pango-missing" where a library that it draws with cannot be loaded.

    WeasyPrint tries several names for each library, its soname among them. For every other name cffi starts ldconfig, gcc
    and ld; on Linux the first attempt does without them, which saves a quarter of a second.
    """
    missing = missing_libraries()
    if missing:
        sentence = f"A PDF needs libraries that cannot be loaded: {', '.join(map(str, missing))}."
        raise ExpectedError("pango-missing", sentence, f"{remedy(missing)}. {_WITHOUT}")
    if sys.platform == "linux":
        try:
            with _no_search():
                return _imported()
        except OSError:
            pass
    try:
        return _imported()
    except OSError as error:
        sentence = f"A PDF needs the libraries of WeasyPrint, and one cannot be loaded: {str(error).partition(':')[0]}."
        raise ExpectedError("pango-missing", sentence, _WITHOUT) from error


def _imported() -> ModuleType:
    """WeasyPrint, with its words about a library that it does not find kept off standard output: the error says it."""
    with redirect_stdout(StringIO()):
        return import_module("weasyprint")


@contextmanager
def _no_search() -> Iterator[None]:
    """Let every search for a library by a short name come back empty at once."""
    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None  # noqa: ARG005 the signature of what it replaces
    try:
        yield
    finally:
        ctypes.util.find_library = search

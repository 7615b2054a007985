"""WeasyPrint imported quickly, and with a clear word where the libraries it draws with are missing."""

import ctypes.util
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from io import StringIO
from types import ModuleType

from pai_report.errors import ExpectedError

APT = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def import_weasyprint() -> ModuleType:
    """The `weasyprint` module; ExpectedError "pango-missing" where Pango, HarfBuzz or Fontconfig cannot be loaded.

    WeasyPrint tries several names for each library, its soname among them. For every other name cffi starts ldconfig, gcc
    and ld; on Linux the first attempt does without them, which saves a quarter of a second.
    """
    if sys.platform == "linux":
        try:
            with _no_search():
                return _imported()
        except OSError:
            pass
    try:
        return _imported()
    except OSError as error:
        reason = str(error).partition(":")[0]
        sentence = f"A PDF needs the Pango libraries, and they cannot be loaded: {reason}."
        hint = f"On Debian or Ubuntu: {APT}. Markdown, HTML and JSON work without them."
        raise ExpectedError("pango-missing", sentence, hint) from error


def _imported() -> ModuleType:
    with _quiet():
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


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep WeasyPrint's own words about missing libraries and fonts off the terminal: the report brings its fonts."""
    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

"""What pai-report needs of a machine beside Python packages. `python -m pai_report.machine` says what is missing.

The Makefile asks this before anything is installed, a PDF before it is drawn: one list for both. Hence nothing but Python's
own library is imported here.
"""

import ctypes
import shutil
import sys
from importlib.util import find_spec

from pai_report.values import value

LINUX = sys.platform == "linux"


@value
class Need:
    """Something that cannot be installed by pip: its name, the file or module that is loaded, its package on Debian."""

    name: str
    loaded: str
    package: str

    def __str__(self) -> str:
        """As a sentence names it: "PangoFT2 (libpangoft2-1.0.so.0)"."""
        return f"{self.name} ({self.loaded})"


# The libraries that WeasyPrint loads, under the names it finds on Linux; their packages bring GLib, HarfBuzz and Fontconfig.
# It can do without HarfBuzz-Subset, with a warning that a later version cannot: fonts then are cut by fontTools, which takes
# ten times as long and writes the time of day into them.
LIBRARIES = (
    Need(name="Pango", loaded="libpango-1.0.so.0", package="libpango-1.0-0"),
    Need(name="PangoFT2", loaded="libpangoft2-1.0.so.0", package="libpangoft2-1.0-0"),
    Need(name="HarfBuzz-Subset", loaded="libharfbuzz-subset.so.0", package="libharfbuzz-subset0"),
)
# Debian takes it out of Python; each version has its own package.
VENV = Need(name="venv", loaded="ensurepip", package=f"python{sys.version_info.major}.{sys.version_info.minor}-venv")


def missing_libraries() -> tuple[Need, ...]:
    """The libraries of a PDF that cannot be loaded; on other systems than Linux none: WeasyPrint knows their names there."""
    return tuple(library for library in LIBRARIES if LINUX and not _loads(library.loaded))


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def remedy(missing: tuple[Need, ...]) -> str:
    """What to do about `missing`: a command where we know one, else the names."""
    if shutil.which("apt-get"):
        return f"As root: apt-get install {' '.join(need.package for need in missing)}"
    return f"Install the packages of this system that bring {', '.join(need.loaded for need in missing)}"


def main() -> int:
    """Print the Debian packages that are missing and, on standard error, the sentence; the exit code is 1 if there are any."""
    missing = (*(() if find_spec(VENV.loaded) else (VENV,)), *missing_libraries())
    if missing:
        print(f"This machine lacks {', '.join(map(str, missing))}. {remedy(missing)}.", file=sys.stderr)  # noqa: T201
        print(*(need.package for need in missing))  # noqa: T201 the Makefile reads it
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

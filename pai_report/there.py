"""What is at a path.

Where that cannot be told, Python's own questions raise, and from Python 3.14 on they answer no, which is not known either.
"""

import stat
from pathlib import Path

from pai_report.errors import ExpectedError


def is_file(path: Path) -> bool:
    """Whether `path` leads to a file; ExpectedError as `mode`."""
    return stat.S_ISREG(mode(path))


def is_folder(path: Path) -> bool:
    """Whether `path` leads to a folder; ExpectedError as `mode`."""
    return stat.S_ISDIR(mode(path))


def mode(path: Path) -> int:
    """The mode of what `path` leads to (`st_mode`), 0 where nothing is.

    ExpectedError "no-such-path" where that cannot be told: a name too long, a folder on the way without permission.
    """
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last for a NUL in the name, which no file has
        return 0
    except OSError as error:
        raise ExpectedError("no-such-path", f"{path} cannot be reached: {error.strerror}.") from error

"""What a run is called in the index, and how its folder of reports is named."""

import hashlib
import re
from pathlib import PurePosixPath

_ODD = re.compile(r"[^a-z0-9._]+")
_LONGEST = 60  # characters of the key in a name: enough to recognise it, short enough for every file system


def shown(relative: str) -> str:
    """A path below the searched folder as text: bytes that are no UTF-8 become escapes, so that no two paths look alike."""
    return relative.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")


def run_key(folder: str, save_name: str) -> str:
    """The key of a run: the folder below the one searched ("" for that itself), then the save name.

    No run of another name and no folder has the same (`folder_key`).
    """
    name = save_name or "(unnamed)"
    return f"{folder}/{name}" if folder else name


def folder_key(folder: str) -> str:
    """The key of a folder that could not be looked into and was not known to hold runs."""
    return f"{folder or '.'}/"


def is_folder(key: str) -> bool:
    """Whether a key is that of a folder."""
    return key.endswith("/")


def safe_name(key: str) -> str:
    """A folder name for the reports of the run `key`, the same every night.

    Lower case, ASCII and short, ending in a digest of the key: names that differ only by case or odd characters stay apart,
    also on file systems that do not tell case.
    """
    parts = PurePosixPath(key).parts
    told = parts[:-1] if len(parts) > 1 and parts[-1] == parts[-2] else parts  # the library names the folder like the run
    plain = _ODD.sub("-", "-".join(told).lower()).strip("-.")
    return f"{plain[-_LONGEST:].strip('-.') or 'run'}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"

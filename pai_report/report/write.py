"""Reports on disk: whole or not at all."""

import errno
import os
from pathlib import Path

from pai_report.errors import ExpectedError
from pai_report.report.rendition import Rendered

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def write(rendered: Rendered, path: Path) -> None:
    """Write the report to `path` and its files beside it.

    Each file is written under a temporary name and then renamed, the report itself last, so that a reader never meets half
    of one. Raises ExpectedError: "target-is-folder", "no-such-folder", "not-writable", "disk-full", "not-written".
    """
    check_target(path)
    for name, data in (*rendered.files, (path.name, rendered.main)):
        _write_one(path.parent / name, data)


def check_target(path: Path) -> None:
    """Raise ExpectedError where `path` can be no file: "target-is-folder", "no-such-folder"."""
    if path.is_dir():
        raise ExpectedError(
            "target-is-folder", f"{path} is a folder, not a file.", f"Name a file in it, such as {path / 'report.pdf'}."
        )
    if not path.parent.is_dir():
        raise ExpectedError(
            "no-such-folder", f"The folder {path.parent} does not exist.", f"Make it first: mkdir -p {path.parent}"
        )


def _write_one(target: Path, data: bytes) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
        _replace(target, data)
    except OSError as error:
        raise explained(error, target) from error


def _replace(target: Path, data: bytes) -> None:
    """Put `data` in the place of `target`; a link keeps pointing, and a device or pipe is written to, not replaced."""
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(data)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def explained(error: OSError, target: Path) -> ExpectedError:
    """Why `target` could not be written: "disk-full", "not-writable" or "not-written"."""
    if error.errno in _FULL:
        return ExpectedError(
            "disk-full", f"{target} could not be written: the disk is full.", "Free some space, or write elsewhere."
        )
    if error.errno in _REFUSED:
        return ExpectedError(
            "not-writable", f"{target} could not be written: no permission.", "Choose a folder you may write to."
        )
    return ExpectedError("not-written", f"{target} could not be written: {error.strerror or error}.", "Choose another place.")

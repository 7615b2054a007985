"""Reports on disk: whole or not at all."""

import errno
import os
import stat
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path

from pai_report.errors import ExpectedError
from pai_report.report.rendition import Rendered
from pai_report.report.unfinished import sweep, unfinished

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def write(rendered: Rendered, path: Path, inputs: Collection[Path] = ()) -> None:
    """Write the report to `path` and its files beside it.

    All files are written under temporary names first and then renamed, the report itself last, so that a reader never meets
    half of one. What a killed process left unfinished in these folders is removed. `inputs` are files that stay as they are.
    Raises ExpectedError: "target-is-folder", "no-such-folder", "target-is-input", "not-writable", "disk-full", "not-written".
    """
    check_target(path)
    targets = {path.parent / name: data for name, data in rendered.files} | {path: rendered.main}
    check_inputs(targets, inputs)
    target = path
    try:
        for target in targets:
            target.parent.mkdir(exist_ok=True)
        for folder in {Path(os.path.realpath(target)).parent for target in targets}:
            sweep(folder)
        with ExitStack() as stack:
            ready = []
            for target, data in targets.items():
                ready.append((target, stack.enter_context(unfinished(Path(os.path.realpath(target)), data))))
            for target, put in ready:  # noqa: B007 named in the error
                put()
    except OSError as error:
        raise explained(error, target) from error


def check_target(path: Path) -> None:
    """Raise ExpectedError where `path` can be no file: "target-is-folder", "no-such-folder", or as `explained`."""
    try:
        mode, parent = _mode(path), _mode(path.parent)
    except (OSError, ValueError) as error:  # a name too long, a NUL in it, a folder on the way without permission
        raise explained(error, path) from error
    if mode is not None and stat.S_ISDIR(mode):
        raise ExpectedError(
            "target-is-folder", f"{path} is a folder, not a file.", f"Name a file in it, such as {path / 'report.pdf'}."
        )
    if parent is None:
        raise ExpectedError(
            "no-such-folder", f"The folder {path.parent} does not exist.", f"Make it first: mkdir -p {path.parent}"
        )
    if not stat.S_ISDIR(parent):
        raise ExpectedError("no-such-folder", f"{path.parent} is a file, not a folder.", "Name a file in a folder.")


def check_inputs(targets: Collection[Path], inputs: Collection[Path]) -> None:
    """Raise ExpectedError "target-is-input" where a target is one of the `inputs`, under whatever name."""
    kept = {identity: path for path in inputs if (identity := _identity(path)) is not None}
    for target in targets:
        held = kept.get(_identity(target) or (0, 0))
        if held is not None:
            same = "" if held == target else f": it is the same file as {held}"
            sentence = f"{target} is read for this report and is not overwritten{same}."
            raise ExpectedError("target-is-input", sentence, "Give the report another name.")


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file that `path` leads to, None where there is none: links and other names lead to the same."""
    try:
        held = path.stat()
    except (OSError, ValueError):
        return None
    return held.st_dev, held.st_ino


def _mode(path: Path) -> int | None:
    """Type and permissions of what is at `path`, None where nothing is."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def explained(error: OSError | ValueError, target: Path) -> ExpectedError:
    """Why `target` could not be written: "disk-full", "not-writable" or "not-written"."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EFBIG:
        sentence = f"{target} could not be written: it is larger than a file may be here."
        return ExpectedError("disk-full", sentence, "Raise the limit (ulimit -f), or write to another disk.")
    if number in _FULL:
        return ExpectedError(
            "disk-full", f"{target} could not be written: the disk is full.", "Free some space, or write elsewhere."
        )
    if number in _REFUSED:
        return ExpectedError(
            "not-writable", f"{target} could not be written: no permission.", "Choose a folder you may write to."
        )
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return ExpectedError("not-written", f"{target} could not be written: {reason}.", "Choose another place.")

"""Files on their way: written under a name that nobody can guess, then put in place; what a killed process left is removed.

A process holds the kernel's lock on each file and folder that it has not finished. The lock goes when the process ends, however
it ends, so that one with such a name that can be locked belongs to nobody any more.
"""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

try:
    import fcntl
except ImportError:  # a system without these locks: nothing proves there that a file is left over, so it stays
    fcntl = None  # type: ignore[assignment]

PREFIX, SUFFIX = ".pai-report-", ".part"
TEMPORARY = ".pai~"  # short: the path of a socket in such a folder may have some hundred characters
_NAME = re.compile(rf"{re.escape(PREFIX)}\w{{8}}{re.escape(SUFFIX)}")  # eight characters, as tempfile draws them
_TEMPORARY_NAME = re.compile(rf"{re.escape(TEMPORARY)}\w{{8}}")


@contextmanager
def unfinished(target: Path, data: bytes) -> Iterator[Callable[[], object]]:
    """`data` on the disk of `target`, which is no link; what is yielded puts it there.

    A new file gets the permissions that new files get, an older one keeps its own. A device or a pipe is written to, not
    replaced. Raises OSError.
    """
    if target.exists() and not target.is_file():
        yield partial(target.write_bytes, data)
        return
    descriptor, part = _locked(lambda: _new_file(target.parent))
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            part.chmod(_permissions(target))
            yield partial(part.replace, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def unfinished_folder(beside: Path) -> Iterator[Path]:
    """An empty folder in the folder `beside`, to be filled and renamed; what is left of it in the end is removed.

    Raises OSError.
    """
    with _folder(beside, PREFIX, SUFFIX) as part:
        part.chmod(_allowed(0o777))
        yield part


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder of our own among the temporary files of the system, which nobody else may look into. Raises OSError."""
    sweep_temporary()
    with _folder(Path(tempfile.gettempdir()), TEMPORARY, "") as part:
        yield part


@contextmanager
def _folder(beside: Path, prefix: str, suffix: str) -> Iterator[Path]:
    descriptor, part = _locked(lambda: _new_folder(beside, prefix, suffix))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)
        os.close(descriptor)


def sweep_temporary() -> None:
    """Remove the temporary folders of processes that are gone. Raises OSError where the system has no place for such."""
    _sweep(Path(tempfile.gettempdir()), _TEMPORARY_NAME)


def sweep(folder: Path) -> None:
    """Remove what processes that are gone left unfinished in `folder`."""
    _sweep(folder, _NAME)


def _sweep(folder: Path, name: re.Pattern[str]) -> None:
    if fcntl is None:
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if name.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_if_free(Path(entry.path))


def _new_file(folder: Path) -> tuple[int, Path]:
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=folder)
    return descriptor, Path(name)


def _new_folder(beside: Path, prefix: str, suffix: str) -> tuple[int, Path]:
    part = Path(tempfile.mkdtemp(prefix=prefix, suffix=suffix, dir=beside))
    return os.open(part, os.O_RDONLY), part


def _locked(new: Callable[[], tuple[int, Path]]) -> tuple[int, Path]:
    """What `new` makes, locked; again where a sweep came between the two. On a disk without locks nothing is swept either."""
    while True:
        descriptor, part = new()
        if fcntl is not None:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        if part.exists():
            return descriptor, part
        os.close(descriptor)


def _remove_if_free(part: Path) -> None:
    descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if kind == stat.S_IFREG:
            part.unlink()
        elif kind == stat.S_IFDIR:
            shutil.rmtree(part, ignore_errors=True)
    finally:
        os.close(descriptor)


def _permissions(target: Path) -> int:
    """Those of the file that is there, else those of a new one."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return _allowed(0o666)


def _allowed(mode: int) -> int:
    """What the umask leaves of `mode`."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mode & ~mask

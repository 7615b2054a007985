"""Which folders may hold runs, with a digest of what lies in them: nothing is parsed, so that a quiet night is a quick one."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pai_report.batch.model import Failure
from pai_report.batch.names import shown
from pai_report.errors import ExpectedError
from pai_report.run.config_file import STRAY
from pai_report.run.folder import shown_name
from pai_report.run.kinds import CANONICAL, SPELLINGS, named_file
from pai_report.values import value

_TABLES = tuple(spelling.suffix for spelling in SPELLINGS if spelling.kind not in {"config", "picture"})
_CHUNK = 1 << 18  # bytes
_LARGEST = 1 << 30  # bytes of a file whose content is looked at


@value
class Place:
    """A folder that may hold runs: its path, its name below the searched folder, the digest of what a report could show.

    `failure` says why it cannot be listed.
    """

    path: str
    shown: str
    digest: str
    failure: Failure | None = None


def survey(root: Path, output: Path) -> Iterator[Place]:
    """Every folder in and below `root` that holds a table named as the library names them, in the order of their names.

    Folders that are hidden or links are left out, as the reader of single runs does; so is `output`. A run does not hide the
    folders below it: every run counts here. ExpectedError where `root` cannot be listed.
    """
    waiting, avoided = [str(root)], _identity(output)
    while waiting:
        path = waiting.pop()
        try:
            folders, files = _listed(path)
        except OSError as error:
            yield _unlisted(path, root, error)
            continue
        if holds_table(files):
            yield Place(path=path, shown=_below(path, root), digest=_digest(path, files))
        below = (os.path.join(path, name) for name in reversed(folders) if not name.startswith("."))  # noqa: PTH118 speed
        waiting += [one for one in below if avoided is None or _identity(Path(one)) != avoided]


def holds_table(files: Iterable[str]) -> bool:
    """Whether one of the files in a folder is named as the library names its tables."""
    return any(name.endswith(_TABLES) for name in files)


def is_read(name: str) -> bool:
    """Whether a report may show the content of a file: neither pictures of snapshots nor files of other programs."""
    return name.endswith((*_TABLES, "_config.json")) or (name.endswith(".png") and _is_canonical(name))


def digests(path: str) -> Mapping[str, bytes]:
    """SHA-256 of every file in a folder that a report could be made from; empty for those of which only the name counts.

    Names are as the reader shows them, in their order on disk. A file that cannot be read has the error in place of a digest.
    """
    return {shown_name(name): digest for name, digest in _contents(path, _listed(path)[1])}


def stray(path: str) -> bytes:
    """SHA-256 of the configuration that old versions of the library leave in a folder beside the run's; empty for none."""
    beside = os.path.join(os.path.dirname(path), "PAI", STRAY)  # noqa: PTH118, PTH120 speed
    return _file_digest(beside) if os.path.isfile(beside) else b""  # noqa: PTH113 speed


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one folder from every other, whatever it is called; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _listed(path: str) -> tuple[list[str], list[str]]:
    """Names of the folders and of the regular files in a folder, sorted; links lead to files only."""
    folders, files = [], []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif _is_regular(entry):
                files.append(entry.name)
    return sorted(folders), sorted(files)


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _unlisted(path: str, root: Path, error: OSError) -> Place:
    place = _below(path, root)
    if not place:
        raise ExpectedError("unreadable-folder", f"The folder {root} cannot be read: {error.strerror}.") from error
    failure = Failure(slug="unreadable-folder", sentence=f"The folder {place} cannot be read: {error.strerror}.")
    return Place(path=path, shown=place, digest=f"error {error.errno}", failure=failure)


def _below(path: str, root: Path) -> str:
    relative = os.path.relpath(path, root).replace(os.sep, "/")
    return "" if relative == "." else shown(relative)


def _digest(path: str, files: list[str]) -> str:
    total = hashlib.sha256(stray(path))
    for name, digest in _contents(path, files):
        total.update(os.fsencode(name) + b"\0" + digest)
    return total.hexdigest()


def _contents(path: str, files: list[str]) -> Iterator[tuple[str, bytes]]:
    """Names with digests; what nobody reads only counts by its name."""
    for name in files:
        yield name, _file_digest(f"{path}/{name}") if is_read(name) else b""


def _is_canonical(name: str) -> bool:
    parts = named_file(name)
    return parts is not None and parts.infix is CANONICAL


def _file_digest(path: str) -> bytes:
    """SHA-256 of a file, or the error that reading it met. In chunks: a file larger than the memory must do no harm.

    Links, which the reader may have to leave closed, and what is far larger than the tables of a run count by place, size
    and time instead of by content.
    """
    total = hashlib.sha256()
    try:
        found = os.stat(path)  # noqa: PTH116 speed
        if os.path.islink(path) or found.st_size > _LARGEST:  # noqa: PTH114 speed
            return f"{os.path.realpath(path)} {found.st_size} {found.st_mtime_ns}".encode()
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 speed
            while chunk := file.read(_CHUNK):
                total.update(chunk)
    except OSError as error:
        return f"error {error.errno}".encode()
    return total.digest()

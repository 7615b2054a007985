"""A folder's files by name: listed once, each read once."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pai_report.run.access import Allowance, UnreadError, megabytes, read_file, too_large
from pai_report.run.kinds import NamedFile, named_file
from pai_report.run.ledger import Ledger
from pai_report.run.model import Content, Kind, SourceFile
from pai_report.run.table import Table, read_table
from pai_report.settings import Settings


class Folder:
    """The files of one folder: `named` end like files of the library, whatever they are, `others` are regular files.

    Names are as shown: what is no valid Unicode in them is replaced. `unread` tells why a file was not read. Raises OSError
    where the folder cannot be listed.
    """

    def __init__(self, path: Path, settings: Settings = Settings()) -> None:  # noqa: B008 frozen
        self.path = path
        self.settings = settings
        self.ledger = Ledger()
        self.unread: dict[str, UnreadError] = {}
        self.folders: list[str] = []
        self._names: dict[str, str] = {}
        self._tables: dict[str, Table | None] = {}
        self._sources: dict[str, SourceFile] = {}
        self._contents: dict[str, bytes] = {}
        self._total = 0  # bytes read
        with os.scandir(path) as entries:
            for entry in sorted(entries, key=lambda item: item.name):
                if entry.is_dir(follow_symlinks=False):
                    self.folders.append(entry.name)
                if named_file(shown_name(entry.name)) or _is_regular(entry):
                    self._names[shown_name(entry.name)] = entry.name
        parted = {name: named_file(name) for name in self._names}
        self.named = _without_underscores([file for file in parted.values() if file is not None])
        self.others = tuple(name for name, file in parted.items() if file is None)

    def place(self, name: str) -> Path:
        """Where a file lies."""
        return self.path / self._names[name]

    def read(self, name: str) -> bytes | None:
        """Content of a file; None, with a note, where it cannot be read."""
        root = None if self.settings.follow_links else self.path
        try:
            data = read_file(self.place(name), self._allowed(name), root)
            self._check_total(len(data))
        except UnreadError as error:
            self._refuse(name, error)
            return None
        self._sources[name] = source_file(name, data)
        self._contents[name] = data
        self._total += len(data)
        return data

    def _table(self, name: str, data: bytes) -> Table | None:
        try:
            return read_table(name, data, self.ledger)
        except UnreadError as error:
            self._refuse(name, error)
            return None

    def _refuse(self, name: str, error: UnreadError) -> None:
        self.unread[name] = error
        self.ledger.refuse(error.slug, error.text, name)

    def _allowed(self, name: str) -> Allowance:
        """How large a file may be, by what its name says it is."""
        limits, parts = self.settings.limits, named_file(name)
        kind = parts.spelling.kind if parts else None
        if kind == "picture":
            return megabytes(limits.picture_size, "picture_size")
        if kind == "config":
            return megabytes(limits.small_size, "small_size")
        return megabytes(limits.table_size, "table_size")

    def _check_total(self, size: int) -> None:
        """UnreadError where a file of `size` bytes would make more of what is read than a run may have."""
        total = self._total + size
        allowed = megabytes(self.settings.limits.run_size, "run_size")
        if total > allowed.size:
            raise too_large(total, allowed, "With the files read before it, it")

    def table(self, name: str) -> Table | None:
        """A file as a table, read at the first call; None where it holds none."""
        if name not in self._tables:
            data = self.read(name)
            self._tables[name] = None if data is None else self._table(name, data)
        return self._tables[name]

    def sources(self, names: Iterable[str]) -> tuple[SourceFile, ...]:
        """Digests of those of the named files that were read."""
        return tuple(self._sources[name] for name in sorted(names) if name in self._sources)

    def contents(self, names: Iterable[tuple[Kind, str]]) -> tuple[Content, ...]:
        """What was read from those of the named files that are used, in their order."""
        return tuple(
            Content(name=name, kind=kind, data=self._contents[name])
            for kind, name in names
            if name in self._contents and name not in self.ledger.refused
        )


def _is_regular(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file that ends: no pipe, no socket, no link to itself."""
    try:
        return entry.is_file()
    except OSError:
        return False


def source_file(name: str, data: bytes) -> SourceFile:
    """Name, digest and size of a file that was read."""
    return SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def shown_name(name: str) -> str:
    """A name from the disk as text: what is no valid Unicode in it is replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _without_underscores(files: list[NamedFile]) -> tuple[NamedFile, ...]:
    """Give `run_switch_epochs.csv` to the run of `run_scores.csv`: the requirements glue every name on with an underscore.

    A save name that itself ends in one has a scores file of the library under it.
    """
    library = {file.stem for file in files if file.spelling.kind == "scores" and not file.spelling.document}
    document = {file.stem for file in files if file.spelling.kind == "scores" and file.spelling.document}
    return tuple(
        replace(file, stem=file.stem[:-1], spelling=replace(file.spelling, document=True))
        if file.stem.endswith("_") and file.stem not in library and file.stem[:-1] in document | library
        else file
        for file in files
    )

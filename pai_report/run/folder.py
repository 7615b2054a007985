"""A folder's files by name: listed once, each read once."""

import hashlib
import os
from pathlib import Path

from pai_report.errors import ExpectedError
from pai_report.run.kinds import NamedFile, named_file
from pai_report.run.ledger import Ledger
from pai_report.run.model import SourceFile


class Folder:
    """The regular files of one folder. `named` end like files of the library, `others` do not."""

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self.path = path
        self.ledger = ledger
        self._sources: dict[str, SourceFile] = {}
        named: list[NamedFile] = []
        others: list[str] = []
        for name in sorted(_regular_files(path)):
            found = named_file(name)
            if found is None:
                others.append(name)
            else:
                named.append(found)
        self.named = tuple(named)
        self.others = tuple(others)

    def read(self, name: str) -> bytes | None:
        """Content of a file; None, with a note, where it cannot be read."""
        try:
            data = (self.path / name).read_bytes()
        except OSError as error:
            self.ledger.note("unreadable-file", f"The file cannot be read: {error.strerror}.", name)
            return None
        self._sources[name] = SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        return data

    def source(self, name: str) -> SourceFile | None:
        """Digest of a file that was read."""
        return self._sources.get(name)


def _regular_files(path: Path) -> list[str]:
    """Names of files in `path`; pipes, sockets and folders with such names are none."""
    try:
        with os.scandir(path) as entries:
            return [entry.name for entry in entries if entry.is_file()]
    except OSError as error:
        raise ExpectedError("unreadable-folder", f"The folder {path} cannot be read: {error.strerror}.") from error

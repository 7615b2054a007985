"""Reports in a store: written here first, uploaded whole, remembered there.

What a night remembers lies in the hidden folder as on a disk, but for the journal: a store cannot append, so that it takes an
object for every run in place of a line.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from pai_report.batch.address import Address
from pai_report.batch.lease import Lease
from pai_report.batch.model import Record
from pai_report.batch.state import HIDDEN, JOURNAL, STATE, State, Store, line

_JOURNAL = f"{HIDDEN}/journal/"  # one object for each run of an unfinished night


class StoreShelf:
    """A folder of reports in a store. `folder` is an empty one here, that pages and memory pass through."""

    def __init__(self, at: Address, folder: Path) -> None:
        self.folder, self.address = folder, at.url
        self._at = at
        self._lease = Lease(at / f"{HIDDEN}/lock")
        self._sizes: Mapping[str, int] = {}

    def locked(self) -> AbstractContextManager[None]:
        """Hold the folder as well as the store allows (`lease`)."""
        return self._lease.held()

    def store(self) -> Store:
        """What the folder remembers. From now on `present` knows what lies there."""
        self._sizes = {name: int(info["size"]) for name, info in self._at.files().items()}
        journal = [name for name in self._sizes if name.startswith(_JOURNAL)]
        return RemoteStore(self._at, self.folder, journal, self._lease.check)

    def present(self, files: Sequence[tuple[str, int]]) -> bool:
        """Whether every file was there in its size when the night began."""
        return all(self._sizes.get(name) == size for name, size in files)


class RemoteStore(Store):
    """The remembered nights of a folder in a store, kept in `folder` here and followed there.

    `journal` names what an unfinished night left, `check` says whether the folder is still ours.
    """

    def __init__(self, at: Address, folder: Path, journal: Sequence[str], check: Callable[[], None]) -> None:
        self._at, self._check, self._pages = at, check, folder
        self._noted = set(journal)
        (folder / HIDDEN).mkdir(exist_ok=True)
        state = (at / f"{HIDDEN}/{STATE}").read()
        if state is not None:
            (folder / HIDDEN / STATE).write_bytes(state)
        (folder / HIDDEN / JOURNAL).write_bytes(b"".join(at.read_all(sorted(journal))))
        super().__init__(folder)

    def note(self, record: Record) -> None:
        """Remember a run whose reports are uploaded."""
        name = f"{_JOURNAL}{record.row.name}.json"
        (self._at / name).write(line(record))
        self._noted.add(name)

    def commit(self, state: State) -> None:
        """Upload the pages that were written, then this night as the last whole one."""
        self._check()
        before = self._bytes(STATE)
        super().commit(state)
        self._at.put({path.name: str(path) for path in sorted(self._pages.iterdir()) if path.is_file()})
        after = self._bytes(STATE)
        if after is not None and after != before:
            (self._at / f"{HIDDEN}/{STATE}").write(after)
        self._at.remove(sorted(self._noted))

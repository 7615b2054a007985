"""Both ends of a night: where the runs lie, and where their reports go. On this machine here, in a store in `shelf`."""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

from pai_report.batch.address import is_url, opened
from pai_report.batch.lock import locked
from pai_report.batch.outputs import present
from pai_report.batch.state import Store
from pai_report.batch.survey import Place, survey
from pai_report.report.unfinished import sweep_temporary, temporary_folder
from pai_report.values import value


class Source(Protocol):
    """Where the runs lie. `root` is how the user calls it, and what workers are given."""

    root: str

    def survey(self) -> Iterator[Place]:
        """Every folder that may hold runs. ExpectedError where the root cannot be listed."""


class Shelf(Protocol):
    """Where the reports go: `address` is what workers write to, `folder` where index and digest are written here."""

    address: str
    folder: Path

    def locked(self) -> AbstractContextManager[None]:
        """Hold the shelf: TakenError where another process does."""

    def store(self) -> Store:
        """What is remembered of earlier nights; only for who holds the shelf."""

    def present(self, files: Sequence[tuple[str, int]]) -> bool:
        """Whether every file is there in its size in bytes, as far as was known when the night began."""


class LocalSource:
    """Runs on this machine; the folder `avoided` is no part of them."""

    def __init__(self, root: Path, avoided: Path) -> None:
        self.root = str(root)
        self._avoided = avoided

    def survey(self) -> Iterator[Place]:
        """Every folder that may hold runs."""
        return survey(Path(self.root), self._avoided)


class LocalShelf:
    """A folder of reports on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, str(folder)

    def locked(self) -> AbstractContextManager[None]:
        """Hold the folder, made if need be."""
        return locked(self.folder)

    def store(self) -> Store:
        """What the folder remembers."""
        return Store(self.folder)

    def present(self, files: Sequence[tuple[str, int]]) -> bool:
        """Whether every file is there in its size."""
        return present(self.folder, files)


@value
class Ends:
    """Where the runs come from and where the reports go; `scratch` is for what is on its way, None where nothing is."""

    source: Source
    shelf: Shelf
    scratch: str | None = None


def local_ends(root: Path, output: Path) -> Ends:
    """Both on this machine."""
    return Ends(source=LocalSource(root, output), shelf=LocalShelf(output))


@contextmanager
def both_ends(runs: str, reports: str) -> Iterator[Ends]:
    """The ends that paths or URLs lead to, for as long as a night lasts. ExpectedError where a store cannot be opened."""
    if not is_url(runs) and not is_url(reports):
        with suppress(OSError):
            sweep_temporary()  # of a killed night, though this one may have nothing to do
        yield local_ends(_absolute(runs), _absolute(reports))
        return
    with temporary_folder() as scratch:
        shelf = _shelf(reports, str(scratch))
        yield Ends(source=_source(runs, shelf), shelf=shelf, scratch=str(scratch))


def _shelf(reports: str, scratch: str) -> Shelf:
    if not is_url(reports):
        return LocalShelf(_absolute(reports))
    from pai_report.batch.shelf import StoreShelf  # noqa: PLC0415 most nights stay on this machine

    return StoreShelf(opened(reports), Path(mkdtemp(prefix="pages-", dir=scratch)))


def _source(runs: str, shelf: Shelf) -> Source:
    if not is_url(runs):
        return LocalSource(_absolute(runs), shelf.folder)
    from pai_report.batch.store_survey import StoreSource  # noqa: PLC0415

    return StoreSource(opened(runs), shelf.address)


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 links stay what they are called

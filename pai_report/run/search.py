"""Every run in a folder, or in the nearest folders below it."""

from collections.abc import Iterator
from pathlib import Path

from pai_report.errors import ExpectedError
from pai_report.run.folder import Folder
from pai_report.run.runs import FolderRuns, Unusable, runs_in
from pai_report.settings import Settings
from pai_report.values import value

DEPTH = 4  # folders below the one given
MOST_FOLDERS = 20_000


@value
class Location:
    """A run's folder and its save name there."""

    folder: Folder
    runs: FolderRuns
    save_name: str

    @property
    def shown(self) -> str:
        """Save name and folder, for a list to choose from."""
        return f"{self.save_name} (in {self.folder.path})"


@value
class Search:
    """What was found below `root`: runs, and scores files that are none of the library's."""

    root: Path
    locations: tuple[Location, ...]
    unusable: tuple[Unusable, ...]

    def named(self, save_name: str) -> tuple[Location, ...]:
        """The runs of one save name."""
        return tuple(location for location in self.locations if location.save_name == save_name)

    @property
    def names(self) -> tuple[str, ...]:
        """Save names found, each once."""
        return tuple(dict.fromkeys(location.save_name for location in self.locations))


def search(root: Path, settings: Settings) -> Search:
    """The runs in `root`, else in the folders below it, hidden ones left out. ExpectedError where `root` cannot be listed.

    Below a folder that holds a run nothing is searched: what lies there was put aside.
    """
    locations: list[Location] = []
    unusable: list[Unusable] = []
    for count, (folder, runs) in enumerate(_visited(root, DEPTH, settings)):
        if count >= MOST_FOLDERS:
            sentence = f"{root} holds more than {MOST_FOLDERS} folders, too many to search."
            raise ExpectedError("too-many-folders", sentence, "Give a folder closer to the run.")
        locations += [Location(folder=folder, runs=runs, save_name=name) for name in runs.names]
        unusable += runs.unusable
    return Search(root=root, locations=tuple(locations), unusable=tuple(unusable))


def _visited(path: Path, depth: int, settings: Settings) -> Iterator[tuple[Folder, FolderRuns]]:
    try:
        folder = Folder(path, settings)
    except OSError as error:
        if depth == DEPTH:
            raise ExpectedError("unreadable-folder", f"The folder {path} cannot be read: {error.strerror}.") from error
        return
    runs = runs_in(folder)
    yield folder, runs
    if depth and not runs.names:
        for name in folder.folders:  # never links, so that no loop can form
            if not name.startswith("."):
                yield from _visited(path / name, depth - 1, settings)

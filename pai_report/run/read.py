"""A path to a Run."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pai_report.errors import ExpectedError
from pai_report.run.config import read_config
from pai_report.run.folder import Folder
from pai_report.run.kinds import CANONICAL
from pai_report.run.ledger import Ledger
from pai_report.run.lineage import in_order, shares_opening
from pai_report.run.locate import locate
from pai_report.run.model import Config, Era, Picture, Recording, Run, SourceFile
from pai_report.run.recording import Group, grouped, read_recording

Ask = Callable[[str, tuple[str, ...]], str]


def read_run(path: Path, *, save_name: str | None = None, ask: Ask | None = None) -> Run:
    """The run in `path`: its folder, a folder above it or its training script.

    `ask` puts a question with candidates to the user and returns the answer. Raises ExpectedError where no run is found, or
    several and `save_name` does not choose one, or its scores cannot be read.
    """
    found = locate(path, save_name, ask)
    folder = Folder(found.folder, Ledger())
    return _run(folder, found.save_name)


def _run(folder: Folder, save_name: str) -> Run:
    groups = grouped((file for file in folder.named if file.stem == save_name), folder)
    canonical_group = groups.pop((save_name, ""))
    canonical, modules = read_recording(canonical_group, folder)
    if canonical.validation is None:
        raise ExpectedError("no-scores", f"The folder {folder.path} holds no readable scores of {save_name}.")
    snapshots = [read_recording(group, folder)[0] for group in groups.values() if group.infix is not CANONICAL]
    own = [snapshot for snapshot in snapshots if shares_opening(snapshot, canonical)]
    leftovers = [snapshot for snapshot in snapshots if not shares_opening(snapshot, canonical)]
    config = _config(canonical_group, folder)
    picture = _picture(canonical_group, folder)
    used = {name for recording in (canonical, *own) for _, name in recording.names}
    return Run(
        save_name=save_name,
        folder=folder.path.resolve().name,
        canonical=canonical,
        snapshots=in_order(own),
        leftovers=in_order(leftovers),
        config=config,
        picture=picture,
        modules=modules,
        era=_era(canonical_group),
        ignored=(*folder.others, *(file.name for file in folder.named if file.stem != save_name)),
        notes=folder.ledger.notes(),
        sources=_sources(used, folder),
    )


def _config(group: Group, folder: Folder) -> Config | None:
    file = group.files.get("config")
    data = folder.read(file.name) if file else None
    return read_config(file.name, data, folder.ledger) if file and data is not None else None


def _picture(group: Group, folder: Folder) -> Picture | None:
    file = group.files.get("picture")
    data = folder.read(file.name) if file else None
    return Picture(name=file.name, data=data) if file and data is not None else None


def _era(group: Group) -> Era | None:
    best = group.files.get("best-scores")
    eras: Sequence[Era | None] = [best.spelling.era] if best else [file.spelling.era for file in group.files.values()]
    return next((era for era in eras if era), None)


def _sources(names: Iterable[str], folder: Folder) -> tuple[SourceFile, ...]:
    found = (folder.source(name) for name in sorted(names))
    return tuple(source for source in found if source is not None)

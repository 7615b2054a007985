"""A path to a Run."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pai_report.run import tables
from pai_report.run.config import script_config
from pai_report.run.config_file import own_config, stray_config
from pai_report.run.folder import Folder, shown_name, source_file
from pai_report.run.kinds import CANONICAL, NamedFile
from pai_report.run.lineage import belongs, in_order, stand_in
from pai_report.run.locate import Ask, Found, locate
from pai_report.run.model import Config, Content, Era, Kind, Note, Picture, Recording, Run, ScriptFacts
from pai_report.run.picture import not_the_librarys
from pai_report.run.recording import Group, grouped, read_recording
from pai_report.run.remarks import remark
from pai_report.settings import Settings
from pai_report.values import value


def read_run(
    path: Path,
    *,
    save_name: str | None = None,
    ask: Ask | None = None,
    settings: Settings = Settings(),  # noqa: B008 frozen
) -> Run:
    """The run that `path` leads to: its folder, a folder above, one of its files or the training script.

    `ask` is given a question and candidates where the save name must be asked for, and returns the answer. Every repair and
    choice is a note of the run. `settings` say how large files may be, and whether links out of the folder are followed.
    Raises ExpectedError where no run is found, several are, or its scores cannot be read.
    """
    return _run(locate(path, save_name, ask, settings))


def _run(chosen: Found) -> Run:
    folder, name = chosen.location.folder, chosen.location.save_name
    files = chosen.location.runs.files(name, folder)
    groups = grouped(files, folder)
    live = groups.get("")
    recordings = _sorted_out(groups, folder)
    config, stray = _config(live, name, chosen.script, folder)
    picture = _picture(live, folder)
    recordings = _used(recordings, folder)
    unused = {file.name: kind for kind, file in live.files.items() if file.name in folder.ledger.refused} if live else {}
    kept = {file for recording in (recordings.canonical, *recordings.own) for _, file in recording.names}
    gone = {file for recording in recordings.leftovers for _, file in recording.names}
    of_run = {file.name for file in files}
    of_others = {file.name for file in folder.named if file.name not in of_run and file.spelling.kind != "config"}
    used = kept | ({stray.name} if stray else set())
    remark(folder.ledger, recordings.canonical, recordings.own, recordings.leftovers, frozenset(unused.values()))
    return Run(
        save_name=name or "unnamed",
        folder=shown_name(folder.path.resolve().name),
        canonical=recordings.canonical,
        snapshots=recordings.own,
        leftovers=recordings.leftovers,
        config=config,
        script=chosen.script,
        picture=picture,
        modules=_modules((recordings.canonical, *recordings.own), folder),
        era=_era(file for file in files if file.name not in folder.ledger.refused),
        partial=recordings.partial,
        ignored=tuple(sorted({*folder.others, *(file.name for file in folder.named)} - used - gone)),
        notes=_notes(folder, frozenset(gone | of_others), unused),
        sources=(
            *folder.sources(kept),
            *((source_file(stray.name, stray.data),) if stray else ()),
            *((chosen.script_source,) if chosen.script_source else ()),
        ),
        files=(
            *(folder.place(file.name) for file in files),
            *((folder.path.parent / stray.name, folder.path / stray.name) if stray else ()),
            *((chosen.script_path,) if chosen.script_path else ()),
        ),
        contents=(
            *folder.contents(_tables((recordings.canonical, *recordings.own, *recordings.leftovers), files)),
            *((stray,) if stray else ()),
        ),
    )


def _notes(folder: Folder, left_out: frozenset[str], unused: Mapping[str, Kind]) -> tuple[Note, ...]:
    """The notes; those that say why a canonical file is not used with its kind."""
    refused = folder.ledger.refused
    return tuple(
        replace(note, kind=unused.get(note.file)) if note.file and refused.get(note.file) == note.slug else note
        for note in folder.ledger.notes(left_out)
    )


def _tables(recordings: Iterable[Recording], files: Iterable[NamedFile]) -> Iterable[tuple[Kind, str]]:
    """Kinds and names of the run's tables and configuration, those of `recordings` in their order, then what else there is."""
    ordered = [(kind, name) for recording in recordings for kind, name in recording.names]
    every = dict.fromkeys([*ordered, *((file.spelling.kind, file.name) for file in files)])
    return [(kind, name) for kind, name in every if kind != "picture"]


@value
class _Recordings:
    """A run's recordings sorted out."""

    canonical: Recording
    partial: bool
    own: tuple[Recording, ...]
    leftovers: tuple[Recording, ...]


def _sorted_out(groups: Mapping[str, Group], folder: Folder) -> _Recordings:
    """The canonical recording, the snapshots of the same run and those of others."""
    live = read_recording(groups.get("", Group(infix=CANONICAL, files={})), folder)
    snapshots = [read_recording(group, folder) for group in groups.values() if group.infix is not CANONICAL]
    scored = [snapshot for snapshot in snapshots if snapshot.epochs]
    for snapshot in snapshots:
        if not snapshot.epochs and any(kind != "picture" for kind, _ in snapshot.names):
            folder.ledger.note("snapshot-without-scores", f"{snapshot.infix}: left out, for nothing tells whose it is.")
    standing = None if live.epochs else stand_in(scored, live.switch_epochs)
    canonical = live if standing is None else _completed(standing, live, folder)
    own = [recording for recording in scored if recording is not standing and belongs(recording, canonical)]
    leftovers = [recording for recording in scored if recording is not standing and not belongs(recording, canonical)]
    return _Recordings(canonical=canonical, partial=standing is not None, own=in_order(own), leftovers=in_order(leftovers))


def _used(recordings: _Recordings, folder: Folder) -> _Recordings:
    """The recordings with the names of the files that are used: those which are not do not travel with the report either."""

    def used(recording: Recording) -> Recording:
        names = tuple((kind, name) for kind, name in recording.names if name not in folder.ledger.refused)
        return replace(recording, names=names)

    return replace(
        recordings,
        canonical=used(recordings.canonical),
        own=tuple(used(snapshot) for snapshot in recordings.own),
        leftovers=tuple(used(snapshot) for snapshot in recordings.leftovers),
    )


def _completed(standing: Recording, live: Recording, folder: Folder) -> Recording:
    """A snapshot in the place of the missing scores, with what is left of the canonical files if both hold the same sets."""
    there = live.name("scores")
    what = f"{there} could not be used" if there else "The canonical scores are missing"
    text = f"{what}; the snapshot {standing.infix} stands in for them."
    folder.ledger.note("partial-run", text)
    names = dict(standing.names)
    if live.switch_epochs is not None and live.switch_epochs == standing.switch_epochs:
        names |= {kind: file for kind, file in live.names if kind != "scores"}
        standing = replace(
            standing,
            switch_epochs=live.switch_epochs,
            parameter_counts=live.parameter_counts or standing.parameter_counts,
            best_rows=live.best_rows or standing.best_rows,
            pb_scores=live.pb_scores if live.pb_scores is not None else standing.pb_scores,
        )
    return replace(standing, kind="canonical", names=tuple(names.items()))


def _config(
    live: Group | None, save_name: str, script: ScriptFacts | None, folder: Folder
) -> tuple[Config | None, Content | None]:
    """The run's configuration: its file, the one of older versions elsewhere, else what the script sets."""
    name = live.name("config") if live else None
    config = own_config(name, folder) if name else None
    if config is not None:
        return config, None
    stray = stray_config(save_name, folder)
    if stray is not None:
        return stray
    return (None if script is None else script_config(script)), None


def _picture(live: Group | None, folder: Folder) -> Picture | None:
    name = live.name("picture") if live else None
    data = folder.read(name) if name else None
    if name is None or data is None:
        return None
    if (why := not_the_librarys(data)) is not None:
        folder.ledger.refuse("other-picture", f"It is not shown as the library's own picture: {why}.", name)
        return None
    return Picture(name=name, data=data)


def _modules(recordings: Iterable[Recording], folder: Folder) -> tuple[str, ...]:
    """Perforated modules, from the first file that names them."""
    for recording in recordings:
        name = recording.name("pb-scores")
        table = folder.table(name) if name else None
        if table is not None and (names := tables.modules(table)):
            return names
    return ()


def _era(files: Iterable[NamedFile]) -> Era | None:
    """The newest era that only one spelling among the file names belongs to."""
    eras = {file.spelling.era for file in files}
    return next((era for era in ("best-arch-scores", "best-test-scores", "camel-case") if era in eras), None)

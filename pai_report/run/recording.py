"""The files written at one moment, canonical or snapshot, to a Recording."""

from collections.abc import Iterable, Sequence

from pai_report.run import tables
from pai_report.run.columns import stacked
from pai_report.run.folder import Folder
from pai_report.run.kinds import Infix, NamedFile, TableKind
from pai_report.run.model import Kind, Recording, Series
from pai_report.run.table import Table, read_table
from pai_report.values import value

ERA_ORDER = ("camel-case", "best-test-scores", None, "best-arch-scores")


@value
class Group:
    """The files of one recording, one per kind, and the modules that its scores header names."""

    stem: str
    infix: Infix
    files: dict[TableKind, NamedFile]

    @property
    def names(self) -> tuple[tuple[Kind, str], ...]:
        """Kinds with their file names."""
        return tuple(
            (kind, file.name) for kind, file in sorted(self.files.items()) if kind not in {"train-scores", "test-scores"}
        )


def grouped(files: Iterable[NamedFile], folder: Folder) -> dict[tuple[str, str], Group]:
    """Files by (save name, infix). Of two files of one kind the library's newest spelling wins; the other is noted."""
    groups: dict[tuple[str, str], Group] = {}
    for file in sorted(files, key=_preference):
        key = (file.stem, file.infix.text)
        group = groups.setdefault(key, Group(stem=file.stem, infix=file.infix, files={}))
        chosen = group.files.setdefault(file.spelling.kind, file)
        if chosen is not file:
            folder.ledger.note("second-file", f"{chosen.name} holds the same; this one is not used.", file.name)
    return groups


def _preference(file: NamedFile) -> tuple[bool, int, str]:
    return file.spelling.document, -ERA_ORDER.index(file.spelling.era), file.name


def read_recording(group: Group, folder: Folder) -> tuple[Recording, tuple[str, ...]]:
    """The recording of a group, and the modules named by its Best PBScores header."""
    ledger = folder.ledger
    found = {kind: _table(file, folder) for kind, file in group.files.items() if kind not in {"config", "picture"}}
    held = {kind: table for kind, table in found.items() if table is not None}
    series = scores(held["scores"], folder) if "scores" in held else ()
    validation = series[0] if series else None
    recording = Recording(
        infix=group.infix.text,
        kind=group.infix.kind,
        stamp=group.infix.stamp,
        number=group.infix.number,
        start_steps=group.infix.steps,
        names=group.names,
        validation=validation,
        running=next((one for one in series if tables.plain(one.name) in tables.RUNNING), None),
        extras=(*(one for one in series[1:] if tables.plain(one.name) not in tables.RUNNING), *_own_files(held, folder)),
        learning_rate=tables.rates(held["learning-rate"], ledger) if "learning-rate" in held else None,
        times=tables.times(held["times"], ledger) if "times" in held else None,
        switch_epochs=tables.switches(held["switch-epochs"], ledger) if "switch-epochs" in held else None,
        parameter_counts=tables.parameters(held["parameter-counts"], ledger) if "parameter-counts" in held else None,
        best_rows=tables.best_rows(held["best-scores"], ledger) if "best-scores" in held else None,
        pb_scores=tables.pb_scores(held["pb-scores"], ledger) if "pb-scores" in held else None,
    )
    return recording, tables.modules(held["pb-scores"]) if "pb-scores" in held else ()


def _table(file: NamedFile, folder: Folder) -> Table | None:
    data = folder.read(file.name)
    return None if data is None else read_table(file.name, data, folder.ledger)


def scores(table: Table, folder: Folder) -> tuple[Series, ...]:
    """Series of a scores table, validation first; empty where the header is foreign."""
    if tables.is_scores(table):
        found = stacked(table, folder.ledger)
        first = [series for series in found if tables.plain(series.name) in tables.VALIDATION]
        name = next(name for name in table.header if tables.plain(name) in tables.VALIDATION)
        validation = first[0] if first else Series(name=name, file=table.file, values=())
        return validation, *(series for series in found if series not in first)
    return ()


def _own_files(held: dict[TableKind, Table], folder: Folder) -> Sequence[Series]:
    return ()

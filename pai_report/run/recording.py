"""The files written at one moment, canonical or snapshot, to a Recording."""

from collections.abc import Iterable, Mapping

from pai_report.run import tables
from pai_report.run.columns import Stack
from pai_report.run.folder import Folder
from pai_report.run.kinds import Infix, NamedFile
from pai_report.run.model import Era, Kind, Recording, Series
from pai_report.run.table import Table
from pai_report.values import value

_NEWEST_FIRST: tuple[Era | None, ...] = ("best-arch-scores", None, "best-test-scores", "camel-case")
_NO_TABLES = ("config", "picture")
_EXTRA_FILES: tuple[tuple[Kind, str], ...] = (("train-scores", "Train"), ("test-scores", "Test"))


@value
class Group:
    """The files of one recording, one per kind."""

    infix: Infix
    files: Mapping[Kind, NamedFile]

    @property
    def names(self) -> tuple[tuple[Kind, str], ...]:
        """Kinds with their file names."""
        return tuple((kind, file.name) for kind, file in sorted(self.files.items()))

    def name(self, kind: Kind) -> str | None:
        """Name of the file of `kind`, if there is one."""
        return self.files[kind].name if kind in self.files else None


def grouped(files: Iterable[NamedFile], folder: Folder) -> dict[str, Group]:
    """Files of one save name by infix. Of two files of one kind the library's newest spelling wins; the other is noted."""
    by_infix: dict[Infix, dict[Kind, NamedFile]] = {}
    for file in sorted(files, key=_preference):
        chosen = by_infix.setdefault(file.infix, {}).setdefault(file.spelling.kind, file)
        if chosen is not file:
            folder.ledger.note("second-file", f"{chosen.name} is used, which holds the same by its name.", file.name)
    return {infix.text: Group(infix=infix, files=named) for infix, named in by_infix.items()}


def _preference(file: NamedFile) -> tuple[bool, int, str]:
    return file.spelling.document, _NEWEST_FIRST.index(file.spelling.era), file.name


def read_recording(group: Group, folder: Folder) -> Recording:
    """The recording of a group. A table that holds none of what its name says leaves `None` and a note."""
    read = {kind: folder.table(file.name) for kind, file in group.files.items() if kind not in _NO_TABLES}
    tables_read = {kind: table for kind, table in read.items() if table is not None}
    stack, at = _scores(tables_read.get("scores"))
    extras = (*_extras(stack, at), *_extra_files(tables_read))
    rates = tables.rates(tables_read["learning-rate"], stack.start) if "learning-rate" in tables_read else None
    times = tables.times(tables_read["times"], stack.start) if "times" in tables_read else None
    recorded = [len(series.values) for series in (*stack.series.values(), *extras, rates) if series]
    recorded += [len(times.neuron) + len(times.dendrite)] if times else []
    switches = tables_read.get("switch-epochs")
    return Recording(
        infix=group.infix.text,
        kind=group.infix.kind,
        stamp=group.infix.stamp,
        number=group.infix.number,
        start_steps=group.infix.steps,
        names=group.names,
        validation=stack.series.get(at),
        running=next((column for column in stack.series.values() if tables.plain(column.name) == tables.RUNNING), None),
        extras=extras,
        learning_rate=rates,
        times=times,
        switch_epochs=tables.switches(switches, stack.start, max(recorded, default=0)) if switches else None,
        parameter_counts=tables.parameters(tables_read["parameter-counts"]) if "parameter-counts" in tables_read else None,
        best_rows=tables.best_rows(tables_read["best-scores"]) if "best-scores" in tables_read else None,
        pb_scores=tables.pb_scores(tables_read["pb-scores"]) if "pb-scores" in tables_read else None,
    )


def _scores(table: Table | None) -> tuple[Stack, int]:
    if table is None:
        return Stack(series={}), 0
    if tables.is_scores(table):
        return tables.scores(table)
    if tables.is_single_series(table):
        stack, at = tables.scores(table)
        table.note("own-header", f"{tables.described(table.header)}; epochs start at {stack.start}.", 1)
        return stack, at
    tables.foreign(table, tables.SCORES_HEADER)
    return Stack(series={}), 0


def _extras(stack: Stack, at: int) -> Iterable[Series]:
    return (column for place, column in stack.series.items() if place != at and tables.plain(column.name) != tables.RUNNING)


def _extra_files(read: Mapping[Kind, Table]) -> Iterable[Series]:
    """Train and test scores that stand in files of their own, named so that their role shows."""
    for kind, role in _EXTRA_FILES:
        table = read.get(kind)
        if table is not None and tables.is_single_series(table):
            stack, at = tables.scores(table)
            series = stack.series[at]
            name = series.name if role.lower() in series.name.lower() else role
            yield Series(name=name, file=series.file, values=series.values)
        elif table is not None:
            tables.foreign(table, f"Epochs,{role}")

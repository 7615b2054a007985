"""Each kind of table to the values of a recording. Headers are checked before a name is believed."""

import math
import re
from collections.abc import Iterator, Sequence

from pai_report.run.columns import stacked
from pai_report.run.ledger import Ledger
from pai_report.run.model import BestRow, EpochTimes, ModuleScores, Series
from pai_report.run.table import Table, number, whole

LARGEST = 2**53  # integers beyond it are no counts of epochs or parameters, and no exact floats either
EPOCHS = ("epochs", "epoch")
VALIDATION = ("validationscores",)
RUNNING = ("validationrunningscores",)
RATES = ("learningrate", "learningrates", "lr")
SWITCHES = ("switchepoch", "switchepochs", "epoch", "epochs")
PARAMETERS = ("paramcount", "paramcounts", "parametercount", "parametercounts", "parameters", "params")
BEST = ("maxvalidscores", "maxvalidscore", "maxvalidationscores")
_BEST_EVER = re.compile(r"Best ever for all nodes Layer (?P<module>.+)\Z")


def plain(name: str) -> str:
    """A column name without case, spaces and punctuation."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def position(table: Table, names: Sequence[str]) -> int | None:
    """Position of the last column with one of these plain names."""
    return next((at for at in range(len(table.header) - 1, -1, -1) if plain(table.header[at]) in names), None)


def is_scores(table: Table) -> bool:
    """Whether the header is the library's: Epochs, Validation Scores, and what else was recorded."""
    names = tuple(plain(name) for name in table.header)
    return names[:1] == ("epochs",) and any(name in VALIDATION for name in names)


def rates(table: Table, ledger: Ledger) -> Series | None:
    """The learning rate of every epoch."""
    column = position(table, RATES)
    if column is None or plain(table.header[0]) not in EPOCHS:
        return foreign(table, "Epochs,learning_rate", ledger)
    return next((series for series in stacked(table, ledger) if series.name == table.header[column]), None)


def times(table: Table, ledger: Ledger) -> EpochTimes | None:
    """Seconds per epoch: one column per kind of phase, or training and validation apart, then added up."""
    names = [plain(name) for name in table.header]
    if not names or names[0] not in EPOCHS or not any(name.startswith("normalepoch") for name in names):
        return foreign(table, "Epochs,Normal Epoch Times,PAI Epoch Times", ledger)
    found = stacked(table, ledger)
    neuron = [series.values for series in found if plain(series.name).startswith("normal")]
    dendrite = [series.values for series in found if plain(series.name).startswith(("pai", "pb"))]
    return EpochTimes(file=table.file, neuron=_total(neuron), dendrite=_total(dendrite))


def _total(columns: Sequence[tuple[float | None, ...]]) -> tuple[float | None, ...]:
    """Sum by epoch; an epoch that one of the columns lacks has no total."""
    epochs = max((len(column) for column in columns), default=0)
    padded = [column + (None,) * (epochs - len(column)) for column in columns]
    return tuple(_sum(row) for row in zip(*padded, strict=True))


def _sum(row: Sequence[float | None]) -> float | None:
    known = [seconds for seconds in row if seconds is not None]
    return math.fsum(known) if len(known) == len(row) else None


def switches(table: Table, ledger: Ledger) -> tuple[int, ...] | None:
    """Last epoch before each change of phase: whole numbers from 0 on that never fall."""
    column = position(table, SWITCHES)
    if column is None:
        return foreign(table, "Switch Number,Switch Epoch", ledger)
    kept: list[int] = []
    for line, epoch in _integers(table, column, ledger):
        if epoch < (kept[-1] if kept else 0):
            ledger.note("switch-out-of-order", f"Switch epoch {epoch} comes too early; left out.", table.file, line)
        else:
            kept.append(epoch)
    return tuple(kept)


def parameters(table: Table, ledger: Ledger) -> tuple[int, ...] | None:
    """Parameter counts in file order."""
    column = position(table, PARAMETERS)
    if column is None:
        return foreign(table, "Switch Number,Param Count", ledger)
    return tuple(count for _, count in _integers(table, column, ledger) if count >= 0)


def _integers(table: Table, column: int, ledger: Ledger) -> Iterator[tuple[int, int]]:
    for line, cells in zip(table.lines, table.rows, strict=True):
        cell = cells[column] if column < len(cells) else ""
        found = whole(cell)
        if found is None or abs(found) > LARGEST:
            ledger.note("not-an-integer", f"{cell[:40]!r} is no whole number; the row is left out.", table.file, line)
        else:
            yield line, found


def best_rows(table: Table, ledger: Ledger) -> tuple[BestRow, ...] | None:
    """One row per number of sets. An empty score is an epoch whose value was no number."""
    size, score = position(table, PARAMETERS), position(table, BEST)
    if size is None or score is None:
        return foreign(table, "Param Counts,Max Valid Scores", ledger)
    extras = [at for at in range(len(table.header)) if at not in (size, score) and table.header[at]]
    rows = []
    for line, cells in zip(table.lines, table.rows, strict=True):
        padded = [*cells, *[""] * (len(table.header) - len(cells))]
        count = whole(padded[size])
        if count is None:
            ledger.note("not-an-integer", f"{padded[size][:40]!r} is no parameter count.", table.file, line)
        validation = finite(padded[score])
        if validation is None:
            ledger.note("empty-cell", f"{table.header[score]}: no number in row {len(rows)}.", table.file, line)
        rows.append(
            BestRow(
                parameters=count,
                validation=validation,
                extras=tuple((table.header[at], finite(padded[at])) for at in extras),
            )
        )
    return tuple(rows)


def finite(cell: str) -> float | None:
    """The finite number in a cell."""
    found = number(cell)
    return found if found is not None and math.isfinite(found) else None


def modules(table: Table) -> tuple[str, ...]:
    """Perforated modules in the order of the header, as full dotted ids."""
    return tuple(found["module"] for name in table.header if (found := _BEST_EVER.match(name)))


def pb_scores(table: Table, ledger: Ledger) -> tuple[ModuleScores, ...] | None:
    """Scores of every module; empty where the file holds none, as in gradient-descent mode."""
    if not modules(table):
        return foreign(table, "Epochs,Best ever for all nodes Layer …", ledger)
    return tuple(
        ModuleScores(module=found["module"], best_ever=series.values)
        for series in stacked(table, ledger)
        if (found := _BEST_EVER.match(series.name))
    )


def foreign(table: Table, expected: str, ledger: Ledger) -> None:
    """Note a table that only bears the name of one of the library's."""
    header = ",".join(table.header)[:120]
    ledger.note("foreign-header", f"Header is {header!r}, expected {expected!r}; not read.", table.file, 1)

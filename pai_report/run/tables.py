"""Each kind of table to values. Headers are checked before a name is believed; case, spaces and underscores do not count."""

import math
import re
from collections.abc import Sequence

from pai_report.run.columns import MOST_SKIPPED, Stack, finite, note_odd_cell, stacked
from pai_report.run.model import BestRow, EpochTimes, ModuleScores, Series
from pai_report.run.table import Table, whole

LARGEST = 2**53  # whole numbers beyond it count neither epochs nor parameters
EPOCHS = ("epochs", "epoch")
VALIDATION = "validationscores"
RUNNING = "validationrunningscores"
RATES = ("learningrate", "lr")
SWITCHES = ("switchepoch", "switchepochs")
PARAMETERS = ("paramcounts", "paramcount", "parameters")
BEST = ("maxvalidscores",)
# As the library writes them, to tell what was expected.
SCORES_HEADER = "Epochs,Validation Scores,Validation Running Scores"
# First columns of tables about a training run, as `plain` makes them: the library's, and what others call them.
COUNTERS = (
    *EPOCHS,
    *SWITCHES,
    *PARAMETERS,
    *("step", "steps", "iteration", "iterations", "cycle", "cycleid", "switchnumber", "epochswitchbacktoneuron"),
)
MOST_QUOTED = 12  # columns of a foreign header in a message
_COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9 _.%()/-]{0,39}")
_BEST_EVER = re.compile(r"Best ever for all nodes Layer (?P<module>.+)")


def plain(name: str) -> str:
    """A column name without case, spaces and punctuation."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def position(table: Table, names: Sequence[str]) -> int | None:
    """Position of the first column with one of these plain names."""
    return next((at for at, name in enumerate(table.header) if plain(name) in names), None)


def is_scores(table: Table) -> bool:
    """Whether the header is the library's: Epochs, Validation Scores, and whatever else was recorded."""
    return plain(table.header[0]) == "epochs" and position(table, (VALIDATION,)) is not None


def is_single_series(table: Table) -> bool:
    """Whether the header names epochs and exactly one score: what the requirements' own `_scores.csv` may look like."""
    return len(table.header) == 2 and plain(table.header[0]) in EPOCHS and bool(table.header[1])


def is_best_scores(table: Table) -> bool:
    """Whether the header is that of the best scores: sizes, and the best validation score at each."""
    return position(table, PARAMETERS) is not None and position(table, BEST) is not None


def scores(table: Table) -> tuple[Stack, int]:
    """The series of a scores table and the position of the validation scores among them."""
    stack = stacked(table)
    at = position(table, (VALIDATION,))
    if at not in {None, 1}:
        _out_of_order(table, SCORES_HEADER)
    at = 1 if at is None else at
    if at not in stack.series:
        table.note("no-rows", "The file holds no validation scores.", table.first)
        stack = Stack(series={at: Series(name=table.header[at], file=table.file, values=()), **stack.series}, start=stack.start)
    return stack, at


def rates(table: Table, start: int) -> Series | None:
    """The learning rate of every epoch."""
    column = position(table, RATES)
    if column is None or plain(table.header[0]) not in EPOCHS:
        foreign(table, "Epochs,learning_rate")
        return None
    return stacked(table, start).series.get(column)


def times(table: Table, start: int) -> EpochTimes | None:
    """Seconds per epoch: one column per kind of phase, or training and validation apart, then added up."""
    if plain(table.header[0]) not in EPOCHS or not any(plain(name).startswith("normalepoch") for name in table.header):
        foreign(table, "Epochs,Normal Epoch Times,PAI Epoch Times")
        return None
    columns = stacked(table, start).series.values()
    neuron = [series.values for series in columns if plain(series.name).startswith("normal")]
    dendrite = [series.values for series in columns if plain(series.name).startswith(("pai", "pb"))]
    return EpochTimes(file=table.file, neuron=_total(neuron), dendrite=_total(dendrite))


def _total(columns: Sequence[tuple[float | None, ...]]) -> tuple[float | None, ...]:
    """Sum by epoch; an epoch that one of the columns lacks has no total."""
    if len(columns) == 1:
        return columns[0]
    epochs = max((len(column) for column in columns), default=0)
    padded = [column + (None,) * (epochs - len(column)) for column in columns]
    return tuple(_sum(row) for row in zip(*padded, strict=True))


def _sum(row: Sequence[float | None]) -> float | None:
    known = [seconds for seconds in row if seconds is not None]
    return math.fsum(known) if len(known) == len(row) else None


def switches(table: Table, start: int, recorded: int) -> tuple[int, ...] | None:
    """Last epoch before each change of phase: whole numbers from 0 on that never fall.

    A table of somebody's own header counts epochs as their scores do, from `start`; the library's always from 0. `recorded`
    epochs are the most that any file holds: a switch somewhat later shows that scores were lost, one far later is a misprint.
    """
    column = position(table, SWITCHES)
    if column is None:
        column = position(table, EPOCHS)
        if column is None:
            foreign(table, "Switch Number,Switch Epoch")
            return None
    else:
        start = 0
    kept: list[int] = []
    for _, line, read in _counts(table, column):
        epoch = read - start
        if epoch < (kept[-1] if kept else 0):
            table.note("switch-out-of-order", f"Switch epoch {read} is too early for its place; left out.", line)
        elif epoch > recorded + MOST_SKIPPED:
            table.note("epoch-too-far", f"Switch epoch {read} cannot follow {recorded} epochs; left out.", line)
        else:
            kept.append(epoch)
    return tuple(kept)


def parameters(table: Table) -> tuple[int, ...] | None:
    """Parameter counts by switch number. They end where one is missing, since its place tells which network it is of."""
    column = position(table, PARAMETERS)
    if column is None:
        foreign(table, "Switch Number,Param Count")
        return None
    counts: list[int] = []
    for number, line, count in _counts(table, column):
        if number != len(counts):
            table.note("missing-row", f"No parameter count of number {len(counts)}; those from {number} on are left out.", line)
            break
        counts.append(count)
    return tuple(counts)


def _counts(table: Table, column: int) -> list[tuple[int, int, int]]:
    """Number, line and value of every row with a count, ordered by number; one that stands there again is left out."""
    at = position(table, ("switchnumber",))
    if at is not None and at > column:
        _out_of_order(table, f"Switch Number,{table.header[column].strip()[:40]}")
    counts: dict[int, tuple[int, int, int]] = {}
    for place, (line, cells) in enumerate(table.rows()):
        numbered = whole(cells[at]) if at is not None and at < len(cells) else None
        number = place if numbered is None else numbered
        count = _count(cells[column] if column < len(cells) else "", table, column, line)
        if number in counts:
            table.note("repeated-row", f"Number {str(number)[:20]} stands here again; the first counts.", line)
        elif count is not None:
            counts[number] = (number, line, count)
    return sorted(counts.values())


def _count(cell: str, table: Table, column: int, line: int) -> int | None:
    """The whole number from 0 on in a cell; None, with a note, where there is none."""
    number = whole(cell)
    if number is not None and 0 <= number <= LARGEST:
        if not cell.strip().isdecimal():
            table.note("float-for-integer", f"{table.header[column]}: {cell.strip()[:40]} is taken as {number}.", line)
        return number
    table.note("not-a-count", f"{table.header[column]}: {cell.strip()[:40]!r} is no count; left out.", line)
    return None


def best_rows(table: Table) -> tuple[BestRow, ...] | None:
    """One row per number of sets. An empty score belongs to an epoch whose value was no number."""
    size, score = position(table, PARAMETERS), position(table, BEST)
    if size is None or score is None:
        foreign(table, "Param Counts,Max Valid Scores")
        return None
    if (size, score) != (0, 1):
        _out_of_order(table, "Param Counts,Max Valid Scores")
    rows: list[BestRow] = []
    for line, cells in table.rows():
        padded = [*cells, *[""] * (len(table.header) - len(cells))]
        scored = [(name, finite(cell)) for name, cell in zip(table.header, padded, strict=True)]
        for at, (name, cell) in enumerate(zip(table.header, padded, strict=True)):
            if at != size:
                note_odd_cell(table, f"{name} with {len(rows)} sets", cell.strip(), line)
        extras = tuple(pair for at, pair in enumerate(scored) if at not in {size, score})
        row = BestRow(parameters=_count(padded[size], table, size, line), validation=scored[score][1], extras=extras)
        _note_size(table, rows[-1:], row, line)
        rows.append(row)
    return tuple(rows)


def _note_size(table: Table, before: Sequence[BestRow], row: BestRow, line: int) -> None:
    """Note a network of the size of the one before it: every set adds parameters."""
    same = before[0].parameters if before else None
    if same is not None and row.parameters == same:
        table.note("same-size", f"{same:,} parameters stand here again, although every set adds some.", line)


def _out_of_order(table: Table, expected: str) -> None:
    """Note columns in another order than the library writes: they are read by name, which somebody may have moved."""
    table.note("column-order", f"The columns do not begin with {expected!r}; read by their names.", 1)


def modules(table: Table) -> tuple[str, ...]:
    """Perforated modules in the order of the header, as full dotted ids."""
    return tuple(match["module"] for name in table.header if (match := _BEST_EVER.fullmatch(name)))


def pb_scores(table: Table) -> tuple[ModuleScores, ...] | None:
    """Scores of every module; empty where the file holds none, as in gradient-descent mode."""
    if not modules(table):
        foreign(table, "Epochs,Best ever for all nodes Layer .name, …")
        return None
    return tuple(
        ModuleScores(module=match["module"], best_ever=series.values)
        for series in stacked(table, 0).series.values()
        if (match := _BEST_EVER.fullmatch(series.name))
    )


def foreign(table: Table, expected: str) -> None:
    """Note a table that only bears the name of one of the library's, and read nothing of it."""
    table.ledger.refuse("foreign-header", f"{described(table.header)}, not {expected!r}; the file is not used.", table.file, 1)


def described(header: Sequence[str]) -> str:
    """What the first line of a table is: quoted where it names columns of a training run, else only counted.

    Whatever lies under the name of a table may be something else, which is nobody's business (SECURITY.md).
    """
    is_short = len(header) <= MOST_QUOTED and all(_COLUMN.fullmatch(name) for name in header)
    if is_short and plain(header[0]) in COUNTERS:
        return f"Its header is {','.join(header)!r}"
    columns = "1 column" if len(header) == 1 else f"{len(header):,} columns"
    return f"Its first line has {columns} and does not begin with the name of a counter of epochs or networks"

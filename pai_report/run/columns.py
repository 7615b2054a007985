"""Stacked series: each column of a table fills its own block of rows, with epochs from 0 in every block.

Column k + 1 belongs to block k; a block ends where the epoch fails to increase. An empty cell
inside its own block is an epoch whose value was no number, and keeps its place.
"""

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pai_report.run.model import Series
from pai_report.run.table import Table, is_plain, is_tensor, number, whole
from pai_report.values import value

MOST_SKIPPED = 1000  # epochs that one row may skip; more is a misprint, not a gap
MOST_SPARSE = 20  # epochs per row that a table may span beyond those, so that few rows cannot fill the memory
LARGEST = 1e100  # scores beyond it count as infinite: no statistic of them fits a float
SMALLEST = 1e-100  # what is smaller counts as zero: its square does not fit a float, nor does what is divided by it
LONGEST = 40  # characters of a cell in a note
LARGE = 1 << 19  # characters (20,000 rows) from which pandas is faster, the half second of its import included
Row: TypeAlias = tuple[int, int, list[str]]  # epoch, line, cells
Odd: TypeAlias = tuple[int, int, str]  # epoch, line, cell without a finite number


@value
class Stack:
    """The series of a table by position of their columns, and the number that the first epoch had in the file: 0 or 1."""

    series: Mapping[int, Series]
    start: int = 0


def stacked(table: Table, start: int | None = None) -> Stack:
    """The series of every column that holds one. `start` is the number of the first epoch, found out where it is None."""
    if len(table.body) > LARGE and not table.skip and is_plain(table.body) and (stack := _clean_stack(table)) is not None:
        return Stack(series=stack)
    blocks = _blocks(_numbered(table))
    width = len(table.header)
    if _side_by_side(blocks, width):
        table.note("side-by-side", "Series stand beside each other instead of below each other; read as such.", table.first)
        gathered = dict.fromkeys(range(1, width), blocks[0])
    else:
        gathered = _by_column(blocks, table)
    first = _start(table, gathered.values()) if start is None else start
    return Stack(series={column: _series(table, column, gathered[column], first) for column in sorted(gathered)}, start=first)


def _clean_stack(table: Table) -> dict[int, Series] | None:
    """The same by pandas for a large table in which nothing needs repair; None where something does."""
    import pandas as pd  # noqa: PLC0415 half a second, which small runs do not need

    try:
        frame = pd.read_csv(io.StringIO(table.body), header=None, sep=table.delimiter, low_memory=False, index_col=False)
    except (ValueError, OverflowError):
        return None
    if len(frame.columns) != len(table.header) or any(kind.kind not in "if" for kind in frame.dtypes):
        return None
    starts = frame[0].diff().ne(1)
    block = starts.cumsum()
    if frame[0].dtype.kind != "i" or bool(frame[0][starts].ne(0).any()) or int(block.iloc[-1]) >= len(table.header):
        return None
    values = frame.drop(columns=0)
    # Exactly the block's own column is filled, with finite numbers.
    sizes = values.abs()
    filled = values.notna() & sizes.le(LARGEST) & (sizes.ge(SMALLEST) | sizes.eq(0))
    if not bool((values.notna().sum(axis="columns") == 1).all()) or not bool((filled.idxmax(axis="columns") == block).all()):
        return None
    if not bool(filled.any(axis="columns").all()):
        return None
    return {
        int(column): Series(name=table.header[int(column)], file=table.file, values=tuple(group[column].tolist()))
        for column, group in values.groupby(block)
    }


def _numbered(table: Table) -> list[Row]:
    """Rows with their epochs; a row without one is left out."""
    rows = []
    for line, cells in table.rows():
        epoch = whole(cells[0])
        if epoch is None or epoch < 0:
            table.note("no-epoch", f"{cells[0][:40]!r} is no epoch; the row is left out.", line)
        else:
            rows.append((epoch, line, cells))
    return rows


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Runs of rows in which the epoch increases."""
    blocks: list[list[Row]] = []
    last = -1
    for row in rows:
        if row[0] <= last or not blocks:
            blocks.append([])
        blocks[-1].append(row)
        last = row[0]
    return blocks


def _side_by_side(blocks: Sequence[list[Row]], width: int) -> bool:
    """Whether a single block fills several columns: a table that somebody reshaped."""
    if len(blocks) != 1 or width < 3:
        return False
    return sum(sum(1 for cell in cells[1:] if cell) > 1 for _, _, cells in blocks[0]) * 2 > len(blocks[0])


def _by_column(blocks: Sequence[list[Row]], table: Table) -> dict[int, list[Row]]:
    """Rows by column. A block without any value belongs to the column after the one before."""
    gathered: dict[int, list[Row]] = {}
    column = 0
    for block in blocks:
        column = _column(block) or column + 1
        if column >= len(table.header):
            table.note("extra-block", "More blocks of rows than columns; the rest is left out.", block[0][1])
            break
        gathered.setdefault(column, []).extend(block)
    return gathered


def _column(block: Sequence[Row]) -> int | None:
    """The column that a block fills: the one with most cells."""
    cells = block[0][2]
    first = next((at for at in range(1, len(cells)) if cells[at]), None)
    if first is not None and all(len(cells) > first and cells[first] for _, _, cells in block):
        return first
    filled = Counter(at for _, _, cells in block for at in range(1, len(cells)) if cells[at])
    return max(filled, key=lambda at: (filled[at], -at), default=None)


def _series(table: Table, column: int, rows: Sequence[Row], start: int) -> Series:
    """One column as values by epoch."""
    values = (is_plain(table.body) and _clean(column, rows, start)) or _repaired(table, column, rows, start)
    return Series(name=table.header[column], file=table.file, values=tuple(values))


def _clean(column: int, rows: Sequence[Row], start: int) -> list[float] | None:
    """The values where no epoch is missing or repeated and every cell holds a finite number, else None."""
    if [epoch for epoch, _, _ in rows] != list(range(start, start + len(rows))):
        return None
    try:
        values = [float(cells[column]) for _, _, cells in rows]
    except (ValueError, IndexError):
        return None
    return values if all(SMALLEST <= abs(value) <= LARGEST or not value for value in values) else None


def _repaired(table: Table, column: int, rows: Sequence[Row], start: int) -> list[float | None]:
    """The values with gaps, repeated and unordered epochs and cells without a number noted."""
    values: list[float | None] = []
    odd: list[Odd] = []
    for numbered, line, cells in rows:
        epoch = numbered - start
        if epoch - len(values) > MOST_SKIPPED or epoch > MOST_SKIPPED + MOST_SPARSE * len(rows):
            table.note("epoch-too-far", f"Epoch {str(numbered)[:20]} cannot follow {len(values)} rows; left out.", line)
            continue
        if epoch < len(values):
            table.note("repeated-epoch", f"Epoch {numbered} again or out of order; its first value counts.", line)
        elif epoch > len(values):
            table.note(
                "missing-epochs", f"No rows of epochs {len(values) + start} to {numbered - 1}; they keep their places.", line
            )
            values.extend([None] * (epoch - len(values)))
        cell = cells[column] if column < len(cells) else ""
        score = finite(cell)
        if score is None or (not score and number(cell)) or is_tensor(cell):
            odd.append((numbered, line, cell.strip()))
        if epoch == len(values):
            values.append(score)
        elif epoch >= 0 and values[epoch] is None:
            values[epoch] = score
    _note_odd(table, table.header[column], odd)
    return values


def _start(table: Table, columns: Iterable[Sequence[Row]]) -> int:
    """1 where every series counts from 1, else 0, as the library does: a lost first row must not move the others."""
    if {rows[0][0] for rows in columns} != {1}:
        return 0
    table.note("epochs-from-one", f"{table.header[0]} starts at 1; the first is taken as epoch 0.", table.first)
    return 1


def _note_odd(table: Table, name: str, odd: Sequence[Odd]) -> None:
    """Note cells without a finite number; the same in epochs that follow each other is one note, at the first of them."""
    at = 0
    while at < len(odd):
        (first, line, cell), end = odd[at], at + 1
        while end < len(odd) and odd[end][0] == odd[end - 1][0] + 1 and odd[end][2] == cell:
            end += 1
        epochs = f"epoch {first}" if end == at + 1 else f"epochs {first} to {odd[end - 1][0]}"
        note_odd_cell(table, f"{name} at {epochs}", cell, line)
        at = end


def note_odd_cell(table: Table, place: str, cell: str, line: int) -> None:
    """Note how a cell was read that is not simply its number; nothing for one that is."""
    score, shown = number(cell), cell[:LONGEST]
    if not cell:
        table.note("empty-cell", f"{place}: no value; what was logged there was no number.", line)
    elif score is None:
        table.note("not-a-number", f"{place}: {shown!r} is no number.", line)
    elif finite(cell) is None:
        table.note("not-finite", f"{place}: {shown} counts as no value.", line)
    elif score and not finite(cell):
        table.note("too-small", f"{place}: {shown} counts as 0.", line)
    elif is_tensor(cell):
        table.note("tensor-text", f"{place}: {shown!r} is read as {score:g}.", line)


def finite(cell: str) -> float | None:
    """The finite number in a cell, if there is one; what exceeds every statistic counts as infinite, what is too small as 0."""
    score = number(cell)
    if score is None or not abs(score) <= LARGEST:  # NaN too
        return None
    return score if abs(score) >= SMALLEST else 0.0

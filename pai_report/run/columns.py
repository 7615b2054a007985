"""Stacked series: each column of a table fills its own block of rows, with epochs from 0 in every block.

Source: formats.md, section 3. Column k + 1 belongs to block k; a block ends where the epoch fails to increase. An empty cell
inside its own block is an epoch whose value was no number, and keeps its place.
"""

import math
from collections import Counter
from collections.abc import Sequence

from pai_report.run.ledger import Ledger
from pai_report.run.model import Series
from pai_report.run.table import Table, number, whole
from pai_report.values import value

MOST_SKIPPED = 1000  # epochs that one row may skip; more is a misprint, not a gap


@value
class _Row:
    epoch: int
    line: int
    cells: Sequence[str]


@value
class _Block:
    rows: list[_Row]
    column: int | None  # the only column with text in it, or the one with most


def stacked(table: Table, ledger: Ledger) -> tuple[Series, ...]:
    """The series of every column after the first that holds a block, in the order of the columns."""
    rows = _numbered(table, ledger)
    width = len(table.header)
    blocks = _blocks(rows, width)
    if _side_by_side(blocks, width):
        ledger.note("side-by-side", "Series stand beside each other instead of below each other; read as such.", table.file)
        gathered = {column: rows for column in range(1, width)}
    else:
        gathered = _by_column(blocks, width, table.file, ledger)
    return tuple(_series(table, column, gathered[column], ledger) for column in sorted(gathered))


def _numbered(table: Table, ledger: Ledger) -> list[_Row]:
    """Rows with their epochs; a row without one is left out."""
    rows = []
    for line, cells in zip(table.lines, table.rows, strict=True):
        epoch = whole(cells[0])
        if epoch is None or epoch < 0:
            ledger.note("no-epoch", f"{cells[0][:40]!r} is no epoch; the row is left out.", table.file, line)
        else:
            rows.append(_Row(epoch=epoch, line=line, cells=cells))
    return rows


def _blocks(rows: Sequence[_Row], width: int) -> list[_Block]:
    """Runs of rows in which the epoch increases."""
    blocks: list[list[_Row]] = []
    last = -1
    for row in rows:
        if row.epoch <= last or not blocks:
            blocks.append([])
        blocks[-1].append(row)
        last = row.epoch
    return [_Block(rows=block, column=_column(block, width)) for block in blocks]


def _column(rows: Sequence[_Row], width: int) -> int | None:
    filled = Counter(place for row in rows for place, cell in enumerate(row.cells[:width]) if cell and place)
    return max(filled, key=lambda place: (filled[place], -place), default=None)


def _side_by_side(blocks: Sequence[_Block], width: int) -> bool:
    """Whether a single block fills several columns: a table that was reshaped by somebody."""
    if len(blocks) != 1 or width < 3:
        return False
    rows = blocks[0].rows
    return sum(sum(1 for cell in row.cells[1:width] if cell) > 1 for row in rows) > len(rows) // 2


def _by_column(blocks: Sequence[_Block], width: int, file: str, ledger: Ledger) -> dict[int, list[_Row]]:
    """Rows by column. A block without any text belongs to the column after the one before (its values were no numbers)."""
    gathered: dict[int, list[_Row]] = {}
    column = 0
    for block in blocks:
        column = column + 1 if block.column is None else block.column
        if column >= width:
            ledger.note("extra-block", "More blocks of rows than columns; the rest is left out.", file, block.rows[0].line)
            break
        gathered.setdefault(column, []).extend(block.rows)
    return gathered


def _series(table: Table, column: int, rows: Sequence[_Row], ledger: Ledger) -> Series:
    """One column as values by epoch. Gaps, repeated and unordered epochs are noted."""
    values: list[float | None] = []
    for row in rows:
        if row.epoch - len(values) > MOST_SKIPPED:
            ledger.note("epoch-too-far", f"Epoch {row.epoch} follows epoch {len(values) - 1}; left out.", table.file, row.line)
            continue
        if row.epoch < len(values):
            ledger.note("repeated-epoch", f"Epoch {row.epoch} stands here again.", table.file, row.line)
        elif row.epoch > len(values):
            gap = f"Epochs {len(values)} to {row.epoch - 1} are missing; they keep their places."
            ledger.note("missing-epochs", gap, table.file, row.line)
            values.extend([None] * (row.epoch - len(values)))
        found = _finite(row, column, table, ledger)
        if row.epoch == len(values):
            values.append(found)
        elif values[row.epoch] is None:
            values[row.epoch] = found
    return Series(name=table.header[column], file=table.file, values=tuple(values))


def _finite(row: _Row, column: int, table: Table, ledger: Ledger) -> float | None:
    cell = row.cells[column] if column < len(row.cells) else ""
    found = number(cell)
    if found is not None and math.isfinite(found):
        return found
    name = table.header[column]
    if not cell.strip():
        ledger.note("empty-cell", f"{name}: no value at epoch {row.epoch}; it was no number.", table.file, row.line)
    elif found is not None:
        ledger.note("not-finite", f"{name}: {cell.strip()[:40]} at epoch {row.epoch}.", table.file, row.line)
    else:
        ledger.note("not-a-number", f"{name}: {cell.strip()[:40]!r} at epoch {row.epoch}.", table.file, row.line)
    return None

"""Bytes of a CSV file to a header and rows of cells; every repair is noted.

The library's own files are plain: comma, UTF-8, quotes in the header only. Lines are therefore taken
apart one by one, so that a stray quote spoils its own line and no other. For the small files of a run this is ten times
faster than `pandas.read_csv`, which costs a millisecond per file; large stacks go through pandas (`columns`).
"""

import csv
import re
from collections.abc import Iterator

from pai_report.run.ledger import Ledger
from pai_report.values import value

DELIMITERS = (",", ";", "\t")
REPLACED = 0.05  # share of unreadable characters that text in another encoding stays below
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*"')
_TENSOR = re.compile(r"(?:torch\.)?tensor\(\s*\[?\s*([^\s,\])]+)[^)]*\)")


@value
class Table:
    """A table as text: its header, and the rest of the file, which starts on line `first` (1-based).

    `skip` is the number of columns left of the header's first: 1 where somebody saved an index along.
    """

    file: str
    header: tuple[str, ...]
    body: str
    first: int
    delimiter: str
    ledger: Ledger
    skip: int = 0

    def note(self, slug: str, text: str, row: int | None = None) -> None:
        """Leave a note about this file."""
        self.ledger.note(slug, text, self.file, row)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """1-based line and cells of every row that is not blank; as many cells as the header, or fewer."""
        width, lines = len(self.header), self.body.split("\n")
        is_plain = self.delimiter == "," and not self.skip and '"' not in self.body
        cut = bool(lines[-1])
        if cut:
            self.note(
                "no-line-end", "The last line has no end; what stands last in it may be cut off.", self.first + len(lines) - 1
            )
        for at, line in enumerate(lines):
            cells = line.split(",") if is_plain else self._cells(line)
            if not any(cells):
                continue
            if cut and at == len(lines) - 1 and len(cells) < width:
                self.note("truncated-line", "The last line ends in the middle; it is left out.", self.first + at)
                return
            if len(cells) > width:
                if any(cells[width:]):
                    self.note("extra-cells", "The row has more cells than the header; those are left out.", self.first + at)
                cells = cells[:width]
            yield self.first + at, cells

    def _cells(self, line: str) -> list[str]:
        cells = _unquoted(line, self.delimiter) if '"' in line else line.split(self.delimiter)
        cells = cells[self.skip :] or [""]
        return cells if self.delimiter == "," else [_decimal_point(cell) for cell in cells]


def read_table(file: str, data: bytes, ledger: Ledger) -> Table | None:
    """The table in `data`, or None, with a note, where it holds none (empty, binary)."""
    text = _text(file, data, ledger)
    if text is None:
        return None
    stripped = text.lstrip("\n \t")
    if not stripped:
        ledger.note("empty-file", "The file is empty.", file)
        return None
    head, body = _head(stripped)
    delimiter = _delimiter(head)
    if delimiter != ",":
        sign = {";": "semicolons", "\t": "tabs"}[delimiter]
        ledger.note("wrong-delimiter", f"Cells are separated by {sign} instead of commas; read as such.", file, 1)
    header = tuple(" ".join(name.split()) for name in _unquoted(head, delimiter))
    skip = 1 if len(header) > 1 and header[0] in {"", "Unnamed: 0"} else 0
    if skip:
        ledger.note("index-column", "The first column has no name: an index saved along; left out.", file, 1)
    first = text.count("\n", 0, len(text) - len(body)) + 1
    return Table(file=file, header=header[skip:], body=body, first=first, delimiter=delimiter, ledger=ledger, skip=skip)


def _text(file: str, data: bytes, ledger: Ledger) -> str | None:
    """The file as text with plain line ends: UTF-8 with or without a byte order mark, or UTF-16 with one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        ledger.alike("encoding", "UTF-16 instead of UTF-8; read as such.", file)
        text = data.decode("utf-16", "replace")
    else:
        if data.startswith(b"\xef\xbb\xbf"):
            ledger.alike("byte-order-mark", "Starts with a byte order mark, which is skipped.", file)
        text = data.decode("utf-8-sig", "replace")
    odd = text.count("\ufffd")
    if "\0" in text or odd > REPLACED * len(text):
        ledger.note("binary", "The file is binary, not a table.", file)
        return None
    if odd:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        ledger.note("encoding", "The file is not UTF-8; characters that cannot be read are replaced.", file, line)
    if "\r" in text:
        ledger.alike("crlf-line-ends", "Lines end as on Windows; that changes nothing.", file)
        return _LINE_END.sub("\n", text)
    return text


def _head(text: str) -> tuple[str, str]:
    """Header and body. A name in the header may hold a line break inside of quotes; a quote never closed closes at its line."""
    start = quotes = 0
    while (end := text.find("\n", start)) >= 0:
        quotes += text.count('"', start, end)
        if quotes % 2 == 0:
            return text[:end], text[end + 1 :]
        start = end + 1
    head, _, body = text.partition("\n")
    return (text, "") if text.count('"') % 2 == 0 else (head, body)


def _delimiter(head: str) -> str:
    """The comma, unless the header holds exactly one other sign that separates, and no comma, outside of quotes."""
    bare = _QUOTED.sub("", head)
    found = [sign for sign in DELIMITERS if sign in bare]
    return found[0] if len(found) == 1 else ","


def _unquoted(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [""])
    except csv.Error:
        return line.replace('"', "").split(delimiter)


def _decimal_point(cell: str) -> str:
    """Where commas do not separate cells, they separate decimals."""
    return cell.replace(",", ".") if cell.count(",") == 1 else cell


def number(cell: str) -> float | None:
    """The number in a cell, perhaps NaN or infinite; the text of a tensor with one element counts. None: there is no number."""
    try:
        return float(cell)
    except ValueError:
        tensor = _TENSOR.fullmatch(cell.strip())
    try:
        return float(tensor[1]) if tensor else None
    except ValueError:
        return None


def whole(cell: str) -> int | None:
    """The integer in a cell, also if written as a float ("24.0"); None for anything else."""
    try:
        return int(cell)
    except ValueError:
        found = number(cell)
    return int(found) if found is not None and found.is_integer() else None

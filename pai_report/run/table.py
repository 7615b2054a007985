"""Bytes of a CSV file to a header and rows of cells; every repair is noted.

The library's own files are plain: comma, UTF-8, quotes in the header only. Lines are therefore taken
apart one by one, so that a stray quote spoils its own line and no other. For the small files of a run this is ten times
faster than `pandas.read_csv`, which costs a millisecond per file; large stacks go through pandas (`columns`).
"""

import csv
import re
from collections.abc import Iterable, Iterator

from pai_report.run.access import UnreadError
from pai_report.run.ledger import Ledger
from pai_report.values import value

DELIMITERS = (",", ";", "\t")
MOST_LEADING = 20  # lines before the header that are looked at
REPLACED = 0.05  # share of unreadable characters that text in another encoding stays below
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*"')
_SEPARATOR = re.compile(r'"?sep=(?P<sign>[,;\t])"?[,;\t]*(?:\n|\Z)', re.IGNORECASE)  # what spreadsheets write and understand
_PADDED = re.compile(r"(?:^|[,;\t]) | (?:[,;\t\n]|\Z)", re.MULTILINE)
_DECIMAL_COMMA = re.compile(r"\d,\d")
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|nan|inf(?:inity)?)", re.IGNORECASE)
_DIGITS = 18  # of a whole number that a float need not be asked about
_SAMPLE = 200  # bytes
_TENSOR = re.compile(r"(?:torch\.)?tensor\(\s*\[?\s*([^\s,\])]+)[^)]*\)")


@value
class Table:
    """A table as text: its header, and the rest of the file, which starts on line `first` (1-based).

    `skip` is the number of columns left of the header's first: 1 where somebody saved an index along. Blanks around the cells
    of a `padded` table are no part of them.
    """

    file: str
    header: tuple[str, ...]
    body: str
    first: int
    delimiter: str
    ledger: Ledger
    skip: int = 0
    padded: bool = False

    def note(self, slug: str, text: str, row: int | None = None) -> None:
        """Leave a note about this file."""
        self.ledger.note(slug, text, self.file, row)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """1-based line and cells of every row that is not blank; as many cells as the header, or fewer."""
        width, lines = len(self.header), self.body.split("\n")
        is_plain = self.delimiter == "," and not self.skip and not self.padded and '"' not in self.body
        cut = bool(lines[-1])
        if cut:
            text = "The last line has no end; what stands last in it may be cut off. If so, copy the file again."
            self.note("no-line-end", text, self.first + len(lines) - 1)
        for at, line in enumerate(lines):
            cells = line.split(",") if is_plain else self._cells(line)
            if not any(cells):
                continue
            if cut and at == len(lines) - 1 and len(cells) < width:
                text = "The file is cut off: its last line ends in the middle and is left out. Copy the file again."
                self.note("truncated-line", text, self.first + at)
                return
            if len(cells) > width:
                if any(cells[width:]):
                    self.note("extra-cells", "The row has more cells than the header; those are left out.", self.first + at)
                cells = cells[:width]
            yield self.first + at, cells

    def _cells(self, line: str) -> list[str]:
        cells = _unquoted(line, self.delimiter) if '"' in line else line.split(self.delimiter)
        cells = [cell.strip() for cell in cells] if self.padded else cells
        cells = cells[self.skip :] or [""]
        return cells if self.delimiter == "," else [_decimal_point(cell) for cell in cells]


def read_table(file: str, data: bytes, ledger: Ledger) -> Table:
    """The table in `data`; UnreadError "empty-file" or "binary" where it holds none."""
    text = _text(file, data, ledger)
    lead, stripped = _lead(text, file, ledger)
    if not stripped:
        raise UnreadError("empty-file", "It is empty.", "Copy it again; a run that was killed may leave it so.")
    head, body = _head(stripped)
    delimiter = _delimiter(head, lead)
    if delimiter != ",":
        sign = {";": "semicolons", "\t": "tabs"}[delimiter]
        ledger.note("wrong-delimiter", f"Cells are separated by {sign} instead of commas; read as such.", file, 1)
        if _DECIMAL_COMMA.search(body):
            ledger.note("decimal-commas", "Numbers have a decimal comma; read as such.", file)
    names = _unquoted(head, delimiter)
    header = tuple(" ".join(name.split()) for name in names)
    padded = _is_padded(names, body)
    if padded:
        ledger.alike("padded-cells", "Blanks stand around cells; that changes nothing.", file)
    skip = 1 if len(header) > 1 and header[0] in {"", "Unnamed: 0"} else 0
    if skip:
        ledger.note("index-column", "The first column has no name: an index saved along; left out.", file, 1)
    first = text.count("\n", 0, len(text) - len(body)) + 1
    return Table(
        file=file, header=header[skip:], body=body, first=first, delimiter=delimiter, ledger=ledger, skip=skip, padded=padded
    )


def _lead(text: str, file: str, ledger: Ledger) -> tuple[str, str]:
    """The sign that a line `sep=` in front of the table names, "" for none, and the text from the header on."""
    sign = ""
    rest = text.lstrip("\n \t")
    for _ in range(MOST_LEADING):
        match = _SEPARATOR.match(rest)
        line = text.count("\n", 0, len(text) - len(rest)) + 1
        if rest.startswith("#"):
            ledger.note("comment", "A comment stands before the header; left out.", file, line)
            rest = rest.partition("\n")[2].lstrip("\n \t")
        elif match is not None:
            sign = match["sign"]
            ledger.note("separator-line", "A line that names the separator stands before the header; read as such.", file, line)
            rest = rest[match.end() :].lstrip("\n \t")
        else:
            break
    return sign, rest


def _is_padded(names: Iterable[str], body: str) -> bool:
    """Whether blanks stand around a name of the header or a cell."""
    return any(name != name.strip() for name in names) or (" " in body and _PADDED.search(body) is not None)


def _text(file: str, data: bytes, ledger: Ledger) -> str:
    """The file as text with plain line ends: UTF-8 or UTF-16, with or without a byte order mark."""
    codec = _utf_16(data)
    if codec is not None:
        ledger.alike("encoding", "UTF-16 instead of UTF-8; read as such.", file)
        text = data.decode(codec, "replace").removeprefix("\ufeff")
    elif b"\0" in data:
        raise _binary()
    else:
        if data.startswith(b"\xef\xbb\xbf"):
            ledger.alike("byte-order-mark", "Starts with a byte order mark, which is skipped.", file)
        text = data.decode("utf-8-sig", "replace")
    odd = text.count("\ufffd")
    if "\0" in text or odd > REPLACED * len(text):
        raise _binary()
    if odd:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        ledger.note("encoding", "The file is not UTF-8; characters that cannot be read are replaced.", file, line)
    if "\r" in text:
        ledger.alike("crlf-line-ends", "Lines end as on Windows; that changes nothing.", file)
        return _LINE_END.sub("\n", text)
    return text


def _binary() -> UnreadError:
    return UnreadError("binary", "It is no text: bytes without a meaning as letters stand in it.", "Copy it again.")


def _utf_16(data: bytes) -> str | None:
    """The kind of UTF-16 that `data` is: by its mark, or by a zero in every second of the first bytes, as in plain text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:_SAMPLE]
    if len(data) % 2 or not start:
        return None
    zeros = (start[::2].count(0), start[1::2].count(0))
    half = len(start) // 2
    if not start.isascii():
        return None
    return {(0, half): "utf-16-le", (half, 0): "utf-16-be"}.get(zeros)


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


def _delimiter(head: str, named: str) -> str:
    """The sign that the file has `named`, if it separates; else the comma, unless exactly one other sign can be meant."""
    bare = _QUOTED.sub("", head)
    signs = [sign for sign in DELIMITERS if sign in bare]
    return named if named in signs else signs[0] if len(signs) == 1 else ","


def _unquoted(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [""])
    except csv.Error:
        return line.replace('"', "").split(delimiter)


def _decimal_point(cell: str) -> str:
    """Where commas do not separate cells, they separate decimals."""
    return cell.replace(",", ".") if cell.count(",") == 1 else cell


def number(cell: str) -> float | None:
    """The number in a cell, perhaps NaN or infinite; the text of a tensor with one element counts. None: there is no number.

    Python takes "1_000" and digits of other scripts as well; nobody writes scores so, and they are no numbers here.
    """
    bare = cell.strip()
    if not _NUMBER.fullmatch(bare):
        tensor = _TENSOR.fullmatch(bare)
        bare = tensor[1] if tensor else ""
    return float(bare) if _NUMBER.fullmatch(bare) else None


def is_tensor(cell: str) -> bool:
    """Whether a cell holds the text of a tensor instead of its number."""
    return _TENSOR.fullmatch(cell.strip()) is not None


def is_plain(body: str) -> bool:
    """Whether `float` reads nothing in `body` as a number that `number` does not."""
    return "_" not in body and body.isascii()


def whole(cell: str) -> int | None:
    """The integer in a cell, also if written as a float ("24.0"); None for anything else."""
    bare = cell.strip()
    if bare.isascii() and bare.isdigit() and len(bare) <= _DIGITS:
        return int(bare)
    count = number(cell)
    return int(count) if count is not None and count.is_integer() else None

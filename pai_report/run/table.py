"""Bytes of a CSV file to a header and rows of cells; every repair is noted."""

import csv
import io
import re
from collections.abc import Iterator

from pai_report.run.ledger import Ledger
from pai_report.values import value

DELIMITERS = (",", ";", "\t")
# A NUL byte, or a share of replaced characters that no text in a wrong encoding reaches.
REPLACED = 0.1
_WRAPPED = re.compile(r"(?:torch\.)?tensor\(\s*\[?\s*([^\s,\])]+)[^)]*\)\s*\Z")


@value
class Table:
    """A table as text. `lines` holds the 1-based line of each row; rows are as long as they were written."""

    file: str
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]


def read_table(file: str, data: bytes, ledger: Ledger) -> Table | None:
    """The table in `data`, or None where it holds none (empty, binary); what was repaired is noted."""
    text = _text(file, data, ledger)
    if text is None:
        return None
    delimiter = _delimiter(text)
    if delimiter != ",":
        ledger.note("wrong-delimiter", f"Cells are separated by {delimiter!r} instead of a comma; read as such.", file, 1)
    records = _records(file, text, delimiter, ledger)
    first = next(records, None)
    if first is None:
        ledger.note("empty-file", "The file is empty.", file)
        return None
    header = tuple(cell.strip() for cell in first[1])
    rows, lines = [], []
    for line, row in records:
        rows.append(row)
        lines.append(line)
    if len(header) > 1 and rows and not data.endswith((b"\n", b"\r")) and len(rows[-1]) < len(header):
        ledger.note("truncated-line", "The last line ends in the middle; it is left out.", file, lines[-1])
        del rows[-1], lines[-1]
    if delimiter == ";":
        rows = [[_decimal_comma(cell) for cell in row] for row in rows]
    return Table(file=file, header=header, rows=rows, lines=lines)


def _text(file: str, data: bytes, ledger: Ledger) -> str | None:
    """The file as text: UTF-8 with or without a byte order mark, UTF-16 with one, else Latin-1 if it looks like text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        ledger.note("encoding", "The file is UTF-16; the library writes UTF-8.", file)
        return data.decode("utf-16", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        ledger.note("byte-order-mark", "The file starts with a byte order mark; it is skipped.", file)
    if b"\0" in data:
        ledger.note("binary", "The file is binary, not a table.", file)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") > REPLACED * len(text):
            ledger.note("binary", "The file is binary, not a table.", file)
            return None
        line = data.count(b"\n", 0, error.start) + 1
        ledger.note("encoding", "The file is not UTF-8; characters that cannot be read are replaced.", file, line)
    if "\r" in text:
        ledger.note("line-ends", "Lines end as on Windows; that changes nothing.", file)
    return text


def _delimiter(text: str) -> str:
    """The comma, or another sign if the header holds that one and no comma outside of quotes."""
    header = re.sub(r'"[^"]*"', "", text.lstrip().split("\n", 1)[0])
    found = [sign for sign in DELIMITERS if sign in header]
    return found[0] if len(found) == 1 or "," in found else ","


def _records(file: str, text: str, delimiter: str, ledger: Ledger) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(row):
                yield reader.line_num, row
    except csv.Error as error:
        ledger.note("broken-csv", f"The rest of the file cannot be read: {error}.", file, reader.line_num)


def _decimal_comma(cell: str) -> str:
    return cell.replace(",", ".") if cell.count(",") == 1 else cell


def number(cell: str) -> float | None:
    """The number in a cell, perhaps NaN or infinite; a one-element tensor's text counts. None where there is no number."""
    try:
        return float(cell)
    except ValueError:
        wrapped = _WRAPPED.match(cell.strip())
        if wrapped is None:
            return None
    try:
        return float(wrapped[1])
    except ValueError:
        return None


def whole(cell: str) -> int | None:
    """The integer in a cell, also if written as a float ("24.0"); None for anything else."""
    try:
        return int(cell)
    except ValueError:
        found = number(cell)
    if found is None or not found.is_integer():
        return None
    return int(found)

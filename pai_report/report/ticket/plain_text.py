"""Text as plain lines for places without markup."""

from textwrap import wrap

from pai_report.report.clean import clean, clean_code
from pai_report.report.document import Table, Text
from pai_report.report.terminal import WIDTH
from pai_report.report.text import NBSP


def plain_words(text: Text) -> str:
    """`text` on one line, without any styling."""
    return clean("".join(span.text for span in text)).replace(NBSP, " ").strip()


def plain_lines(text: Text, first: str = "", others: str | None = None) -> str:
    """`text` in lines of `WIDTH` characters, the first after `first`, the others after `others`, or after `first` as well."""
    return filled(plain_words(text), first, others)


def filled(words: str, first: str = "", others: str | None = None) -> str:
    """Like `plain_lines`, of words."""
    after = first if others is None else others
    lines = wrap(words, WIDTH, initial_indent=first, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def plain_table(table: Table) -> str:
    """The rows of `table` in columns, numbers to the right, under their titles."""
    cells = [
        [plain_words(column.title) for column in table.columns],
        *([plain_words(cell) for cell in row] for row in table.rows),
    ]
    widths = [max(len(row[place]) for row in cells) for place in range(len(table.columns))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column.align == "left" else cell.rjust(width)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        ).rstrip()
        for row in cells
    )


def indented(code: str) -> str:
    """`code` as it is, four spaces in."""
    return "\n".join(f"    {line}".rstrip() for line in clean_code(code).strip("\n").split("\n"))

"""Text as HTML: every span is escaped here, wherever it came from."""

import re

import markdown
from markupsafe import Markup

from pai_report.report.clean import clean
from pai_report.report.document import Span, Table, Text
from pai_report.values import value

_TAGS = {"plain": "{}", "strong": "<strong>{}</strong>", "emphasis": "<em>{}</em>", "code": "<code>{}</code>"}
_NAME = Markup('<bdi class="name">{}</bdi>')
_LONG = 40  # characters: longer names may break
_BREAK = re.compile(r"[_/-](?=[^_/-])|[^.](?=\.)|[a-z0-9](?=[A-Z])|[^\s_/.A-Z-]{24}(?=[^\s_/.A-Z-])|[A-Z]{24}(?=[A-Z])")
_SPECIAL = re.compile(r"[^A-Za-z0-9 ]")
_NUMBER = re.compile(r"[+\-\u2212]?[\d,]+(?:\.(\d+))?|[\-\u2013\u2014]")
_EXPONENT = re.compile(r"(\d[\d.]*e-\d+)")
_WHOLE = Markup('<span class="whole">{}</span>')  # a joiner between the characters would be copied with them
_POINT, _DIGIT = "\u2008", "\u2007"  # blanks as wide as a point and as a digit


@value
class Cell:
    """A table cell as HTML with the alignment of its column."""

    html: Markup
    align: str


def html_text(text: Text) -> Markup:
    """`text` as HTML. Names from the run are isolated from the reading direction of the text around them."""
    return Markup("").join(_html_span(span, first=not place) for place, span in enumerate(text))


def _html_span(span: Span, *, first: bool) -> Markup:
    words = clean(span.text)
    if span.style != "name":
        return Markup(_TAGS[span.style]).format(_unbroken(words))  # noqa: S704 our own tags
    return ("" if first else _break_before(words)) + _NAME.format(_breakable(words) if len(words) > _LONG else words)


def _breakable(name: str) -> Markup:
    """Let a line break after "_", "-" and "/", before "." and a capital, and in a word of more than 24 letters.

    Said in the text, because `overflow-wrap` breaks anywhere, and WeasyPrint takes ten times as long to set tables with it.
    """
    return Markup("<wbr>").join(_BREAK.sub("\\g<0>\0", name).split("\0"))


def _unbroken(words: str) -> Markup:
    """`words` as HTML, in which no line breaks at the hyphen of 1e-6."""
    pieces = _EXPONENT.split(words)
    return Markup("").join(_WHOLE.format(piece) if place % 2 else piece for place, piece in enumerate(pieces))


def _break_before(name: str) -> Markup:
    """Let a line break before a module's ".fc1": a point holds on to what precedes it, even over a space (Unicode 14, LB13)."""
    return Markup("<wbr>") if name.startswith(".") else Markup("")


def css_string(words: str) -> Markup:
    """`words` as a string of CSS in a <style> element: all but letters, digits and blanks as escapes (CSS Syntax 3, 4.3.7)."""
    return Markup('"' + _SPECIAL.sub(lambda match: f"\\{ord(match[0]):x} ", clean(words)) + '"')  # noqa: S704 nothing is left of it


def html_prose(source: str) -> Markup:
    """Our own Markdown as HTML; text from a run never comes here."""
    return Markup(markdown.markdown(source, extensions=["fenced_code", "sane_lists", "tables"]))  # noqa: S704


def aligned_rows(table: Table) -> tuple[tuple[Cell, ...], ...]:
    """The rows of `table`; numbers of a "decimal" column are followed by blanks that bring their points under each other.

    No browser aligns on the decimal point (CSS Text 4, `text-align: "."`), hence characters of known width.
    """
    columns = tuple(zip(*table.rows, strict=True)) if table.rows else ()
    widths = tuple(max((len(_fraction(cell) or "") for cell in cells), default=0) for cells in columns)
    return tuple(
        tuple(
            Cell(html=html_text(cell) + (_blanks(cell, width) if column.align == "decimal" else ""), align=column.align)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        )
        for row in table.rows
    )


def _fraction(cell: Text) -> str | None:
    """Digits after the point of the number in `cell`, "" without any, None where it holds no plain number."""
    match = _NUMBER.fullmatch("".join(span.text for span in cell))
    return (match[1] or "") if match else None


def _blanks(cell: Text, width: int) -> str:
    own = _fraction(cell)
    if own is None or not width:
        return ""
    return ("" if own else _POINT) + _DIGIT * (width - len(own))

r"""Text as Jira's wiki markup, in which nothing but our own marks has an effect.

Jira knows one escape, a backslash before one of eighteen characters, and no entities (its Cloud shows them as written). For
what else it would read as markup, an invisible space is set between: a backslash before an escape, addresses, emoticons.
"""

import re

from pai_report.report.clean import clean, clean_code
from pai_report.report.document import Span, Text

_BREAK = "\u200b"
_BACKSLASH = re.compile(r"\\")
_SPECIAL = re.compile(r"[-#*_+?^~|%{}\[\]()!@]")
_JOINED = re.compile(
    r"""(?<=[:;])(?=[A-Za-z/|\\])     # addresses (http://), emoticons (:D, ;|)
    | (?<=\b(?:h[1-6]|bq))(?=\.)      # headings and quotations
    """,
    re.VERBOSE,
)
_BAR = "\u2223"  # looks like a bar: inside a table Jira's Cloud has no escape for one
_MARKS = {"strong": "*", "emphasis": "_"}


def jira_text(text: Text) -> str:
    """`text` for the middle of a line."""
    return "".join(_span(span) for span in text)


def jira_plain(words: str) -> str:
    """Plain words for the middle of a line."""
    broken = _BACKSLASH.sub(lambda _: f"\\{_BREAK}", _JOINED.sub(_BREAK, clean(words)))
    return _SPECIAL.sub(r"\\\g<0>", broken)


def jira_line(text: Text) -> str:
    """`text` as a paragraph."""
    return jira_text(text).strip()


def jira_cell(text: Text) -> str:
    """`text` as a table cell, never empty: an empty cell would make two bars, a heading's mark."""
    held = tuple(Span(text=span.text.replace("|", _BAR), style=span.style) for span in text)
    return jira_text(held).strip() or _BREAK


def jira_code(words: str) -> str:
    """`words` set like code."""
    held = clean(words).strip(" ")
    return f"{{{{{jira_plain(held)}}}}}" if held else ""


def jira_block(code: str) -> str:
    """`code` for the inside of a code macro, which ends at its own name only."""
    return re.sub(r"\{(?=code)", f"{{{_BREAK}", clean_code(code).strip("\n"), flags=re.IGNORECASE)


def _span(span: Span) -> str:
    if span.style in {"code", "name"}:
        return jira_code(span.text)
    escaped, mark = jira_plain(span.text), _MARKS.get(span.style, "")
    held = escaped.strip()
    if not held or not mark or escaped != span.text:  # inside of a mark Jira's Cloud forgets what was escaped
        return escaped
    return escaped.replace(held, f"{mark}{held}{mark}", 1)

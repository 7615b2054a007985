"""Text as GitHub-flavoured Markdown: nothing but our own marks has an effect (github.github.com/gfm, sections 2 and 6)."""

import re
import unicodedata

from pai_report.report.clean import clean, clean_code
from pai_report.report.document import Span, Text

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&#])")
_AT_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=]))")
_MARKS = {"strong": "**", "emphasis": "_"}


def gfm_text(text: Text) -> str:
    """`text` for the middle of a line."""
    return "".join(_span(span) for span in text)


def gfm_plain(words: str) -> str:
    """Plain words for a line; nothing at their start opens a list, a heading or a rule."""
    return _AT_START.sub(r"\1\\", _SPECIAL.sub(r"\\\1", clean(words)), count=1)


def gfm_line(text: Text) -> str:
    """`text` as a paragraph: also nothing at its start opens a list, a heading or a rule."""
    line = gfm_text(text).strip()
    return _AT_START.sub(r"\1\\", line, count=1)


def gfm_cell(text: Text) -> str:
    """`text` as a table cell, where a bar would end it even inside code."""
    parts = (gfm_code(span.text).replace("|", r"\|") if span.style in {"code", "name"} else _span(span) for span in text)
    return "".join(parts).strip()


def gfm_code(text: str) -> str:
    """`text` as a code span: GitHub links, mentions and formats nothing in it."""
    held = clean(text).strip(" ")
    if not held:
        return ""
    fence = "`" * (_longest_run(held) + 1)
    pad = " " if held[0] == "`" or held[-1] == "`" else ""
    code = f"{fence}{pad}{held}{pad}{fence}"
    return f"\u2068{code}\u2069" if _right_to_left(held) else code


def gfm_fence(code: str, language: str) -> str:
    """`code` as a fenced block, its fence longer than any run of backticks in it."""
    fence = "`" * max(3, _longest_run(code) + 1)
    return f"{fence}{language}\n{clean_code(code).strip(chr(10))}\n{fence}"


def slugs(headings: tuple[str, ...]) -> tuple[str, ...]:
    """The anchors GitHub gives to `headings`, in their order: repeated ones are numbered."""
    seen: dict[str, int] = {}
    anchors: list[str] = []
    for heading in headings:
        plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = seen.get(plain, 0)
        seen[plain] = count + 1
        anchors.append(f"{plain}-{count}" if count else plain)
    return tuple(anchors)


def _span(span: Span) -> str:
    if span.style in {"code", "name"}:
        return gfm_code(span.text)
    escaped = gfm_plain(span.text)
    mark = _MARKS.get(span.style, "")
    held = escaped.strip()
    return escaped.replace(held, f"{mark}{held}{mark}", 1) if held and mark else escaped


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in text)

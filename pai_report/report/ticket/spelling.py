"""Words of a document changed before a renderer escapes them: defused for trackers, shortened for the opening."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pai_report.report.document import Document, Span

_BREAK = "\u200b"  # zero width: what stands at its two sides is no longer one word to a tracker
_LIVE = re.compile(
    r"""(?<=[@#!%&$~])(?=[\w"])   # mentions, issues, merge requests, milestones, epics, snippets, labels
    | (?<=\bGH)(?=-\d)            # issues in GitHub's other spelling
    | (?<=:)(?=//|\w+:)           # addresses, emoji by name
    | (?<=\bwww)(?=\.)            # addresses without a scheme
    | (?<=\{)(?=[+-])             # GitLab's inline differences
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ENOUGH = 300  # characters of one name or line of code in the opening of a ticket


def defused(document: Document) -> Document:
    """`document` with nothing left that GitHub or GitLab would turn into a mention, a reference, a link or an emoji.

    Both look for these in the text as it is shown, so that escaping does not help; code is left as it is, for there they do
    not look.
    """
    made: Document = _respelled(document, _defused)
    return made


def shortened(document: Document) -> Document:
    """`document` with names and code cut where they are longer than any reader of a ticket wants."""
    made: Document = _respelled(document, _shortened)
    return made


def _defused(span: Span) -> Span:
    return span if span.style in {"code", "name"} else replace(span, text=_LIVE.sub(_BREAK, span.text))


def _shortened(span: Span) -> Span:
    return span if len(span.text) <= _ENOUGH else replace(span, text=f"{span.text[:_ENOUGH]}…")


def _respelled(part: Any, spell: Callable[[Span], Span]) -> Any:
    if isinstance(part, Span):
        return spell(part)
    if isinstance(part, tuple):
        return tuple(_respelled(held, spell) for held in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return replace(part, **{field.name: _field(field.name, getattr(part, field.name), spell) for field in fields(part)})


def _field(name: str, held: Any, spell: Callable[[Span], Span]) -> Any:
    """Titles and labels are plain words; every other string is a key or code."""
    if isinstance(held, str):
        return spell(Span(text=held)).text if name in {"title", "label"} else held
    return _respelled(held, spell)

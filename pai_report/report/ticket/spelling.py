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
    | \A(?=/\w)                   # GitLab's quick actions, which begin a line
    """,
    re.VERBOSE | re.IGNORECASE,
)


def defused(document: Document) -> Document:
    """`document` with nothing left that GitHub or GitLab would turn into a mention, a reference, a link or an emoji.

    Both look for these in the text as it is shown, so that escaping does not help; code is left as it is, for there they do
    not look.
    """
    made: Document = _respelled(document, _defused)
    return made


def shortened(document: Document, enough: int) -> Document:
    """`document` with every text cut that is longer than `enough` characters: a list of a thousand modules, say.

    Code that was cut ends in a sign that no Python accepts, so that it cannot be taken for the whole.
    """

    def cut(span: Span) -> Span:
        return span if len(span.text) <= enough else replace(span, text=f"{span.text[:enough]}…")

    made: Document = _respelled(document, cut, code=True)
    return made


def _defused(span: Span) -> Span:
    return span if span.style in {"code", "name"} else replace(span, text=_LIVE.sub(_BREAK, span.text))


def _respelled(part: Any, spell: Callable[[Span], Span], *, code: bool = False) -> Any:
    """`part` with its spans, titles, labels and footer spelled anew, and other strings, such as `code`, if asked for."""
    if isinstance(part, Span):
        return spell(part)
    if isinstance(part, tuple):
        return tuple(_respelled(held, spell, code=code) for held in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {}
    for field in fields(part):
        held = getattr(part, field.name)
        if not isinstance(held, str):
            changed[field.name] = _respelled(held, spell, code=code)
        elif code or field.name in {"title", "label", "footer"}:
            changed[field.name] = spell(Span(text=held)).text
    return replace(part, **changed)

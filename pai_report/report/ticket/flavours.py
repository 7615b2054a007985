"""A ticket in the flavour of the place that takes it, never longer than it takes."""

from bisect import bisect
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pai_report.report.document import Document, Section
from pai_report.report.templates import rendered
from pai_report.report.ticket.spelling import defused, shortened
from pai_report.values import value

Flavour = Literal["github", "gitlab", "jira", "plain"]
Render = Callable[[Document, tuple[str, ...]], str]


@value
class Manner:
    """How one place takes a comment: `room` characters, and whether it can fold; what it cannot fold are findings only."""

    template: str
    room: int
    folds: bool


# What each takes at most: docs.github.com and docs.gitlab.com say 65,536 and 1,000,000 characters for a comment, Jira's own
# default (jira.text.field.character.limit) is 32,767.
MANNERS: dict[Flavour, Manner] = {
    "github": Manner(template="comment.md.j2", room=60_000, folds=True),
    "gitlab": Manner(template="comment.md.j2", room=900_000, folds=True),
    "jira": Manner(template="comment.jira.j2", room=32_000, folds=False),
    "plain": Manner(template="comment.txt.j2", room=60_000, folds=False),
}

OPENING, FOLDED = 1_000, 3_000  # characters of one text, far more than a sentence of ours has


def comment(document: Document, marker: str, flavour: Flavour) -> str:
    """`document` as `flavour`, fewer characters than its room; the sections left out are named.

    `marker` is the id that tells a bot which comment to replace: a hidden line where the place has one, else the last line.
    """
    manner = MANNERS[flavour]

    def render(held: Document, left_out: tuple[str, ...]) -> str:
        return f"{rendered(manner.template, document=held, marker=marker, left_out=left_out).strip()}\n"

    sections = document.sections if manner.folds else tuple(part for part in document.sections if part.sections)
    opening = shortened(replace(document, sections=()), OPENING)
    told = replace(opening, sections=shortened(replace(document, sections=sections), FOLDED).sections)
    return fitted(defused(told) if manner.folds else told, render, manner.room)


def step_summary(document: Document) -> str:
    """The short version for the summary of a step of GitHub Actions."""
    held = defused(shortened(document, OPENING))
    return f"{rendered('summary.md.j2', document=held).strip()}\n"


def fitted(document: Document, render: Render, room: int) -> str:
    """`document` with as many of its sections, in order, as `room` takes; of one too long, as many of its first blocks."""
    whole = render(document, ())
    if len(whole) < room:
        return whole
    kept: tuple[Section, ...] = ()
    left_out: tuple[str, ...] = ()
    every = tuple(section.title for section in document.sections)
    for section in document.sections:

        def too_long(blocks: int, section: Section = section, kept: tuple[Section, ...] = kept) -> bool:
            return len(render(replace(document, sections=(*kept, _first(section, blocks))), every)) >= room

        blocks = bisect(range(1, _blocks(section) + 1), False, key=too_long)
        kept = (*kept, _first(section, blocks)) if blocks else kept
        left_out = left_out if blocks == _blocks(section) else (*left_out, section.title)
    return render(replace(document, sections=kept), left_out)


def _first(section: Section, blocks: int) -> Section:
    """`section` with its first `blocks` blocks in reading order, without the parts that are empty then."""
    inner: list[Section] = []
    left = blocks - len(section.blocks)
    for part in section.sections:
        if left > 0:
            inner.append(_first(part, left))
            left -= _blocks(part)
    return replace(section, blocks=section.blocks[:blocks], sections=tuple(inner))


def _blocks(section: Section) -> int:
    return len(section.blocks) + sum(_blocks(part) for part in section.sections)

"""A ticket in the flavour of the place that takes it, never longer than it takes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

from pai_report.report.document import Document, Section
from pai_report.report.templates import environment
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


def comment(document: Document, marker: str, flavour: Flavour) -> str:
    """`document` as `flavour`, fewer characters than its room; the sections left out are named.

    `marker` is the id that tells a bot which comment to replace: a hidden line where the place has one, else the last line.
    """
    manner = MANNERS[flavour]
    template = environment().get_template(manner.template)

    def render(held: Document, left_out: tuple[str, ...]) -> str:
        return f"{template.render(document=held, marker=marker, left_out=left_out).strip()}\n"

    told = replace(shortened(replace(document, sections=())), sections=document.sections)
    if not manner.folds:
        told = replace(told, sections=tuple(section for section in told.sections if section.sections))
    return fitted(defused(told) if manner.folds else told, render, manner.room)


def step_summary(document: Document) -> str:
    """The short version for the summary of a step of GitHub Actions."""
    held = defused(shortened(document))
    return f"{environment().get_template('summary.md.j2').render(document=held).strip()}\n"


def fitted(document: Document, render: Render, room: int) -> str:
    """`document` with as many of its sections, in order, as `room` takes; of one too long, as many of its parts."""
    whole = render(document, ())
    if len(whole) < room:
        return whole
    kept: tuple[Section, ...] = ()
    left_out: tuple[str, ...] = ()
    every = tuple(section.title for section in document.sections)
    for section in document.sections:
        for candidate in _shorter(section):
            if len(render(replace(document, sections=(*kept, candidate)), every)) < room:
                kept, left_out = (*kept, candidate), (*left_out, *((section.title,) if candidate is not section else ()))
                break
        else:
            left_out = (*left_out, section.title)
    return render(replace(document, sections=kept), left_out)


def _shorter(section: Section) -> Iterator[Section]:
    """`section`, then without its last part, and so on as long as something is left."""
    while section.blocks or section.sections:
        yield section
        section = _without_last(section)


def _without_last(section: Section) -> Section:
    if not section.sections:
        return replace(section, blocks=section.blocks[:-1])
    *others, last = section.sections
    shorter = _without_last(last)
    more = (shorter,) if shorter.blocks or shorter.sections else ()
    return replace(section, sections=(*others, *more))

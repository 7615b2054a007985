"""What a ticket is told: the answer, six rows, three actions, one picture; the rest of the report to be folded away."""

from dataclasses import replace

from pai_report import __version__
from pai_report.advice.model import Judgement
from pai_report.analysis.model import Analysis
from pai_report.report.advice_sections import checked, optimization, troubleshooting
from pai_report.report.document import Block, Document, Figure, FindingCard, Picture, Section
from pai_report.report.figures import front_figure
from pai_report.report.front import actions, kicker, lead, overview
from pai_report.report.insights import insights
from pai_report.report.text import phrase_text
from pai_report.report.ticket.result import result
from pai_report.report.undrawn import in_place

PICTURE = "scores.png"  # the picture of page one as a file that any tracker shows
FOOTER = (
    f"pai-report {__version__} · the whole report is in report.pdf, report.html and, for programs, report.json; original.png "
    "is the library's own picture, where it drew one"
)


def ticket(analysis: Analysis, judgement: Judgement) -> Document:
    """The comment of `analysis` as `judgement` sees it: sections with findings first, in the words of the report."""
    figure = front_figure(analysis)
    picture = () if figure is None else (_place(figure) if isinstance(figure, Figure) else in_place(figure),)
    return replace(
        _opening(analysis, judgement, picture),
        sections=(*findings(judgement), *insights(analysis, {}), checked(judgement)),
    )


def summary(analysis: Analysis, judgement: Judgement) -> Document:
    """The short version: the opening of the ticket without its picture, and the first findings, each in one line."""
    found = overview(judgement)
    return _opening(analysis, judgement, (found,) if found.findings else ())


def findings(judgement: Judgement) -> tuple[Section, ...]:
    """The sections that found something, each with how much in its title."""
    return tuple(
        replace(section, title=f"{section.title}: {_counted(section)}")
        for section in (troubleshooting(judgement), optimization(judgement))
        if section.sections
    )


def _opening(analysis: Analysis, judgement: Judgement, after: tuple[Block, ...]) -> Document:
    held = actions(judgement)
    return Document(
        title=f"{analysis.identity.save_name} · PerforatedAI run report",
        kicker=kicker(analysis),
        headline=phrase_text(judgement.verdict.answer),
        front=(lead(judgement), result(analysis), *((held,) if held.items else ()), *after),
        sections=(),
        footer=FOOTER,
    )


def _place(figure: Figure) -> Picture:
    """Where the picture of page one belongs; a comment cannot carry it, so the caption tells what it shows."""
    return Picture(id="scores", name=PICTURE, alt=figure.alt, caption=figure.caption)


def _counted(section: Section) -> str:
    number = sum(isinstance(block, FindingCard) for part in section.sections for block in part.blocks)
    return "1 finding" if number == 1 else f"{number} findings"

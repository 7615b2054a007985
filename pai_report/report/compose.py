"""The whole document: first page, insights, visualizations, advice, appendix. Everything said is decided here."""

from dataclasses import replace

from pai_report import __version__
from pai_report.advice.model import Judgement
from pai_report.analysis.model import Analysis
from pai_report.report.advice_sections import next_steps, optimization, troubleshooting
from pai_report.report.appendix import appendix
from pai_report.report.document import Block, Document, Figure, Section, Text
from pai_report.report.figures import figures_for, front_figure
from pai_report.report.front import front, kicker
from pai_report.report.insights import insights
from pai_report.report.text import phrase_text
from pai_report.report.undrawn import Undrawn, in_place, remarks, sentences
from pai_report.report.visuals import visualizations

ENDS_THE_ANALYSIS = {"capacity-test", "never-attempted", "incomplete", "invalid"}


def compose(analysis: Analysis, judgement: Judgement) -> Document:
    """Compose the report of `analysis` as `judgement` sees it; pictures are drawn here, once for every format."""
    name, cover = analysis.identity.save_name, front_figure(analysis)
    figures = figures_for(analysis, judgement.settings.limits)
    pictures = figures if cover is None else (cover, *figures)
    return Document(
        title=f"{name} · PerforatedAI run report",
        kicker=kicker(analysis),
        headline=phrase_text(judgement.verdict.answer),
        front=front(analysis, judgement, () if cover is None else (in_place(cover),)),
        sections=(
            *_body(analysis, judgement, figures),
            *appendix(analysis, judgement, _courses(cover, figures), remarks(pictures)),
        ),
        footer=f"{name} · pai-report {__version__}",
        undrawn=sentences(pictures),
    )


def _body(analysis: Analysis, judgement: Judgement, figures: tuple[Figure | Undrawn, ...]) -> tuple[Section, ...]:
    """The sections after page one; a verdict that ends the analysis goes straight to what happened and how to mend it."""
    by_id = {figure.id: in_place(figure) for figure in figures}
    charts = {figure.id for figure in figures if isinstance(figure, Figure)}
    told = (*insights(analysis, by_id), visualizations(analysis, charts))
    advice = (troubleshooting(judgement), *_optimization(judgement), next_steps())
    if judgement.verdict.code in ENDS_THE_ANALYSIS:
        return (*advice, *(replace(section, appendix=True) for section in told))
    return (*told, *advice)


def _courses(cover: Figure | Undrawn | None, figures: tuple[Figure | Undrawn, ...]) -> tuple[Block, ...]:
    """The scores in full, where they show more than page one did, and the epoch times."""
    said = cover.caption if isinstance(cover, Figure) else None
    shown = {"times"} if said is not None and said == _caption_of("scores", figures) else {"scores", "times"}
    return tuple(in_place(figure) for figure in figures if figure.id in shown)


def _caption_of(identity: str, figures: tuple[Figure | Undrawn, ...]) -> Text:
    return next((figure.caption for figure in figures if isinstance(figure, Figure) and figure.id == identity), ())


def _optimization(judgement: Judgement) -> tuple[Section, ...]:
    """Sections 1 to 9; left out where nothing was trained that could be optimized."""
    section = optimization(judgement)
    return () if judgement.verdict.code in ENDS_THE_ANALYSIS and not section.sections else (section,)

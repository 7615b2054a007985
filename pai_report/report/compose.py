"""The whole document: first page, insights, visualizations, advice, appendix. Everything said is decided here."""

from dataclasses import replace

from pai_report import __version__
from pai_report.advice.model import Judgement
from pai_report.analysis.model import Analysis
from pai_report.report.advice_sections import next_steps, optimization, troubleshooting
from pai_report.report.appendix import appendix
from pai_report.report.document import Document, Figure, Section, Text
from pai_report.report.figures import figures_for, front_figure
from pai_report.report.front import front, kicker
from pai_report.report.insights import insights
from pai_report.report.text import phrase_text
from pai_report.report.visuals import visualizations

ENDS_THE_ANALYSIS = {"capacity-test", "never-attempted", "incomplete", "invalid"}


def compose(analysis: Analysis, judgement: Judgement) -> Document:
    """Compose the report of `analysis` as `judgement` sees it; pictures are drawn here, once for every format."""
    name, cover = analysis.identity.save_name, front_figure(analysis)
    figures = figures_for(analysis, judgement.settings.limits)
    return Document(
        title=f"{name} · PerforatedAI run report",
        kicker=kicker(analysis),
        headline=phrase_text(judgement.verdict.answer),
        front=front(analysis, judgement, () if cover is None else (cover,)),
        sections=(*_body(analysis, judgement, figures), *appendix(analysis, judgement, _courses(cover, figures))),
        footer=f"{name} · pai-report {__version__}",
    )


def _body(analysis: Analysis, judgement: Judgement, figures: tuple[Figure, ...]) -> tuple[Section, ...]:
    """The sections after page one; a verdict that ends the analysis goes straight to what happened and how to mend it."""
    by_id = {figure.id: figure for figure in figures}
    told = (*insights(analysis, by_id), visualizations(analysis, by_id))
    advice = (troubleshooting(judgement), *_optimization(judgement), next_steps())
    if judgement.verdict.code in ENDS_THE_ANALYSIS:
        return (*advice, *(replace(section, appendix=True) for section in told))
    return (*told, *advice)


def _courses(cover: Figure | None, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """The scores in full, where they show more than page one did, and the epoch times."""
    shown = {"scores", "times"} if cover is None or cover.caption != _caption_of("scores", figures) else {"times"}
    return tuple(figure for figure in figures if figure.id in shown)


def _caption_of(identity: str, figures: tuple[Figure, ...]) -> Text:
    return next((figure.caption for figure in figures if figure.id == identity), ())


def _optimization(judgement: Judgement) -> tuple[Section, ...]:
    """Sections 1 to 9; left out where nothing was trained that could be optimized."""
    section = optimization(judgement)
    return () if judgement.verdict.code in ENDS_THE_ANALYSIS and not section.sections else (section,)

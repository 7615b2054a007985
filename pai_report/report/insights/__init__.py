"""The six insight sections of the requirements (I1 to I6): one line per item, with its number or what is missing."""

from pai_report.analysis.model import Analysis
from pai_report.report.document import Block, KeyValues, Section
from pai_report.report.insights import baseline, generalization, impact, modules, performance, summary

PARTS = (
    ("training-summary", "Training summary", summary, "budget"),
    ("performance", "Performance", performance, "learning-rate"),
    ("dendrite-impact", "Dendrite impact", impact, "gains"),
    ("generalization", "Generalization", generalization, "gap"),
    ("baseline", "Comparison to baseline", baseline, "architecture"),
    ("perforated-modules", "Modules", modules, "modules"),
)


def insights(analysis: Analysis, figures: dict[str, Block]) -> tuple[Section, ...]:
    """Sections I1 to I6, in the order of the requirements; `figures` by their id, or what stands in for one."""
    sections = []
    for identity, title, part, figure in PARTS:
        pictures: tuple[Block, ...] = (figures[figure],) if figure in figures else ()
        blocks = (KeyValues(rows=part.rows(analysis)), *part.tables(analysis), *pictures)
        sections.append(Section(id=identity, title=title, blocks=blocks))
    return tuple(sections)

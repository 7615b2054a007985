"""The visualizations section (G1 to G5): the library's own picture first, then ours."""

from pai_report.analysis.model import Analysis
from pai_report.report.document import Block, Paragraph, Picture, Prose, Section, Span
from pai_report.report.missing import not_available
from pai_report.report.text import text

SHOWS = """\
- Score progression over epochs
- Learning rate schedule
- Dendrite addition timeline
- Architecture performance comparison: not in this picture, see our chart of score against parameters
"""
TWO_PANELS = """\
- Score progression over epochs
- Dendrite addition timeline
- Learning rate schedule and architecture performance comparison: not in this picture, see our own charts
"""


def visualizations(analysis: Analysis) -> Section:
    """The library's picture with the requirement's sentence; our own figures stand where their numbers are."""
    return Section(id="visualizations", title="Visualizations", blocks=_library(analysis))


def _library(analysis: Analysis) -> tuple[Block, ...]:
    if analysis.picture is None:
        return (Paragraph(text=not_available("picture"), role="missing"),)
    place = f"{analysis.identity.folder}/{analysis.picture}"
    sentence = (
        Span(text="Training visualizations have been automatically generated at "),
        Span(text=place, style="name"),
        Span(text=". This shows:"),
    )
    shows = SHOWS if analysis.track.learning_rate is not None else TWO_PANELS
    return (
        Paragraph(text=sentence),
        Prose(markdown=shows),
        Picture(
            id="library-picture",
            name=analysis.picture,
            alt="The picture that the library drew for this run: scores, correlation scores, learning rate and epoch times.",
            caption=text("The library's own picture, unmodified."),
        ),
    )

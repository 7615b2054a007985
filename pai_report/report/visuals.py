"""The visualizations section (G1 to G5): the library's own picture first, then ours."""

from collections.abc import Container

from pai_report.analysis.model import Analysis
from pai_report.report.document import Block, Paragraph, Picture, Prose, Section, Span
from pai_report.report.missing import missing
from pai_report.report.text import text

SCORES = "- Score progression over epochs"
RATE = "- Learning rate schedule, where the library drew it"
OUR_RATE = "; see also our own chart"
NO_RATE = "- Learning rate schedule: not in this picture as far as the files tell, which hold no learning rates"
TIMELINE = "- Dendrite addition timeline"
SIZES = "- Architecture performance comparison: not in this picture"
OUR_SIZES = ", see our chart of score against {over}"


def visualizations(analysis: Analysis, charts: Container[str]) -> Section:
    """The library's picture with the requirement's sentence; our own figures, `charts` by id, stand where their numbers are."""
    return Section(id="visualizations", title="Visualizations", blocks=_library(analysis, charts))


def _library(analysis: Analysis, charts: Container[str]) -> tuple[Block, ...]:
    if analysis.picture is None:
        return (Paragraph(text=missing(analysis, "picture"), role="missing"),)
    place = f"{analysis.identity.folder}/{analysis.picture}"
    sentence = (
        Span(text="Training visualizations have been automatically generated at "),
        Span(text=place, style="name"),
        Span(text=". This shows:"),
    )
    return (
        Paragraph(text=sentence),
        Prose(markdown=_shows(analysis, charts)),
        Picture(
            id="library-picture",
            name=analysis.picture,
            alt=_alt(analysis),
            caption=text("The library's own picture, unmodified."),
        ),
    )


def _shows(analysis: Analysis, charts: Container[str]) -> str:
    """The requirement's list; nobody has looked into the picture, so that the files say what can be in it."""
    rate = NO_RATE if analysis.track.learning_rate is None else RATE + (OUR_RATE if "learning-rate" in charts else "")
    sized = all(row.parameters is not None for row in analysis.gains.architectures)
    ours = OUR_SIZES.format(over="parameters" if sized else "dendrite sets") if "architecture" in charts else ""
    return "\n".join((SCORES, rate, TIMELINE, SIZES + ours, ""))


def _alt(analysis: Analysis) -> str:
    """The panels that the files allow; the library draws further ones, unless told not to, of what it also records."""
    further = [
        *(["correlation scores"] if analysis.modules is not None and analysis.modules.scored else []),
        *(["learning rate"] if analysis.track.learning_rate is not None else []),
        *(["epoch times"] if analysis.track.epoch_seconds is not None else []),
    ]
    more = f"; by the files of the run it can also show {', '.join(further)}" if further else ""
    return f"The picture that the library drew for this run: scores over epochs with the switches{more}."

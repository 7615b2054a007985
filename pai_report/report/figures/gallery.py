"""All pictures of the body, in reading order."""

from pai_report.analysis.model import Analysis
from pai_report.limits import Limits
from pai_report.report.document import Figure
from pai_report.report.figures.architecture import architecture
from pai_report.report.figures.budget import budget
from pai_report.report.figures.canvas import drawn
from pai_report.report.figures.gains import gains
from pai_report.report.figures.gap import gap
from pai_report.report.figures.modules import modules
from pai_report.report.figures.rates import learning_rate
from pai_report.report.figures.scores import scores
from pai_report.report.figures.times import times


@drawn
def every(analysis: Analysis, limits: Limits) -> tuple[Figure, ...]:
    """The pictures that the data allows."""
    found = [
        scores(analysis), gains(analysis), architecture(analysis), gap(analysis), learning_rate(analysis), budget(analysis),
        modules(analysis, limits), times(analysis),
    ]  # fmt: skip
    return tuple(figure for figure in found if figure is not None)

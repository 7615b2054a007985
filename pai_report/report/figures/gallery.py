"""All pictures of the body, in reading order."""

from collections.abc import Callable, Iterator

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
from pai_report.report.undrawn import Undrawn, attempted


@drawn
def every(analysis: Analysis, limits: Limits) -> tuple[Figure | Undrawn, ...]:
    """The pictures that the data allows; setting matplotlib up once for all saves a fifth of the time."""
    attempts = (attempted(name, draw) for name, draw in _pictures(analysis, limits))
    return tuple(picture for picture in attempts if picture is not None)


def _pictures(analysis: Analysis, limits: Limits) -> Iterator[tuple[str, Callable[[], Figure | None]]]:
    """The id of each picture and what draws it, where the data allows."""
    yield "scores", lambda: scores(analysis)
    yield "gains", lambda: gains(analysis)
    yield "architecture", lambda: architecture(analysis)
    yield "gap", lambda: gap(analysis)
    yield "learning-rate", lambda: learning_rate(analysis)
    yield "budget", lambda: budget(analysis)
    yield "modules", lambda: modules(analysis, limits)
    yield "times", lambda: times(analysis)

"""Pictures of one analysis. matplotlib is imported when the first one is drawn."""

from collections.abc import Callable
from typing import TypeVar

from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.limits import Limits
from pai_report.report.document import Figure
from pai_report.report.undrawn import Undrawn

T = TypeVar("T")


def front_figure(analysis: Analysis) -> Figure | Undrawn | None:
    """The one picture of page one: scores over the dendrite phases, None without any score."""
    from pai_report.report.figures.scores import scores  # noqa: PLC0415 matplotlib only where pictures are drawn

    return attempted("front-scores", lambda: scores(analysis, compact=True))


def front_png(analysis: Analysis) -> bytes | Undrawn | None:
    """The picture of page one as a PNG, for places that show no SVG; None without any score."""
    from pai_report.report.figures.scores import scores_png  # noqa: PLC0415 matplotlib only where pictures are drawn

    return attempted("front-scores", lambda: scores_png(analysis))


def figures_for(analysis: Analysis, limits: Limits) -> tuple[Figure | Undrawn, ...]:
    """Every picture that the data of `analysis` allows, in reading order; `id` names each.

    Ids: scores, gains, architecture, gap, learning-rate, budget, modules, times.
    """
    from pai_report.report.figures import gallery  # noqa: PLC0415 matplotlib only where pictures are drawn

    pictures = [attempted(name, draw) for name, draw in gallery.pictures(analysis, limits)]
    return tuple(picture for picture in pictures if picture is not None)


def attempted(name: str, draw: Callable[[], T]) -> T | Undrawn:
    """What `draw` makes, or why the picture `name` could not be drawn; ExpectedError for what the user can mend."""
    try:
        return draw()
    except ExpectedError:
        raise
    except Exception as error:  # noqa: BLE001 - the report is still written, with the picture named as undrawn
        return Undrawn(id=name, error=f"{type(error).__name__}: {error}")

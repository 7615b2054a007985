"""Pictures of one analysis. matplotlib is imported when the first one is drawn."""

from pai_report.analysis.model import Analysis
from pai_report.limits import Limits
from pai_report.report.document import Figure
from pai_report.report.undrawn import Undrawn, attempted


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

    return gallery.every(analysis, limits)

"""D5: does a series end on a plateau?"""

from pai_report.analysis.measure import Measure, finite, points_of
from pai_report.analysis.model import Plateau, Scores, Trend
from pai_report.analysis.statistics import mann_kendall, theil_sen
from pai_report.limits import Limits

LONGEST_WINDOW = 200  # Mann-Kendall and Theil-Sen are quadratic


def trend(goodness: Scores, first: int, window: int, limits: Limits) -> Trend | None:
    """Trend over the last `window` epochs, `first` being the epoch of the first value; None below two recorded values.

    `p` is that of an increasing trend (Mann 1945; Kendall 1975), None for too few values; `slope` is that of
    Theil (1950) and Sen (1968).
    """
    start = max(0, len(goodness) - min(window, LONGEST_WINDOW))
    points = points_of(goodness[start:], first + start)
    slope = theil_sen(points)
    if slope is None:
        return None
    epochs = (first + start, first + len(goodness) - 1)
    p = mann_kendall([score for _, score in points]) if len(points) >= limits.trend_epochs else None
    return Trend(epochs=epochs, slope=slope, total=slope * (epochs[1] - epochs[0]), p=p)


def usual_window(measure: Measure) -> int:
    """Epochs at the end of a phase that are looked at: the patience where that is shorter, but enough for a test (D5)."""
    return max(measure.limits.trend_epochs, min(measure.limits.plateau_window, measure.patience))


def plateau(goodness: Scores, first: int, tolerance: float, measure: Measure, window: int | None = None) -> Plateau:
    """Whether the last epochs (`window`, else `usual_window`) no longer rise beyond tolerance and chance (D5)."""
    found = trend(goodness, first, window or usual_window(measure), measure.limits)
    if found is None:
        return Plateau(flat=None, trend=None, tolerance=None)
    flat = None if found.p is None else found.total < tolerance or found.p >= measure.limits.trend_level
    return Plateau(flat=flat, trend=found, tolerance=tolerance)


def plateau_tolerance(goodness: Scores, sets: int, sigma: float | None, measure: Measure) -> float:
    """A rise that counts as none: the largest of improvement threshold at `sets` sets, D8's sigma and one sample."""
    best = max(finite(goodness), default=0.0)
    return max(measure.improvement_threshold(sets) * abs(best), sigma or 0.0, measure.quantum or 0.0)

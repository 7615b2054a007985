"""D5 and D6: does a series end on a plateau, and was the network still improving when the next set was added?"""

from typing import Literal

from pai_report.analysis.measure import Measure, best_place, finite, points_of
from pai_report.analysis.model import Plateau, Premature, Scores, Trend
from pai_report.analysis.statistics import mann_kendall, theil_sen
from pai_report.limits import Limits

Untestable = Literal["no-snapshot-history", "no-snapshot-fixed", "too-short"]
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
    slope = trend(goodness, first, window or usual_window(measure), measure.limits)
    if slope is None:
        return Plateau(flat=None, trend=None, tolerance=None)
    flat = None if slope.p is None else slope.total < tolerance or slope.p >= measure.limits.trend_level
    return Plateau(flat=flat, trend=slope, tolerance=tolerance)


def plateau_tolerance(goodness: Scores, sets: int, sigma: float | None, measure: Measure) -> float:
    """A rise that counts as none: the largest of improvement threshold at `sets` sets, D8's sigma and one sample."""
    best = max(finite(goodness), default=0.0)
    return max(measure.library.threshold(sets) * abs(best), sigma or 0.0, measure.quantum or 0.0)


def untestable(length: int, *, truncated: bool, best_is_last: bool, interval: int | None) -> Untestable | None:
    """Why a phase of `length` recorded scores cannot be tested; `interval` is that of a fixed switch, None in history mode.

    Without its discarded tail a series ends at its best epoch by construction (F1); only a fixed phase that is as
    long as its interval lost nothing.
    """
    if length < 2:
        return "too-short"
    if not truncated:
        return None
    if interval is None:
        return "no-snapshot-history"
    return None if best_is_last and length == interval else "no-snapshot-fixed"


def premature(goodness: Scores, first: int, measure: Measure, *, truncated: bool, interval: int | None) -> Premature:
    """Test the full series of the phase before an addition, `first` being the epoch of its first value (D6)."""
    place = best_place(goodness)
    recorded = finite(goodness)
    reason = untestable(len(recorded), truncated=truncated, best_is_last=place == len(goodness) - 1, interval=interval)
    short_fixed = interval is not None and len(goodness) < measure.limits.early_epochs
    if reason is not None or place is None:
        return _untested(reason or "too-short", short_fixed=short_fixed)
    rise = _last_rise(goodness, measure.limits.premature_epochs)
    by_trend = _by_trend(trend(goodness, first, usual_window(measure), measure.limits), goodness, place, measure)
    by_last_best = place >= len(goodness) - measure.limits.newest_epochs and _material(rise, measure)
    sign = measure.sign
    change = None if rise is None else measure.change(sign * rise[0], sign * rise[1])
    return Premature(
        fired=by_trend or by_last_best,
        confidence=_confidence(len(recorded) < measure.limits.trend_epochs, by_trend == by_last_best),
        by_trend=by_trend,
        by_last_best=by_last_best,
        before=None if rise is None else sign * rise[0],
        after=None if rise is None else sign * rise[1],
        rise_relative=None if change is None else change.relative,
        rise_points=None if change is None else change.points,
        epochs=_window(len(goodness), first, measure.limits.premature_epochs),
        untestable=None,
        short_fixed=short_fixed,
    )


def _untested(reason: Untestable, *, short_fixed: bool) -> Premature:
    return Premature(
        fired=None,
        confidence="low",
        by_trend=False,
        by_last_best=False,
        before=None,
        after=None,
        rise_relative=None,
        rise_points=None,
        epochs=None,
        untestable=reason,
        short_fixed=short_fixed,
    )


def _window(length: int, first: int, epochs: int) -> tuple[int, int]:
    """The last few epochs, with at least one before them to compare with."""
    return first + max(1, length - epochs), first + length - 1


def _last_rise(goodness: Scores, epochs: int) -> tuple[float, float] | None:
    """The score before the last `epochs` epochs and the best score in them."""
    start = max(1, len(goodness) - epochs)
    earlier, later = finite(goodness[:start]), finite(goodness[start:])
    return (earlier[-1], max(later)) if earlier and later else None


def _material(rise: tuple[float, float] | None, measure: Measure) -> bool:
    if rise is None:
        return False
    share = measure.share(rise[1] - rise[0], rise[0])
    return share is not None and share >= measure.limits.premature_rise


def _by_trend(window_trend: Trend | None, goodness: Scores, place: int, measure: Measure) -> bool:
    """A clear and material rise to a new best; climbing back towards an earlier best is recovery, not learning."""
    if window_trend is None or window_trend.p is None or window_trend.p >= measure.limits.trend_level:
        return False
    width = window_trend.epochs[1] - window_trend.epochs[0] + 1
    if place < len(goodness) - width:
        return False
    start = finite(goodness[-width:])[0]
    share = measure.share(window_trend.total, start)
    return share is not None and share >= measure.limits.premature_rise


def _confidence(short: bool, agreed: bool) -> Literal["high", "medium", "low"]:
    if short:
        return "low"
    return "high" if agreed else "medium"

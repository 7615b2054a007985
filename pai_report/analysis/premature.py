"""D6: was the network still improving when the next set was added?"""

from typing import Literal

from pai_report.analysis.measure import Measure, best_place, finite
from pai_report.analysis.model import Premature, Scores, Trend
from pai_report.analysis.plateau import trend, usual_window

FIXED_SWITCH = 2  # library switch modes: 0 every time, 1 history, 2 fixed, 3 none

Untestable = Literal["no-snapshot-history", "no-snapshot-fixed", "too-short"]


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


def _by_trend(found: Trend | None, goodness: Scores, place: int, measure: Measure) -> bool:
    """A clear and material rise to a new best; climbing back towards an earlier best is recovery, not learning."""
    if found is None or found.p is None or found.p >= measure.limits.trend_level:
        return False
    width = found.epochs[1] - found.epochs[0] + 1
    if place < len(goodness) - width:
        return False
    start = finite(goodness[-width:])[0]
    share = measure.share(found.total, start)
    return share is not None and share >= measure.limits.premature_rise


def _confidence(short: bool, agreed: bool) -> Literal["high", "medium", "low"]:
    if short:
        return "low"
    return "high" if agreed else "medium"

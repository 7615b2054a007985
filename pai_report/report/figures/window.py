"""The range of scores that matters: without the steep first epochs, without single values that would flatten all others."""

import numpy as np

from pai_report.analysis.model import Analysis
from pai_report.report.figures.curves import Curve
from pai_report.report.figures.scale import Limits, sound
from pai_report.report.figures.series import Floats, as_array
from pai_report.values import value

_STEEP_SHARE = 0.15  # of the first phase's rise: what is left of it when its steep part is over
_STEEP_EPOCHS = 0.25  # of the recorded epochs at most
_LONG_ENOUGH = 20  # recorded epochs: in a shorter run the first ones are the story
_WORTH_CUTTING = 0.6  # the range without the steep part is smaller than this share of the whole
_HEADROOM = 0.05  # of the range, beyond the best score
_RESTLESS = 0.25  # of the window: a further curve that jumps by more from epoch to epoch shows nothing
_OUTLIER = 10.0  # times the spread of the scores


@value
class Window:
    """Limits of the score axis. `steep` first epochs did not set them; `hidden` counts validation scores outside of them."""

    low: float
    high: float
    steep: int
    hidden: int


def score_window(analysis: Analysis, curves: tuple[Curve, ...]) -> Window:
    """The window for `curves`, the first of which is validation; nothing is cut while the direction is undecided."""
    sign = -1.0 if analysis.identity.direction == "minimize" else 1.0
    steep = 0 if analysis.identity.direction == "undecided" else _steep_end(analysis, sign)
    bests = [sign * score for score in (analysis.gains.baseline, analysis.gains.best) if score is not None]
    everything, cut = (_reaching(_limits(curves, start, sign), bests) for start in (0, steep))
    if cut[1] - cut[0] >= _WORTH_CUTTING * (everything[1] - everything[0]):
        cut, steep = everything, 0
    low, high = sorted(sign * limit for limit in _with_headroom(cut))
    validation = as_array(analysis.track.validation)
    hidden = int(np.count_nonzero((validation < low) | (validation > high)))
    return Window(low=low, high=high, steep=steep, hidden=hidden)


def restless(curve: Curve, window: Window) -> bool:
    """Whether `curve` jumps so far from epoch to epoch, as a rule, that it would only hide the others."""
    steps = np.abs(np.diff(as_array(curve.values)[window.steep :]))
    known = steps[np.isfinite(steps)]
    return bool(len(known) and np.median(known) > _RESTLESS * (window.high - window.low))


def padded(limits: Limits, share: float = 0.08) -> Limits:
    """`limits` with some room on both sides."""
    low, high = sound(limits)
    room = (high - low) * share
    return low - room, high + room


def _reaching(limits: Limits, scores: list[float]) -> Limits:
    """`limits` widened to hold `scores`."""
    return min([limits[0], *scores]), max([limits[1], *scores])


def _with_headroom(goodness: Limits) -> Limits:
    """`goodness` padded, with room for the label of the best score."""
    low, high = padded(goodness)
    return low, high + (high - low) * _HEADROOM


def _steep_end(analysis: Analysis, sign: float) -> int:
    """First epoch at which the first phase has all but 15 % of its rise behind it, within the first quarter of the run."""
    validation = as_array(analysis.track.validation)
    if len(validation) < _LONG_ENOUGH:
        return 0
    first = sign * (validation[: analysis.phases[0].last + 1] if analysis.phases else validation)
    known = first[np.isfinite(first)]
    if not len(known):
        return 0
    risen = first >= known.max() - _STEEP_SHARE * (known.max() - known.min())
    slow = max(int(np.argmax(risen)), len(first) // 5)
    return min(slow, int(_STEEP_EPOCHS * len(validation)))


def _limits(curves: tuple[Curve, ...], start: int, sign: float) -> Limits:
    """Worst and best goodness from epoch `start` on. The further curves widen it to where they usually are at best."""
    held = [sign * _from(curve, start) for curve in curves]
    spans = [_robust(goodness) for goodness in held[:1] if len(goodness)]
    spans += [(float(np.median(goodness)), _robust(goodness)[1]) for goodness in held[1:] if len(goodness)]
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else (0.0, 1.0)


def _from(curve: Curve, start: int) -> Floats:
    parts = [as_array(curve.values[start:])]
    parts += [as_array(tail.values[max(start - tail.start, 0) :]) for tail in curve.tails]
    joined = np.concatenate(parts)
    return joined[np.isfinite(joined)]


def _robust(goodness: Floats) -> Limits:
    middle = np.median(goodness)
    spread = max(middle - np.quantile(goodness, 0.1), np.quantile(goodness, 0.9) - middle)
    if not spread:
        return float(goodness.min()), float(goodness.max())
    return float(max(goodness.min(), middle - _OUTLIER * spread)), float(min(goodness.max(), middle + _OUTLIER * spread))

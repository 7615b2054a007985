"""D11: torch's smooth schedulers, recognised by their formulas."""

import math
from collections.abc import Sequence
from itertools import pairwise

from pai_report.values import value

CURVE_ERROR = 1e-4  # relative (D11)
FEWEST_COSINE = 4  # rates that make three steps
NEGLIGIBLE = 1e-9  # of the first rate: a floor that small is zero


def exponential_factor(rates: Sequence[float], moving: int) -> float | None:
    """Gamma of ExponentialLR, if the first `moving` steps shrink by the same ratio as the rate itself.

    The steps tell it from a slow cosine, whose rates hardly differ.
    """
    ratio = rates[1] / rates[0]
    steps = [rates[t] - rates[t - 1] for t in range(1, moving + 1)]
    equal = all(math.isclose(later, earlier * ratio, rel_tol=CURVE_ERROR) for earlier, later in pairwise(steps))
    return ratio if ratio < 1 and equal else None


def is_linear(rates: Sequence[float], moving: int) -> bool:
    """Whether each of the first `moving` steps has the same difference, as LinearLR makes them."""
    step = rates[1] - rates[0]
    return all(math.isclose(rates[t] - rates[t - 1], step, rel_tol=CURVE_ERROR) for t in range(1, moving + 1))


@value
class Cosine:
    """CosineAnnealingLR: floor + (start - floor)(1 + cos(pi t / period)) / 2, `t` counted from the first rate + `late`."""

    period: int
    floor: float
    start: float
    late: int  # 1 where rates were recorded after the scheduler's step

    def rate(self, epoch: int) -> float:
        """The rate recorded for an epoch of the phase."""
        return self.floor + (self.start - self.floor) * _weight(epoch + self.late, self.period)


def _weight(t: int, period: int) -> float:
    return (1 + math.cos(math.pi * t / period)) / 2


def fit_cosine(rates: Sequence[float]) -> Cosine | None:
    """The cosine with a whole period that passes through all rates within 1e-4 of the first one, if there is one."""
    fits = [cosine for period in _periods(rates) for late in (0, 1) if (cosine := _through(rates, period, late))]
    best = min(fits, key=lambda cosine: _error(cosine, rates), default=None)
    return best if best is not None and _error(best, rates) <= CURVE_ERROR * rates[0] else None


def _falling(rates: Sequence[float]) -> int:
    """How many rates fall from the first one on: at most half a wave of a cosine."""
    return next((t for t in range(1, len(rates)) if rates[t] >= rates[t - 1]), len(rates))


def _periods(rates: Sequence[float]) -> list[int]:
    """Whole periods around the one that the steps ask for.

    Steps d of a cosine obey d(t + h) + d(t - h) = 2 cos(h pi / T) d(t), whatever its height, floor and phase.
    """
    length = _falling(rates)
    if length < FEWEST_COSINE:
        return []
    steps = [rates[t + 1] - rates[t] for t in range(length - 1)]
    reach = (len(steps) - 1) // 2
    cosine = (steps[0] + steps[2 * reach]) / (2 * steps[reach])
    if not -1 < cosine < 1:
        return []
    estimate = round(math.pi * reach / math.acos(cosine))
    return [period for period in range(estimate - 2, estimate + 3) if period > 1]


def _through(rates: Sequence[float], period: int, late: int) -> Cosine | None:
    """The cosine of that period through the first rate and the last falling one."""
    last = _falling(rates) - 1
    high, low = _weight(late, period), _weight(last + late, period)
    if math.isclose(high, low):
        return None
    height = (rates[0] - rates[last]) / (high - low)
    floor = rates[0] - height * high
    floor = 0.0 if abs(floor) < NEGLIGIBLE * rates[0] else floor
    return Cosine(period=period, floor=floor, start=floor + height, late=late)


def _error(cosine: Cosine, rates: Sequence[float]) -> float:
    return max(abs(cosine.rate(t) - rate) for t, rate in enumerate(rates))

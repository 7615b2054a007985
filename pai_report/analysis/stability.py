"""D8: spread of the later epochs of a phase, and single-epoch losses far outside it."""

import math
from itertools import pairwise
from typing import Literal

from pai_report.analysis.measure import SMALLEST_REFERENCE, Measure, best_place, finite
from pai_report.analysis.model import Scores, Spike, Stability
from pai_report.analysis.statistics import deviation, difference_deviation
from pai_report.settings import Thresholds

LATER_EPOCHS = 10  # D8: the last max(10, 20 %) epochs
LATER_SHARE = 0.2
EARLY_SHARE = 0.2  # of the first phase, where a network still learns fast
SETTLING = 5  # epochs after a switch
SPIKE_SIGMAS = 5
SPIKE_SHARE = 0.02
SPIKE_SAMPLES = 3
SMALLEST_SIGMA = 1e-6  # of the best score, where the number of validation samples is unknown


def later_epochs(length: int) -> int:
    """How many epochs at the end of a series of `length` are its later epochs."""
    return min(length, max(LATER_EPOCHS, math.ceil(LATER_SHARE * length)))


def noise_level(goodness: Scores, measure: Measure) -> float | None:
    """Sigma of D8: winsorised first differences of the later epochs, at least the rounding noise of one sample.

    The rounding noise of a score with step q is q / sqrt 12, the deviation of a uniform distribution of that width.
    """
    sigma = difference_deviation(goodness[-later_epochs(len(goodness)) :])
    if sigma is None:
        return None
    smallest = SMALLEST_SIGMA * abs(max(finite(goodness))) if measure.quantum is None else measure.quantum / math.sqrt(12)
    return max(sigma, smallest)


def stability(goodness: Scores, first: int, sets: int, sigma: float | None, measure: Measure) -> Stability | None:
    """Spread of the later epochs of a phase with `sets` sets whose first value belongs to epoch `first`.

    `sigma` is its `noise_level`; None without one: fewer than three recorded scores in those epochs.
    """
    later = goodness[-later_epochs(len(goodness)) :]
    spread = deviation(finite(later))
    if sigma is None or spread is None:
        return None
    best = abs(max(finite(goodness)))
    relative = sigma / best if best >= SMALLEST_REFERENCE else None
    return Stability(
        epochs=(first + len(goodness) - len(later), first + len(goodness) - 1),
        sigma=sigma,
        deviation=spread,
        variance=spread**2,
        relative=relative,
        level=level(relative, measure.thresholds),
        spikes=spikes(goodness, first, sets, sigma, measure),
    )


def level(relative: float | None, thresholds: Thresholds) -> Literal["stable", "moderate", "unstable"] | None:
    """The word for sigma / |best|."""
    if relative is None:
        return None
    if relative <= thresholds.stable:
        return "stable"
    return "unstable" if relative >= thresholds.unstable else "moderate"


def spikes(goodness: Scores, first: int, sets: int, sigma: float, measure: Measure) -> tuple[Spike, ...]:
    """Single-epoch losses beyond 5 sigma, 2 % of the best score and three samples, once the phase has settled (D8)."""
    place = best_place(goodness)
    best = abs(goodness[place] or 0.0) if place is not None else 0.0
    limit = max(SPIKE_SIGMAS * sigma, SPIKE_SHARE * best, SPIKE_SAMPLES * (measure.quantum or 0.0))
    settled = SETTLING if sets else math.ceil(EARLY_SHARE * len(goodness))
    return tuple(
        Spike(epoch=first + i, loss=before - now)
        for i, (before, now) in enumerate(pairwise(goodness), start=1)
        if before is not None and now is not None and i >= settled and before - now > limit
    )

"""D8: spread of the later epochs of a phase, and single-epoch losses far outside it."""

import math
from itertools import pairwise
from typing import Literal

from pai_report.analysis.measure import SMALLEST_REFERENCE, Measure, best_place, finite
from pai_report.analysis.model import Scores, Spike, Stability
from pai_report.analysis.statistics import deviation, difference_deviation
from pai_report.limits import Limits


def later_epochs(length: int, limits: Limits) -> int:
    """How many epochs at the end of a series of `length` are its later epochs (D8)."""
    return min(length, max(limits.later_epochs, math.ceil(limits.later_share * length)))


def noise_level(goodness: Scores, measure: Measure) -> float | None:
    """Sigma of D8: winsorised first differences of the later epochs, at least the rounding noise of one sample.

    The rounding noise of a score with step q is q / sqrt 12, the deviation of a uniform distribution of that width.
    """
    sigma = difference_deviation(goodness[-later_epochs(len(goodness), measure.limits) :])
    if sigma is None:
        return None
    rounding = None if measure.quantum is None else measure.quantum / math.sqrt(12)
    smallest = measure.limits.smallest_noise * abs(max(finite(goodness))) if rounding is None else rounding
    return max(sigma, smallest)


def stability(goodness: Scores, first: int, sets: int, sigma: float | None, measure: Measure) -> Stability | None:
    """Spread of the later epochs of a phase with `sets` sets whose first value belongs to epoch `first`.

    `sigma` is its `noise_level`; None without one: fewer than three recorded scores in those epochs.
    """
    later = goodness[-later_epochs(len(goodness), measure.limits) :]
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
        level=level(relative, measure.limits),
        spikes=spikes(goodness, first, sets, sigma, measure),
    )


def level(relative: float | None, limits: Limits) -> Literal["stable", "moderate", "unstable"] | None:
    """The word for sigma / |best|."""
    if relative is None:
        return None
    if relative <= limits.stable:
        return "stable"
    return "unstable" if relative >= limits.unstable else "moderate"


def spikes(goodness: Scores, first: int, sets: int, sigma: float, measure: Measure) -> tuple[Spike, ...]:
    """Single-epoch losses beyond the noise, a share of the best score and a few samples, once the phase has settled (D8)."""
    limits = measure.limits
    place = best_place(goodness)
    best = abs(goodness[place] or 0.0) if place is not None else 0.0
    limit = max(limits.spike_sigmas * sigma, limits.spike_share * best, limits.spike_samples * (measure.quantum or 0.0))
    settled = limits.settling if sets else math.ceil(limits.early_share * len(goodness))
    return tuple(
        Spike(epoch=first + i, loss=before - now)
        for i, (before, now) in enumerate(pairwise(goodness), start=1)
        if before is not None and now is not None and i >= settled and before - now > limit
    )

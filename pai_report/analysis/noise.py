"""D9: is a gain more than this run's own fluctuation?

A recorded gain is the best of M epochs with a new set minus the best of m epochs without it, and is only recorded when it is
positive. Under the null hypothesis both are draws from one distribution, so the test is conditional on a positive gain, and
the best of more draws is expected to be larger (order statistics: Blom 1958). A second, assumption-free bound needs only the
number of validation samples: a gain of d net samples has at best the one-sided p of a sign test, 0.5 ** d.
"""

import math
from typing import Literal

from pai_report.analysis.measure import Measure, best_place, finite
from pai_report.analysis.model import Change, GainClass, NoiseTest, Scores
from pai_report.analysis.statistics import (
    autocorrelation,
    blom,
    effective_number,
    mean,
    pooled_deviation,
    upper_tail,
    variance_of_maximum,
)
from pai_report.limits import Limits
from pai_report.values import value

ONE_SIDED_5 = 1.645
RANKS: tuple[GainClass, ...] = ("within-noise", "uncertain", "real")


@value
class Sample:
    """The epochs trained at one network size (or at several): how many, and the tails that show their noise.

    `draws` counts the epochs on a plateau: while a network still learns, its epochs have no chance of being the best one.
    """

    epochs: int
    draws: int
    tails: tuple[tuple[float, ...], ...]  # goodness
    truncated: bool  # the discarded tail of a phase is not known


@value
class HeldOut:
    """The same comparison on a test column, which took no part in choosing the epochs."""

    change: Change  # samples in steps of the test column itself
    sigma: float | None  # epoch-to-epoch spread of the test column in the tails of both phases


@value
class Null:
    """What selection alone would show: expected gain and its spread, from `sigma` and the effective numbers of epochs."""

    sigma: float
    autocorrelation: float
    expected: float
    deviation: float


def tail(goodness: Scores, limits: Limits) -> tuple[float, ...]:
    """Recorded scores from shortly before the best one to the end, where the network no longer learns much."""
    place = best_place(goodness)
    return () if place is None else tuple(finite(goodness[max(0, place - limits.tail_lead) :]))


def plateau_draws(goodness: Scores, limits: Limits) -> int:
    """Recorded epochs from the first one that reached the mean of the tail on."""
    late = tail(goodness, limits)
    if not late:
        return 0
    recorded = finite(goodness)
    level = min(mean(late), max(recorded))  # the mean of equal numbers may be rounded above them
    return len(recorded) - next(place for place, score in enumerate(recorded) if score >= level)


def null(before: Sample, after: Sample, quantum: float | None, limits: Limits) -> Null | None:
    """Distribution of the gain if both sides had equal means; None for too few epochs on a side or without noise (D9)."""
    groups = (*before.tails, *after.tails)
    rho = autocorrelation(groups) or 0.0
    sigma = pooled_deviation(groups, rho)
    if sigma is None or min(before.epochs, after.epochs) < limits.noise_epochs:
        return None
    sigma = max(sigma, (quantum or 0.0) / math.sqrt(12))
    m, m_after = (effective_number(side.draws, rho) for side in (before, after))
    spread = sigma * math.sqrt(variance_of_maximum(m) + variance_of_maximum(m_after))
    if spread == 0:
        return None
    return Null(sigma=sigma, autocorrelation=rho, expected=sigma * (blom(m_after) - blom(m)), deviation=spread)


def conditional_p(gain: float, under: Null) -> float:
    """P(a gain at least this large | a positive gain) under the null; `gain` is positive."""
    return upper_tail((gain - under.expected) / under.deviation) / upper_tail(-under.expected / under.deviation)


def smallest_gain(under: Null | None) -> float | None:
    """The gain that would stand out: expected gain + 1.645 deviations, never below 0."""
    return None if under is None else max(0.0, under.expected + ONE_SIDED_5 * under.deviation)


def gain_class(p: float | None, samples: float | None, limits: Limits) -> GainClass:
    """Class of a positive gain. Without a p only the bound from net samples is left, which can never prove a gain."""
    too_few = samples is not None and samples < limits.samples_needed
    if p is None:
        return "within-noise" if too_few else "uncertain"
    if p < limits.real_level and not too_few:
        return "real"
    return "uncertain" if p < limits.uncertain_level else "within-noise"


def moved(judged: GainClass, test: HeldOut | None, limits: Limits) -> tuple[GainClass, Literal["up", "down"] | None]:
    """The class after the test column was heard, and where it moved.

    One class down when the test score did not rise; one up when it rose by at least five net samples and by more than the
    difference of two test scores fluctuates from epoch to epoch (one-sided 5 %).
    """
    if test is None:
        return judged, None
    rank = RANKS.index(judged)
    if test.change.absolute <= 0:
        return RANKS[max(0, rank - 1)], "down" if rank else None
    beyond_noise = test.sigma is None or test.change.absolute > ONE_SIDED_5 * math.sqrt(2) * test.sigma
    if beyond_noise and (test.change.samples or 0.0) >= limits.samples_needed:
        return RANKS[min(len(RANKS) - 1, rank + 1)], "up" if rank < len(RANKS) - 1 else None
    return judged, None


def noise_test(gain: Change, before: Sample, after: Sample, measure: Measure, test: HeldOut | None) -> NoiseTest:
    """Test one gain; `gain_class` is None for a gain that is not positive."""
    under = null(before, after, measure.quantum, measure.limits)
    p = conditional_p(gain.absolute, under) if under is not None and gain.absolute > 0 else None
    judged, direction = (
        moved(gain_class(p, gain.samples, measure.limits), test, measure.limits) if gain.absolute > 0 else (None, None)
    )
    truncated = before.truncated or after.truncated
    return NoiseTest(
        gain=gain,
        sigma=None if under is None else under.sigma,
        sigma_from="nothing" if under is None else "committed" if truncated else "snapshots",
        autocorrelation=None if under is None else under.autocorrelation,
        epochs_before=before.epochs,
        epochs_after=after.epochs,
        expected=None if under is None else under.expected,
        deviation=None if under is None else under.deviation,
        p=p,
        floor=smallest_gain(under),
        sign_p=None if gain.samples is None or gain.absolute <= 0 else 0.5**gain.samples,
        test_change=None if test is None else test.change,
        gain_class=judged,
        moved_by_test=direction,
        optimistic=truncated,
    )

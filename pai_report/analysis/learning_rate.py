"""D11: what the changes of the learning rate did to the score."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pai_report.analysis.measure import Measure, best_place, finite, points_of, ratio
from pai_report.analysis.model import LrChange, Scores
from pai_report.analysis.plateau import plateau
from pai_report.analysis.statistics import theil_sen
from pai_report.limits import Limits
from pai_report.values import value

SAME = 1e-9  # relative: rates closer than that are equal


@value
class RatedPhase:
    """A phase as the learning-rate analysis sees it: goodness and rate per epoch, and what stood before it.

    `places` are those of `change_places(rates)`, `sigma` is the phase's noise (D8), `tolerance` that of its plateau (D5).
    """

    goodness: Scores
    rates: Scores
    places: tuple[int, ...]
    sigma: float | None
    tolerance: float
    first: int
    before: Scores  # goodness of the last committed epochs before the phase, empty for the first phase
    rate_before: float | None


def differ(a: float, b: float) -> bool:
    """Whether two learning rates are different beyond rounding."""
    return abs(a - b) > SAME * max(abs(a), abs(b))


def change_places(rates: Scores) -> tuple[int, ...]:
    """Positions of the first epoch at each new rate."""
    return tuple(
        place
        for place, (old, new) in enumerate(pairwise(rates), start=1)
        if old != new and old is not None and new is not None and differ(old, new)
    )


def lr_changes(phase: RatedPhase, measure: Measure) -> tuple[LrChange, ...]:
    """The restart at the start of the phase, if the rate changed there, and every change inside it.

    A phase with very many changes follows a curve: only its restart is told.
    """
    few = len(phase.places) <= measure.limits.most_changes
    inside = [_inside(phase, place, measure) for place in phase.places] if few else []
    start = phase.rates[0] if phase.rates else None
    if start is None or phase.rate_before is None or not differ(phase.rate_before, start):
        return tuple(inside)
    restart = _change((phase.rate_before, start), phase.before, phase.goodness[: measure.limits.neighbours], measure)
    return (replace(restart, epoch=phase.first, restart=True), *inside)


def _inside(phase: RatedPhase, place: int, measure: Measure) -> LrChange:
    old, new = phase.rates[place - 1] or 0.0, phase.rates[place] or 0.0
    reach = measure.limits.neighbours
    before, after = phase.goodness[max(0, place - reach) : place], phase.goodness[place : place + reach]
    jump = _jump(before, after[: measure.limits.jump_epochs])
    flat = plateau(before, phase.first + place - len(before), phase.tolerance, measure, reach).flat
    return replace(
        _change((old, new), before, after, measure),
        epoch=phase.first + place,
        improving_before=None if flat is None else not flat,
        gain_rate_ratio=_rate_ratio(before, (*before[-1:], *after)),
        immediate_jump=new <= measure.limits.sharp_drop * old
        and _jumped(jump, max(finite(before), default=0.0), phase.sigma, measure),
        jump=jump,
    )


def _change(rates: tuple[float, float], before: Scores, after: Scores, measure: Measure) -> LrChange:
    earlier, later = finite(before), finite(after)
    return LrChange(
        epoch=0,
        old=rates[0],
        new=rates[1],
        restart=False,
        best_before=measure.sign * max(earlier) if earlier else None,
        best_after=measure.sign * max(later) if later else None,
        gain=max(later) - max(earlier) if earlier and later else None,
        improving_before=None,
        gain_rate_ratio=None,
        immediate_jump=False,
    )


def _rate_ratio(before: Scores, after: Scores) -> float | None:
    """Rate of improvement after a change over that before it; None where nothing improved before.

    `after` starts with the last epoch at the old rate, so that a jump at the change counts.
    """
    earlier, later = theil_sen(points_of(before)), theil_sen(points_of(after))
    return ratio(later, earlier) if earlier is not None and earlier > 0 else None


def _jump(before: Scores, after: Scores) -> float | None:
    """Gain of the best score right after a change."""
    earlier, later = finite(before), finite(after)
    return max(later) - max(earlier) if earlier and later else None


def _jumped(jump: float | None, reference: float, sigma: float | None, measure: Measure) -> bool:
    """Whether the score gained more than noise and a share of itself right after a drop (D11)."""
    if jump is None or sigma is None:
        return False
    share = measure.share(jump, reference)
    return jump >= measure.limits.jump_sigmas * sigma and share is not None and share >= measure.limits.overdue_jump


def dropped_too_quickly(phase: RatedPhase, changes: Sequence[LrChange], limits: Limits) -> bool:
    """The first drop ended a rise, or much of the phase ran at a vanishing rate without a new best (D11)."""
    drop = next((change for change in changes if not change.restart and change.new < change.old), None)
    ended_gains = (
        drop is not None
        and drop.improving_before is True
        and drop.gain_rate_ratio is not None
        and drop.gain_rate_ratio < limits.stopped
    )
    return ended_gains or _exhausted(phase, limits)


def _exhausted(phase: RatedPhase, limits: Limits) -> bool:
    start = phase.rates[0] if phase.rates else None
    best = best_place(phase.goodness)
    if start is None or best is None:
        return False
    low = [place for place, rate in enumerate(phase.rates) if rate is not None and rate < limits.exhausted * start]
    return len(low) >= limits.exhausted_share * len(phase.rates) and bool(low) and best < low[0]


def still_high(phase: RatedPhase, measure: Measure) -> bool:
    """No drop on a long, noisy plateau (D11). A jump right after a drop is no sign: annealing always jumps (J5)."""
    best = best_place(phase.goodness)
    if best is None or phase.sigma is None or _drops(phase):
        return False
    waited = len(phase.goodness) - 1 - best
    return waited >= measure.patience and phase.sigma >= measure.limits.overdue_noise * abs(phase.goodness[best] or 0.0)


def _drops(phase: RatedPhase) -> bool:
    return any((phase.rates[place] or 0.0) < (phase.rates[place - 1] or 0.0) for place in phase.places)

"""A7, A8, D8: what happened to the score around each addition of a set."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from pai_report.analysis.measure import Measure, finite, ratio
from pai_report.analysis.model import Addition, Scores
from pai_report.analysis.stability import noise_level
from pai_report.analysis.structure_model import PhaseSeries
from pai_report.values import value


@value
class Dip:
    """How far the score fell after an addition: `depth` in goodness, `recovered` within the phase."""

    previous_best: float
    depth: float
    recovered: bool


def additions(phases: Sequence[PhaseSeries], measure: Measure | None, lr_restart: float) -> tuple[Addition, ...]:
    """One row for each canonical switch that added a set; without a direction only epochs and learning rates."""
    neuron = [phase for phase in phases if phase.kind == "neuron"]
    return tuple(_addition(before, after, measure, lr_restart) for before, after in pairwise(neuron))


def _addition(before: PhaseSeries, after: PhaseSeries, measure: Measure | None, lr_restart: float) -> Addition:
    rates = _rate(before.learning_rate or (), -1), _rate(after.learning_rate or (), 0)  # rolled-back epochs included
    restart = ratio(rates[1], rates[0])
    dip = None if measure is None else _dip(before, after, measure)
    spike = dip is not None and measure is not None and _is_spike(dip, before, measure)
    around = (None, None, None) if measure is None else _around(before, after, measure)
    return Addition(
        set_number=after.sets,
        epoch=before.last,
        real_epoch=before.real_last,
        best_before=around[0],
        best_after=around[1],
        change=around[2],
        previous_best=before.best,
        dip=None if dip is None else dip.depth,
        dip_relative=None if dip is None else ratio(dip.depth, dip.previous_best),
        recovered=None if dip is None else dip.recovered,
        spike=spike,
        lr_ratio=restart,
        lr_before=rates[0],
        lr_after=rates[1],
        cause=_cause(restart, lr_restart) if spike else None,
    )


def committed(phase: PhaseSeries, series: Scores | None) -> Scores:
    """The part of a phase's full series that was kept: without its discarded tail."""
    return () if series is None else series[: phase.last - phase.first + 1]


def _rate(rates: Scores, place: int) -> float | None:
    return rates[place] if rates else None


def _around(before: PhaseSeries, after: PhaseSeries, measure: Measure) -> tuple[float | None, float | None, float | None]:
    """Best score of the epochs before, of the epochs after, and the change in goodness."""
    earlier = finite(measure.goodness(committed(before, before.series)[-measure.limits.neighbours :]))
    later = finite(measure.goodness(after.series[: measure.limits.neighbours]))
    best_before, best_after = max(earlier, default=None), max(later, default=None)
    change = None if best_before is None or best_after is None else best_after - best_before
    sign = measure.sign
    return (
        None if best_before is None else sign * best_before,
        None if best_after is None else sign * best_after,
        change,
    )


def _dip(before: PhaseSeries, after: PhaseSeries, measure: Measure) -> Dip | None:
    first = finite(measure.goodness(after.series[: measure.limits.neighbours]))
    if before.best is None or not first:
        return None
    previous = measure.sign * before.best
    recovered = max(finite(measure.goodness(after.series))) >= previous
    return Dip(previous_best=previous, depth=previous - min(first), recovered=recovered)


def _is_spike(dip: Dip, before: PhaseSeries, measure: Measure) -> bool:
    """A dip beyond the noise and a share of the previous best, or one that never recovered (D8)."""
    sigma = noise_level(measure.goodness(before.series), measure) or 0.0
    limit = max(measure.limits.dip_sigmas * sigma, measure.limits.spike * abs(dip.previous_best))
    return dip.depth > limit or not dip.recovered


def _cause(restart: float | None, lr_restart: float) -> Literal["learning-rate-restart", "initialisation"] | None:
    if restart is None:
        return None
    return "learning-rate-restart" if restart >= lr_restart else "initialisation"

"""D6b, D6c and D7: how many sets are worth having, and were they added too often or too rarely?"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from pai_report.analysis.measure import Measure, best_place
from pai_report.analysis.model import Architecture, Phase
from pai_report.analysis.structure_model import PhaseSeries, Structure
from pai_report.limits import Limits
from pai_report.values import value


@value
class Optimum:
    """N* and the tolerance it was judged with; `sets` 0 means that no count is established."""

    sets: int
    tolerance: float


def optimal_count(gains: Sequence[float], floors: Sequence[float], limits: Limits) -> Optimum | None:
    """Smallest count whose network is within tolerance of the best one (one-standard-error rule, Breiman et al. 1984).

    `gains` holds the gain of each set in order. `floors[k]` is the smallest difference worth anything when k sets stand to be
    enough (noise floor, improvement threshold). None without any set.
    """
    if not gains:
        return None
    reached = list(accumulate(gains, initial=0.0))
    share = limits.diminishing * max(0.0, *gains)
    for sets, level in enumerate(reached):
        tolerance = max(share, floors[sets] if sets < len(floors) else 0.0)
        if max(reached) - level <= tolerance:
            return Optimum(sets=sets, tolerance=tolerance)
    raise AssertionError("the best network is within any tolerance of itself")


def course(gains: Sequence[float], sets: int, limits: Limits) -> Literal["diminishing", "equal", "still-gaining"] | None:
    """How the gains developed, given N*; None where no count is established."""
    if sets == 0:
        return None
    if sets < len(gains):
        return "diminishing"
    return "equal" if min(gains) >= limits.equal_gains * max(gains) else "still-gaining"


def too_frequent(rows: Sequence[Architecture], phases: Sequence[Phase], measure: Measure) -> bool:
    """D6b: two kept sets within noise, or half of the additions after hardly more than the patience, with such gains."""
    noise = {row.sets for row in rows if row.outcome == "kept" and _class(row) == "within-noise"}
    additions = [p for p in phases if p.kind == "neuron" and _row_exists(rows, p.sets + 1)]
    quick = [p for p in additions if len(p.series) < measure.patience + measure.limits.short_phase and p.sets + 1 in noise]
    often = bool(quick) and len(quick) >= measure.limits.short_share * len(additions)
    return len(noise) >= measure.limits.useless_sets or often


def _row_exists(rows: Sequence[Architecture], sets: int) -> bool:
    return any(row.sets == sets and row.outcome in {"kept", "unproven"} for row in rows)


def rare_but_helpful(rows: Sequence[Architecture], structure: Structure, measure: Measure) -> bool:
    """D6c: one set was kept, it really helped, and the library was slow or strict about more."""
    kept = [row for row in rows if row.outcome == "kept"]
    if len(kept) != 1 or _class(kept[0]) != "real" or structure.lifecycle.ended_by == "max-reached":
        return False
    near_miss = any(row.outcome == "rejected" and row.shortfall is not None for row in rows)
    return near_miss or any(_long_plateau(phase, measure) for phase in structure.phases[:-1] if phase.kind == "neuron")


def _long_plateau(phase: PhaseSeries, measure: Measure) -> bool:
    place = best_place(measure.goodness(phase.series))
    return place is not None and len(phase.series) - 1 - place >= measure.limits.long_plateau * measure.patience


def _class(row: Architecture) -> str | None:
    return None if row.test is None else row.test.gain_class

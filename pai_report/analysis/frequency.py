"""D6b and D6c: were sets added too often, or too rarely?"""

from collections.abc import Sequence

from pai_report.analysis.measure import Measure, best_place
from pai_report.analysis.model import Architecture, Phase
from pai_report.analysis.structure_model import PhaseSeries, Structure


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

"""D9: a step on the test column, which took no part in choosing the epochs."""

from collections.abc import Sequence
from dataclasses import replace

from pai_report.analysis.generalization import learning_epochs, test_score
from pai_report.analysis.measure import Measure, best_place, finite
from pai_report.analysis.model import Architecture, Scores
from pai_report.analysis.noise import HeldOut
from pai_report.analysis.quantum import quantum
from pai_report.analysis.scale import mismatch
from pai_report.analysis.statistics import autocorrelation, pooled_deviation
from pai_report.analysis.structure_model import Structure
from pai_report.limits import Limits
from pai_report.values import value


@value
class HeldOutColumn:
    """A genuine test column on the scale of the validation score.

    `step` is the score of one test sample, where it counts samples; `tails` holds for each number of sets its scores in the
    epochs of the tail of the validation score.
    """

    step: float | None
    tails: dict[int, tuple[float, ...]]


def held_out_column(structure: Structure, measure: Measure) -> HeldOutColumn | None:
    """The test column of a run; None for a copy of validation and one that cannot be compared with it."""
    column = next((scores for _, role, scores in structure.track.extras if role == "test"), None)
    if structure.test_is_copy:
        return None
    learning = learning_epochs(structure)
    if column is not None and mismatch(column, structure.track.validation, learning, measure) is not None:
        return None
    counted = None if measure.points_per_unit is None or column is None else quantum(finite(column), measure.limits)
    neuron = [phase for phase in structure.phases if phase.kind == "neuron"]
    return HeldOutColumn(
        step=None if counted is None else counted.step,
        tails={phase.sets: _tail(phase.test, measure.goodness(phase.series), measure.limits) for phase in neuron},
    )


def _tail(test: Scores | None, goodness: Scores, limits: Limits) -> tuple[float, ...]:
    place = best_place(goodness)
    return () if test is None or place is None else tuple(finite(test[max(0, place - limits.tail_lead) :]))


def held_out(before: Architecture, after: Architecture, column: HeldOutColumn | None, measure: Measure) -> HeldOut | None:
    """The step from one network to another on the test column; None where either has no test score."""
    start, end = test_score(before), test_score(after)
    if column is None or start is None or end is None:
        return None
    change = measure.change(start, end)
    return HeldOut(
        change=replace(change, samples=None if column.step is None else change.absolute / column.step),
        sigma=_noise([column.tails.get(network.sets, ()) for network in (before, after)]),
    )


def _noise(tails: Sequence[Sequence[float]]) -> float | None:
    return pooled_deviation(tails, autocorrelation(tails) or 0.0)

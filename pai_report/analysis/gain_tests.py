"""D9 on one run: each set against the network before it, and the best network against the baseline."""

from collections.abc import Sequence
from dataclasses import replace

from pai_report.analysis.generalization import test_score
from pai_report.analysis.measure import Measure, best_place, finite
from pai_report.analysis.model import Architecture, NoiseTest, Phase
from pai_report.analysis.noise import LEAD, HeldOut, Sample, gain_class, moved, noise_test, plateau_draws, tail
from pai_report.analysis.quantum import quantum
from pai_report.analysis.scale import mismatch
from pai_report.analysis.statistics import autocorrelation, holm, pooled_deviation
from pai_report.analysis.structure_model import PhaseSeries, Structure


def sample(structure: Structure, best_sets: int, sets: Sequence[int], measure: Measure) -> Sample:
    """Every epoch trained with one of these numbers of sets, and the tail of the phase that holds the best score (rules D9).

    Only that phase shows the noise: a set that was still learning when the run ended would drown it.
    """
    neuron = [p for p in structure.phases if p.kind == "neuron" and p.sets == best_sets]
    trained = [measure.goodness(trial.series) for trial in structure.trials if trial.sets in sets]
    return Sample(
        epochs=sum(len(finite(series)) for series in trained),
        draws=sum(plateau_draws(series) for series in trained),
        tails=tuple(tail(measure.goodness(phase.series)) for phase in neuron),
        truncated=not neuron or any(phase.truncated for phase in neuron),
    )


def whole_test(
    base: Architecture | None, best: Architecture | None, structure: Structure, measure: Measure
) -> NoiseTest | None:
    """Best network against the baseline; every epoch with at least one set was a draw for it."""
    if base is None or base.best is None or best is None or best.best is None or best is base:
        return None
    with_sets = sorted({trial.sets for trial in structure.trials if trial.sets > 0})
    return noise_test(
        measure.change(base.best, best.best),
        sample(structure, 0, [0], measure),
        sample(structure, best.sets, with_sets, measure),
        measure,
        held_out(base, best, structure, measure),
    )


def tested_rows(structure: Structure, phases: Sequence[Phase], measure: Measure) -> tuple[Architecture, ...]:
    """The architectures with a test of each step alone, its class from p-values adjusted after Holm (1979)."""
    raw = {row.sets: _step_test(row, structure, measure) for row in structure.architectures if row.outcome != "rejected"}
    tests = _adjusted({sets: test for sets, test in raw.items() if test is not None}, structure, measure)
    premature = {p.sets for p in phases if p.kind == "neuron" and p.premature is not None and p.premature.fired}
    short = {p.sets for p in phases if p.sets == 0 and p.premature is not None and p.premature.short_fixed}
    return tuple(
        replace(row, test=_confounded(tests.get(row.sets), yes=row.sets - 1 in premature | short))
        if row.outcome != "rejected"
        else row
        for row in structure.architectures
    )


def _row(structure: Structure, sets: int) -> Architecture | None:
    return next((row for row in structure.architectures if row.sets == sets and row.outcome != "rejected"), None)


def _step_test(row: Architecture, structure: Structure, measure: Measure) -> NoiseTest | None:
    before = _row(structure, row.sets - 1)
    if before is None or before.best is None or row.best is None:
        return None
    return noise_test(
        measure.change(before.best, row.best),
        sample(structure, row.sets - 1, [row.sets - 1], measure),
        sample(structure, row.sets, [row.sets], measure),
        measure,
        held_out(before, row, structure, measure),
    )


def _adjusted(tests: dict[int, NoiseTest], structure: Structure, measure: Measure) -> dict[int, NoiseTest]:
    """The tests with the classes that their Holm-adjusted p-values give; the p-values themselves stay raw."""
    family = {sets: test.p for sets, test in tests.items() if test.p is not None}
    adjusted = dict(zip(family, holm(list(family.values())), strict=True))
    return {
        sets: _reclassed(test, adjusted[sets], _stepof(sets, structure, measure), measure) if sets in adjusted else test
        for sets, test in tests.items()
    }


def _stepof(sets: int, structure: Structure, measure: Measure) -> HeldOut | None:
    before, after = _row(structure, sets - 1), _row(structure, sets)
    return None if before is None or after is None else held_out(before, after, structure, measure)


def _reclassed(test: NoiseTest, p: float, heard: HeldOut | None, measure: Measure) -> NoiseTest:
    found, direction = moved(gain_class(p, test.gain.samples, measure.thresholds), heard, measure.thresholds)
    return replace(test, gain_class=found, moved_by_test=direction)


def _confounded(test: NoiseTest | None, *, yes: bool) -> NoiseTest | None:
    if test is None or test.gain_class is None or not yes:
        return test
    return replace(test, gain_class="confounded", moved_by_test=None)


def guarded(test: NoiseTest | None, phases: Sequence[Phase]) -> NoiseTest | None:
    """A gain over a network that was still learning, or was given too few epochs, proves nothing about dendrites (C8b)."""
    base = next((p.premature for p in phases if p.kind == "neuron" and p.sets == 0), None)
    return _confounded(test, yes=base is not None and (base.fired is True or base.short_fixed))


def held_out(before: Architecture, after: Architecture, structure: Structure, measure: Measure) -> HeldOut | None:
    """The same step on the test column; None without a genuine one on the scale of the validation score."""
    start, end = test_score(before), test_score(after)
    column = next((scores for _, role, scores in structure.track.extras if role == "test"), None)
    if start is None or end is None or structure.test_is_copy:
        return None
    if column is not None and mismatch(column, structure.track.validation, 0, measure.sign) == "different-scale":
        return None
    change = measure.change(start, end)
    step = None if measure.points_per_unit is None or column is None else quantum(finite(column))
    phases = [p for p in structure.phases if p.kind == "neuron" and p.sets in {before.sets, after.sets}]
    return HeldOut(
        change=replace(change, samples=None if step is None else change.absolute / step.step),
        sigma=_noise([_test_tail(phase, measure) for phase in phases]),
    )


def _noise(tails: Sequence[Sequence[float]]) -> float | None:
    return pooled_deviation(tails, autocorrelation(tails) or 0.0)


def _test_tail(phase: PhaseSeries, measure: Measure) -> list[float]:
    """Test scores of the epochs that make the tail of the validation score."""
    place = best_place(measure.goodness(phase.series))
    return [] if phase.test is None or place is None else finite(phase.test[max(0, place - LEAD) :])

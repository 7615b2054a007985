"""D9 on one run: each set against the network before it, the best network with sets against the baseline.

The same steps on a test column, which took no part in choosing the epochs, move the classes.
"""

from collections.abc import Sequence
from dataclasses import replace

from pai_report.analysis.generalization import learning_epochs, test_score
from pai_report.analysis.measure import Measure, best_place, finite
from pai_report.analysis.model import Architecture, NoiseTest, Phase, Scores
from pai_report.analysis.noise import HeldOut, Sample, gain_class, moved, noise_test, plateau_draws, tail
from pai_report.analysis.quantum import quantum
from pai_report.analysis.scale import mismatch
from pai_report.analysis.statistics import autocorrelation, holm, pooled_deviation
from pai_report.analysis.structure_model import Structure
from pai_report.limits import Limits
from pai_report.values import value

NOTHING = Sample(epochs=0, draws=0, tails=(), truncated=True)


@value
class HeldOutColumn:
    """A genuine test column on the scale of the validation score.

    `step` is the score of one test sample, where it counts samples; `tails` holds for each number of sets its scores in the
    epochs of the tail of the validation score.
    """

    step: float | None
    tails: dict[int, tuple[float, ...]]


@value
class Ground:
    """What the tests of one run stand on: the epochs trained with each number of sets, the networks, the test column."""

    samples: dict[int, Sample]
    networks: dict[int, Architecture]  # kept and unproven, by number of sets
    column: HeldOutColumn | None
    measure: Measure

    def test(self, before: Architecture, after: Architecture, side: Sample) -> NoiseTest | None:
        """Test the step from one network to another, `side` being the epochs that competed for the second one."""
        if before.best is None or after.best is None:
            return None
        change = self.measure.change(before.best, after.best)
        heard = held_out(before, after, self.column, self.measure)
        return noise_test(change, self.samples.get(before.sets, NOTHING), side, self.measure, heard)


def ground(structure: Structure, measure: Measure) -> Ground:
    """Count every epoch trained, rejected tries included, once; the noise is read from the phases (D9)."""
    tails = {p.sets: tail(measure.goodness(p.series), measure.limits) for p in structure.phases if p.kind == "neuron"}
    cut = {p.sets for p in structure.phases if p.kind == "neuron" and p.truncated}
    samples: dict[int, Sample] = {}
    for trial in structure.trials:
        series = measure.goodness(trial.series)
        so_far = samples.get(trial.sets, NOTHING)
        samples[trial.sets] = Sample(
            epochs=so_far.epochs + len(finite(series)),
            draws=so_far.draws + plateau_draws(series, measure.limits),
            tails=(tails[trial.sets],) if trial.sets in tails else (),
            truncated=trial.sets in cut or trial.sets not in tails,
        )
    networks = {row.sets: row for row in structure.architectures if row.outcome != "rejected"}
    return Ground(samples=samples, networks=networks, column=held_out_column(structure, measure), measure=measure)


def whole_test(base: Architecture | None, best: Architecture | None, on: Ground) -> NoiseTest | None:
    """Best network with sets against the baseline; every epoch with at least one set was a draw for it.

    Only the phase of that network shows the noise: a set that was still learning when the run ended would drown it.
    """
    if base is None or best is None or best is base:
        return None
    with_sets = [sample for sets, sample in on.samples.items() if sets > 0]
    own = on.samples.get(best.sets, NOTHING)
    epochs, draws = sum(sample.epochs for sample in with_sets), sum(sample.draws for sample in with_sets)
    return on.test(base, best, replace(own, epochs=epochs, draws=draws))


def tested_rows(rows: Sequence[Architecture], phases: Sequence[Phase], on: Ground) -> tuple[Architecture, ...]:
    """The architectures with a test of each step alone, its class from p-values adjusted after Holm (1979)."""
    tests = _adjusted({sets: test for sets in on.networks if (test := _step_test(sets, on)) is not None}, on)
    premature = {p.sets for p in phases if p.kind == "neuron" and p.premature is not None and p.premature.fired}
    short = {p.sets for p in phases if p.sets == 0 and p.premature is not None and p.premature.short_fixed}
    return tuple(
        row
        if row.outcome == "rejected"
        else replace(row, test=_confounded(tests.get(row.sets), yes=row.sets - 1 in premature | short))
        for row in rows
    )


def _step_test(sets: int, on: Ground) -> NoiseTest | None:
    before, after = on.networks.get(sets - 1), on.networks[sets]
    return None if before is None else on.test(before, after, on.samples.get(sets, NOTHING))


def _adjusted(tests: dict[int, NoiseTest], on: Ground) -> dict[int, NoiseTest]:
    """The tests with the classes that their Holm-adjusted p-values give; the p-values themselves stay raw."""
    family = {sets: test.p for sets, test in tests.items() if test.p is not None}
    adjusted = dict(zip(family, holm(list(family.values())), strict=True))
    steps = {sets: held_out(on.networks[sets - 1], on.networks[sets], on.column, on.measure) for sets in adjusted}
    return {
        sets: _reclassed(test, adjusted[sets], steps[sets], on.measure) if sets in adjusted else test
        for sets, test in tests.items()
    }


def _reclassed(test: NoiseTest, p: float, heard: HeldOut | None, measure: Measure) -> NoiseTest:
    klass, direction = moved(gain_class(p, test.gain.samples, measure.limits), heard, measure.limits)
    return replace(test, gain_class=klass, moved_by_test=direction)


def _confounded(test: NoiseTest | None, *, yes: bool) -> NoiseTest | None:
    if test is None or test.gain_class is None or not yes:
        return test
    return replace(test, gain_class="confounded", moved_by_test=None)


def guarded(test: NoiseTest | None, phases: Sequence[Phase]) -> NoiseTest | None:
    """A gain over a network that was still learning, or was given too few epochs, proves nothing about dendrites (C8b)."""
    base = next((p.premature for p in phases if p.kind == "neuron" and p.sets == 0), None)
    return _confounded(test, yes=base is not None and (base.fired is True or base.short_fixed))


def held_out_column(structure: Structure, measure: Measure) -> HeldOutColumn | None:
    """The test column of a run; None for a copy of validation and one that cannot be compared with it."""
    name, column = next(((name, scores) for name, role, scores in structure.track.extras if role == "test"), ("", None))
    if structure.test_is_copy:
        return None
    learning = learning_epochs(structure)
    if column is not None and mismatch(name, column, structure.track.validation, learning, measure) is not None:
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

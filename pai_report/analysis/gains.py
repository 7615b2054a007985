"""D2, D4, D7, D9: what the dendrites brought, and whether it is more than noise."""

from collections.abc import Sequence
from dataclasses import replace

from pai_report.analysis.gain_tests import ground, guarded, tested_rows, whole_test
from pai_report.analysis.measure import SMALLEST_REFERENCE, Measure
from pai_report.analysis.model import Architecture, Change, GainClass, Gains, NoiseTest, Phase
from pai_report.analysis.set_counts import Optimum, course, optimal_count, rare_but_helpful, too_frequent
from pai_report.analysis.structure_model import Structure


def gains(structure: Structure, phases: Sequence[Phase], measure: Measure | None) -> Gains:
    """Scores, gains per set with their noise tests, the one test behind the verdict, and the optimal count.

    `phases` are the judged phases of the same structure. Without a direction (`measure` None) every gain is None and the
    rows stay as the files hold them.
    """
    if measure is None:
        return _undecided(structure)
    on = ground(structure, measure)
    rows = tested_rows(structure.architectures, phases, on)
    networks = [row for row in rows if row.outcome != "rejected" and row.best is not None]
    base = next((row for row in networks if row.sets == 0), None)
    best = max(networks, key=lambda row: (measure.sign * (row.best or 0.0), -row.sets), default=None)
    with_sets = max(
        (row for row in networks if row.sets > 0), key=lambda row: (measure.sign * (row.best or 0.0), -row.sets), default=None
    )
    whole = whole_test(base, with_sets, on)
    optimum = _optimum(rows, base, measure)
    steps = _steps(rows)
    initial = structure.track.validation[0] if structure.track.validation else None
    return Gains(
        initial=initial,
        baseline=None if base is None else base.best,
        baseline_epoch=None if base is None else base.epoch,
        best=None if best is None else best.best,
        best_epoch=None if best is None else best.epoch,
        best_sets=None if best is None else best.sets,
        last_real=structure.last_real,
        overall=_between(initial, best, measure),
        gain=_between(None if base is None else base.best, with_sets, measure),
        error_removed=_error_removed(base, with_sets, measure),
        test=guarded(whole, phases),
        gain_class=_class_of(guarded(whole, phases)),
        architectures=rows,
        most_impactful=_most_impactful(rows),
        optimal=None if optimum is None else optimum.sets,
        optimal_tolerance=None if optimum is None else optimum.tolerance,
        course=None if optimum is None else course(steps, optimum.sets, measure.limits),
        too_frequent=too_frequent(rows, phases, measure),
        rare_but_helpful=rare_but_helpful(rows, structure, measure),
        test_is_copy=structure.test_is_copy,
        best_scores_rebuilt=structure.best_scores_rebuilt,
        with_sets=None if with_sets is None else with_sets.sets,
    )


def _undecided(structure: Structure) -> Gains:
    rows = tuple(replace(row, gain=None, test=None, shortfall=None) for row in structure.architectures)
    return Gains(
        initial=structure.track.validation[0] if structure.track.validation else None,
        baseline=None,
        baseline_epoch=None,
        best=None,
        best_epoch=None,
        best_sets=None,
        last_real=structure.last_real,
        overall=None,
        gain=None,
        error_removed=None,
        test=None,
        gain_class=None,
        architectures=rows,
        most_impactful=None,
        optimal=None,
        optimal_tolerance=None,
        course=None,
        too_frequent=False,
        rare_but_helpful=False,
        test_is_copy=structure.test_is_copy,
        best_scores_rebuilt=structure.best_scores_rebuilt,
    )


def _between(start: float | None, best: Architecture | None, measure: Measure) -> Change | None:
    return None if start is None or best is None or best.best is None else measure.change(start, best.best)


def _class_of(test: NoiseTest | None) -> GainClass | None:
    return None if test is None else test.gain_class


def _error_removed(base: Architecture | None, best: Architecture | None, measure: Measure) -> float | None:
    """Share of the remaining error that went away, on bounded scores."""
    change = _between(None if base is None else base.best, best, measure)
    if change is None or change.points is None or base is None or base.best is None:
        return None
    error = 100 - base.best * (measure.points_per_unit or 1.0)
    return change.points / error if abs(error) >= SMALLEST_REFERENCE else None


def _steps(rows: Sequence[Architecture]) -> list[float]:
    """Gains of the sets in order; a last set that was never proven counts only where it helped."""
    known = [row for row in rows if row.sets > 0 and row.outcome != "rejected" and row.gain is not None]
    steps = [row.gain.absolute for row in known if row.gain is not None]
    return steps[:-1] if known and known[-1].outcome == "unproven" and steps[-1] <= 0 else steps


def _optimum(rows: Sequence[Architecture], base: Architecture | None, measure: Measure) -> Optimum | None:
    steps = _steps(rows)
    if base is None or base.best is None:
        return None
    tests = [row.test for row in rows if row.sets > 0 and row.outcome != "rejected"][: len(steps)]
    noise = [0.0 if test is None or test.floor is None else test.floor for test in tests]
    floors = [max(*noise[sets:], measure.library.threshold(sets) * abs(base.best), 0.0) for sets in range(len(steps))]
    return optimal_count(steps, floors, measure.limits)


def _most_impactful(rows: Sequence[Architecture]) -> int | None:
    known = [(row.gain.absolute, -row.sets) for row in rows if row.outcome in {"kept", "unproven"} and row.gain is not None]
    return -max(known)[1] if known else None

"""What must hold for every run: no exception, no nan, and classes that do not depend on units or sign."""

import math
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from analysis_builders import empty_run, free, identity, phase, structure, track
from configs import config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pai_report.analysis.analyse import analyse, judge
from pai_report.analysis.gain_tests import ground, whole_test
from pai_report.analysis.model import Analysis, Scores
from pai_report.analysis.structure_model import PhaseSeries, Structure
from pai_report.run.model import BestRow, EpochTimes, ModuleScores, Recording, Run, Series, SnapshotKind
from pai_report.settings import Settings

SCORES = st.floats(-1e38, 1e38, allow_nan=False)  # what a 32-bit float can hold
CELLS = st.one_of(st.none(), SCORES, st.floats(0, 1), st.floats(0, 100), st.integers(0, 5).map(float))
COLUMN = st.lists(CELLS, max_size=30).map(tuple)
RATES = st.lists(st.one_of(st.none(), st.sampled_from([0.0, 1e-320, 1e-5, 0.001, 0.01, 1.0])), max_size=30).map(tuple)
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def series(name: str, values: Scores) -> Series:
    """A column of the Scores file."""
    return Series(name=name, file="PAIScores.csv", values=values)


@st.composite
def recordings(draw: st.DrawFn, infix: str = "", kind: SnapshotKind = "canonical") -> Recording:
    """Any set of files the reader may deliver, consistent or not."""
    validation = draw(COLUMN)
    extras = [(name, draw(COLUMN)) for name in draw(st.lists(st.sampled_from(["Train", "Test", "F1"]), unique=True))]
    number = st.integers(-2, 40)
    cell = st.one_of(st.none(), SCORES)
    rows = st.builds(BestRow, parameters=st.one_of(st.none(), number), validation=cell, extras=st.just((("Test", 0.5),)))
    return Recording(
        infix=infix,
        kind=kind,
        number=draw(st.one_of(st.none(), st.integers(0, 6))),
        start_steps=draw(st.one_of(st.none(), st.integers(0, 3))),
        stamp=draw(st.sampled_from([None, "2026-01-01T00:00:00", "2026-01-02T00:00:00"])),
        validation=draw(st.one_of(st.none(), st.just(series("Validation Scores", validation)))),
        running=draw(st.one_of(st.none(), st.just(series("Validation Running Scores", validation)))),
        extras=tuple(series(name, values) for name, values in extras),
        learning_rate=draw(st.one_of(st.none(), RATES.map(lambda values: series("learning_rate", values)))),
        times=draw(st.one_of(st.none(), COLUMN.map(lambda v: EpochTimes(file="PAITimes.csv", neuron=v, dendrite=v)))),
        switch_epochs=draw(st.one_of(st.none(), st.lists(number, max_size=6).map(tuple))),
        parameter_counts=draw(st.one_of(st.none(), st.lists(number, max_size=6).map(tuple))),
        best_rows=draw(st.one_of(st.none(), st.lists(rows, max_size=4).map(tuple))),
        pb_scores=draw(st.one_of(st.none(), COLUMN.map(lambda v: (ModuleScores(module=".fc1", best_ever=v),)))),
    )


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Any run: canonical files, snapshots of every kind, perhaps a config."""
    kinds: list[SnapshotKind] = ["before-switch", "lr-trial", "lr-picked", "no-improvement", "before-final", "user"]
    snapshots = [draw(recordings(f"_{i}", draw(st.sampled_from(kinds)))) for i in range(draw(st.integers(0, 3)))]
    written = config(
        maximizing_score=draw(st.one_of(st.none(), st.booleans())),
        switch_mode=draw(st.one_of(st.none(), st.integers(-1, 4))),
        n_epochs_to_switch=draw(st.one_of(st.none(), st.integers(-1, 400))),
        fixed_switch_num=draw(st.one_of(st.none(), st.integers(-1, 20))),
        improvement_threshold=draw(st.one_of(st.none(), st.lists(SCORES, max_size=3).map(tuple))),
    )
    return Run(
        save_name="PAI",
        folder="PAI",
        canonical=draw(recordings()),
        snapshots=tuple(snapshots),
        config=draw(st.one_of(st.none(), st.just(written))),
        modules=draw(st.sampled_from([(), (".fc1",)])),
        era=draw(st.sampled_from([None, "camel-case", "best-test-scores", "best-arch-scores"])),
    )


DIRECTIONS = st.sampled_from([Settings(direction="maximize"), Settings(direction="minimize"), Settings()])


@given(runs(), DIRECTIONS)
@THOROUGH
def test_every_run_has_an_analysis_that_is_a_json_value(run: Run, chosen: Settings) -> None:
    """Whatever the files hold: no exception, and the analysis comes back from JSON as it was, so that nothing is nan."""
    found = analyse(run, chosen)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Analysis) == found
    assert all(math.isfinite(number) for number in _numbers(msgspec.to_builtins(found)))


def _numbers(part: Any) -> list[float]:
    if isinstance(part, dict):
        return [number for held in part.values() for number in _numbers(held)]
    if isinstance(part, list | tuple):
        return [number for held in part for number in _numbers(held)]
    return [part] if isinstance(part, float) else []


@st.composite
def learning(draw: st.DrawFn) -> Scores:
    """Whole scores that rise for some epochs and then stay, with noise and perhaps a missing epoch."""
    length, until, slope = draw(st.integers(1, 30)), draw(st.integers(0, 30)), draw(st.integers(0, 12))
    noise = draw(st.lists(st.integers(0, draw(st.sampled_from([0, 3, 40]))), min_size=length, max_size=length))
    missing = draw(st.one_of(st.none(), st.integers(0, 29)))
    start = draw(st.integers(50, 200))
    return tuple(
        None if epoch == missing else float(start + slope * min(epoch, until) + wiggle) for epoch, wiggle in enumerate(noise)
    )


WHOLE = learning()


@st.composite
def structures(draw: st.DrawFn) -> Structure:
    """Up to four phases of whole scores on a free scale, with train, test and learning rate where drawn."""
    phases: list[PhaseSeries] = []
    first = 0
    for sets in range(draw(st.integers(1, 4))):
        scores = draw(WHOLE)
        made = phase(scores, sets, first, learning_rate=tuple(0.1 * 0.5 ** (t // 6) for t in range(len(scores))))
        phases.append(replace(made, train=draw(st.one_of(st.none(), st.just(scores[::-1])))))
        first = made.last + 1
    whole = structure(tuple(phases))
    trained = draw(st.booleans())
    reverse = tuple(reversed(whole.track.validation))
    return replace(whole, track=track(whole.track.validation, extras=(("Train", "train", reverse),))) if trained else whole


def mapped(whole: Structure, factor: float, shift: float = 0.0) -> Structure:
    """Every score times `factor` plus `shift`; a negative factor turns the direction round."""

    def score(number: float | None) -> float | None:
        return None if number is None else number * factor + shift

    def scores(held: Scores | None) -> Any:
        return None if held is None else tuple(score(number) for number in held)

    yard = free(sign=1 if factor > 0 else -1)
    phases = tuple(replace(p, series=scores(p.series), train=scores(p.train), best=score(p.best)) for p in whole.phases)
    again = structure(phases, yard)
    extras = tuple((name, role, scores(held)) for name, role, held in whole.track.extras)
    return replace(
        again,
        identity=identity(direction="maximize" if factor > 0 else "minimize"),
        track=track(scores(whole.track.validation), extras=extras),
    )


def classes(whole: Structure) -> dict[str, Any]:
    """Everything the analysis calls by a word."""
    found = judge(whole, empty_run(), Settings())
    return {
        "gain": found.gains.gain_class,
        "sets": [row.test and row.test.gain_class for row in found.gains.architectures],
        "optimal": (found.gains.optimal, found.gains.course),
        "frequency": (found.gains.too_frequent, found.gains.rare_but_helpful),
        "plateau": [p.plateau.flat for p in found.phases],
        "premature": [p.premature and p.premature.fired for p in found.phases],
        "stability": [p.stability and (p.stability.level, len(p.stability.spikes)) for p in found.phases],
        "rate": [(p.lr_still_high, p.lr_dropped_too_quickly) for p in found.phases],
        "additions": [(a.spike, a.recovered, a.cause) for a in found.additions],
        "generalization": found.generalization and (found.generalization.comparable, found.generalization.level),
        "converged": found.convergence and found.convergence.converged,
        "direction": (found.wrong_direction, found.wrong_direction_hint),
    }


@given(structures(), st.integers(-6, 6))
@THOROUGH
def test_units_change_no_class(whole: Structure, power: int) -> None:
    """Scores times a positive factor (a power of two, so that no rounding interferes)."""
    assert classes(mapped(whole, 2.0**power)) == classes(whole)


@given(structures())
@THOROUGH
def test_the_sign_changes_no_class(whole: Structure) -> None:
    """Scores negated and minimised instead of maximised."""
    assert classes(mapped(whole, -1.0)) == classes(whole)


@given(structures(), st.integers(-500, 500))
@THOROUGH
def test_an_offset_changes_no_class_of_the_noise_test(whole: Structure, shift: int) -> None:
    """Whole scores plus a whole number: gain and noise are the same."""
    yard = free()
    found = []
    for held in (whole, mapped(whole, 1.0, float(shift))):
        rows = [row for row in held.architectures if row.best is not None]
        base = next((row for row in rows if row.sets == 0), None)
        best = max(rows, key=lambda row: row.best or 0.0, default=None)
        test = whole_test(base, best, ground(held, yard))
        found.append(test and (test.gain_class, test.epochs_before, test.epochs_after))
    assert found[0] == found[1]


@given(structures(), WHOLE)
@THOROUGH
def test_more_epochs_never_raise_an_exception(whole: Structure, more: Scores) -> None:
    """The last phase goes on."""
    last = whole.phases[-1]
    longer = structure((*whole.phases[:-1], phase((*last.series, *more), last.sets, last.first)))
    assert judge(longer, empty_run(), Settings()).phases[-1].series == (*last.series, *more)


@pytest.mark.parametrize("factor", [3.7, 0.01, -3.7])
def test_any_factor_changes_no_class(factor: float) -> None:
    """A factor that rounds, on scores away from every limit."""
    base = tuple(float(n) for n in (10, 40, 60, 70, 78, 80, 79, 81, 80, 79, 80, 81, 80, 79, 80, 80))
    whole = structure((phase(base), phase(tuple(n + 9 for n in base), 1, 8), phase(tuple(n + 9.2 for n in base), 2, 16)))
    assert classes(mapped(whole, factor)) == classes(whole)

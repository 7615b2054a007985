"""Any run that the reader can deliver has a structure, whatever stood in its files."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from configs import config
from hypothesis import given, settings
from hypothesis import strategies as st
from structure_builders import before_switch, recording, run, series, trial

from pai_report.analysis.structure import build_structure
from pai_report.run.model import BestRow, EpochTimes, ModuleScores, Recording, Run
from pai_report.settings import Settings

NUMBERS = st.one_of(
    st.none(),
    st.integers(0, 5).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
)
COLUMN = st.lists(NUMBERS, max_size=8).map(tuple)
SWITCHES = st.one_of(st.none(), st.lists(st.integers(-2, 9), max_size=7).map(tuple), st.just((1, 1, 3, 3)), st.just((1, 2)))
SIZES = st.one_of(st.none(), st.lists(st.integers(-3, 2000), max_size=8).map(tuple))
NAMES = st.sampled_from(["Train", "Test", "Max Test Scores", "AUC", "train/test", ""])
ROWS = st.lists(
    st.builds(
        BestRow,
        parameters=st.one_of(st.none(), st.integers(-1, 3000)),
        validation=NUMBERS,
        extras=st.lists(st.tuples(NAMES, NUMBERS), max_size=2).map(tuple),
    ),
    max_size=5,
).map(tuple)
KINDS = st.sampled_from(["before-switch", "lr-trial", "lr-picked", "no-improvement", "before-final", "user"])
SMALL = st.one_of(st.none(), st.integers(0, 5))


@st.composite
def recordings(draw: Any) -> Recording:
    """A recording of any kind with anything missing."""
    scores = draw(st.one_of(COLUMN, st.just((1.0, 2.0, 3.0, 4.0, 5.0))))
    columns = draw(st.lists(st.tuples(NAMES, COLUMN), max_size=2))
    return recording(
        scores,
        draw(SWITCHES),
        draw(st.sampled_from(["", "before_final", "_beforeSwitch_0", "_01.01.2026.00.00.00_noImprove_lr_0", "_final"])),
        validation=draw(st.one_of(st.none(), st.just(series(scores)))),
        running=draw(st.one_of(st.none(), COLUMN.map(series))),
        extras=tuple(series(values, name) for name, values in columns),
        learning_rate=draw(st.one_of(st.none(), COLUMN.map(series))),
        times=draw(st.one_of(st.none(), st.builds(EpochTimes, file=st.just("T"), neuron=COLUMN, dendrite=COLUMN))),
        parameter_counts=draw(SIZES),
        best_rows=draw(st.one_of(st.none(), ROWS)),
        pb_scores=draw(
            st.one_of(st.none(), st.lists(st.builds(ModuleScores, module=NAMES, best_ever=COLUMN), max_size=2).map(tuple))
        ),
        kind=draw(KINDS),
        number=draw(SMALL),
        start_steps=draw(SMALL),
        stamp=draw(st.one_of(st.none(), st.just("2026-01-01T00:00:00"))),
    )


@st.composite
def runs(draw: Any) -> Run:
    """A run of such recordings."""
    canonical = draw(recordings())
    partial = draw(st.booleans())
    configs = st.builds(
        config,
        origin=st.sampled_from(["config", "script"]),
        maximizing_score=st.one_of(st.none(), st.booleans()),
        perforated_backpropagation=st.one_of(st.none(), st.booleans()),
        testing_dendrite_capacity=st.one_of(st.none(), st.booleans()),
        switch_mode=st.one_of(st.none(), st.integers(-1, 4)),
        max_dendrite_tries=SMALL,
        improvement_threshold=st.one_of(st.none(), st.lists(st.floats(-2, 2), max_size=3).map(tuple)),
    )
    return run(
        replace(canonical, kind="canonical") if partial else replace(canonical, kind="canonical", infix=""),
        *draw(st.lists(recordings(), max_size=5)),
        partial=partial,
        config=draw(st.one_of(st.none(), configs)),
        era=draw(st.sampled_from([None, "camel-case", "best-test-scores", "best-arch-scores"])),
        modules=draw(st.lists(NAMES, max_size=2).map(tuple)),
    )


@settings(max_examples=120, deadline=None)
@given(runs(), st.sampled_from([None, "maximize", "minimize"]))
def test_any_run_has_a_structure(found: Run, direction: Any) -> None:
    """No recording, however odd, raises; what is counted never contradicts itself."""
    told = build_structure(found, Settings(direction=direction))
    budget = told.lifecycle.budget

    assert budget.trained is None or budget.trained == (budget.committed or 0) + sum(
        part or 0 for part in (budget.patience, budget.lr_search, budget.rejected)
    )
    assert all(part is None or part >= 0 for part in (budget.patience, budget.lr_search, budget.rejected))
    assert all(phase.series and phase.first <= phase.last for phase in told.phases)
    assert all(phase.learning_rate is None or len(phase.learning_rate) == len(phase.series) for phase in told.phases)
    assert all(phase.train is None or len(phase.train) == len(phase.series) for phase in told.phases)
    assert told.lifecycle.kept + 1 == sum(row.outcome != "rejected" for row in told.architectures)
    assert told.lifecycle.tried is None or told.lifecycle.tried >= told.lifecycle.kept


@settings(max_examples=100, deadline=None)
@given(runs())
def test_more_data_changes_no_kept_set(found: Run) -> None:
    """Snapshots never change what canonical files that agree say was kept, nor the committed epochs of a phase."""
    if found.partial:
        return
    bare = replace(found, snapshots=())
    one, other = (build_structure(each, Settings(direction="maximize")) for each in (found, bare))

    if one.disagreements or other.disagreements:
        return  # the tables of snapshots have a voice where those of the run do not tell the same
    assert one.lifecycle.kept == other.lifecycle.kept
    assert one.track == other.track


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=12), st.sampled_from([2.0, 0.25, 1000.0]))
def test_negating_a_free_score_with_its_direction_changes_nothing(values: list[int], factor: float) -> None:
    """Gains scale with a positive factor and stay the same for the negated score to minimise."""
    scores = tuple(float(value) for value in values)
    switch = (len(scores) // 2,) * 2
    plain = build_structure(run(recording(scores, switch)), Settings(direction="maximize"))
    turned = build_structure(run(recording(tuple(-factor * score for score in scores), switch)), Settings(direction="minimize"))
    free = plain.identity.scale == "free"

    gains = [row.gain and factor * row.gain.absolute for row in plain.architectures]
    assert not free or gains == [row.gain and row.gain.absolute for row in turned.architectures]
    assert [row.epoch for row in plain.architectures] == [row.epoch for row in turned.architectures]


def grown(epochs: int) -> Run:
    """A run of that many epochs, half of them in each of two phases, with the snapshots of both."""
    scores = tuple(50 + epoch % 97 / 10 + epoch / epochs for epoch in range(epochs))
    half = epochs // 2
    rates = series((0.1,) * epochs, "learning_rate")
    before = before_switch((*scores[: half + 1], 1.0, 2.0))
    losing = trial((*scores[: half + 1], *scores[:half]), (half, half), 0)
    return run(recording(scores, (half, half), learning_rate=rates), before, losing)


def crowded(snapshots: int) -> Run:
    """A run of 300 epochs with that many learning-rate trials."""
    scores = tuple(float(epoch) for epoch in range(300))
    trials = [trial((*scores[:150], -float(place)), (149, 149), place) for place in range(snapshots)]
    return run(recording(scores, (149, 149)), before_switch(scores[:150]), *trials)


def stepped(sets: int) -> Run:
    """A run that added a set every epoch."""
    scores = tuple(float(epoch) for epoch in range(sets))
    rows = tuple(epoch for epoch in range(sets - 1) for _ in range(2))
    snapshots = (before_switch(scores[: place + 1], rows[: 2 * place]) for place in range(sets - 1))
    return run(recording(scores, rows), *snapshots)


def seconds(found: Run) -> float:
    """Shortest of three times that a structure takes."""

    def measured() -> Iterator[float]:
        for _ in range(3):
            start = time.process_time()
            build_structure(found, Settings(direction="maximize"))
            yield time.process_time() - start

    return min(measured())


@pytest.mark.slow
@pytest.mark.parametrize(("make", "size"), [(grown, 25_000), (crowded, 400), (stepped, 100)])
def test_time_grows_with_the_data(make: Any, size: int) -> None:
    """Four times the epochs or snapshots take at most about four times as long; a set every epoch squares the data itself."""
    one, four = make(size), make(4 * size)
    data = [sum(held.epochs for held in (each.canonical, *each.snapshots)) for each in (one, four)]

    assert seconds(four) < 2.5 * data[1] / data[0] * max(seconds(one), 0.01)

"""Phases: their epochs, the recording that holds most of each, and what is known of their ends."""

from dataclasses import replace
from typing import Literal

import pytest
from configs import config
from structure_builders import before_final, before_switch, best_row, near, no_improvement, recording, run, series, trial

from pai_report.analysis.structure import build_structure
from pai_report.analysis.structure_model import PhaseSeries, Structure
from pai_report.analysis.windows import windows
from pai_report.run.model import BestRow, Config, Recording, Run
from pai_report.settings import Settings

FIXED = config(switch_mode=2, fixed_switch_num=3, first_fixed_switch_num=5)


def structure(found: Run, direction: Literal["maximize", "minimize"] | None = "maximize") -> Structure:
    """Structure of a run to maximise."""
    return build_structure(found, Settings(direction=direction))


def phases(found: Run) -> tuple[PhaseSeries, ...]:
    """Its phases."""
    return structure(found).phases


@pytest.mark.parametrize(
    ("switches", "epochs", "mode", "spans"),
    [
        ((), 5, "gd", [(0, "neuron", 0, 4)]),
        ((1, 1), 5, "gd", [(0, "neuron", 0, 1), (1, "neuron", 2, 4)]),
        ((1, 1, 3, 3), 4, "gd", [(0, "neuron", 0, 1), (1, "neuron", 2, 3)]),
        ((1, 2), 5, "pb", [(0, "neuron", 0, 1), (0, "dendrite", 2, 2), (1, "neuron", 3, 4)]),
        ((1,), 5, "pb", [(0, "neuron", 0, 1), (0, "dendrite", 2, 4)]),
        ((0,), 1, "pb", [(0, "neuron", 0, 0)]),
        ((1, 1, 3), 5, "gd", [(0, "neuron", 0, 1), (1, "neuron", 2, 4)]),
        ((7, 7), 5, "gd", [(0, "neuron", 0, 4)]),
        ((3, 3, 1, 1), 5, "gd", [(0, "neuron", 0, 3), (1, "neuron", 4, 4)]),
        ((-4, -4), 2, "gd", [(0, "neuron", 0, 1)]),
        ((), 0, "gd", []),
    ],
)
def test_windows(
    switches: tuple[int, ...], epochs: int, mode: Literal["gd", "pb"], spans: list[tuple[int, str, int, int]]
) -> None:
    """A switch row is the last epoch before a change; empty phases and rows that cannot be placed are left out."""
    found = [(window.sets, window.kind, window.first, window.last) for window in windows(switches, epochs, mode)]

    assert spans == found


def test_the_snapshot_from_before_a_switch_holds_the_discarded_tail() -> None:
    """The canonical phase ends at its best epoch; its snapshot goes on."""
    found = run(recording((1.0, 2.0, 3.0), (1, 1)), before_switch((1.0, 2.0, 0.5, 0.6)))
    first = phases(found)[0]

    assert (first.series, first.file, first.truncated) == ((1.0, 2.0, 0.5, 0.6), "PAI_beforeSwitch_0Scores.csv", False)
    assert (first.first, first.last, first.best, first.best_epoch) == (0, 1, 2.0, 1)


def test_a_later_phase_starts_at_its_own_epoch() -> None:
    """The series of phase k starts at the epoch after the last switch, in the numbering of the file."""
    second = before_switch((1.0, 2.0, 3.0, 0.5), (1, 1))
    found = run(recording((1.0, 2.0, 3.0, 4.0), (1, 1, 2, 2)), before_switch((1.0, 2.0)), second)

    assert [(phase.first, phase.series) for phase in phases(found)] == [(0, (1.0, 2.0)), (2, (3.0, 0.5)), (3, (4.0,))]


def test_before_final_holds_the_last_phase() -> None:
    """At the maximum of sets the last phase ends in before_final."""
    found = run(recording((1.0, 2.0, 3.0), (1, 1)), before_switch((1.0, 2.0, 0.5)), before_final((1.0, 2.0, 3.0, 0.1), (1, 1)))
    last = phases(found)[-1]

    assert (last.series, last.truncated) == ((3.0, 0.1), False)


def test_a_rejected_set_does_not_lend_its_epochs_to_the_phase_before() -> None:
    """The snapshot of a rejected set begins with the kept phase, but what follows is the rejected set."""
    found = run(recording((1.0, 2.0)), no_improvement((1.0, 2.0, 1.5), (1, 1)))
    only = phases(found)[0]

    assert (only.series, only.file, only.truncated) == ((1.0, 2.0), "PAIScores.csv", True)


def test_a_snapshot_of_another_history_is_not_used() -> None:
    """A phase takes its tail only from a recording that holds its committed epochs."""
    found = run(recording((1.0, 2.0, 3.0), (1, 1)), before_switch((1.0, 2.5, 0.5)))
    first = phases(found)[0]

    assert (first.series, first.truncated) == ((1.0, 2.0), True)


def test_a_trial_that_holds_more_serves_where_the_snapshot_is_missing() -> None:
    """The picked trial kept one epoch of the tail; a losing trial with another rate does not, though its scores fit."""
    rates = (0.1, 0.1, 0.1, 0.1)
    good = trial((1.0, 2.0, 3.0, 0.5), (1, 1), 0, learning_rate=series(rates, "lr"))
    bad = trial((1.0, 2.0, 3.0, 0.4, 0.3), (1, 1), 1, learning_rate=series((0.1, 0.1, 0.01, 0.01, 0.01), "lr"))
    canonical = recording((1.0, 2.0, 3.0), (1, 1), learning_rate=series((0.1, 0.1, 0.1), "lr"))
    last = phases(run(canonical, before_switch((1.0, 2.0)), good, bad))[-1]

    assert (last.series, last.truncated) == ((3.0, 0.5), False)


@pytest.mark.parametrize(
    ("canonical", "snapshots", "truncated"),
    [
        (recording((1.0, 2.0, 3.0)), (), [False]),
        (recording((1.0, 2.0, 3.0), (1, 1)), (), [True, True]),
        (recording((1.0, 2.0, 3.0, 2.5), (1, 1)), (), [True, False]),
        (recording((1.0, 2.0, 3.0), (0, 0, 1, 1)), (), [False, False, False]),
        (recording((1.0, 2.0)), (no_improvement((1.0, 2.0, 1.5), (1, 1)),), [True]),
        (recording((1.0, 2.0, 2.0, 3.0), (1, 2)), (), [True, False, True]),
    ],
)
def test_truncated_at_the_best_epoch(canonical: Recording, snapshots: tuple[Recording, ...], truncated: list[bool]) -> None:
    """Without a snapshot a phase ends at its best epoch by construction, except where nothing can have been taken back.

    That is a loop that ended on its own, a dendrite phase, and a set every epoch.
    """
    assert truncated == [phase.truncated for phase in phases(run(canonical, *snapshots))]


def test_further_columns_of_equal_length_go_along() -> None:
    """Train, test and learning rate come from the same snapshot; the first epoch of the phase is theirs as well."""
    second = before_final(
        (1.0, 2.0, 3.0, 0.5),
        (1, 1),
        extras=(series((5.0, 6.0, 7.0, 8.0), "TRAIN acc"), series((4.0, 4.1, 4.2, 4.3), "my test")),
        learning_rate=series((0.1, 0.1, 0.2, 0.2), "learning_rate"),
    )
    last = phases(run(recording((1.0, 2.0, 3.0), (1, 1)), second))[-1]

    assert (last.train, last.test, last.learning_rate) == ((7.0, 8.0), (4.2, 4.3), (0.2, 0.2))


def test_shorter_columns_are_never_aligned() -> None:
    """A series that began late is shorter and starts at row 0 all the same: its epochs are unknown."""
    before = before_switch((1.0, 2.0, 0.5), extras=(series((5.0, 6.0), "Train"),), learning_rate=series((0.1,), "lr"))
    first = phases(run(recording((1.0, 2.0, 3.0), (1, 1)), before))[0]

    assert (first.train, first.learning_rate) == (None, None)


def test_without_a_direction_no_epoch_is_best() -> None:
    """Phases are there, their best scores are not."""
    only = structure(run(recording((1.0, 2.0))), None).phases[0]

    assert (only.best, only.best_epoch, only.series) == (None, None, (1.0, 2.0))


def test_minimising_takes_the_first_smallest_score() -> None:
    """Ties go to the first epoch; an epoch that was no number is never best."""
    only = structure(run(recording((3.0, None, 1.0, 2.0, 1.0))), "minimize").phases[0]

    assert (only.best, only.best_epoch) == (1.0, 2)


def test_trials_of_perforated_backpropagation_leave_dendrite_phases_out() -> None:
    """No best score is taken from an epoch in which only dendrites learn."""
    found = run(recording((1.0, 2.0, 9.0, 3.0), (1, 2)))

    assert [(held.sets, held.series) for held in structure(found).trials] == [(0, (1.0, 2.0)), (1, (3.0,))]


def test_a_set_of_trials_that_was_never_finished_counts_as_rejected() -> None:
    """Trials of a set that is not in the network any more, without the snapshot of its rejection."""
    found = run(recording((1.0, 2.0)), before_switch((1.0, 2.0, 0.5)), trial((1.0, 2.0, 0.7), (1, 1), 0))

    expected = [(0, "phase", (1.0, 2.0, 0.5)), (1, "rejected", (0.7,))]
    assert expected == [(held.sets, held.kind, held.series) for held in structure(found).trials]


def test_the_last_epoch_really_trained_is_in_the_newest_snapshot() -> None:
    """A finished run went back from it; its score is not in the canonical files."""
    found = run(recording((1.0, 2.0, 3.0), (1, 1)), before_switch((1.0, 2.0)), before_final((1.0, 2.0, 3.0, 0.1), (1, 1)))

    assert structure(found).last_real == near(0.1)


def test_intervals_between_additions() -> None:
    """Committed from switch to switch; real ones count the discarded tails too, three then two epochs."""
    second = before_switch((1.0, 2.0, 3.0, 0.5), (1, 1))
    end = before_final((1.0, 2.0, 3.0, 4.0, 0.5), (1, 1, 2, 2))
    found = run(recording((1.0, 2.0, 3.0, 4.0), (1, 1, 2, 2)), before_switch((1.0, 2.0, 0.5)), second, end)
    timing = structure(found).timing

    assert (timing.committed_intervals, timing.intervals) == ((2, 1), (3, 2))


@pytest.mark.parametrize(
    ("canonical", "config", "epochs"),
    [
        (recording((1.0, 3.0, 2.0)), None, 12),
        (recording((1.0, 3.0, 2.0), (2, 2)), None, 13),
        (recording((1.0, 3.0)), FIXED, 5),
        (recording((1.0, 3.0)), config(switch_mode=3, fixed_switch_num=3, first_fixed_switch_num=5), None),
        (recording(()), None, None),
    ],
)
def test_epochs_to_the_first_switch(canonical: Recording, config: Config | None, epochs: int | None) -> None:
    """Best epoch and the patience of 10 in history mode, the longer interval in fixed mode, never without switches.

    A phase that was followed by a switch ends at the epoch from which the library counted.
    """
    assert epochs == structure(run(canonical, config=config)).timing.minimum_to_first_switch


def test_recorded_gaps_and_roles_of_columns() -> None:
    """An epoch that was no number keeps its place; columns are named by the user."""
    extras = (series((1.0, 1.0, 1.0), "Training"), series((1.0, 1.0, 1.0), "TEST"), series((1.0, 1.0, 1.0), "AUC"))
    track = structure(run(recording((1.0, None, 2.0), extras=extras))).track

    assert track.recorded_gaps == (1,)
    assert [role for _, role, _ in track.extras] == ["train", "test", "other"]


@pytest.mark.parametrize(
    ("rows", "column", "copy"),
    [
        ((best_row(2.0, None, **{"Max Test Scores": 2.0}),), (1.0, 2.1), True),
        ((best_row(2.0, None, **{"Max Test Scores": 1.9}),), (1.0, 2.0), False),
        ((), (1.0, 2.0), True),
        ((), (1.0, 1.9), False),
        ((), (None, None), False),
    ],
)
def test_a_test_column_that_repeats_validation(rows: tuple[BestRow, ...], column: tuple[float | None, ...], copy: bool) -> None:
    """Equal in every best row, or where there are none in every epoch: then there is no test result."""
    canonical = recording((1.0, 2.0), best_rows=rows, extras=(series(column, "Test"),))

    assert copy is structure(run(canonical)).test_is_copy


def test_a_rejected_set_standing_in_for_the_run_is_taken_out_again() -> None:
    """Only the snapshot of a rejected set survives: one phase of two epochs, no set kept, one tried and rejected."""
    alone = no_improvement((1.0, 2.0, 1.5), (1, 1), parameter_counts=(5, 9, 9), best_rows=(best_row(2.0), best_row(1.5)))
    found = structure(run(replace(alone, kind="canonical"), partial=True))

    assert (found.lifecycle.kept, found.lifecycle.ended_by, len(found.phases)) == (0, "rejected", 1)
    assert (found.track.validation, found.phases[0].truncated) == ((1.0, 2.0), True)
    assert [(row.outcome, row.best, row.parameters) for row in found.architectures] == [("base", 2.0, 5), ("rejected", 1.5, 9)]


def test_missing_switch_rows_are_taken_from_a_snapshot() -> None:
    """The parameter counts say that there were two rows; the snapshot from before the end begins with them."""
    end = before_final((1.0, 2.0, 3.0, 0.1), (1, 1))
    found = structure(run(recording((1.0, 2.0, 3.0), None, parameter_counts=(5, 9, 9)), end))

    assert (found.lifecycle.switch_epochs, found.lifecycle.kept) == ((1, 1), 1)
    assert [(phase.first, phase.last) for phase in found.phases] == [(0, 1), (2, 2)]


def test_without_switch_rows_grown_networks_have_no_phases() -> None:
    """Two sets were added, but no file tells when: nothing is said of phases, and the end is unknown."""
    canonical = recording((1.0, 2.0, 3.0, 2.5), None, parameter_counts=(5, 9, 9, 14, 14))
    found = structure(run(canonical))

    assert (found.phases, found.lifecycle.kept, found.lifecycle.finished) == ((), 2, None)


def test_the_last_real_epoch_of_a_truncated_phase_is_unknown() -> None:
    """The library may have trained on after its best epoch."""
    first, last = phases(run(recording((1.0, 2.0, 3.0), (1, 1)), before_switch((1.0, 2.0, 0.5))))

    assert (first.real_first, first.real_last, last.real_first, last.real_last) == (0, 2, 3, None)


def test_a_snapshot_standing_in_for_the_run_holds_its_tail() -> None:
    """before_final alone: the run was finished, nothing of its last phase was taken back in that file."""
    alone = before_final((1.0, 2.0, 3.0, 0.1), (1, 1), kind="canonical")
    found = structure(run(alone, partial=True))

    assert (found.lifecycle.finished, found.lifecycle.ended_by, found.phases[-1].truncated) == (True, "max-reached", False)

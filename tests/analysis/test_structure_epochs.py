"""Epochs really trained: a toy of the library that counts them, and the lower bound where files are missing."""

from dataclasses import replace
from itertools import pairwise

import pytest
from configs import config
from structure_builders import Toy, before_final, before_switch, no_improvement, recording, run, series, trial

from pai_report.analysis.epochs import distinct_epochs
from pai_report.analysis.structure import build_structure
from pai_report.analysis.structure_model import Structure
from pai_report.run.model import EpochTimes, Run
from pai_report.settings import Settings

MAXIMIZE = Settings(direction="maximize")
SEEDS = range(30)


def structure(found: Run) -> Structure:
    """Structure of a run to maximise."""
    return build_structure(found, MAXIMIZE)


def played(seed: int, ending: str) -> Toy:
    """A toy run of one to four phases with failed tries in between, ended as named."""
    toy = Toy(seed)
    toy.phase()
    for _ in range(toy.chance.randint(1, 2)):
        if toy.chance.random() < 0.4:
            toy.reject()
        toy.add_set()
        toy.phase()
    if ending == "rejected":
        toy.reject()
        toy.reject()
        return toy
    toy.add_set()
    toy.phase(last=ending == "max-reached", stopped=ending == "stopped")
    return toy


@pytest.mark.parametrize("ending", ["max-reached", "rejected", "stopped"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_epochs_of_a_run_add_up(seed: int, ending: str) -> None:
    """Committed, patience, learning-rate search and rejected epochs are those the library trained, whatever happened."""
    toy = played(seed, ending)
    found = toy.finish()
    budget = structure(found).lifecycle.budget

    expected = (toy.trained, found.canonical.epochs, toy.patience, toy.lr_search, toy.rejected)
    assert expected == (budget.trained, budget.committed, budget.patience, budget.lr_search, budget.rejected)


@pytest.mark.parametrize("ending", ["max-reached", "rejected", "stopped"])
@pytest.mark.parametrize("seed", SEEDS)
def test_sets_and_attempts_are_those_the_library_made(seed: int, ending: str) -> None:
    """Kept sets, attempts and the end are told by the snapshots of the run."""
    toy = played(seed, ending)
    life = structure(toy.finish()).lifecycle

    finished = ending != "stopped"
    assert (len(toy.switches) // 2, toy.attempts, finished, ending) == (life.kept, life.attempts, life.finished, life.ended_by)


@pytest.mark.parametrize("seed", SEEDS)
def test_trials_hold_every_epoch_once(seed: int) -> None:
    """The lengths of all trials add up to the epochs trained, those of each kind to its part of them."""
    toy = played(seed, "rejected")
    trials = structure(toy.finish()).trials
    lengths = {kind: sum(len(t.series) for t in trials if t.kind == kind) for kind in ("phase", "lr-trial", "rejected")}

    expected = {"phase": toy.trained - toy.lr_search - toy.rejected, "lr-trial": toy.lr_search, "rejected": toy.rejected}
    assert expected == lengths


@pytest.mark.parametrize("seed", SEEDS)
def test_real_epochs_of_the_phases_follow_each_other(seed: int) -> None:
    """Every phase of a finished run lies on the axis of real epochs, in order, and the last ends with the run."""
    toy = played(seed, "max-reached")
    phases = structure(toy.finish()).phases
    spans = [(phase.real_first, phase.real_last) for phase in phases]

    assert (0, toy.trained - 1) == (spans[0][0], spans[-1][1])
    assert all(a is not None and b is not None and a < b for (_, a), (b, _) in pairwise(spans))


@pytest.mark.parametrize("seed", SEEDS)
def test_missing_snapshots_never_give_a_wrong_number(seed: int) -> None:
    """With one snapshot from before a switch taken out, the total is unknown and the lower bound holds."""
    toy = played(seed, "rejected")
    found = toy.finish()
    ends = [held for held in found.snapshots if held.kind == "before-switch"]
    gone = toy.chance.choice(ends)
    kept = tuple(held for held in found.snapshots if held is not gone)
    budget = structure(replace(found, snapshots=kept)).lifecycle.budget

    assert None is budget.trained
    assert found.canonical.epochs <= budget.at_least <= toy.trained


def test_common_beginnings_are_counted_once() -> None:
    """Three series of which two begin with the same two epochs hold seven different epochs."""
    assert distinct_epochs([(1.0, 2.0, 3.0), (1.0, 2.0, 4.0, 5.0), (None, 2.0)]) == 7


def test_a_run_without_a_switch_and_without_snapshots_trained_what_it_recorded() -> None:
    """A loop that ended before the first plateau took nothing back."""
    budget = structure(run(recording((1.0, 2.0, 3.0)))).lifecycle.budget

    assert (budget.trained, budget.committed, budget.patience) == (3, 3, 0)


def test_a_run_that_may_have_been_taken_back_has_no_total() -> None:
    """Without before_final, a run that ends at its best epoch may or may not have trained on from there."""
    found = run(recording((1.0, 2.0, 3.0, 4.0), (1, 1)), before_switch((1.0, 2.0, 0.5)))
    budget = structure(found).lifecycle.budget

    assert (budget.trained, budget.at_least) == (None, 5)


def test_a_run_with_a_try_missing_has_no_total() -> None:
    """Two rejected tries end a run by default: with the snapshot of only one, epochs and attempts are unknown."""
    found = run(recording((1.0, 2.0)), before_switch((1.0, 2.0, 0.5)), no_improvement((1.0, 2.0, 1.5), (1, 1)))
    life = structure(found).lifecycle

    assert (life.budget.trained, life.attempts, life.tried) == (None, None, 1)


def test_one_try_is_enough_where_the_config_says_so() -> None:
    """With max_dendrite_tries 1 the same files are complete: 3 epochs, then 1 rejected."""
    once = config(max_dendrite_tries=1)
    found = run(recording((1.0, 2.0)), before_switch((1.0, 2.0, 0.5)), no_improvement((1.0, 2.0, 1.5), (1, 1)), config=once)
    life = structure(found).lifecycle

    assert (life.budget.trained, life.budget.rejected, life.attempts) == (4, 1, 1)


def test_perforated_backpropagation_gives_a_lower_bound() -> None:
    """Retries overwrite their snapshots there, so that no total is told even where everything fits."""
    end = before_final((1.0, 2.0, 2.0, 3.0, 0.1), (1, 2))
    found = run(recording((1.0, 2.0, 2.0, 3.0), (1, 2)), before_switch((1.0, 2.0, 0.5)), end)
    budget = structure(found).lifecycle.budget

    assert (budget.trained, budget.at_least) == (None, 6)


def test_partial_runs_have_no_total() -> None:
    """Where a snapshot stands in for the canonical files, what came after it is unknown."""
    found = run(before_switch((1.0, 2.0, 0.5)), partial=True)

    assert None is structure(found).lifecycle.budget.trained


def test_seconds_are_those_of_each_stretch() -> None:
    """Two epochs at 1 s were kept, one at 4 s was patience; a stretch without times takes those with as many sets."""
    one = EpochTimes(file="PAITimes.csv", neuron=(1.0, 1.0), dendrite=(None, None))
    two = EpochTimes(file="PAI_beforeSwitch_0Times.csv", neuron=(1.0, 1.0, 4.0), dendrite=(None, None, None))
    once = config(max_dendrite_tries=1)
    found = run(
        recording((1.0, 2.0), times=one),
        before_switch((1.0, 2.0, 0.5), times=two),
        no_improvement((1.0, 2.0, 1.5, 1.6), (1, 1)),
        config=once,
    )

    expected = (("committed", 2.0), ("patience", 4.0), ("lr_search", 0.0), ("rejected", 2.0))
    assert expected == structure(found).lifecycle.budget.seconds


def test_the_track_merges_the_two_columns_of_times() -> None:
    """An epoch has its time in the column of its kind of phase."""
    times = EpochTimes(file="PAITimes.csv", neuron=(1.0, None, 3.0), dendrite=(None, 2.0))
    found = run(recording((1.0, 2.0, 3.0), times=times))

    assert structure(found).track.epoch_seconds == (1.0, 2.0, 3.0)


@pytest.mark.parametrize(("steps", "trained"), [((0, 1), 8), ((1,), None), ((0, 0), None)])
def test_a_missing_trial_of_the_learning_rate_search_is_noticed(steps: tuple[int, ...], trained: int | None) -> None:
    """Trials are numbered from 0: 3 epochs, two trials of 1, then 3 more; with a number missing or twice there is no total."""
    losers = [trial((1.0, 2.0, 0.1 * (place + 1)), (1, 1), number) for place, number in enumerate(steps)]
    end = before_final((1.0, 2.0, 1.5, 3.0, 0.1), (1, 1))
    found = run(recording((1.0, 2.0, 1.5, 3.0), (1, 1)), before_switch((1.0, 2.0, 0.5)), *losers, end)

    assert trained == structure(found).lifecycle.budget.trained


def test_a_picked_copy_stands_for_its_missing_trial() -> None:
    """The trial that was trained on may be missing where its copy is there: 3 + 2 + 1 + 2 losing epochs."""
    base, switch = (1.0, 2.0, 0.5), (1, 1)
    first, second = (1.0, 2.0, 1.1, 1.2), (1.0, 2.0, 1.3, 1.4)
    copy = recording(first, switch, "_PICKED", kind="lr-picked", number=1, start_steps=0)
    loser = recording(second, switch, "_1", kind="lr-trial", number=1, start_steps=1)
    other = before_final((*first[:3], 3.0, 0.1), switch)
    found = run(recording((1.0, 2.0, 1.1, 3.0), switch), before_switch(base), copy, loser, other)
    good = run(recording((*first, 3.0), switch), before_switch(base), copy, loser, before_final((*first, 3.0, 0.1), switch))

    assert None is structure(found).lifecycle.budget.trained
    assert (structure(good).lifecycle.budget.trained, structure(good).lifecycle.budget.lr_search) == (9, 2)


def test_a_last_trial_that_does_not_follow_is_noticed() -> None:
    """A trial that came down to 0.01 is followed by one that starts there; one that starts lower leaves a gap."""
    switch = (1, 1)
    rates = (0.1, 0.1, 0.1, 0.01)

    def complete(start: float) -> int | None:
        loser = recording(
            (1.0, 2.0, 1.1, 1.2), switch, "_0", kind="lr-trial", number=1, start_steps=0, learning_rate=series(rates, "lr")
        )
        end = before_final((1.0, 2.0, 3.0, 0.1), switch, learning_rate=series((0.1, 0.1, start, start), "lr"))
        found = run(recording((1.0, 2.0, 3.0), switch), before_switch((1.0, 2.0, 0.5)), loser, end)
        return structure(found).lifecycle.budget.trained

    assert (complete(0.01), complete(0.001)) == (7, None)

"""The assembled analysis: what could not be judged, the patience check, files and notes."""

from dataclasses import replace
from typing import Any

import pytest
from analysis_builders import empty_run, extra, identity, lifecycle, measure, network, phase, structure, track

from pai_report.analysis.analyse import files_of, judge, patience_never_drops, schedule_of, switching_of
from pai_report.analysis.missing import VOCABULARY
from pai_report.analysis.model import Analysis, Module, Modules, Scores
from pai_report.analysis.structure_model import Structure
from pai_report.library import InForce, in_force
from pai_report.run.model import Config, Kind, Note, Recording, Run
from pai_report.settings import Settings

LEARNING = (60.0, 70.0, 78.0, 80.0, 80.1, 79.9, 80.0, 80.1, 79.9, 80.0, 80.1, 79.9)


def judged(whole: Structure, run: Run | None = None) -> Analysis:
    """The analysis of a structure with default settings."""
    return judge(whole, run or empty_run(), Settings())


def lacking(whole: Structure) -> set[tuple[str, str]]:
    """Topics that could not be judged, with what they need."""
    return {(held.topic, held.needs) for held in judged(whole).missing}


def test_without_direction_everything_that_needs_it_says_so() -> None:
    """Each topic that can need the direction does."""
    found = lacking(structure((phase(LEARNING),), identity=identity(direction="undecided")))
    assert {(topic, "direction") for topic, needs in VOCABULARY.items() if "direction" in needs} <= found


@pytest.mark.parametrize(
    "expected",
    [
        ("learning-rate", "learning-rate-file"),
        ("times", "times-file"),
        ("parameters", "parameter-counts"),
        ("module-scores", "pb-mode"),
        ("settings", "config"),
        ("picture", "picture"),
        ("epochs-trained", "epoch-count"),
        ("generalization", "train-column"),
        ("test-scores", "test-column"),
        ("gain", "dendrites"),
    ],
)
def test_absent_files_and_columns_are_named(expected: tuple[str, str]) -> None:
    """A run of validation scores alone lacks all of these."""
    assert expected in lacking(structure((phase(LEARNING),)))


@pytest.mark.parametrize(("mode", "needs"), [("pb", "pb-rows"), ("gd", "pb-mode")])
def test_scores_that_are_still_to_come_are_told_from_scores_that_never_come(mode: str, needs: str) -> None:
    """A file of correlation scores with its header only: Perforated Backpropagation fills it, gradient descent does not."""
    named = Module(name=".fc1", per_set=(), score=None, lowest=None, highest=None, tier=None, position=0)
    held = Modules(file="PAIBest PBScores.csv", scored=False, modules=(named,), phases=0, below_checklist_limit=0)

    assert ("module-scores", needs) in lacking(structure((phase(LEARNING),), identity=identity(mode=mode), modules=held))


def test_a_truncated_phase_needs_snapshots() -> None:
    """Neither plateau nor a premature addition nor convergence can be seen without the discarded tail."""
    found = lacking(structure((phase(LEARNING, truncated=True), phase(LEARNING, 1, 12, truncated=True)), measure()))
    assert {(topic, "snapshots") for topic in ("premature", "plateau", "convergence", "noise")} <= found


def test_a_misaligned_train_column_is_told_apart_from_none() -> None:
    """It was recorded, but from a later epoch on."""
    whole = structure((phase(LEARNING),), track=track(LEARNING, extras=(("Train", "train", LEARNING[2:]),)))
    assert ("generalization", "aligned-train-column") in lacking(whole)


def test_a_copied_test_column_is_no_test_score() -> None:
    """It repeats validation."""
    rows = (network(80.1, 0, 4, extras=(extra("Max Test Scores", "test", 80.1, copy=True),)),)
    assert ("test-scores", "test-column") in lacking(structure((phase(LEARNING),), architectures=rows))


def test_every_missing_topic_is_in_the_vocabulary() -> None:
    """The order is that of the vocabulary, without repetition."""
    found = judged(structure((phase(LEARNING, truncated=True), phase((80.0,), 1, 12)))).missing
    order = [(topic, needs) for topic, held in VOCABULARY.items() for needs in held]
    places = [order.index((held.topic, held.needs)) for held in found]
    assert places == sorted(set(places))


def library(**changes: Any) -> InForce:
    """The library's defaults with changes."""
    return replace(in_force(()), **changes)


def reduced(patience: int) -> Structure:
    """Ten flat epochs, then a second phase in which the rate drops after `patience` bad epochs."""
    flat: Scores = (80.0,) * 10
    rates = tuple(0.01 if epoch < patience + 2 else 0.001 for epoch in range(patience + 4))
    first = phase(flat, learning_rate=(0.01,) * 10)
    second = phase((81.0,) * len(rates), 1, 1, learning_rate=rates)
    return structure((first, second), measure())


@pytest.mark.parametrize(("patience", "expected"), [(4, False), (8, False), (9, True), (10, True)])
def test_a_patience_that_never_drops_before_a_switch(patience: int, expected: bool) -> None:
    """With n_epochs_to_switch 10 a patience of 9 or more never lowers the rate in time (C11)."""
    schedule = schedule_of(reduced(patience), measure())
    assert schedule is not None
    assert (schedule.kind, schedule.patience) == ("plateau", patience)
    assert patience_never_drops(schedule, library()) is expected


def test_the_patience_check_is_one_of_history_mode() -> None:
    """Fixed switches do not wait for improvements."""
    assert patience_never_drops(schedule_of(reduced(10), measure()), library(switch_mode=2)) is None


@pytest.mark.parametrize(("first", "expected"), [(-1, 20), (5, 20), (40, 40)])
def test_the_first_interval_counts_only_where_it_is_longer(first: int, expected: int) -> None:
    """The library ignores a shorter first_fixed_switch_num (executed with 3.2.9)."""
    found = switching_of(library(switch_mode=2, fixed_switch_num=20, first_fixed_switch_num=first))
    assert (found.of(0), found.of(1)) == (expected, 20)


def test_history_mode_has_no_interval() -> None:
    """It waits for its patience."""
    assert switching_of(library()).of(0) is None


def test_the_rejected_try_was_trained_last() -> None:
    """A run that ended by rejection is judged on the try that ended it."""
    whole = structure((phase(LEARNING),), lifecycle=lifecycle(ended_by="rejected"))
    climbing = tuple(50.0 + 3 * epoch for epoch in range(12))
    last = replace(whole.trials[0], sets=1, kind="rejected", file="noImprove.csv", series=climbing)
    found = judged(replace(whole, trials=(*whole.trials, last))).convergence
    assert found is not None
    assert (found.file, found.still_improving) == ("noImprove.csv", True)


def test_a_rejected_set_followed_the_last_phase() -> None:
    """So that the last kept phase is tested for a premature addition."""
    whole = structure((phase(LEARNING),))
    last = replace(whole.trials[0], sets=1, kind="rejected")
    assert judged(whole).phases[0].premature is None
    assert judged(replace(whole, trials=(*whole.trials, last))).phases[0].premature is not None


def test_notes_and_files_of_the_run_are_kept() -> None:
    """The reader's notes and the canonical names travel with the analysis, the config's own file included."""
    names: tuple[tuple[Kind, str], ...] = (("scores", "PAIScores.csv"), ("picture", "PAI.png"))
    run = Run(
        save_name="PAI",
        folder="PAI",
        canonical=Recording(infix="", kind="canonical", names=names),
        config=Config(file="PAI_config.json", origin="config"),
        notes=(Note(slug="empty-cell", text="an empty cell"),),
    )
    found = judged(structure((phase(LEARNING),)), run)
    assert found.notes == run.notes
    assert found.file("scores") == "PAIScores.csv"
    assert found.file("config") == "PAI_config.json"


def test_settings_from_a_script_are_no_config_file() -> None:
    """There is no file to name then."""
    run = replace(empty_run(), config=Config(file="train.py", origin="script"))
    assert dict(files_of(run)) == {}

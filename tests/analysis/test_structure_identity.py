"""What kind of run it is: direction, mode, versions, scale, settings."""

import math
import time
from dataclasses import replace
from itertools import cycle
from typing import Any, Literal

import pytest
from configs import config
from structure_builders import before_final, before_switch, best_row, near, no_improvement, recording, run, series

from pai_report.analysis.model import Identity
from pai_report.analysis.quantum import quantum
from pai_report.analysis.settings_in_force import settings_in_force
from pai_report.analysis.structure import build_structure
from pai_report.library import READ, in_force
from pai_report.limits import Limits
from pai_report.run.model import BestRow, EpochTimes, ModuleScores, Recording, Run, ScriptFacts
from pai_report.settings import Settings


def identity(found: Run, direction: Literal["maximize", "minimize"] | None = None) -> Identity:
    """Identity of a run, with the user's flag if there is one."""
    return build_structure(found, Settings(direction=direction)).identity


RISING = (1.0, 2.0, 3.0)


def rows(*bests: float | None) -> tuple[BestRow, ...]:
    """Best rows with these scores."""
    return tuple(best_row(best) for best in bests)


def test_a_flag_decides_before_the_config() -> None:
    """The user knows best."""
    found = identity(run(recording(RISING), config=config(maximizing_score=True)), "minimize")

    assert (found.direction, found.direction_from) == ("minimize", "flag")


@pytest.mark.parametrize(("maximizing", "direction"), [(True, "maximize"), (False, "minimize")])
def test_the_config_decides_before_the_best_rows(maximizing: bool, direction: str) -> None:
    """The effective configuration holds the direction."""
    found = identity(run(recording(RISING, best_rows=rows(3.0)), config=config(maximizing_score=maximizing)))

    assert (direction, "config") == (found.direction, found.direction_from)


def test_a_script_decides_where_the_config_does_not_hold_the_direction() -> None:
    """Version 3.2.0 leaves maximizing_score out of its config file."""
    script = ScriptFacts(
        file="train.py",
        entry_point="perforate_model",
        save_name="PAI",
        save_name_from="constant",
        settings=(("maximizing_score", "False", 7),),
    )
    found = identity(run(recording(RISING), config=config(), script=script))

    assert (found.direction, found.direction_from) == ("minimize", "script")


@pytest.mark.parametrize(
    ("bests", "direction"),
    [
        ((3.0, 6.0), "maximize"),
        ((1.0, 4.0), "minimize"),
        ((3.0, 4.0), "undecided"),
        ((2.0, 5.0), "undecided"),
        ((None, 6.0), "maximize"),
        ((None, None), "undecided"),
        ((3.0 + 1e-12, None), "maximize"),
    ],
)
def test_best_rows_show_the_direction(bests: tuple[float | None, ...], direction: str) -> None:
    """Each row is the largest or the smallest score of its phase, closed or open; rows that disagree decide nothing."""
    found = identity(run(recording((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), (2, 2), best_rows=rows(*bests))))

    assert direction == found.direction


def test_the_last_open_phase_alone_can_decide() -> None:
    """The first phase is one epoch long and fits both; the last one, still running, does not."""
    found = identity(run(recording((1.0, 4.0, 6.0, 5.0), (0, 0), best_rows=rows(1.0, 4.0))))

    assert found.direction == "minimize"


def test_snapshots_decide_where_the_canonical_rows_cannot() -> None:
    """A canonical phase of one epoch fits both directions; its snapshot still has the tail."""
    before = before_switch((5.0, 3.0, 4.0), best_rows=rows(5.0))
    found = identity(run(recording((5.0, 6.0), (0, 0), best_rows=rows(5.0, 6.0)), before))

    assert found.direction == "maximize"


def test_one_epoch_phases_fit_both_directions() -> None:
    """A self-test or a set every epoch cannot tell the direction."""
    found = identity(run(recording((1.0, 2.0), (0, 0), best_rows=rows(1.0, 2.0))))

    assert (found.direction, found.direction_from) == ("undecided", "nothing")


def test_rows_from_before_version_2_show_no_direction() -> None:
    """They hold the largest score even when minimising."""
    assert identity(run(recording(RISING, best_rows=rows(3.0)), era="camel-case")).direction == "undecided"


def test_a_dendrite_phase_belongs_to_no_row() -> None:
    """The lowest score lies in a dendrite phase; the rows are minima of their neuron phases all the same."""
    scores = (5.0, 4.0, 1.0, 3.5, 3.0)
    found = identity(run(recording(scores, (1, 2), best_rows=rows(4.0, 3.0))))

    assert (found.direction, found.mode) == ("minimize", "pb")


def pb(*values: float | None) -> tuple[ModuleScores, ...]:
    """The PB scores of one module."""
    return (ModuleScores(module=".fc1", best_ever=values),)


@pytest.mark.parametrize(
    ("canonical", "snapshots", "told", "mode", "source"),
    [
        (recording(RISING, (1, 1), pb_scores=pb(0.01)), (), None, "pb", "pb-scores"),
        (recording(RISING, (1, 1), pb_scores=pb()), (), None, "gd", "switch-rows"),
        (recording(RISING, (0, 1)), (), None, "pb", "switch-rows"),
        (recording(RISING, (0,)), (), None, "pb", "switch-rows"),
        (recording(RISING, (0,)), (), False, "gd", "config"),
        (recording(RISING, (1, 1)), (), True, "pb", "config"),
        (recording(RISING, (), parameter_counts=(10, 10)), (), None, "pb", "parameter-counts"),
        (recording(RISING, (1, 1), parameter_counts=(10, 20, 20)), (), None, "gd", "switch-rows"),
        (recording(RISING, ()), (no_improvement((*RISING, 0.5), (2, 2)),), None, "gd", "switch-rows"),
        (recording(RISING, ()), (), None, "undecided", "nothing"),
        (recording(RISING, (), pb_scores=pb()), (), None, "undecided", "nothing"),
    ],
)
def test_mode_and_what_decided_it(
    canonical: Recording, snapshots: tuple[Recording, ...], told: bool | None, mode: str, source: str
) -> None:
    """PB scores with rows, unequal or odd switch rows and a repeated size mean PB; equal rows mean gradient descent."""
    held = None if told is None else config(perforated_backpropagation=told)
    found = identity(run(canonical, *snapshots, config=held))

    assert (mode, source) == (found.mode, found.mode_from)


TIMES = EpochTimes(file="PAITimes.csv", neuron=(1.0, 1.0, 1.0), dendrite=(None, None, None))
TRUE_SIZES, DOUBLED_SIZES = (502, 1026, 1026, 1616, 1616), (1004, 1528, 1528, 2118, 2118)


@pytest.mark.parametrize(
    ("era", "changes", "final", "versions"),
    [
        ("camel-case", {}, False, ("1.0.1", "1.2.5")),
        ("best-test-scores", {"times": TIMES}, False, ("2.0.0", "3.0.7")),
        ("best-test-scores", {"times": TIMES}, True, ("2.0.4", "3.0.7")),
        ("best-test-scores", {}, False, ("3.0.1", "3.0.4")),
        ("best-test-scores", {"parameter_counts": TRUE_SIZES}, False, ("3.0.3", "3.0.4")),
        ("best-test-scores", {"parameter_counts": DOUBLED_SIZES}, False, ("3.0.1", "3.0.1")),
        ("best-test-scores", {"parameter_counts": DOUBLED_SIZES, "times": TIMES}, True, ("2.0.4", "3.0.0")),
        ("best-test-scores", {"parameter_counts": TRUE_SIZES, "times": TIMES}, True, ("3.0.5", "3.0.7")),
        ("best-arch-scores", {}, False, ("3.0.9", "")),
        (None, {}, False, None),
    ],
)
def test_versions_that_write_such_files(
    era: Literal["camel-case", "best-test-scores", "best-arch-scores"] | None,
    changes: dict[str, Any],
    final: bool,
    versions: tuple[str, str] | None,
) -> None:
    """File names, the files written by default, before_final and the double count of the base network narrow the version."""
    canonical = recording((1.0, 2.0, 3.0), (0, 0, 1, 1), **changes)
    snapshots = (before_final((1.0, 2.0, 3.0, 0.1), (0, 0, 1, 1)),) if final else ()

    assert versions == identity(run(canonical, *snapshots, era=era)).versions


def test_a_config_file_is_written_since_version_3_1_4() -> None:
    """It names no version itself."""
    assert identity(run(recording(RISING), config=config())).versions == ("3.1.4", "")


def test_the_smallest_number_of_samples_is_found() -> None:
    """Shares of 598 samples in percent, rounded to what 32-bit numbers hold, show 598."""
    found = quantum((round(100 * k / 598, 5) for k in (550, 551, 553, 560, 571)), Limits())

    assert found is not None
    assert (598, near(100 / 598)) == (found.samples, found.step)


@pytest.mark.parametrize(
    "scores",
    [
        [k / 598 for k in (550, 551, 553, 560)],  # four distinct scores
        [math.sqrt(k) / 10 for k in range(2, 30)],  # no common share
        [-k / 10 for k in range(10)],  # below 0
        [101 + k for k in range(10)],  # above 100
        [k * 1e-6 for k in range(1, 9)],  # tiny losses, which any small number of samples seems to fit
        [0.5 + k * 1e-9 for k in range(9)],  # one score with rounding errors
        [],
    ],
)
def test_no_number_of_samples(scores: list[float]) -> None:
    """Too few scores, scores of another range and scores that count nothing have no smallest step."""
    assert None is quantum(scores, Limits())


def test_the_search_for_the_number_of_samples_is_fast() -> None:
    """200,000 epochs of shares of 9,999 samples, and as many that fit nothing: each within a second."""
    shares = [k % 9999 / 9999 for k in range(200_000)]
    nothing = [math.sqrt(k % 9973) / 100 for k in range(200_000)]
    start = time.process_time()
    found = quantum(shares, Limits()), quantum(nothing, Limits())

    assert found[0] is not None
    assert (found[0].samples, found[1]) == (9999, None)
    assert time.process_time() - start < 2


ACCURACIES = tuple(100 * k / 598 for k in (500, 510, 520, 530, 540))
FREE = tuple(10 * math.sqrt(k) for k in range(2, 9))


@pytest.mark.parametrize(
    ("scores", "train", "direction", "scale", "points"),
    [
        (tuple(score / 100 for score in ACCURACIES), None, "maximize", "fraction", 100.0),
        (ACCURACIES, None, "maximize", "percent", 1.0),
        (ACCURACIES, None, "minimize", "free", None),
        (FREE, None, "maximize", "free", None),
        (FREE, FREE, "maximize", "percent", 1.0),
        (FREE, tuple(score / 100 for score in FREE), "maximize", "free", None),
        ((-1.0, 0.5, 0.7), None, "maximize", "free", None),
        ((50.0, 101.0), None, "maximize", "free", None),
    ],
)
def test_scale(
    scores: tuple[float, ...],
    train: tuple[float, ...] | None,
    direction: Literal["maximize", "minimize"],
    scale: str,
    points: float | None,
) -> None:
    """A fraction lies in [0, 1]; a percentage in [0, 100] counts samples or has a train column beside it; all else is free."""
    extras = () if train is None else (series(train, "Train acc"),)
    found = identity(run(recording(scores, extras=extras)), direction)

    assert (scale, points) == (found.scale, found.points_per_unit)


@pytest.mark.parametrize(
    ("switches", "told", "capacity", "every"),
    [
        ((0, 0, 1, 1, 2, 2), None, True, True),
        ((0, 0, 1, 1), None, True, True),
        ((0, 0), None, False, False),
        ((0, 0, 1, 1, 2, 2, 3, 3), None, False, True),
        ((0, 0, 1, 1, 2, 2), False, False, True),
        ((1, 1, 2, 2), None, False, False),
        ((1, 1), True, True, False),
    ],
)
def test_self_test_and_a_set_every_epoch(switches: tuple[int, ...], told: bool | None, capacity: bool, every: bool) -> None:
    """The flag, or at least two sets with every phase one epoch long; more than three sets are no self-test."""
    scores = tuple(float(epoch) for epoch in range(switches[-1] + 2))
    held = None if told is None else config(testing_dendrite_capacity=told)
    found = identity(run(recording(scores, switches), config=held))

    assert (capacity, every) == (found.capacity_test, found.every_epoch)


@pytest.mark.parametrize(
    ("running", "switches", "differs"),
    [
        ((1.0, 2.0, 3.0), (), False),
        ((1.0, None, 3.0), (), False),
        ((1.0, 1.5, 2.0), (), True),
        ((1.0, 1.0, 3.0), (0, 1), False),
        (None, (), False),
    ],
)
def test_a_running_score_that_differs(
    running: tuple[float | None, ...] | None, switches: tuple[int, ...], differs: bool
) -> None:
    """It differs from validation where the library looks back; in dendrite phases it stands still by design."""
    held = None if running is None else series(running, "Validation Running Scores")

    assert differs is identity(run(recording(RISING, switches, running=held))).lookback_differs


def setting(found: Identity, name: str) -> tuple[str, str, str | None]:
    """Value, origin and file of one listed setting."""
    return next((held.value, held.origin, held.file) for held in found.settings if held.name == name)


def test_every_setting_is_listed_with_its_origin() -> None:
    """Config file before script before the library's default; values are Python source."""
    script = ScriptFacts(
        file="train.py",
        entry_point="perforate_model",
        save_name="PAI",
        save_name_from="constant",
        settings=(("max_dendrites", "3", 4), ("max_dendrites", "5", 9), ("n_epochs_to_switch", "args.patience", 5)),
    )
    held = config(improvement_threshold=(0.02, 0.0), dont_give_up_unless_learning_rate_lowered=False)
    found = identity(run(recording(RISING), config=held, script=script))

    assert [name for name, known in READ.items() if known.listed] == [setting.name for setting in found.settings]
    assert setting(found, "improvement_threshold") == ("[0.02, 0.0]", "config", "PAI_config.json")
    assert setting(found, "dont_give_up_unless_learning_rate_lowered") == ("False", "config", "PAI_config.json")
    assert setting(found, "max_dendrites") == ("5", "script", "train.py")
    assert setting(found, "n_epochs_to_switch") == ("10", "default", None)


def test_settings_read_from_a_script_say_so() -> None:
    """A script stands in for a missing config file."""
    held = config("script", switch_mode=2)

    assert setting(identity(run(recording(RISING), config=held)), "switch_mode") == ("2", "script", "train.py")


def test_settings_as_numbers() -> None:
    """The typed view gives the values in force; a single threshold is a list of one."""
    held = config(n_epochs_to_switch=15, improvement_threshold=(0.02,), improvement_threshold_raw=0.1)
    found = in_force(settings_in_force(held, None))

    assert (
        found.n_epochs_to_switch,
        found.improvement_threshold,
        found.improvement_threshold_raw,
        found.fixed_switch_num,
        found.first_fixed_switch_num,
        found.switch_mode,
        found.max_dendrite_tries,
    ) == (15, (0.02,), 0.1, 250, -1, 1, 2)


def test_settings_of_the_wrong_kind_count_as_not_told() -> None:
    """A value that is no number leaves the library's default in force."""
    plain = settings_in_force(None, None)
    found = in_force(replace(held, value=wrong) for held, wrong in zip(plain, cycle(["nan", "[]", "x"]), strict=False))

    assert (found.switch_mode, found.n_epochs_to_switch, found.improvement_threshold) == (1, 10, (0.001, 0.0001, 0.0))

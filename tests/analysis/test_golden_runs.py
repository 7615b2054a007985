"""Golden numbers of the real runs (the requirements, D5 to D11; README of the real runs), and of the analysis as a value."""

import functools
import math
from typing import Any

import msgspec
import pytest
from conftest import real_run

from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis, Architecture, NoiseTest, Phase
from pai_report.run.read import read_run
from pai_report.settings import Settings

TWO_KEPT = ("digits-329-two-kept", "PAI")
LOOP_EXIT = ("digits-329-loop-exit", "early_exit")
FIXED = ("digits-329-premature-once", "fixed20")
MINIMIZE = ("digits-329-minimize", "minimize")
OVERFIT = ("digits-329-overfit", "overfit")
PREMATURE = ("digits-329-premature-fixed3", "premature")
CAPACITY = ("digits-329-capacity", "capacity")
SYNTHETIC = ("v2run", "v2run")
BANK = ("bank-lead-mixed-runs", "PAI")
EFFICIENTNET = ("efficientnet-pb-loss", "PAI")
YOLO = ("yolo-dendrite-100", "dendrite_100")
ALL = (TWO_KEPT, LOOP_EXIT, FIXED, MINIMIZE, OVERFIT, PREMATURE, CAPACITY, SYNTHETIC, BANK, EFFICIENTNET, YOLO)

Run = tuple[str, str]


@functools.cache
def analysed(run: Run) -> Analysis:
    """The analysis of a real run with default settings."""
    return analyse(read_run(real_run(*run)), Settings())


def base(run: Run) -> Phase:
    """The phase without dendrites."""
    return next(phase for phase in analysed(run).phases if phase.kind == "neuron")


def step(run: Run, sets: int) -> NoiseTest:
    """The test of one set alone."""
    row: Architecture = next(row for row in analysed(run).gains.architectures if row.sets == sets)
    assert row.test is not None
    return row.test


@pytest.mark.parametrize(
    ("run", "baseline", "best"),
    [
        (TWO_KEPT, 91.639, 92.308),
        (LOOP_EXIT, 87.960, 87.960),
        (FIXED, 81.940, 93.144),
        (MINIMIZE, 0.3172, 0.3136),
        (OVERFIT, 77.880, 79.032),
        (PREMATURE, 21.739, 88.963),
        (SYNTHETIC, 89.396, 89.396),
    ],
)
def test_baseline_and_best(run: Run, baseline: float, best: float) -> None:
    """Best score without dendrites and best score at all, as tabled."""
    gains = analysed(run).gains
    assert gains.baseline == pytest.approx(baseline, abs=6e-4)
    assert gains.best == pytest.approx(best, abs=6e-4)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (TWO_KEPT, "within-noise"),
        (FIXED, "confounded"),
        (MINIMIZE, "within-noise"),
        (OVERFIT, "real"),
        (PREMATURE, "confounded"),
        (LOOP_EXIT, None),
        (SYNTHETIC, None),
        (CAPACITY, None),
    ],
)
def test_class_of_the_gain(run: Run, expected: str | None) -> None:
    """The golden classes; without a kept set or a direction there is none."""
    assert analysed(run).gains.gain_class == expected


@pytest.mark.parametrize(
    ("run", "sets", "gain", "samples", "expected"),
    [
        (TWO_KEPT, 1, 0.502, 3, "within-noise"),
        (TWO_KEPT, 2, 0.167, 1, "within-noise"),
        (FIXED, 1, 11.204, 67, "confounded"),
        (OVERFIT, 1, 1.152, 10, "real"),
        (PREMATURE, 1, 66.555, 398, "confounded"),
        (PREMATURE, 2, 0.167, 1, "within-noise"),
        (PREMATURE, 3, 0.167, 1, "within-noise"),
        (PREMATURE, 4, 0.334, 2, "within-noise"),
    ],
)
def test_gain_of_each_set(run: Run, sets: int, gain: float, samples: int, expected: str) -> None:
    """Points, net validation samples and class of each set."""
    test = step(run, sets)
    assert test.gain.points == pytest.approx(gain, abs=6e-4)
    assert test.gain.samples == pytest.approx(samples, abs=0.01)
    assert test.gain_class == expected


def test_a_loss_gains_when_it_falls() -> None:
    """0.3172 to 0.3136 is a gain of 0.0036 with an unknown number of samples."""
    test = step(MINIMIZE, 1)
    assert test.gain.absolute == pytest.approx(0.0036, abs=5e-5)
    assert (test.gain.points, test.gain.samples) == (None, None)


def test_the_test_column_of_the_two_kept_sets() -> None:
    """+1.50 and 0.00 points: below what the test score itself fluctuates by, so it lifts no class."""
    changes = [step(TWO_KEPT, sets).test_change for sets in (1, 2)]
    assert [change and round(change.absolute, 2) for change in changes] == [1.5, 0.0]


@pytest.mark.parametrize(("run", "expected"), [(PREMATURE, 1), (OVERFIT, 1), (TWO_KEPT, 0), (MINIMIZE, 0), (CAPACITY, None)])
def test_optimal_number_of_sets(run: Run, expected: int | None) -> None:
    """N* = 1 for premature (golden); a gain within noise establishes no count."""
    assert analysed(run).gains.optimal == expected


def test_premature_fires_on_the_two_early_switches_only() -> None:
    """Of all full phase series of the runs trained for these D6 is true for two."""
    runs = (TWO_KEPT, LOOP_EXIT, FIXED, MINIMIZE, OVERFIT, PREMATURE, SYNTHETIC)
    fired = [
        (run[1], phase.sets) for run in runs for phase in analysed(run).phases if phase.premature and phase.premature.fired
    ]
    assert fired == [("fixed20", 0), ("premature", 0)]


@pytest.mark.parametrize(("run", "rise", "confidence"), [(PREMATURE, 1.00, "low"), (FIXED, 0.53, "high")])
def test_how_far_the_early_phases_still_rose(run: Run, rise: float, confidence: str) -> None:
    """+100 % over three epochs, +53 % over the last five."""
    premature = base(run).premature
    assert premature is not None
    assert premature.rise_relative == pytest.approx(rise, abs=0.005)
    assert premature.confidence == confidence


@pytest.mark.parametrize("run", [TWO_KEPT, FIXED, MINIMIZE, OVERFIT, PREMATURE])
def test_the_schedule_is_recovered(run: Run) -> None:
    """ReduceLROnPlateau with factor 0.1 and patience 4, and no other patience, in five runs of five."""
    schedule = analysed(run).schedule
    assert schedule is not None
    assert (schedule.kind, schedule.patience, schedule.candidates) == ("plateau", 4, (4,))
    assert schedule.factor == pytest.approx(0.1)


def test_a_patience_of_four_drops_before_the_switch() -> None:
    """M1: 4 is less than 10 - 1."""
    assert analysed(TWO_KEPT).timing.patience_never_drops is False


@pytest.mark.parametrize(("run", "points", "expected"), [(OVERFIT, 21.0, "overfitting"), (TWO_KEPT, 6.7, "notice")])
def test_gap_in_points(run: Run, points: float, expected: str) -> None:
    """100 against 79 and 99.0 against 92.3."""
    found = analysed(run).generalization
    assert found is not None
    assert found.points[-1].points == pytest.approx(points, abs=0.05)
    assert found.level == expected


def test_gap_of_a_loss() -> None:
    """0.106 against 0.314: two thirds of the validation loss."""
    found = analysed(MINIMIZE).generalization
    assert found is not None
    assert (round(found.points[-1].train, 3), round(found.points[-1].validation, 3)) == (0.106, 0.314)
    assert found.level in {"notice", "overfitting"}


@pytest.mark.parametrize("run", [TWO_KEPT, MINIMIZE, OVERFIT])
def test_finished_runs_have_converged(run: Run) -> None:
    """Their last stretch, discarded tail included, ends on a plateau (F1)."""
    convergence = analysed(run).convergence
    assert convergence is not None
    assert (convergence.converged, convergence.still_improving) == (True, False)


def test_a_loop_that_ended_too_early_was_still_improving() -> None:
    """Twelve epochs of learning."""
    convergence = analysed(LOOP_EXIT).convergence
    assert convergence is not None
    assert convergence.still_improving is True


@pytest.mark.parametrize("run", [TWO_KEPT, MINIMIZE, OVERFIT, PREMATURE])
def test_no_dip_is_blamed_on_the_initialisation(run: Run) -> None:
    """Every dip coincides with a restarted learning rate (D8)."""
    assert [a.set_number for a in analysed(run).additions if a.cause == "initialisation"] == []


@pytest.mark.parametrize("run", [TWO_KEPT, MINIMIZE, OVERFIT])
def test_later_epochs_of_the_digits_runs_are_quiet(run: Run) -> None:
    """Sigma at most 1.5 % of the best score outside early phases (D8)."""
    assert all((p.stability.relative or 0) <= 0.015 for p in analysed(run).phases if p.stability)


def test_sigma_of_the_loss_of_a_large_network() -> None:
    """1.0 to 2.2 % of the best loss in the neuron phases (D8)."""
    found = [p.stability.relative or 0 for p in analysed(EFFICIENTNET).phases if p.stability and p.kind == "neuron"]
    assert min(found) >= 0.0095
    assert max(found) <= 0.0225


def test_sigma_of_an_unfinished_phase() -> None:
    """About 11 % while the third set of the detection run was still learning (D8)."""
    stability = [p for p in analysed(YOLO).phases if p.kind == "neuron"][-1].stability
    assert stability is not None
    assert stability.relative == pytest.approx(0.11, abs=0.005)


def test_the_best_network_is_not_the_last() -> None:
    """Rows .5577 .5757 .5807 .4626: the third is the best, the fourth unproven."""
    gains = analysed(YOLO).gains
    assert (gains.best_sets, gains.architectures[3].outcome) == (2, "unproven")


def test_a_copied_test_column_is_no_evidence() -> None:
    """'Max Test Scores' repeats validation there."""
    gains = analysed(EFFICIENTNET).gains
    assert (gains.test_is_copy, gains.test and gains.test.test_change) == (True, None)


def test_the_self_test_is_not_judged() -> None:
    """Without a direction there is neither baseline nor gain, and the report is told why."""
    found = analysed(CAPACITY)
    assert (found.gains.baseline, found.gains.gain, found.convergence) == (None, None, None)
    assert ("gain", "direction") in {(held.topic, held.needs) for held in found.missing}


def test_a_missing_train_column_is_told() -> None:
    """The early exit logged no training score."""
    assert ("generalization", "train-column") in {(held.topic, held.needs) for held in analysed(LOOP_EXIT).missing}


@pytest.mark.parametrize("run", ALL, ids=lambda run: run[1])
def test_an_analysis_is_a_json_value(run: Run) -> None:
    """Written and read back it is the same, and no number in it is nan or infinite."""
    found = analysed(run)
    written = msgspec.json.encode(found)
    assert msgspec.json.decode(written, type=Analysis) == found
    assert all(math.isfinite(number) for number in _numbers(msgspec.to_builtins(found)))


def _numbers(part: Any) -> list[float]:
    if isinstance(part, dict):
        return [number for held in part.values() for number in _numbers(held)]
    if isinstance(part, list | tuple):
        return [number for held in part for number in _numbers(held)]
    return [part] if isinstance(part, float) else []

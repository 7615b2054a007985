"""Runs that lack a configuration or an end: advice keeps to what their files show."""

import shutil
from pathlib import Path

import pytest
from conftest import SAMPLES, real_run

from pai_report.advice.model import Finding
from pai_report.pipeline import Study, study
from pai_report.report.text import plain_text
from pai_report.settings import Settings

DIRECTION, EARLY, WORSE, POOR, MORE_SETS = "PAI001", "PAI201", "PAI063", "PAI901", "PAI102"
BASE = (50.0, 70.0, 80.0, 85.0, 88.0, 89.0, 89.5, 90.0, 89.8, 89.9, 89.7, 89.9, 90.2, 89.9, 90.0, 89.8)
WITH_SET = (86.0, 87.0, 88.0, 88.5, 88.2)


def finding(told: Study, code: str) -> Finding:
    """The finding of that rule."""
    return next(held for held in told.judgement.findings if held.code == code)


@pytest.fixture
def unfinished(tmp_path: Path) -> Path:
    """A run that was stopped five epochs after its first set, the best network still being the one without."""
    scores = BASE[:13] + WITH_SET
    rows = "".join(f"{epoch},{score}\n" for epoch, score in enumerate(scores))
    (tmp_path / "stopScores.csv").write_text(f"Epochs,Validation Scores\n{rows}")
    whole = "".join(f"{epoch},{score}\n" for epoch, score in enumerate(BASE))
    (tmp_path / "stop_beforeSwitch_0Scores.csv").write_text(f"Epochs,Validation Scores\n{whole}")
    (tmp_path / "stopswitch_epochs.csv").write_text("Switch Number,Switch Epoch\n0,12\n1,12\n")
    (tmp_path / "stopparam_counts.csv").write_text("Switch Number,Param Count\n0,500\n1,1000\n2,1000\n")
    (tmp_path / "stop_best_arch_scores.csv").write_text("Param Counts,Max Valid Scores\n500,90.2\n1000,88.5\n")
    return tmp_path


def test_a_set_that_is_worse_so_far_is_no_verdict(unfinished: Path) -> None:
    """The network with the set, not the better one without, is what size and score are told of, and nothing is final."""
    told = study(unfinished, Settings(direction="maximize"))
    held = finding(told, WORSE)
    context = " ".join(plain_text(part) for part in told.judgement.verdict.context)

    assert told.judgement.verdict.code == "worse"
    assert plain_text(told.judgement.verdict.answer).startswith("Cannot tell yet")
    assert "from 90.20 to 88.50" in context
    assert "2.0 times the parameters" in context
    assert (held.severity, held.confidence) == ("medium", "low")
    assert told.analysis.efficiency.growth == pytest.approx(1.0)


def test_a_default_that_was_not_in_force_is_no_old_value(tmp_path: Path) -> None:
    """Set 1 came after 8 epochs: neither a patience of 10 nor an interval of 250 was in force, and both modes are named."""
    shutil.copytree(SAMPLES / "premature", tmp_path / "run")
    (tmp_path / "run" / "premature_config.json").unlink()
    told = study(tmp_path / "run", Settings())
    steps = {step.setting: step for step in finding(told, EARLY).steps if step.setting}
    action = plain_text(told.judgement.actions[0])

    assert (steps["n_epochs_to_switch"].old, steps["n_epochs_to_switch"].new) == (None, "15")
    assert (steps["fixed_switch_num"].old, steps["fixed_switch_num"].new) == (None, "20")
    assert steps["first_fixed_switch_num"].new == "40"
    assert "HISTORY" in action
    assert "FIXED" in action


def test_a_set_in_training_at_the_end_decides_nothing() -> None:
    """The third set of yolo was never proven: two sets gained beyond noise, and neither fewer nor more are advised."""
    told = study(real_run("yolo-dendrite-100", "dendrite_100"), Settings())
    changed = {step.setting for held in told.judgement.findings for step in held.steps}

    assert told.analysis.gains.optimal == 2
    assert "max_dendrites" not in changed
    assert not {POOR, MORE_SETS} & {held.code for held in told.judgement.findings}


def test_a_direction_against_the_configuration_is_told_first() -> None:
    """The sample was trained with maximizing_score=True; asked to minimize, the report says so before anything else."""
    told = study(SAMPLES / "improved", Settings(direction="minimize"))

    assert finding(told, DIRECTION).severity == "critical"
    assert plain_text(told.judgement.actions[0]).startswith("Leave out `--minimize`")
    assert DIRECTION not in {
        held.code for held in study(SAMPLES / "improved", Settings(direction="maximize")).judgement.findings
    }


def test_a_snapshot_cannot_say_that_nothing_came_after_it(unfinished: Path) -> None:
    """The scores of a run with one set are lost: the snapshot from before that set is no proof that none was ever added."""
    (unfinished / "stopScores.csv").unlink()
    (unfinished / "stop_beforeSwitch_0switch_epochs.csv").write_text("Switch Number,Switch Epoch\n")
    (unfinished / "stop_beforeSwitch_0param_counts.csv").write_text("Switch Number,Param Count\n0,500\n")
    told = study(unfinished, Settings(direction="maximize"))

    assert told.analysis.identity.partial
    assert (told.analysis.lifecycle.attempted, told.judgement.verdict.code) == ("unknown", "incomplete")
    assert "missing" in plain_text(told.judgement.verdict.answer)

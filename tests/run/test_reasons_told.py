"""Trained runs that once were told a reason nobody had checked: what page one must say of them, and what it must not."""

from pathlib import Path

import pytest
from conftest import OWN_RUNS
from run_files import rows, scores, write_run

from pai_report.advice import judge
from pai_report.advice.model import Judgement
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.report.insights import generalization
from pai_report.report.terminal import short_answer
from pai_report.report.text import plain_text
from pai_report.run.read import read_run
from pai_report.settings import Settings

FLAT = tuple(70.0 + step for step in range(12)) + (81.0,) * 4
CONFIG = b'{"maximizing_score": true, "n_epochs_to_switch": 10, "switch_mode": 1}'


def judged(path: Path, settings: Settings | None = None) -> tuple[Analysis, Judgement]:
    """Analysis and judgement of the run in `path`."""
    chosen = settings or Settings()
    analysis = analyse(read_run(path), chosen)
    return analysis, judge(analysis, chosen)


def page_one(path: Path) -> str:
    """The short answer, in one line."""
    return " ".join(short_answer(*judged(path)).split())


def codes(path: Path, settings: Settings | None = None) -> list[str]:
    """The findings in reading order."""
    return [finding.code for finding in judged(path, settings)[1].findings]


def test_a_run_that_died_in_the_first_epoch_of_a_set() -> None:
    """Stopped there, memory named as usual and not as the cause, direction from the configuration, no proven set."""
    analysis, judgement = judged(OWN_RUNS / "oomrun")
    life, identity = analysis.lifecycle, analysis.identity

    assert (identity.direction, identity.direction_from) == ("maximize", "config")
    assert (life.kept, life.last_set_proven, life.unscored_set) == (1, False, 1)
    assert (life.finished, life.ended_by) == (False, "stopped")
    assert plain_text(judgement.verdict.answer) == "Cannot tell: the run stopped in its first epoch with dendrites."
    assert judgement.findings[0].code == "PAI052"
    assert "the cause is usually memory" in " ".join(plain_text(held) for held in judgement.verdict.context)
    assert "rate" not in plain_text(judgement.actions[0])
    assert "higher or lower" not in page_one(OWN_RUNS / "oomrun")


@pytest.mark.parametrize("folder", ["wrongdir2", "wrongdir-loss"])
def test_a_score_followed_the_wrong_way_is_told_first_and_alone(folder: str) -> None:
    """An accuracy with `maximizing_score=False`; beside it a training accuracy, or a training loss that rightly falls."""
    analysis, judgement = judged(OWN_RUNS / folder)

    assert (judgement.verdict.code, judgement.findings[0].code, judgement.findings[0].severity) == (
        "invalid",
        "PAI001",
        "invalid",
    )
    assert plain_text(judgement.verdict.answer) == "Cannot tell: the library followed the score the wrong way."
    assert (analysis.gains.gain, analysis.gains.baseline, analysis.gains.best) == (None, None, None)
    assert "with dendrites" not in page_one(OWN_RUNS / folder)
    assert "without" not in page_one(OWN_RUNS / folder)


def unscored(path: Path, best: str) -> Path:
    """A run whose last set was added after its last epoch; `best` is what the table of best scores holds."""
    return write_run(
        path,
        files={
            "Scores.csv": scores(FLAT),
            "switch_epochs.csv": rows("Switch Number,Switch Epoch", (15, 15)),
            "_best_arch_scores.csv": best,
            "_config.json": CONFIG,
        },
    )


@pytest.mark.parametrize("row", ["", "200,81.0\n"])
def test_a_best_row_without_an_epoch_is_not_scored_yet(tmp_path: Path, row: str) -> None:
    """The table repeats the score of the network before; that is no result, neither equal nor worse."""
    analysis, judgement = judged(unscored(tmp_path / "run", "Param Counts,Max Valid Scores\n100,81.0\n" + row))

    assert analysis.gains.architectures[1].best is None
    assert plain_text(judgement.verdict.answer) == "Cannot tell: the run stopped in its first epoch with dendrites."


def test_scores_that_were_cut_short_are_no_stopped_run(tmp_path: Path) -> None:
    """The learning rates go on after the last score: the file of scores is not whole, the run did not stop there."""
    path = unscored(tmp_path / "run", "Param Counts,Max Valid Scores\n100,81.0\n200,83.0\n")
    (path / "runlearning_rate.csv").write_text("Epochs,learning_rate\n" + "".join(f"{n},0.01\n" for n in range(20)))

    assert judged(path)[0].lifecycle.unscored_set is None
    assert "PAI052" not in codes(path)


def test_a_set_that_added_no_parameter_is_found(tmp_path: Path) -> None:
    """100 parameters before and after: nothing was converted, so that the gain from 30 to 50 is no gain of dendrites."""
    path = write_run(
        tmp_path / "run",
        files={
            "param_counts.csv": rows("Switch Number,Param Count", (100, 100, 100)),
            "_best_arch_scores.csv": "Param Counts,Max Valid Scores\n100,30.0\n100,50.0\n",
        },
    )
    judgement = judged(path)[1]

    assert judgement.findings[0].code == "PAI019"
    assert plain_text(judgement.verdict.answer) == (
        "Cannot tell: the network has as many parameters with dendrites as without."
    )
    assert "PAI019" not in codes(write_run(tmp_path / "grown"))


def test_a_score_that_never_changes_is_found(tmp_path: Path) -> None:
    """Twenty times 10.0, with a set: no verdict "the same as without", but the score is looked at first."""
    files: dict[str, str | bytes] = {"Scores.csv": scores((10.0,) * 20), "_config.json": CONFIG}
    files["_best_arch_scores.csv"] = "Param Counts,Max Valid Scores\n100,10.0\n200,10.0\n"
    path = write_run(tmp_path / "run", files=files)
    judgement = judged(path)[1]

    assert judgement.findings[0].code == "PAI021"
    assert plain_text(judgement.verdict.answer) == "Cannot tell: the validation score never changed."
    assert "PAI021" not in codes(write_run(tmp_path / "moving"))


@pytest.mark.parametrize(("asked", "told"), [("minimize", True), ("maximize", False)])
def test_an_option_that_contradicts_the_best_rows_is_told_on_page_one(tmp_path: Path, asked: str, told: bool) -> None:
    """30 and 50 are the largest scores of their phases; there is no configuration that says so."""
    path = write_run(tmp_path / "run")
    chosen = Settings(direction="minimize" if asked == "minimize" else "maximize")
    analysis, judgement = judged(path, chosen)

    assert ("PAI001" in codes(path, chosen)) is told
    assert (f"Leave out `--{asked}`" in " ".join(short_answer(analysis, judgement).split())) is told


def test_a_reason_is_said_in_every_row_it_stands_for(tmp_path: Path) -> None:
    """Gap, overfitting and regularization of a run without a training score; the line of code once."""
    rows = generalization.rows(judged(write_run(tmp_path / "run"))[0])
    said = ["".join(span.text for span in row.text) for row in rows]

    assert [words.startswith("not available: no training score was recorded") for words in said] == [True, True, True]
    assert ["next time" in words for words in said] == [True, False, False]

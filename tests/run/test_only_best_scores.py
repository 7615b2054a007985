"""A folder with only the best scores is reported as far as it goes."""

import shutil
from pathlib import Path

import pytest
from conftest import SAMPLES

from pai_report import cli
from pai_report.advice.judge import judge
from pai_report.analysis.analyse import analyse
from pai_report.report.text import plain_text
from pai_report.run.read import read_run
from pai_report.settings import Settings

TABLE = "improved_best_arch_scores.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The best scores of the sample `improved` and nothing else: 163, 344 and 579 parameters; 74.8, 83.7 and 83.9."""
    shutil.copy(SAMPLES / "improved" / TABLE, tmp_path)
    return tmp_path


def test_sizes_scores_and_sets_are_told(folder: Path) -> None:
    """Three rows are the network without dendrites and two sets."""
    analysis = analyse(read_run(folder), Settings())
    rows = analysis.gains.architectures
    assert [(row.sets, row.parameters, round(row.best or 0, 2)) for row in rows] == [
        (0, 163, 74.8),
        (1, 344, 83.7),
        (2, 579, 83.9),
    ]
    assert (analysis.phases, analysis.lifecycle.kept) == ((), 2)


def test_a_direction_gives_the_gain_and_no_proof_of_it(folder: Path) -> None:
    """9.1 higher; without epochs nothing says how much of it is noise."""
    settings = Settings(direction="maximize")
    analysis = analyse(read_run(folder), settings)
    assert analysis.gains.gain is not None
    assert analysis.gains.gain.absolute == pytest.approx(9.1)
    assert judge(analysis, settings).verdict.code == "within-noise"
    assert analysis.gains.gain_class == "uncertain"


def test_without_a_direction_page_one_gives_the_scores_and_what_is_missing(folder: Path) -> None:
    """The scores stand there, the way to judge them is asked for, and the missing files are named."""
    judgement = judge(analyse(read_run(folder), Settings()), Settings())
    context = [plain_text(phrase) for phrase in judgement.verdict.context]
    assert context == ["The files hold best scores alone: 74.80 with 0 dendrite sets, 83.90 with 2 dendrite sets."]
    assert [finding.code for finding in judgement.findings] == ["PAI012", "PAI016"]


def test_every_format_is_written_and_says_what_is_not_recorded(folder: Path, tmp_path: Path) -> None:
    """Markdown says why there are no phases; the PDF follows from its one file."""
    made = [tmp_path / f"out.{suffix}" for suffix in ("md", "html", "json", "pdf")]
    options = [part for path in made for part in ("-o", str(path))]
    assert cli.main([str(folder), *options]) == cli.WRITTEN
    text = made[0].read_text("utf-8")
    assert "there is no file of scores, so that epochs and phases are not recorded" in text
    assert " 0 epochs" not in text.replace("\xa0", " ")
    assert cli.main(["verify", str(made[3])]) == cli.WRITTEN


def test_scores_beside_them_are_what_counts(folder: Path) -> None:
    """A stray table of best scores makes no second run where there are scores."""
    for file in (SAMPLES / "overfitting").glob("overfitting*"):
        shutil.copy(file, folder)
    assert read_run(folder).save_name == "overfitting"


def test_another_table_alone_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Switch rows tell no score: one sentence, exit 2."""
    shutil.copy(SAMPLES / "improved" / "improvedswitch_epochs.csv", tmp_path)
    assert cli.main([str(tmp_path)]) == cli.FAILED
    assert "improvedScores.csv is missing." in capsys.readouterr().err

"""The id by which a bot finds the comment to replace."""

import re
import shutil
from pathlib import Path

from conftest import SAMPLES

from pai_report.pipeline import study
from pai_report.report.ticket.marker import marker
from pai_report.settings import Settings


def identity(folder: Path, settings: Settings | None = None) -> str:
    """The id of the run in `folder`."""
    return marker(study(folder, settings or Settings()).analysis)


def early(place: Path, rows: int) -> Path:
    """The run `improved` as it was after `rows` epochs: its config and the beginning of its scores, nothing else."""
    folder = place / "somewhere else"
    folder.mkdir()
    source = SAMPLES / "improved"
    shutil.copy(source / "improved_config.json", folder)
    lines = (source / "improvedScores.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "improvedScores.csv").write_text("".join(lines[: rows + 1]), "utf-8")
    return folder


def test_form() -> None:
    """The id is short, plain and holds nothing of the run's own words."""
    assert re.fullmatch(r"pai-report:[0-9a-f]{16}", identity(SAMPLES / "improved"))


def test_it_stays_while_the_run_goes_on(tmp_path: Path) -> None:
    """After one epoch, in another folder, without snapshots, a run has the id that it has when it is finished."""
    assert identity(early(tmp_path, 1)) == identity(SAMPLES / "improved")


def test_it_stays_when_the_run_is_judged_anew() -> None:
    """What the user says about the run does not make it another run."""
    told = Settings(direction="minimize", original_params=500)

    assert identity(SAMPLES / "improved", told) == identity(SAMPLES / "improved")


def test_other_runs_have_other_ids() -> None:
    """No two samples share an id."""
    names = ("improved", "minimizing", "none-tried", "overfitting", "premature", "rejected", "synthetic-pb")

    assert len({identity(SAMPLES / name) for name in names}) == len(names)


def test_another_setting_or_start_is_another_run(tmp_path: Path) -> None:
    """The same save name with another number of sets, or another first score, is a run of its own."""
    folder = early(tmp_path, 20)
    before = identity(folder)
    config = folder / "improved_config.json"
    config.write_text(config.read_text("utf-8").replace('"max_dendrites": 2', '"max_dendrites": 3'), "utf-8")
    changed = identity(folder)
    scores = folder / "improvedScores.csv"
    scores.write_text(scores.read_text("utf-8").replace("19.55", "18.55", 1), "utf-8")

    assert len({before, changed, identity(folder)}) == 3

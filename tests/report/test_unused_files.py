"""A file that is there and was not used, on page one and wherever its numbers are missing."""

import shutil
from pathlib import Path

import pytest
from conftest import SAMPLES

from pai_report.pipeline import study, targets, tell
from pai_report.report.terminal import short_answer
from pai_report.settings import Settings

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"


def with_pointer(tmp_path: Path, name: str) -> Path:
    """The sample of a rejected set with one file that was not fetched."""
    folder = tmp_path / "rejected"
    shutil.copytree(SAMPLES / "rejected", folder)
    (folder / f"rejected{name}").write_text(POINTER)
    return folder


def markdown(folder: Path) -> str:
    """The report as Markdown."""
    [(_target, made)] = tell(study(folder, Settings()), targets(["report.md"], None))
    assert not isinstance(made, Exception)
    return made.main.decode().replace("\xa0", " ")


@pytest.mark.parametrize("name", ["learning_rate.csv", "Times.csv", "switch_epochs.csv", "param_counts.csv", "_config.json"])
def test_it_is_named_with_its_remedy_and_never_missing(name: str, tmp_path: Path) -> None:
    """The finding, the step and every "not available" speak of the file that is there."""
    text = markdown(with_pointer(tmp_path, name))

    assert "is there, but was not used" in text
    assert "git lfs pull" in text
    for untrue in (
        "there is no learning-rate file",
        "there is no file of epoch times",
        "No file of",
        "there is no config file",
    ):
        assert untrue not in text


def test_the_picture_is_named_where_it_would_stand(tmp_path: Path) -> None:
    """Not "not in the folder"."""
    text = markdown(with_pointer(tmp_path, ".png"))

    assert "`rejected.png` is there, but could not be used" in text
    assert "not in the folder" not in text


def test_what_the_switches_would_tell_is_not_counted(tmp_path: Path) -> None:
    """Without the switch rows nobody knows how many sets were tried: page one says so in a sentence that is one."""
    studied = study(with_pointer(tmp_path, "switch_epochs.csv"), Settings())
    shown = " ".join(short_answer(studied.analysis, studied.judgement).replace("\xa0", " ").split())

    assert "PAI020 high rejectedswitch_epochs.csv is there, but was not used" in shown
    assert "not known tried" not in shown
    assert "in not known" not in shown

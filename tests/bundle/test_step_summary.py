"""`--github-summary`: the short version in the summary of a step of GitHub Actions."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES

from pai_report import cli
from pai_report.bundle import step

RUN = str(SAMPLES / "none-tried")
VARIABLE = "GITHUB_STEP_SUMMARY"


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that GitHub Actions names in every step, with something in it."""
    file = tmp_path / "summary.md"
    file.write_text("# Tests passed\n")
    monkeypatch.setenv(VARIABLE, str(file))
    return file


def test_it_is_appended(summary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an earlier step command wrote stays; the answer follows as a heading of its own, and the terminal gets it too."""
    assert cli.main([RUN, "--github-summary"]) == cli.WRITTEN

    text = summary.read_text("utf-8")
    assert text.startswith("# Tests passed\n\n## Cannot tell: training ended before any dendrites were added.\n")
    assert "| Remaining error removed | not known |" in text
    assert "Cannot tell" in capsys.readouterr().out


def test_it_comes_beside_a_report(summary: Path, tmp_path: Path) -> None:
    """The option adds to what -o asks for, and the gate still counts."""
    code = cli.main([RUN, "--github-summary", "-o", str(tmp_path / "report.json"), "--fail-on", "critical"])

    assert code == cli.GATE_REACHED
    assert (tmp_path / "report.json").is_file()
    assert "## Cannot tell" in summary.read_text("utf-8")


@pytest.mark.parametrize("unset", [True, False])
def test_outside_of_actions_it_fails(unset: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the variable there is nowhere to write to: exit 2 and one sentence, before anything is read."""
    monkeypatch.setenv(VARIABLE, "")
    if unset:
        monkeypatch.delenv(VARIABLE)

    assert cli.main(["no-such-folder", "--github-summary"]) == cli.FAILED

    captured = capsys.readouterr()
    assert captured.err.startswith("pai-report: --github-summary has nowhere to write to: GITHUB_STEP_SUMMARY is not set.\n")
    assert captured.out == ""


def test_a_full_summary_is_left_as_it_is(summary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a step with more than 1,048,576 bytes GitHub shows nothing at all, so nothing is added that would cross it."""
    held = "x" * (1024 * 1024 - 100)
    summary.write_text(held)

    assert cli.main([RUN, "--github-summary"]) == cli.FAILED

    assert "1,048,576 bytes" in capsys.readouterr().err
    assert summary.read_text() == held


def test_a_full_disk_is_one_sentence(
    summary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the system refuses, exit 2 and one sentence."""

    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(step, "_append", refuse)

    assert cli.main([RUN, "--github-summary"]) == cli.FAILED

    assert capsys.readouterr().err.startswith(f"pai-report: {summary} could not be written: the disk is full.\n")


def test_a_summary_that_is_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A variable that names no file is told as what it is."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))

    assert cli.main([RUN, "--github-summary"]) == cli.FAILED

    assert f"{tmp_path} could not be written" in capsys.readouterr().err

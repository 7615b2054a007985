"""`pai-report batch` from end to end: what is said where, and with which exit code."""

import errno
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from conftest import PROJECT, SAMPLES
from killing import ENTRY, spent
from nights import SMALL, copied, files

from pai_report import cli
from pai_report.batch.lock import locked

LIGHT = ("pandas", "matplotlib", "weasyprint", "jinja2", "pebble", "pai_report.analysis")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with two small runs."""
    return copied(tmp_path / "runs", *SMALL)


def call(runs: Path, output: Path, *options: str | Path) -> int:
    """The command line in this process, one worker."""
    return cli.main(["batch", str(runs), "-o", str(output), "--jobs", "1", *map(str, options)])


def test_a_line_for_each_run_and_a_summary(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard error tells each run that was worked on, then the sum; standard output stays free."""
    assert call(runs, tmp_path / "reports") == cli.WRITTEN
    first = capsys.readouterr()
    assert call(runs, tmp_path / "reports") == cli.WRITTEN
    second = capsys.readouterr()

    index = tmp_path / "reports" / "index.html"
    assert first.out == second.out == ""
    *lines, summary = first.err.splitlines()
    assert sorted(lines) == ["none-tried/none-tried: no dendrites tried", "rejected/rejected: no dendrites kept"]
    assert summary == f"2 runs: 2 rendered, 0 unchanged, 0 failed. {index}"
    assert second.err.splitlines() == [f"2 runs: 0 rendered, 2 unchanged, 0 failed. {index}"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_bar_on_a_terminal(runs: Path, tmp_path: Path) -> None:
    """On a terminal a bar counts the runs, and the sum stays."""
    import pty  # noqa: PLC0415 not on every system

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", ENTRY, "batch", str(runs), "-o", str(tmp_path / "reports")]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(command, env=environment, stderr=theirs)
    os.close(theirs)
    told = b""
    with suppress(OSError):  # Linux says so at the end
        while part := os.read(ours, 65536):
            told += part
    os.close(ours)

    assert process.wait() == cli.WRITTEN
    assert b"2/2" in told
    assert b"2 runs: 2 rendered, 0 unchanged, 0 failed." in told


def test_every_format_is_written(runs: Path, tmp_path: Path) -> None:
    """Formats may repeat, and the index leads to each."""
    options = [part for name in ("pdf", "html", "md", "json", "html") for part in ("--format", name)]
    assert call(runs, tmp_path / "reports", *options) == cli.WRITTEN

    listed = json.loads((tmp_path / "reports" / "index.json").read_bytes())
    openings = {"pdf": b"%PDF-", "html": b"<!DOCTYPE html>", "md": b"# ", "json": b"{"}
    for run in listed["runs"]:
        assert list(run["reports"]) == ["pdf", "html", "md", "json"]
        for name, path in run["reports"].items():
            assert (tmp_path / "reports" / path).read_bytes().startswith(openings[name])


def test_reports_are_those_of_a_single_call(runs: Path, tmp_path: Path) -> None:
    """A night writes the same bytes as `pai-report RUN -o report.html`."""
    call(runs, tmp_path / "reports", "--format", "html", "--format", "md")
    cli.main([str(runs / "rejected"), "-o", str(tmp_path / "report.html"), "-o", str(tmp_path / "report.md")])

    made = next((tmp_path / "reports" / "runs").glob("rejected-*"))
    assert (made / "report.html").read_bytes() == (tmp_path / "report.html").read_bytes()
    assert (made / "report.md").read_bytes() == (tmp_path / "report.md").read_bytes()
    assert files(made / "report_files") == files(tmp_path / "report_files")


def test_the_gate(runs: Path, tmp_path: Path) -> None:
    """--fail-on leaves with 1 where a finding reaches it, also when nothing had to be rendered, and with 0 where none does."""
    assert call(runs, tmp_path / "reports", "--fail-on", "critical") == cli.GATE_REACHED
    assert call(runs, tmp_path / "reports", "--fail-on", "critical") == cli.GATE_REACHED
    assert call(runs, tmp_path / "reports", "--fail-on", "invalid") == cli.WRITTEN


def test_failed_runs_are_told_and_reach_the_gate(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --fail-on a failed run is only told; with it, it counts."""
    (runs / "none-tried" / "none-triedScores.csv").write_text("a,b\n1,2\n")
    assert call(runs, tmp_path / "reports") == cli.WRITTEN
    assert "none-tried/none-tried: failed: none-triedScores.csv is no table of PerforatedAI" in capsys.readouterr().err

    assert call(runs, tmp_path / "reports", "--fail-on", "invalid") == cli.GATE_REACHED


def test_known_findings_of_the_configuration_pass_the_gate(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """[[known]] tables in pai-report.toml keep a finding quiet up to their day."""
    monkeypatch.chdir(tmp_path)
    assert call(runs, tmp_path / "reports", "--fail-on", "low") == cli.GATE_REACHED
    listed = json.loads((tmp_path / "reports" / "index.json").read_bytes())
    codes = {finding["code"] for run in listed["runs"] for finding in run["findings"]}
    tables = "\n".join(f'[[known]]\ncode = "{code}"\nuntil = 2027-01-15\n' for code in codes)
    Path("pai-report.toml").write_text(tables)

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")  # 2027-01-15
    assert call(runs, tmp_path / "reports", "--fail-on", "low") == cli.WRITTEN
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800086400")  # 2027-01-16
    assert call(runs, tmp_path / "reports", "--fail-on", "low") == cli.GATE_REACHED


def test_junit(runs: Path, tmp_path: Path) -> None:
    """One case for each run: an error where it failed, a failure where it reaches the gate."""
    copied(runs, "improved")
    (runs / "none-tried" / "none-triedScores.csv").write_text("a,b\n1,2\n")
    call(runs, tmp_path / "reports", "--junit", tmp_path / "night.xml", "--fail-on", "high")

    suite = ET.parse(tmp_path / "night.xml").getroot()[0]  # noqa: S314 our own
    assert suite.attrib == {"name": "pai-report", "tests": "3", "failures": "1", "errors": "1"}
    assert {case.get("name"): [child.tag for child in case] for case in suite} == {
        "improved": [],
        "none-tried": ["error"],
        "rejected": ["failure"],
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", "-o", "reports"], "The folder {here}/nowhere cannot be read: No such file or directory."),
        ([".", "-o", "reports"], "No run was found in {here} or below it."),
        (["."], "output"),
        ([".", "-o", "reports", "--jobs", "0"], "jobs"),
        ([".", "-o", "reports", "--format", "doc"], "format"),
    ],
)
def test_bad_input_is_one_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is asked for wrongly leaves with 2."""
    monkeypatch.chdir(tmp_path)

    assert cli.main(["batch", *arguments]) == cli.FAILED
    assert sentence.format(here=tmp_path) in capsys.readouterr().err


@pytest.mark.parametrize(("code", "words"), [(errno.EROFS, "no permission"), (errno.ENOSPC, "the disk is full")])
def test_an_output_that_cannot_be_made_is_one_sentence(
    code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A read-only or full disk leaves with 2 before anything is done."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refused)

    assert call(SAMPLES, tmp_path / "reports") == cli.FAILED
    assert capsys.readouterr().err.splitlines()[0] == f"pai-report: {tmp_path / 'reports'} could not be written: {words}."


def test_a_disk_that_fills_up_ends_the_night(runs: Path, tmp_path: Path) -> None:
    """Files that may not grow stand for a full disk: one sentence, exit code 2, no part of a file left; later all is made."""
    limited = f"ulimit -f 8; exec {sys.executable} -c '{ENTRY}' batch {runs} -o {tmp_path / 'reports'} --jobs 2"  # 8 KB
    made = subprocess.run(
        ["bash", "-c", limited], env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False
    )

    assert made.returncode == cli.FAILED
    assert made.stderr.splitlines()[-2].endswith("could not be written: it is larger than a file may be here.")
    assert not [name for name in files(tmp_path / "reports") if name.endswith(".part")]
    assert call(runs, tmp_path / "reports") == cli.WRITTEN
    assert call(runs, tmp_path / "calm") == cli.WRITTEN
    assert files(tmp_path / "reports") == files(tmp_path / "calm")


def test_a_journal_that_does_not_fit_is_one_sentence(tmp_path: Path) -> None:
    """150 folders that hold no scores fill the journal alone: exit code 2 and no traceback."""
    for number in range(150):
        (tmp_path / "runs" / f"{number}").mkdir(parents=True)
        (tmp_path / "runs" / f"{number}" / "PAIScores.csv").touch()
    limited = f"ulimit -f 20; exec {sys.executable} -c '{ENTRY}' batch {tmp_path / 'runs'} -o {tmp_path / 'reports'}"
    made = subprocess.run(
        ["bash", "-c", limited], env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False
    )

    assert made.returncode == cli.FAILED
    assert "Traceback" not in made.stderr
    assert made.stderr.splitlines()[-2].endswith("could not be written: it is larger than a file may be here.")


def test_workers_that_cannot_start_are_one_sentence(runs: Path, tmp_path: Path) -> None:
    """A path for temporary files that is too long for a socket, as the scratch folders of some clusters are."""
    scratch = tmp_path / ("scratch-of-the-job-" * 6)
    scratch.mkdir()
    made = subprocess.run(
        [sys.executable, "-c", ENTRY, "batch", str(runs), "-o", str(tmp_path / "reports")],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode == cli.FAILED
    assert made.stderr.splitlines()[0] == "pai-report: Worker processes could not be started: AF_UNIX path too long."
    assert "Traceback" not in made.stderr


def test_a_place_for_junit_that_is_not_there_is_told_before_the_night(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is done, so that the next start still has the news."""
    code = call(runs, tmp_path / "reports", "--junit", str(tmp_path / "none" / "junit.xml"))

    assert code == cli.FAILED
    assert "does not exist" in capsys.readouterr().err
    assert not (tmp_path / "reports").exists()


def test_a_known_finding_means_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Brackets in the name of a run are brackets, and an entry that is for no run is told."""
    copied(tmp_path / "runs" / "lr[0.1]", "overfitting")
    monkeypatch.chdir(tmp_path)
    entry = '[[known]]\nrun = "{}"\ncode = "{}"\nuntil = 2999-01-01\n'
    codes = {flaw["code"] for run in _index(tmp_path) for flaw in run["findings"]}
    held = [entry.format("lr[0.1]/overfitting/overfitting", code) for code in codes]
    (tmp_path / "pai-report.toml").write_text("".join([*held, entry.format("gone/*", "PAI801")]))
    code = call(tmp_path / "runs", tmp_path / "reports", "--fail-on", "low")

    assert codes
    assert code == cli.WRITTEN
    assert "The known finding PAI801 is for no run: nothing is called gone/*.\n" in capsys.readouterr().err


def _index(folder: Path) -> list[dict[str, Any]]:
    call(folder / "runs", folder / "reports")
    held: list[dict[str, Any]] = json.loads((folder / "reports" / "index.json").read_bytes())["runs"]
    return held


def test_the_lock_is_let_go(tmp_path: Path) -> None:
    """After a night the folder is free, and nobody is named as its holder."""
    with locked(tmp_path):
        assert (tmp_path / ".pai-report" / "holder").exists()
    with locked(tmp_path):
        pass

    assert not (tmp_path / ".pai-report" / "holder").exists()


def test_a_night_without_work_imports_nothing_heavy(runs: Path, tmp_path: Path) -> None:
    """Where nothing changed, no stage, no engine and no template is loaded."""
    call(runs, tmp_path / "reports")
    call(runs, tmp_path / "reports")
    code = f"""import sys; from pai_report.cli import main; main(["batch", {str(runs)!r}, "-o", {str(tmp_path / "reports")!r}])
print([name for name in {LIGHT!r} if name in sys.modules])"""
    made = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=True
    )

    assert made.stdout.strip() == "[]"


def test_hostile_names_reach_no_terminal(tmp_path: Path) -> None:
    """Control characters in the names of folders are replaced in what is printed."""
    runs = tmp_path / "runs"
    copied(runs, "none-tried")
    (runs / "none-tried").rename(runs / "\x1b[31mred\r")
    _, told = spent(runs, tmp_path / "reports")

    assert told.splitlines()[0] == "\ufffd[31mred /none-tried: no dendrites tried"


def test_styles_of_ones_own_reach_reports_and_index(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The colour of the house is in every report and in the index; a change of it renders again, nothing else does."""
    own, output = tmp_path / "own", tmp_path / "reports"
    own.mkdir()
    tokens = (PROJECT / "styles" / "tokens.css").read_text("utf-8")
    for colour, rendered in (("#7a1f5c", 2), ("#7a1f5c", 0), ("#1f5c7a", 2)):
        (own / "tokens.css").write_text(tokens.replace("--accent: #0b5fa5", f"--accent: {colour}"), "utf-8")
        assert cli.main(["batch", str(runs), "-o", str(output), "--styles", str(own)]) == cli.WRITTEN
        assert f"{rendered} rendered" in capsys.readouterr().err
        pages = [path.read_text("utf-8") for path in output.rglob("*.html")]
        assert len(pages) > 2
        assert all(f"--accent: {colour}" in page for page in pages)


def test_a_night_in_which_every_run_failed_is_a_failure(tmp_path: Path) -> None:
    """Nothing could be reported: exit code 2, with the index of what failed; one run that could makes it 0."""
    (tmp_path / "runs" / "table").mkdir(parents=True)
    (tmp_path / "runs" / "table" / "tableScores.csv").write_text("a,b\n1,2\n")

    assert call(tmp_path / "runs", tmp_path / "reports") == cli.FAILED
    assert (tmp_path / "reports" / "index.html").exists()


def test_runs_that_are_no_folder_are_a_failure(tmp_path: Path) -> None:
    """A file and a name that nothing has: exit code 2."""
    (tmp_path / "file").write_text("x")

    assert call(tmp_path / "file", tmp_path / "reports") == cli.FAILED
    assert call(tmp_path / "nowhere", tmp_path / "reports") == cli.FAILED

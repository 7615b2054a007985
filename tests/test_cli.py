"""The command line from end to end: what is written where, and with which exit code."""

import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, SAMPLES, run_folders
from hidden_libraries import HARFBUZZ_SUBSET, without

from pai_report import __version__, cli, pipeline
from pai_report.advice.catalogue import CATALOGUE
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.machine import LIBRARIES
from pai_report.run.model import Run
from pai_report.settings import Settings

IMPROVED = str(SAMPLES / "improved")
NONE_TRIED = str(SAMPLES / "none-tried")
OPENINGS = {"pdf": b"%PDF-", "html": b"<!DOCTYPE html>", "md": b"# ", "json": b"{"}
ENTRY = "import sys; from pai_report.cli import main; sys.exit(main())"


def call(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-c", ENTRY, *map(str, arguments)]
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def contract(*arguments: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """`report.json` of a run, from standard output."""
    assert cli.main([*arguments, "-o", "-", "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


# What is written


def test_one_call_writes_all_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each -o is written in the format of its suffix, and standard error says where."""
    files = [tmp_path / f"report.{suffix}" for suffix in OPENINGS]

    assert cli.main([IMPROVED, *(part for file in files for part in ("-o", str(file)))]) == cli.WRITTEN

    assert {file.suffix[1:]: file.read_bytes()[: len(OPENINGS[file.suffix[1:]])] for file in files} == OPENINGS
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [f"Wrote {file}" for file in files]


def test_all_formats_come_from_one_analysis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many outputs are asked for, the run is read and analysed once."""
    analysed = []

    def counted(run: Run, settings: Settings) -> Analysis:
        analysed.append(run.save_name)
        return analyse(run, settings)

    monkeypatch.setattr("pai_report.pipeline.analyse", counted)

    cli.main([NONE_TRIED, "-o", str(tmp_path / "a.md"), "-o", str(tmp_path / "a.html"), "-o", str(tmp_path / "a.json")])

    assert analysed == ["none-tried"]


def test_without_output_the_answer_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """The short answer holds the scores that samples/README.md names, an action and the findings, and no talk."""
    assert cli.main([IMPROVED]) == cli.WRITTEN

    captured = capsys.readouterr()
    assert "Better: " in captured.out
    assert "74.80 → 83.90" in captured.out
    assert "Do next\n  1. " in captured.out
    assert captured.err == ""


@pytest.mark.parametrize("suffix", OPENINGS)
def test_standard_output_takes_any_format(suffix: str) -> None:
    """`-o -` with --format writes the report itself to standard output and nothing else anywhere."""
    made = subprocess.run(
        [sys.executable, "-c", ENTRY, NONE_TRIED, "-o", "-", "--format", suffix],
        env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, check=True,
    )  # fmt: skip

    assert made.stdout.startswith(OPENINGS[suffix])
    assert made.stderr == b""


def test_markdown_on_standard_output_points_to_no_picture(capsys: pytest.CaptureFixture[str]) -> None:
    """There is no place for pictures beside standard output, so nothing refers to one."""
    assert cli.main([IMPROVED, "-o", "-", "--format", "md"]) == cli.WRITTEN

    assert "](" in (told := capsys.readouterr().out)
    assert "![" not in told
    assert "<img" not in told


def test_same_folder_gives_same_bytes(tmp_path: Path) -> None:
    """A report holds no clock, path or chance: two copies of a run give equal files."""
    made = []
    for place in ("one", "two"):
        copy = shutil.copytree(SAMPLES / "rejected", tmp_path / place / "rejected")
        files = [tmp_path / place / f"report.{suffix}" for suffix in OPENINGS]
        assert cli.main([str(copy), *(part for file in files for part in ("-o", str(file)))]) == cli.WRITTEN
        made.append([file.read_bytes() for file in files])

    assert made[0] == made[1]


def test_direction_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """--minimize overrides what the files say."""
    assert contract(IMPROVED, capsys=capsys)["run"]["direction"] == "maximize"
    assert contract(IMPROVED, "--minimize", capsys=capsys)["run"]["direction"] == "minimize"


def test_original_size_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """A perforated network of 579 parameters is larger than an original of 500, which only --original-params can tell."""
    assert "PAI902" not in contract(IMPROVED, capsys=capsys)["checks"]["fired"]
    assert "PAI902" in contract(IMPROVED, "--original-params", "500", capsys=capsys)["checks"]["fired"]


# The gate


@pytest.mark.parametrize(("severity", "code"), [("low", 1), ("critical", 1), ("invalid", 0)])
def test_gate_counts_this_severity_and_worse(severity: str, code: int, tmp_path: Path) -> None:
    """A run that never attempted dendrites is critical: it reaches every gate but the one for invalid runs."""
    file = tmp_path / "report.json"

    assert code == cli.main([NONE_TRIED, "-o", str(file), "--fail-on", severity])

    assert "critical" in {finding["severity"] for finding in json.loads(file.read_bytes())["findings"]}


# What goes wrong


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [IMPROVED, "--nope"],
        [IMPROVED, NONE_TRIED],
        [IMPROVED, "-o"],
        [IMPROVED, "-o", "-"],
        [IMPROVED, "-o", "report.md", "--format", "md"],
        [IMPROVED, "--format", "md"],
        [IMPROVED, "-o", "-", "--format", "docx"],
        [IMPROVED, "-o", "report.md", "-o", "report.md"],
        [IMPROVED, "--minimize", "--maximize"],
        [IMPROVED, "--original-params", "0"],
        [IMPROVED, "--fail-on", "bad"],
        [IMPROVED, "--save-name", "nobody"],
        ["explain"],
        ["explain", "PAI999"],
    ],
)
def test_bad_usage_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: Any, tmp_path: Path
) -> None:
    """A call that cannot be meant so is refused with a reason, and writes nothing."""
    monkeypatch.chdir(tmp_path)

    assert cli.main(arguments) == cli.FAILED

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("pai-report: ")
    assert list(tmp_path.iterdir()) == []


def test_wrong_suffix_is_found_before_anything_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The suffix is wrong and the folder is missing: the suffix is what is told, for it is looked at first."""
    assert cli.main(["no-such-folder", "-o", "report.docx"]) == cli.FAILED

    assert "report.docx does not say its format" in capsys.readouterr().err


@pytest.mark.parametrize("present", [True, False])
def test_no_run_is_told_in_one_sentence(present: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without a run, or no folder at all, gives exit 2, the path and no report."""
    place = tmp_path / "somewhere"
    if present:
        place.mkdir()
        (place / "notes.txt").write_text("no run here")

    assert cli.main([str(place), "-o", str(tmp_path / "report.md")]) == cli.FAILED

    assert "somewhere" in capsys.readouterr().err
    assert not (tmp_path / "report.md").exists()


def test_several_runs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of several runs is refused with their names, and --save-name chooses."""
    assert cli.main([str(SAMPLES)]) == cli.FAILED
    told = capsys.readouterr().err
    assert all(name in told for name in ("improved", "none-tried", "overfitting", "minimizing"))

    assert cli.main([str(SAMPLES), "--save-name", "improved"]) == cli.WRITTEN


def test_terminal_is_asked_which_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a user is there to answer, the question of the requirements (L3) is put instead of failing."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("improved\n"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    assert cli.main([str(SAMPLES)]) == cli.WRITTEN

    captured = capsys.readouterr()
    assert "What was your save_name?" in captured.err
    assert "74.80 → 83.90" in captured.out


def test_missing_folder_for_the_output_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What could not be written is never reported as success, and what could be written is."""
    good, bad = tmp_path / "report.json", tmp_path / "missing" / "report.json"

    assert cli.main([NONE_TRIED, "-o", str(bad), "-o", str(good)]) == cli.FAILED

    assert good.is_file()
    assert f"Wrote {good}" in capsys.readouterr().err


def test_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with 130, as shells expect, and without a traceback."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "study", interrupted)

    assert cli.main([IMPROVED]) == 130
    assert capsys.readouterr() == ("", "")


def test_closed_pipe_is_quiet() -> None:
    """When the reader of standard output goes away, the command ends without a traceback, like one ended by SIGPIPE."""
    command = [sys.executable, "-c", ENTRY, NONE_TRIED]
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(PROJECT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()

    assert process.returncode == 128 + 13
    assert told == b""


def test_collector_is_on_again_afterwards() -> None:
    """The garbage collector is only off during the call: a program that calls main keeps its own."""
    assert gc.isenabled()
    cli.main(["--version"])
    assert gc.isenabled()


# Without Pango


@pytest.fixture
def no_pango(tmp_path: Path) -> dict[str, str]:
    """An environment in which none of the libraries that a PDF needs can be loaded."""
    return without(tmp_path / "libraries", *(library.loaded for library in LIBRARIES))


def test_markdown_html_and_json_need_no_pango(no_pango: dict[str, str], tmp_path: Path) -> None:
    """Only the PDF draws with Pango; everything else works on a machine without it."""
    files = [tmp_path / f"report.{suffix}" for suffix in ("md", "html", "json")]

    made = call(NONE_TRIED, *(part for file in files for part in ("-o", file)), **no_pango)

    assert made.returncode == cli.WRITTEN, made.stderr
    assert all(file.is_file() for file in files)


def test_pdf_without_pango_names_the_command_that_helps(no_pango: dict[str, str], tmp_path: Path) -> None:
    """Exit 2 with reason and command, no half-written PDF, and the other output is still there."""
    made = call(NONE_TRIED, "-o", tmp_path / "report.pdf", "-o", tmp_path / "report.md", **no_pango)

    assert made.returncode == cli.FAILED
    assert ", ".join(str(library) for library in LIBRARIES) in made.stderr
    apt = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    assert (apt if shutil.which("apt-get") else "packages of this system") in made.stderr
    assert "Traceback" not in made.stderr
    assert not (tmp_path / "report.pdf").exists()
    assert (tmp_path / "report.md").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="the name of the library is that of Linux")
def test_pdf_without_harfbuzz_subset_alone_is_refused(tmp_path: Path) -> None:
    """Pango is there: cut by fontTools instead, the fonts in the file would hold the time of day."""
    made = call(NONE_TRIED, "-o", tmp_path / "report.pdf", **without(tmp_path / "libraries", HARFBUZZ_SUBSET))

    assert made.returncode == cli.FAILED
    assert "A PDF needs libraries that cannot be loaded: HarfBuzz-Subset (libharfbuzz-subset.so.0)." in made.stderr
    assert not (tmp_path / "report.pdf").exists()


def test_what_the_renderer_complains_of_is_an_error(tmp_path: Path) -> None:
    """A style that WeasyPrint ignores with a warning: exit 2, its own words, and no PDF that only looks finished."""
    (tmp_path / "print.css").write_text((PROJECT / "styles" / "print.css").read_text("utf-8") + "p { colour: red }\n")

    made = call(NONE_TRIED, "-o", tmp_path / "report.pdf", "--styles", tmp_path)

    assert made.returncode == cli.FAILED
    assert "No PDF was made, because its renderer complained: Ignored `colour: red " in made.stderr
    assert "Traceback" not in made.stderr
    assert not (tmp_path / "report.pdf").exists()


# The other commands


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_start_at_once(option: str) -> None:
    """Nobody waits for pandas, matplotlib or WeasyPrint to be told a version."""
    script = f"import sys; from pai_report.cli import main; main(['{option}']); print(*sys.modules, file=sys.stderr)"
    made = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert set() == {"pandas", "numpy", "matplotlib", "weasyprint", "jinja2"} & set(made.stderr.split())
    assert (__version__ if option == "--version" else "--fail-on") in made.stdout


def test_every_rule_is_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """`rules` has a line for every rule of the catalogue, and `explain` a page."""
    assert cli.main(["rules"]) == 0
    listed = re.findall(r"^PAI\d{3}", capsys.readouterr().out, re.MULTILINE)
    assert listed == [rule.code for rule in CATALOGUE]

    for code in listed:
        assert cli.main(["explain", code]) == 0
        assert code in capsys.readouterr().out


def test_inspect_shows_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    """`inspect` names the run and its score file, as text and as JSON."""
    assert cli.main(["inspect", IMPROVED]) == 0
    assert "improvedScores.csv" in capsys.readouterr().out

    assert cli.main(["inspect", IMPROVED, "--json"]) == 0
    assert "improvedScores.csv" in json.dumps(json.loads(capsys.readouterr().out))


# Every run folder


@pytest.mark.slow
@pytest.mark.parametrize("folder", run_folders(), ids=lambda path: path.name)
def test_every_run_folder_is_reported_or_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run gives all four files and exit 0; tables typed by hand under look-alike names give one sentence and exit 2."""
    files = [tmp_path / f"report.{suffix}" for suffix in OPENINGS]

    code = cli.main([str(folder), *(part for file in files for part in ("-o", str(file)))])

    told = capsys.readouterr().err
    assert (cli.FAILED if folder.name == "gnn-hand-made" else cli.WRITTEN) == code, told
    assert [file.exists() for file in files] == [code == cli.WRITTEN] * len(files)
    if code == cli.FAILED:
        assert told.splitlines()[0].startswith("pai-report: ")
        assert len(told.splitlines()) <= 2, "one sentence and a hint"

# ruff: noqa: D103, ARG001 - the name of a fault says what it is, and some need no scene
"""What can be wrong around the single command: every fault is one sentence, exit code 2, and nothing half done.

The faults happen in this process where they can, so that a hundred of them take seconds; those of a process (streams, limits,
signals) are in test_process.py.
"""

import errno
import os
import re
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES

from pai_report import cli

SAMPLE = str(SAMPLES / "none-tried")
REFUSED = OSError(errno.EACCES, os.strerror(errno.EACCES))
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Scene:
    """A working folder `here` with a copy of a run in `run`, and what changes the world for one test."""

    here: Path
    run: Path
    world: pytest.MonkeyPatch


Fault = Callable[[Scene], list[str]]
FAULTS: dict[str, tuple[Fault, str]] = {}  # each with words that its sentence must hold


def fault(words: str) -> Callable[[Fault], Fault]:
    """Add a fault to the table: a function that sets the scene and returns the call, and words of the sentence."""

    def added(function: Fault) -> Fault:
        FAULTS[function.__name__] = (function, words)
        return function

    return added


def written(*parts: str) -> Fault:
    """A call with plain arguments; `RUN` stands for the copy of the run."""
    return lambda scene: [str(scene.run) if part == "RUN" else part for part in parts]


def configured(data: bytes) -> Fault:
    """A report with this configuration file."""

    def set_up(scene: Scene) -> list[str]:
        (scene.here / "pai-report.toml").write_bytes(data)
        return [SAMPLE, "-o", "report.md"]

    return set_up


def environment(name: str, content: str, *arguments: str) -> Fault:
    """A report with a variable of the environment."""

    def set_up(scene: Scene) -> list[str]:
        scene.world.setenv(name, content)
        return [SAMPLE, *(arguments or ("-o", "report.md"))]

    return set_up


PLAIN: dict[str, tuple[Fault, str]] = {
    # The call
    "nothing at all": (written(), "No run is named"),
    "only options": (written("-q"), "No run is named"),
    "unknown option": (written("RUN", "--nope"), "--nope"),
    "two paths": (written("RUN", "RUN"), "Only one PATH"),
    "output without a name": (written("RUN", "-o"), "-o requires an argument"),
    "output of no name": (written("RUN", "-o", ""), "does not say its format"),
    "output without a suffix": (written("RUN", "-o", "report"), "has none of the suffixes"),
    "output of a foreign suffix": (written("RUN", "-o", "report.docx"), ".docx is not one of"),
    "output only a suffix": (written("RUN", "-o", ".pdf"), "does not say its format"),
    "output twice": (written("RUN", "-o", "a.md", "-o", "a.md"), "asked for twice"),
    "output twice by other names": (written("RUN", "-o", "a.md", "-o", "./a.md"), "asked for twice"),
    "standard output without a format": (written("RUN", "-o", "-"), "needs a format"),
    "standard output twice": (written("RUN", "-o", "-", "-o", "-", "--format", "md"), "asked for twice"),
    "format without standard output": (written("RUN", "--format", "md"), "is for standard output"),
    "unknown format": (written("RUN", "-o", "-", "--format", "docx"), "docx"),
    "format twice": (written("RUN", "-o", "-", "--format", "md", "--format", "pdf"), "--format"),
    "both directions": (written("RUN", "--minimize", "--maximize"), "--m"),
    "original of no size": (written("RUN", "--original-params", "0"), "--original-params"),
    "original of a negative size": (written("RUN", "--original-params=-5"), "--original-params"),
    "original that is no number": (written("RUN", "--original-params", "many"), "--original-params"),
    "original beyond all numbers": (written("RUN", "--original-params", "9" * 400), "original"),
    "original of endless digits": (written("RUN", "--original-params", "9" * 5000), "original"),
    "unknown severity": (written("RUN", "--fail-on", "bad"), "--fail-on"),
    "unknown save name": (written("RUN", "--save-name", "nobody"), "nobody"),
    "save name of nothing": (written("RUN", "--save-name", ""), "save name"),
    "save name with escapes": (written("RUN", "--save-name", "a\x1b[31m\u202eb\nc"), "No run with the save name"),
    "page of nothing": (written("RUN", "--open"), "--open"),
    "summary outside of Actions": (written("RUN", "--github-summary"), "GITHUB_STEP_SUMMARY is not set"),
    "misspelt command": (written("inspct", "RUN"), "Only one PATH"),
    "command without its path": (written("inspect"), "PATH"),
    "unknown rule": (written("explain", "PAI999"), "There is no rule"),
    "rule of nothing": (written("explain", ""), "There is no rule"),
    "rule with escapes": (written("explain", "\x1b[31mPAI301"), "There is no rule"),
    "unknown shell": (written("completion", "tcsh"), "tcsh"),
    "bundle without a folder": (written("bundle", "RUN"), "--output"),
    "verify without a report": (written("verify", "RUN"), "is no PDF"),
    # PATH
    "path that does not exist": (written("no/such/folder"), "no file or folder"),
    "path of no name": (written(""), "No run"),
    "path too long": (written("x" * 5000), "cannot be reached"),
    "report with a path too long": (written("x" * 5000 + ".pdf"), "cannot be reached"),
    "data with a path too long": (written("x" * 5000 + ".json"), "cannot be reached"),
    "bundle with a path too long": (written("bundle", "RUN", "-o", "x" * 5000), "could not be written"),
    "styles with a path too long": (written("RUN", "-o", "a.html", "--styles", "x" * 5000), "cannot be reached"),
    "path of too many parts": (written("x/" * 3000), "cannot be reached"),
    "path with NUL": (written("a\0b"), "a"),
    "path with a surrogate": (written("a\udcffb"), "no file or folder"),
    "path with newline and escape": (written("a\nb\x1b[2Jc"), "no file or folder"),
    "path of a device": (written("/dev/null"), "neither a file nor a folder"),
    "path of an endless device": (written("/dev/zero"), "neither a file nor a folder"),
    "path of the root of processes": (written("/proc/self/fd"), "No run"),
    # Outputs
    "output in a missing folder": (written("RUN", "-o", "missing/report.md"), "does not exist"),
    "output with a name too long": (written("RUN", "-o", "x" * 300 + ".md"), "could not be written"),
    "output with a path too long": (written("RUN", "-o", "x/" * 3000 + "a.md"), "could not be written"),
    "output with NUL": (written("RUN", "-o", "a\0b.md"), "could not be written"),
    "output below a file": (written("RUN", "-o", f"{SAMPLE}/none-triedScores.csv/report.md"), "not a folder"),
    "output below a device": (written("RUN", "-o", "/dev/null/report.md"), "not a folder"),
    "output in the processes": (written("RUN", "-o", "/proc/report.md"), "could not be written"),
    "summary in a missing folder": (environment("GITHUB_STEP_SUMMARY", "no/file", "--github-summary"), "could not be written"),
    "summary in a folder": (environment("GITHUB_STEP_SUMMARY", "/", "--github-summary"), "could not be written"),
    # Configuration
    "configuration that is no TOML": (configured(b"direction = "), "pai-report.toml"),
    "configuration of other bytes": (configured("\ufeffdirection = 'minimize'".encode("utf-16")), "pai-report.toml"),
    "configuration in Latin-1": (configured("# Größe\n".encode("latin-1")), "pai-report.toml"),
    "configuration of zeros": (configured(bytes(1000)), "pai-report.toml"),
    "configuration with an unknown key": (configured(b"directions = 'minimize'"), "directions is not known"),
    "configuration with escapes": (configured(b'"a\\u001b[31m\\u202e\\nb" = 1'), "is not known"),
    "configuration with a foreign value": (configured(b'direction = "\\u001b[2J"'), "expected one of"),
    "configuration with endless digits": (configured(b"original_params = " + b"9" * 5000), "pai-report.toml"),
    "configuration deeper than Python": (configured(b"a = " + b"[" * 20_000 + b"]" * 20_000), "pai-report.toml"),
    "configuration of a wrong table": (configured(b"limits = 3"), "must be a table"),
    "configuration with not a number": (configured(b"[limits]\ngap_notice = nan"), "expected a number"),
    # Environment
    "date that is none": (environment("SOURCE_DATE_EPOCH", "yesterday"), "SOURCE_DATE_EPOCH"),
    "date beyond the years": (environment("SOURCE_DATE_EPOCH", "9" * 30), "SOURCE_DATE_EPOCH"),
    "date of endless digits": (environment("SOURCE_DATE_EPOCH", "9" * 5000), "SOURCE_DATE_EPOCH"),
    "date before the years": (environment("SOURCE_DATE_EPOCH", "-" + "9" * 14), "SOURCE_DATE_EPOCH"),
    "date with escapes": (environment("SOURCE_DATE_EPOCH", "\x1b[31m1"), "SOURCE_DATE_EPOCH"),
    # Templates
    "templates that are missing": (written("RUN", "-o", "a.html", "--templates", "no/such"), "does not exist"),
    "templates that are a file": (written("RUN", "-o", "a.html", "--templates", __file__), "does not exist"),
    "templates of nothing": (written("RUN", "-o", "a.html", "--templates", "."), "replaces nothing"),
    "styles that are missing": (written("RUN", "-o", "a.html", "--styles", "no/such"), "does not exist"),
}  # fmt: skip
FAULTS |= PLAIN


@fault("is a folder")
def output_is_a_folder(scene: Scene) -> list[str]:
    (scene.here / "report.md").mkdir()
    return [SAMPLE, "-o", "report.md"]


@fault("is read for this report")
def output_is_a_table_of_the_run(scene: Scene) -> list[str]:
    (scene.here / "report.md").hardlink_to(scene.run / "none-triedScores.csv")
    return [str(scene.run), "-o", "report.md"]


@fault("is read for this report")
def output_is_a_link_to_the_configuration(scene: Scene) -> list[str]:
    (scene.here / "report.json").symlink_to(next(scene.run.glob("*config.json")))
    return [str(scene.run), "-o", "report.json"]


@fault("is read for this report")
def output_is_the_report_told_again(scene: Scene) -> list[str]:
    assert cli.main([SAMPLE, "-q", "-o", "report.json"]) == cli.WRITTEN
    return ["report.json", "-o", "./report.json"]


@fault("could not be written: No such device")
def output_is_a_socket(scene: Scene) -> list[str]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("report.md")
    return [SAMPLE, "-o", "report.md"]


@fault("could not be written: the disk is full")
def output_on_a_full_disk(scene: Scene) -> list[str]:
    (scene.here / "report.md").symlink_to("/dev/full")
    return [SAMPLE, "-o", "report.md"]


@fault("could not be written")
def output_in_a_circle(scene: Scene) -> list[str]:
    (scene.here / "report.md").symlink_to("report.md")
    return [SAMPLE, "-o", "report.md"]


@fault("could not be written")
def pictures_where_a_file_is(scene: Scene) -> list[str]:
    (scene.here / "report_files").touch()
    return [SAMPLE, "-o", "report.md"]


@fault("no permission")
def output_without_permission(scene: Scene) -> list[str]:
    refusing(scene, "tempfile.mkstemp")
    return [SAMPLE, "-o", "report.md"]


@fault("neither a file nor a folder")
def path_is_a_pipe(scene: Scene) -> list[str]:
    os.mkfifo(scene.here / "pipe")
    return ["pipe"]


@fault("neither a file nor a folder")
def path_is_a_socket(scene: Scene) -> list[str]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    return ["socket"]


@fault("holds no scores that can be read")
def pipes_with_the_names_of_tables(scene: Scene) -> list[str]:
    folder = scene.here / "pipes"
    folder.mkdir()
    os.mkfifo(folder / "PAIScores.csv")
    return ["pipes"]


@fault("cannot be reached")
def path_in_a_circle(scene: Scene) -> list[str]:
    (scene.here / "circle").symlink_to("circle")
    return ["circle"]


@fault("cannot be read")
def folder_without_permission(scene: Scene) -> list[str]:
    refusing(scene, "os.scandir")
    return [str(scene.run)]


@fault("cannot be read")
def report_without_permission(scene: Scene) -> list[str]:
    (scene.here / "report.pdf").touch()
    refusing(scene, "pathlib.Path.read_bytes")
    return ["report.pdf", "-o", "a.md"]


@fault("cannot be read as a PDF")
def report_that_is_no_pdf(scene: Scene) -> list[str]:
    (scene.here / "report.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 10)
    return ["report.pdf", "-o", "a.md"]


@fault("cannot be read as a PDF")
def verified_report_that_is_empty(scene: Scene) -> list[str]:
    (scene.here / "report.pdf").touch()
    return ["verify", "report.pdf"]


@fault("report.pdf: It is a folder")
def verified_report_that_is_a_folder(scene: Scene) -> list[str]:
    (scene.here / "report.pdf").mkdir()
    return ["verify", "report.pdf"]


@fault("pipe.pdf: It is no regular file")
def verified_report_that_is_a_pipe(scene: Scene) -> list[str]:
    os.mkfifo(scene.here / "pipe.pdf")
    return ["verify", "pipe.pdf"]


@fault("a.json")
def report_deeper_than_python(scene: Scene) -> list[str]:
    (scene.here / "a.json").write_bytes(
        b'{"schema_version": 2, "generator": "x", "analysis": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    )
    return ["a.json", "-o", "a.md"]


@fault("damaged")
def report_with_a_wrong_key(scene: Scene) -> list[str]:
    (scene.here / "a.json").write_text('{"schema_version": 2, "generator": "\\u001b[31m", "analysis": {"\\u202e": 1}}')
    return ["a.json", "-o", "a.md"]


@fault("pai-report.toml")
def configuration_is_a_folder(scene: Scene) -> list[str]:
    (scene.here / "pai-report.toml").mkdir()
    return [SAMPLE, "-o", "report.md"]


@fault("pai-report.toml")
def configuration_in_a_circle(scene: Scene) -> list[str]:
    (scene.here / "pai-report.toml").symlink_to("pai-report.toml")
    return [SAMPLE, "-o", "report.md"]


@fault("pai-report.toml")
def configuration_is_a_pipe(scene: Scene) -> list[str]:
    os.mkfifo(scene.here / "pai-report.toml")
    return [SAMPLE, "-o", "report.md"]


@fault("pai-report.toml")
def configuration_without_permission(scene: Scene) -> list[str]:
    (scene.here / "pai-report.toml").touch()
    refusing(scene, "os.open")
    return [SAMPLE, "-o", "report.md"]


@fault("cannot be read")
def style_of_other_bytes(scene: Scene) -> list[str]:
    (scene.here / "base.css").write_bytes(b"\xff\xfe\x00")
    return [SAMPLE, "-o", "report.html", "--styles", "."]


@fault("is a file, not a folder")
def bundle_onto_a_file(scene: Scene) -> list[str]:
    (scene.here / "ticket").touch()
    return ["bundle", SAMPLE, "-o", "ticket"]


@fault("is the run's own folder")
def bundle_onto_the_run(scene: Scene) -> list[str]:
    return ["bundle", str(scene.run), "-o", str(scene.run)]


@fault("does not exist")
def bundle_in_a_missing_folder(scene: Scene) -> list[str]:
    return ["bundle", SAMPLE, "-o", "no/such/ticket"]


@fault("could not be written")
def bundle_with_a_name_too_long(scene: Scene) -> list[str]:
    return ["bundle", SAMPLE, "-o", "x" * 300]


@fault("belongs to no bundle")
def bundle_over_files_of_others(scene: Scene) -> list[str]:
    (scene.here / "ticket").mkdir()
    (scene.here / "ticket" / "report.pdf").touch()
    return ["bundle", SAMPLE, "-o", "ticket"]


@fault("The working folder is not there any more")
def working_folder_removed(scene: Scene) -> list[str]:
    (scene.here / "gone").mkdir()
    scene.world.chdir(scene.here / "gone")
    (scene.here / "gone").rmdir()
    return [SAMPLE, "-o", str(scene.here / "report.md")]


@fault("no folder for temporary files")
def temporary_files_nowhere(scene: Scene) -> list[str]:
    def nowhere() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/nowhere']")

    scene.world.setattr("tempfile.gettempdir", nowhere)
    return [SAMPLE, "-o", "report.pdf"]


@fault("There is not enough memory")
def memory_used_up(scene: Scene) -> list[str]:
    failing(scene, "pai_report.pipeline.analyse", MemoryError())
    return [SAMPLE, "-o", "report.md"]


@fault("may not open more files")
def files_used_up(scene: Scene) -> list[str]:
    failing(scene, "pai_report.pipeline.analyse", OSError(errno.EMFILE, os.strerror(errno.EMFILE)))
    return [SAMPLE, "-o", "report.md"]


@fault("The disk is full")
def temporary_disk_full(scene: Scene) -> list[str]:
    failing(scene, "tempfile.mkdtemp", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    return [SAMPLE, "-o", "report.pdf"]


def failing(scene: Scene, name: str, error: BaseException) -> None:
    """Let a function of the code fail."""

    def fail(*_: Any, **__: Any) -> None:
        raise error

    scene.world.setattr(name, fail)


def refusing(scene: Scene, *names: str) -> None:
    """Let functions fail as they do without permission, which root always has."""
    for name in names:
        failing(scene, name, REFUSED)


def sizes(folder: Path) -> dict[str, int]:
    """The files in `folder`, also where `os.scandir` is refused, which pathlib uses from Python 3.14 on."""
    return {name: (folder / name).stat().st_size for name in os.listdir(folder)}  # noqa: PTH208


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, one sentence that names the fault, hints at most; no traceback, nothing that a terminal obeys, no report."""
    set_up, words = FAULTS[name]
    run = shutil.copytree(SAMPLE, tmp_path / "run")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    arguments = set_up(Scene(here=tmp_path / "here", run=run, world=monkeypatch))
    capsys.readouterr()
    before = sizes(run)

    with monkeypatch.context():
        code = cli.main(arguments)

    monkeypatch.undo()
    captured = capsys.readouterr()
    assert code == cli.FAILED, captured.err
    assert captured.out == ""
    sentence = captured.err.splitlines()[0]
    assert sentence.startswith("pai-report: ")
    assert words in sentence
    assert "Traceback" not in captured.err
    assert not HARMFUL.search(captured.err)
    assert sizes(run) == before
    assert list(tmp_path.rglob("*.part*")) == []

"""The program as a process: its streams, its limits, Ctrl-C, what it leaves in a home, and mistakes of its own."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PROJECT, SAMPLES

from pai_report import cli
from pai_report.cli.open_page import opened

SAMPLE = SAMPLES / "none-tried"
PROGRAM = [sys.executable, "-m", "pai_report"]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="streams and limits as Linux has them")


def environment(**more: str) -> dict[str, str]:
    """The variables of this process, with the project to be found; none that says that nobody is looking."""
    return {**os.environ, "PYTHONPATH": str(PROJECT), "SAMPLE": str(SAMPLE), **more}


def shell(line: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in `folder`, in which `P` is the program and `$SAMPLE` a run."""
    program = f'P() {{ "{sys.executable}" -m pai_report "$@"; }}; '
    return subprocess.run(
        ["bash", "-c", program + line],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


# Streams


@LINUX
@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("P $SAMPLE > /dev/full", 2, "Standard output could not be written: No space left on device."),
        ("P $SAMPLE >&-", 2, "Standard output is closed."),
        ("P $SAMPLE -o - --format pdf > /dev/full", 2, "Standard output could not be written: No space left on device."),
        ("P $SAMPLE -o - --format json >&-", 2, "Standard output is closed."),
        ("P --help > /dev/full", 2, "Standard output could not be written: No space left on device."),
        ("P rules > /dev/full", 2, "Standard output could not be written: No space left on device."),
        ("P inspect $SAMPLE >&-", 2, "Standard output is closed."),
        ("P $SAMPLE -o a.md >&-", 0, "Wrote a.md"),
        ("P $SAMPLE -o a.md <&-", 0, "Wrote a.md"),
        ("P $SAMPLE -o a.md 2>&-", 0, ""),
        ("P $SAMPLE -o a.md 2> /dev/full", 0, ""),
        ("P $SAMPLE -o a.md <&- >&- 2>&-", 0, ""),
        ("P no-such-path 2>&-", 2, ""),
        ("P no-such-path 2> /dev/full", 2, ""),
        ("P no-such-path <&- >&- 2>&-", 2, ""),
        ("P rules | true; exit ${PIPESTATUS[0]}", 0, ""),
    ],
)
def test_streams_that_cannot_be_written(line: str, code: int, words: str, tmp_path: Path) -> None:
    """Data that cannot be delivered is exit code 2 with a sentence; talk that nobody hears changes nothing."""
    done = shell(line, tmp_path)

    assert done.returncode in {code, 141 if "|" in line else code}, done.stderr
    assert done.stderr.partition("\n")[0].removeprefix("pai-report: ") == words
    assert "Traceback" not in done.stderr
    if "-o a.md" in line:
        assert (tmp_path / "a.md").read_text("utf-8").startswith("# ")


# Limits


@LINUX
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ulimit -f 1; P $SAMPLE -o a.md", "could not be written: it is larger than a file may be here."),
        ("ulimit -f 1; P $SAMPLE -o a.pdf", "A file may not become as large as is needed."),
        ("ulimit -n 5; P $SAMPLE -o a.md", "This process may not open more files."),
        ("ulimit -v 300000; P $SAMPLE -o a.pdf", "A process may take 292 MiB of memory here, and a report needs 400 MiB."),
        ("ulimit -v 100000; P $SAMPLE", "A process may take 97 MiB of memory here, and a report needs 400 MiB."),
        ("mkdir gone; cd gone; rmdir ../gone; P $SAMPLE", "The working folder is not there any more."),
        ("mkdir gone; cd gone; rmdir ../gone; P .", "The working folder is not there any more."),
    ],
)
def test_limits_of_the_machine(line: str, words: str, tmp_path: Path) -> None:
    """A limit is exit code 2 and a sentence that names it; nothing half done stays."""
    done = shell(line, tmp_path)

    assert done.returncode == cli.FAILED, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@LINUX
@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "xx_YY.nonsense", "LANG": "\x1b[31m"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1:strict"},
        {"PYTHONIOENCODING": "utf-16"},
        {"PYTHONWARNINGS": "error"},
        {"TERM": "nonsense", "COLUMNS": "-5"},
        {"TMPDIR": "/no/such/folder"},
        {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null", "MPLCONFIGDIR": "/dev/null"},
        {"MPLBACKEND": "nonsense", "MATPLOTLIBRC": "/dev/null"},
        {"OPENBLAS_NUM_THREADS": "nonsense", "PATH": "/nowhere"},
    ],
    ids=str,
)
def test_odd_variables_change_nothing(variables: dict[str, str], tmp_path: Path) -> None:
    """Locale, encoding, terminal, home and temporary folder of the machine do not keep a run from being reported."""
    done = subprocess.run(
        [*PROGRAM, SAMPLE, "-o", "a.md", "-o", "a.pdf"],
        cwd=tmp_path,
        env=environment(**variables),
        capture_output=True,
        check=False,
    )

    assert done.returncode == cli.WRITTEN, done.stderr
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert b"Traceback" not in done.stderr


# What is left behind


@LINUX
def test_nothing_is_written_outside_of_the_output(tmp_path: Path) -> None:
    """With a fresh home every format leaves home and temporary folder as they were, and no other program is started."""
    places = [tmp_path / name for name in ("home", "tmp", "bin", "out")]
    for place in places:
        place.mkdir()
    home, temporary, programs, out = places
    spy = programs / "fc-list"
    spy.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    spy.chmod(0o755)
    variables = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": str(PROJECT)}

    formats = [part for suffix in ("md", "html", "pdf", "json") for part in ("-o", f"report.{suffix}")]
    done = subprocess.run(
        [*PROGRAM, SAMPLES / "improved", *formats], cwd=out, env={**variables, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == cli.WRITTEN, done.stderr
    assert [*home.rglob("*"), *temporary.rglob("*")] == []
    assert not (tmp_path / "asked").exists()
    assert {path.name for path in out.iterdir()} == {"report.md", "report.html", "report.pdf", "report.json", "report_files"}


def test_matplotlibrc_of_the_working_folder(tmp_path: Path) -> None:
    """Settings for matplotlib that cannot be read are named where they keep a report from being drawn; others do nothing."""
    reports = []
    for content in (b"lines.linewidth: 40\ntext.usetex: True\n", b""):
        (tmp_path / "matplotlibrc").write_bytes(content)
        assert shell("P $SAMPLE -o a.html", tmp_path).returncode == cli.WRITTEN
        reports.append((tmp_path / "a.html").read_bytes())
    assert reports[0] == reports[1]

    (tmp_path / "matplotlibrc").write_bytes(b"\xff\xfe\x00")
    done = shell("P $SAMPLE -o a.pdf", tmp_path)
    assert "The file matplotlibrc in the working folder cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


# Ctrl-C


def listening() -> None:
    """Hear Ctrl-C, also where this process was started without."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@LINUX
def test_ctrl_c_is_quiet_from_the_first_moment_on(tmp_path: Path) -> None:
    """Whenever it comes, once our code runs, the process ends as interrupted and without a word."""
    chance = random.Random(12)  # noqa: S311
    for moment in sorted(chance.uniform(0.0, 0.6) for _ in range(12)):
        ready, started = os.pipe()
        entry = f"import os, sys; from pai_report.__main__ import main; os.write({started}, b'.'); sys.exit(main())"
        process = subprocess.Popen(
            [sys.executable, "-c", entry, SAMPLE, "-o", "a.md", "-o", "a.pdf"], cwd=tmp_path, env=environment(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[started],
            preexec_fn=listening,  # noqa: PLW1509 in a process that is replaced at once
        )  # fmt: skip
        os.read(ready, 1)
        time.sleep(0.02 + moment)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=600)
        os.close(ready)
        os.close(started)
        assert process.returncode in {cli.INTERRUPTED, -signal.SIGINT, cli.WRITTEN}, told
        assert (out, [line for line in told.splitlines() if not line.startswith(b"Wrote")]) == (b"", [])


def test_ctrl_c_in_a_library_is_an_interruption(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A library that is interrupted while it is imported may raise something else from it; that is no mistake of ours."""

    def imported(*_: object) -> None:
        raise ImportError("numpy could not be imported") from KeyboardInterrupt()

    monkeypatch.setattr("pai_report.pipeline.analyse", imported)

    assert cli.main([str(SAMPLE)]) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")


# Mistakes of ours


@pytest.mark.parametrize("arguments", [["RUN"], ["RUN", "-o", "a.md"], ["inspect", "RUN"], ["bundle", "RUN", "-o", "ticket"]])
@pytest.mark.parametrize("debug", [False, True])
def test_mistake_of_ours_is_one_sentence(
    arguments: list[str], debug: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, what and where it happened and whom to tell; how it came to it only with --debug, and never an escape."""

    def broken(*_: object, **__: object) -> None:
        raise TypeError("no such \x1b[31mthing\u202e")

    monkeypatch.setattr("pai_report.pipeline.analyse", broken)
    monkeypatch.setattr("pai_report.inspection.analyse", broken)
    monkeypatch.chdir(tmp_path)

    code = cli.main([str(SAMPLE) if part == "RUN" else part for part in arguments] + ["--debug"] * debug)

    told = capsys.readouterr().err
    assert code == cli.UNEXPECTED
    sentence = told.splitlines()[-1]
    assert re.fullmatch(
        r"pai-report: A mistake .* \(TypeError in test_process\.py, line \d+\): please open an issue .*", sentence
    )
    assert ("Traceback" in told) == debug
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert list(tmp_path.iterdir()) == []


# What helps


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["inspct", "."], "Did you mean the command inspect? pai-report inspect ."),
        (["bacth", "runs", "-o", "reports", "--jobs", "3"], "Did you mean the command batch? pai-report batch runs -o reports"),
        (["rule"], "Did you mean the command rules?"),
        (["."], "No run was found in the working folder."),
        (["a.md", "-o", "report"], "For example: -o report.pdf"),
        (["explain", "pai30l"], "PAI301 (low-correlation-modules)"),
        (["explain", "low-corelation-modules"], "Did you mean PAI301 (low-correlation-modules)?"),
        ([], "Usage: pai-report"),
    ],
)
def test_what_was_meant_is_said(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A call that is nearly right is told what would be."""
    monkeypatch.chdir(tmp_path)

    assert cli.main(arguments) == cli.FAILED
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("name", ["PAI301", "pai301", "301", "low-correlation-modules", " PAI301 "])
def test_rule_is_explained_by_every_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Code, number and short name lead to the same page."""
    assert cli.main(["explain", name]) == cli.WRITTEN
    assert capsys.readouterr().out.startswith("PAI301 low-correlation-modules\n")


def test_pdf_is_not_sent_to_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A terminal cannot show a PDF; a file or a pipe takes it."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert cli.main([str(SAMPLE), "-o", "-", "--format", "pdf"]) == cli.FAILED
    assert capsys.readouterr() == ("", "pai-report: A PDF is nothing for a terminal.\nWrite it to a file: -o report.pdf\n")


def test_quiet_says_only_what_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """-q drops what says that all is well, in every command, and keeps problems."""
    page, ticket = str(tmp_path / "a.md"), str(tmp_path / "ticket")
    for arguments in (["-q", str(SAMPLE), "-o", page], ["bundle", str(SAMPLE), "-o", ticket, "--quiet"]):
        assert cli.main(arguments) == cli.WRITTEN
        assert capsys.readouterr().err == ""
    assert cli.main([str(SAMPLE), "-q", "-o", str(tmp_path / "no" / "a.md")]) == cli.FAILED
    assert "does not exist" in capsys.readouterr().err


def test_page_is_opened_where_somebody_can_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a display the browser gets the page; without one, or in CI, a sentence says why not."""
    shown: list[str] = []

    def browser(url: str) -> bool:
        shown.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", browser)
    page = tmp_path / "a b.html"

    assert "there is no display" in opened(page, {}, "linux")
    assert "the variable CI" in opened(page, {"CI": "true", "DISPLAY": ":0"}, "linux")
    assert shown == []
    assert opened(page, {"WAYLAND_DISPLAY": "wayland-0"}, "linux") == ""
    assert opened(page, {}, "darwin") == ""
    assert shown == [page.as_uri()] * 2


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_module_and_version(option: str, tmp_path: Path) -> None:
    """`python -m pai_report` is the program."""
    assert shell(f"P {option}", tmp_path).stdout == f"{cli.app.version}\n"


@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_completion_completes(name: str, tmp_path: Path) -> None:
    """The shell takes the printed completion, which offers commands for a beginning and the options of a command."""
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    script = tmp_path / "completion"
    script.write_text(shell(f"P completion {name}", tmp_path).stdout)
    if name == "zsh":
        line = 'autoload -U compinit; compinit -u -D; eval "$(cat completion)"; print $_comps[pai-report]'
        done = subprocess.run(["zsh", "-f", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.strip()) == (0, "_cyclopts_pai-report"), done.stderr
        return
    ask = 'source completion; COMP_WORDS=(pai-report {words}); COMP_CWORD={at}; _pai_report; echo "${{COMPREPLY[@]}}"'
    for words, at, offered in (("ins", 1, "inspect"), ("inspect --js", 2, "--json"), ("--fail-on cri", 2, "critical")):
        done = subprocess.run(
            ["bash", "-c", ask.format(words=words, at=at)], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert offered in done.stdout.split(), done.stderr

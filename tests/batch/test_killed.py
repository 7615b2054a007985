"""A night that is killed: nothing of it lives on, nothing is half-written, and the next start makes good."""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from conftest import SAMPLES
from killing import killed, outlived, spent, started
from nights import copied, files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
OPTIONS = ("--format", "md", "--jobs", "2")


def many(runs: Path) -> Path:
    """Fourteen runs: every sample twice."""
    for place in ("one", "two"):
        copied(runs / place, *(folder.name for folder in SAMPLES.iterdir() if (folder / f"{folder.name}Scores.csv").exists()))
    return runs


@pytest.mark.slow
def test_after_a_kill_the_next_start_makes_what_a_quiet_night_makes(tmp_path: Path) -> None:
    """At three random moments: no worker outlives its parent, and after the restart every file is that of a quiet night."""
    runs = many(tmp_path / "runs")
    start = time.monotonic()
    assert spent(runs, tmp_path / "calm", *OPTIONS)[0] == 0
    duration = time.monotonic() - start
    calm = files(tmp_path / "calm")
    chance = random.Random(7)  # noqa: S311 repeatable
    for attempt in range(3):
        output = tmp_path / f"attempt-{attempt}"
        process = started(runs, output, *OPTIONS)
        assert killed(process, duration * chance.uniform(0.15, 0.65))
        assert outlived(process.pid) == []
        code, _ = spent(runs, output, *OPTIONS)

        assert code == 0
        assert files(output) == calm


@pytest.mark.slow
def test_what_was_finished_before_the_kill_is_kept(tmp_path: Path) -> None:
    """The journal of a killed night says which runs need no work; these are not told again."""
    runs, output = many(tmp_path / "runs"), tmp_path / "reports"
    process = started(runs, output, *OPTIONS)
    journal = output / ".pai-report" / "journal.jsonl"
    while not (journal.exists() and journal.read_bytes().count(b"\n") >= 3):
        time.sleep(0.01)
    assert killed(process, 0.01)
    done = {json.loads(line)["row"]["run"] for line in journal.read_bytes().split(b"\n")[:-1]}
    _, told = spent(runs, output, *OPTIONS)

    assert f"{len(done)} unchanged" in told
    assert not {line.partition(":")[0] for line in told.splitlines()} & done


@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9])
def test_an_early_interrupt_says_nothing(seconds: float, tmp_path: Path) -> None:
    """Ctrl-C while the first worker is still importing: no traceback of a process that nobody knows of."""
    process = started(many(tmp_path / "runs"), tmp_path / "reports", *OPTIONS)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=600)

    assert "pai_report/batch" not in told
    assert "forkserver" not in told
    assert outlived(process.pid) == []


def test_a_terminated_night_leaves_nothing_behind(tmp_path: Path) -> None:
    """As systemd and job limits stop it: exit code 130, no process, no temporary folder, no holder, no warning."""
    scratch = tmp_path / "t"
    scratch.mkdir()
    output = tmp_path / "reports"
    process = started(many(tmp_path / "runs"), output, *OPTIONS, TMPDIR=str(scratch))
    while not (output / ".pai-report" / "journal.jsonl").exists():
        time.sleep(0.01)
    process.terminate()
    _, told = process.communicate(timeout=600)

    assert process.returncode == 130
    assert "Traceback" not in told
    assert "leaked" not in told
    assert outlived(process.pid) == []
    assert list(scratch.iterdir()) == []
    assert not (output / ".pai-report" / "holder").exists()


def test_an_interrupted_night_takes_its_workers_along(tmp_path: Path) -> None:
    """Ctrl-C reaches all processes of the terminal: the night leaves with 130 and without a traceback, nothing lives on."""
    runs = many(tmp_path / "runs")
    for attempt in range(10):  # a night that was over before the signal came says nothing: another one is interrupted
        output = tmp_path / f"reports-{attempt}"
        process = started(runs, output, *OPTIONS)
        while process.poll() is None and not (output / ".pai-report" / "journal.jsonl").exists():
            time.sleep(0.01)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=600)
        if process.returncode:
            break

    assert process.returncode == 130
    assert "Traceback" not in told
    assert outlived(process.pid) == []


def test_a_second_instance_leaves(tmp_path: Path) -> None:
    """While one night is at it, another start says who holds the folder, does nothing, and leaves with 0."""
    runs, output = copied(tmp_path / "runs", "improved", "minimizing", "synthetic-pb", "overfitting"), tmp_path / "reports"
    first = started(runs, output, "--format", "md", "--jobs", "1")
    holder = output / ".pai-report" / "holder"
    while not holder.exists() and first.poll() is None:
        time.sleep(0.005)
    code, told = spent(runs, output)

    assert code == 0
    assert told.startswith(f"Nothing to do: {output} is being written by process {first.pid} on {os.uname().nodename}.")
    assert first.communicate()[1].endswith(f"{output / 'index.html'}\n")
    assert first.returncode == 0
    assert outlived(first.pid) == []

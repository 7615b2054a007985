"""Nights over hostile runs, on damaged memories, with processes killed: each is told, and none leaves something behind."""

import os
import random
import shutil
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from conftest import SAMPLES
from killing import spent as command
from killing import started
from nights import SMALL, copied, files, spent, synthetic_run
from pebble import ProcessExpired
from rows import failed, reported
from tampering import tampered

from pai_report.batch.digest import changes, digest_page
from pai_report.batch.engine import LocalEngine, _not_started
from pai_report.batch.index import write_index
from pai_report.batch.junit import junit_xml
from pai_report.batch.lease import SECONDS, Holder, _is_gone
from pai_report.batch.model import Failure
from pai_report.batch.state import Store
from pai_report.batch.work import shielded
from pai_report.errors import ExpectedError

NAMES = (
    b"<script>alert(1)</script>",
    b"esc\x1b]0;x\x07",
    b"line\nbreak",
    b"bytes\xff\xfe",
    b"x" * 255,
    b"[a](javascript:b)`|",
    "\u202eevil".encode(),
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where reports go."""
    return tmp_path / "reports"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_hostile_names_reach_no_page_and_no_line(tmp_path: Path, output: Path) -> None:
    """Every run is a row; no markup, no escape and no line of a name is one in what a night writes."""
    for name in NAMES:
        folder = Path(os.fsdecode(os.fsencode(tmp_path / "runs") + b"/" + name))
        folder.mkdir(parents=True)
        shutil.copy(SAMPLES / "none-tried" / "none-triedScores.csv", folder / "runScores.csv")
    ended, _ = spent(tmp_path / "runs", output)

    assert len(ended.rows) == len(NAMES)
    assert not [entry.run for entry in ended.rows if entry.failure]
    pages = {name: data for name, data in files(output).items() if name.startswith(("index", "digest"))}
    pages["junit.xml"] = junit_xml(ended, None)
    for page, data in pages.items():
        text = data.decode()
        assert not set(text) & {"\x1b", "\x07", "\x00"}, page
        assert "<script>alert" not in text or page.endswith((".json", ".md")), page
        assert not [line for line in text.splitlines() if line.startswith("break")], page
    assert len(ET.fromstring(pages["junit.xml"]).findall(".//testcase")) == len(NAMES)  # noqa: S314 our own
    again, watch = spent(tmp_path / "runs", output)
    assert watch.rendered == set()
    assert again.rows == ended.rows


def test_loops_of_links_end(tmp_path: Path, output: Path) -> None:
    """Links to themselves, to each other and to the folder above are no runs, and no way round."""
    runs = copied(tmp_path / "runs", "rejected")
    (runs / "self").symlink_to("self")
    (runs / "above").symlink_to(runs)
    (runs / "rejected" / "a").symlink_to("b")
    (runs / "rejected" / "b").symlink_to("a")
    (runs / "rejected" / "loopScores.csv").symlink_to("loopScores.csv")
    ended, _ = spent(runs, output)

    assert [entry.run for entry in ended.rows if not entry.failure] == ["rejected/rejected"]


def test_a_tampered_memory_costs_work_and_no_night(tmp_path: Path, output: Path) -> None:
    """State and journal with one change each: what cannot be read is as if it were not there, index and digest are written."""
    spent(copied(tmp_path / "runs", *SMALL), output)
    hidden, chance = output / ".pai-report", random.Random(5)  # noqa: S311 repeatable
    state = (hidden / "state.json").read_bytes()
    record = msgspec.json.encode(msgspec.json.decode(state)["records"][0])
    now = [reported("a/a"), failed("b/b")]
    for _ in range(150):
        (hidden / "state.json").write_bytes(_changed(state, chance))
        (hidden / "journal.jsonl").write_bytes(_changed(record, chance).replace(b"\n", b" ") + b"\n" + record[:40])
        store = Store(output)
        rows = [kept.row for kept in store.records.values()]
        digest_page(changes(store.last, [*now, *rows], frozenset(), forgotten=store.forgotten))
        write_index(rows, output, "")


def _changed(data: bytes, chance: random.Random) -> bytes:
    """`tampered` where it knows the text, for a memory has no scores."""
    content = msgspec.json.decode(data)
    return tampered(msgspec.json.encode({"scores": {}, **content}), chance)


def test_a_night_after_a_tampered_memory_says_so(tmp_path: Path, output: Path) -> None:
    """A depth that no parser takes is a memory that could not be read."""
    runs = copied(tmp_path / "runs", "rejected")
    spent(runs, output)
    (output / ".pai-report" / "state.json").write_bytes(b'{"records": ' + b"[" * 100_000)
    ended, _ = spent(runs, output)

    assert ended.forgotten
    assert (output / "digest.md").read_text().startswith("# The memory of earlier nights could not be read: 1 run\n")


@pytest.mark.parametrize("pid", [0, -1, 2**70])
def test_a_holder_that_no_process_wrote_is_gone(pid: int) -> None:
    """Neither a process number that none has, nor a time far in the future, keeps a night from starting."""
    host, now = os.uname().nodename, time.time()

    assert _is_gone(Holder(pid=pid, host=host, token="t", until=now + 60))  # noqa: S106 no secret
    assert _is_gone(Holder(pid=os.getpid(), host=host, token="t", until=now + 1e9))  # noqa: S106 no secret
    assert not _is_gone(Holder(pid=os.getpid(), host=host, token="t", until=now + SECONDS))  # noqa: S106 no secret


def _expired(code: int) -> Exception:
    """What pebble raises for a worker that ended so."""
    return ProcessExpired("", code=code)  # type: ignore[no-untyped-call]


def _raising(error: Exception) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "slug", "sentence"),
    [
        (TimeoutError(), "timeout", "It took longer than 7 s and was stopped."),
        (_expired(-9), "crash", "Its worker was killed (signal 9); the usual cause is memory."),
        (_expired(-15), "crash", "It ended its worker (SIGTERM)."),
        (_expired(255), "lost", "Its worker was lost (ProcessExpired)."),
        (BrokenPipeError(), "lost", "Its worker was lost (BrokenPipeError)."),
    ],
)
def test_a_red_row_says_what_is_known_of_the_end(error: Exception, slug: str, sentence: str) -> None:
    """255 is what multiprocessing says when it cannot know: the task is tried again, and no cause is named."""
    failure = LocalEngine(1, 7).explain(error)

    assert (failure.slug, failure.sentence, failure.again) == (slug, sentence, True)


@pytest.mark.parametrize(
    ("error", "slug", "again"),
    [
        (MemoryError(), "out-of-memory", False),
        (PermissionError(13, "Permission denied", "x.csv"), "machine", True),
        (KeyError("x"), "mistake", False),
        (ExpectedError("no-scores", "There are none."), "no-scores", False),
    ],
)
def test_what_failed_in_a_worker_is_named_as_itself(error: Exception, slug: str, again: bool) -> None:
    """Memory is the run's until it changes, the disk is the machine's, anything else is ours."""
    failure = shielded(_raising, error)

    assert isinstance(failure, Failure)
    assert (failure.slug, failure.again) == (slug, again)


@pytest.mark.parametrize(
    ("error", "about_the_place"),
    [
        (OSError("AF_UNIX path too long"), True),
        (PermissionError(13, "Permission denied"), True),
        (EOFError("unexpected EOF"), False),
        (OSError(24, "Too many open files"), False),
    ],
)
def test_the_folder_for_temporary_files_is_blamed_where_it_is_to_blame(error: Exception, about_the_place: bool) -> None:
    """TMPDIR is the remedy for a path that is too long or closed, not for a process that was killed."""
    assert ("TMPDIR" in str(_not_started(error).hint)) is about_the_place


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_killed_fork_server_prints_no_traceback(tmp_path: Path) -> None:
    """Killed in the middle of a night, it is started again: every run is reported."""
    for number in range(12):
        synthetic_run(tmp_path / "runs" / f"run-{number}")
    process = started(tmp_path / "runs", tmp_path / "reports", "--format", "md", "--jobs", "1")
    while not (tmp_path / "reports" / ".pai-report" / "journal.jsonl").exists():
        time.sleep(0.01)
    os.kill(_child(process.pid, b"forkserver"), 9)
    _, said = process.communicate(timeout=600)

    assert "Traceback" not in said
    assert process.returncode == 0
    assert "12 rendered, 0 unchanged, 0 failed" in said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kills")
def test_a_killed_night_leaves_nothing_among_temporary_files(tmp_path: Path) -> None:
    """The next night removes what the killed one had there, though it may find nothing to do."""
    copied(tmp_path / "runs", *SMALL)
    (tmp_path / "t").mkdir()
    process = started(tmp_path / "runs", tmp_path / "reports", "--format", "md", TMPDIR=str(tmp_path / "t"))
    while not list((tmp_path / "t").rglob("listener-*")):
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert list((tmp_path / "t").iterdir())
    again = started(tmp_path / "runs", tmp_path / "reports", "--format", "md", TMPDIR=str(tmp_path / "t"))
    again.communicate(timeout=600)

    assert again.returncode == 0
    assert list((tmp_path / "t").iterdir()) == []
    assert command(tmp_path / "runs", tmp_path / "reports", "--format", "md")[0] == 0


def _child(parent: int, word: bytes) -> int:
    """The child of a process in whose command line `word` stands."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(int(child) for child in children if word in Path(f"/proc/{child}/cmdline").read_bytes())

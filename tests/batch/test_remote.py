"""Runs in a store and reports in one: the same as on a disk, and nothing is fetched that did not change."""

import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import killing
import pytest
from conftest import SAMPLES
from fsspec.registry import _registry
from nights import SMALL, Collected, copied, files, synthetic_run
from stores import Interrupted, contents, rendered, s3_bucket, shown, spent, uploaded

from pai_report.batch import lease, staging
from pai_report.batch.address import Address, opened
from pai_report.batch.lease import Lease
from pai_report.batch.lock import TakenError
from pai_report.batch.model import Row
from pai_report.batch.shift import Outcome
from pai_report.cli import main
from pai_report.errors import ExpectedError

RUNS, REPORTS = "memory://here/runs", "memory://here/reports"
LOCK = f"{REPORTS}/.pai-report/lock"


@pytest.fixture(autouse=True)
def memory() -> Iterator[Address]:
    """The store in this process's memory, empty before and after."""
    at = opened("memory://here")
    yield at
    staging._drop()
    at.fs.store.clear()
    at.fs.pseudo_dirs[:] = [""]


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A folder on disk with two small runs, uploaded as well."""
    runs = copied(tmp_path / "runs", *SMALL)
    uploaded(runs, RUNS)
    return runs


def refused(*_: object) -> None:
    """In the place of what must not be called."""
    raise AssertionError


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are downloaded from now on."""
    fetched: list[str] = []
    get = Address.get

    def noted(at: Address, names: dict[str, str]) -> None:
        fetched.extend(names)
        get(at, names)

    monkeypatch.setattr(Address, "get", noted)
    return fetched


def sign(*, pid: int, host: str | None = None, seconds: float = 60) -> bytes:
    """The sign of some other holder."""
    held = {"pid": pid, "host": host or socket.gethostname(), "token": "other", "until": time.time() + seconds}
    return json.dumps(held).encode()


# The same as on a disk


def test_a_night_in_a_store_leaves_what_one_on_a_disk_leaves(disk: Path, tmp_path: Path) -> None:
    """Index and reports are the same bytes, wherever runs and reports lie."""
    spent(str(disk), str(tmp_path / "reports"), "md")
    expected = shown(files(tmp_path / "reports"))
    spent(RUNS, REPORTS, "md")
    spent(str(disk), f"{REPORTS}-up", "md")
    spent(RUNS, str(tmp_path / "down"), "md")

    assert "index.html" in expected
    assert shown(contents(REPORTS)) == expected
    assert shown(contents(f"{REPORTS}-up")) == expected
    assert shown(files(tmp_path / "down")) == expected


def test_a_failure_does_not_name_the_copy(tmp_path: Path) -> None:
    """The reason in the index is the same as on a disk, though the worker read a copy elsewhere."""
    folder = synthetic_run(tmp_path / "runs" / "bad")
    (folder / "badScores.csv").write_text("some,other,table\n1,2,3\n")
    synthetic_run(tmp_path / "runs" / "good")
    uploaded(tmp_path / "runs", RUNS)
    local, remote = spent(str(tmp_path / "runs"), str(tmp_path / "reports")), spent(RUNS, REPORTS)

    assert [row.failure and row.failure.slug for row in remote.rows] == ["foreign-table", None]
    assert local.rows == remote.rows


def test_hidden_folders_odd_names_and_the_reports_are_no_runs(tmp_path: Path) -> None:
    """What a disk would not show is not shown, and no object leads out of the folder of the copy."""
    folder = synthetic_run(tmp_path / "run")
    for name in (".hidden/run", "a/../../run", "a//run", "reports/run"):
        at = opened(f"{RUNS}/{name}")
        at.fs.pipe_file(f"{at.path}/runScores.csv", (folder / "runScores.csv").read_bytes())
    uploaded(folder, f"{RUNS}/run")

    assert [row.run for row in spent(RUNS, f"{RUNS}/reports").rows] == ["run/run"]


def test_a_configuration_in_the_folder_pai_beside_a_run_counts(tmp_path: Path) -> None:
    """What old versions of the library leave beside the run's folder is copied too, and its change is a change."""
    synthetic_run(tmp_path / "runs" / "run")
    uploaded(tmp_path / "runs", RUNS)
    beside = opened(f"{RUNS}/PAI/PAI_config.json")
    beside.write(b'{"save_name": "run", "maximizing_score": true}')
    (tmp_path / "runs" / "PAI").mkdir()
    (tmp_path / "runs" / "PAI" / "PAI_config.json").write_bytes(beside.read() or b"")
    spent(str(tmp_path / "runs"), str(tmp_path / "reports"))

    assert rendered(RUNS, REPORTS) == {"run/run"}
    assert shown(contents(REPORTS)) == shown(files(tmp_path / "reports"))
    beside.write(b'{"save_name": "run", "maximizing_score": false}')
    assert rendered(RUNS, REPORTS) == {"run/run"}


# What is rendered and fetched


def test_a_quiet_night_fetches_nothing(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the listing is as it was, no run is downloaded."""
    spent(RUNS, REPORTS)
    monkeypatch.setattr(Address, "get", refused)

    assert disk.is_dir()
    assert rendered(RUNS, REPORTS) == set()


def test_files_written_again_with_the_same_content_render_nothing(disk: Path) -> None:
    """A new time in the listing makes a look, the content decides."""
    spent(RUNS, REPORTS)
    before = contents(REPORTS)
    uploaded(disk, RUNS)

    assert rendered(RUNS, REPORTS) == set()
    after = contents(REPORTS)
    assert {name for name in after if after[name] != before.get(name)} == {"digest.md", ".pai-report/state.json"}


def test_only_the_changed_run_is_rendered(disk: Path) -> None:
    """One more byte in one table renders that run."""
    spent(RUNS, REPORTS)
    times = opened(f"{RUNS}/rejected/rejectedTimes.csv")
    times.write((times.read() or b"") + b"\n")

    assert disk.is_dir()
    assert rendered(RUNS, REPORTS) == {"rejected/rejected"}


def test_a_removed_report_is_rendered_again_and_a_removed_page_written_again(disk: Path) -> None:
    """What is missing in the store is made anew, the same as before."""
    ended = spent(RUNS, REPORTS)
    before = shown(contents(REPORTS))
    [report] = [dict(row.reports)["json"] for row in ended.rows if row.run == "rejected/rejected"]
    opened(REPORTS).remove([report, "index.md"])

    assert disk.is_dir()
    assert rendered(RUNS, REPORTS) == {"rejected/rejected"}
    assert shown(contents(REPORTS)) == before


def test_reports_of_another_format_are_removed(disk: Path) -> None:
    """Only what the last night made lies in the folder of a run, and what is not ours stays."""
    spent(RUNS, REPORTS, "md")
    folder = next(name.rpartition("/")[0] for name in contents(REPORTS) if name.endswith("report.md"))
    opened(f"{REPORTS}/{folder}/notes.txt").write(b"mine")
    spent(RUNS, REPORTS, "json")
    left = {name.removeprefix(f"{folder}/") for name in contents(REPORTS) if name.startswith(folder)}

    assert disk.is_dir()
    assert left == {"report.json", "notes.txt"}


def test_a_folder_is_copied_once_for_all_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many runs in one folder cost one download."""
    for name in ("one", "two", "three"):
        synthetic_run(tmp_path / "runs" / "all", name=name)
    uploaded(tmp_path / "runs", RUNS)
    fetched = watched(monkeypatch)

    assert rendered(RUNS, REPORTS) == {"all/one", "all/two", "all/three"}
    assert sorted(fetched) == ["oneScores.csv", "threeScores.csv", "twoScores.csv"]


def test_files_that_no_report_shows_are_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights of a model may be larger than all the rest; their name is enough."""
    folder = synthetic_run(tmp_path / "runs" / "run")
    (folder / "best_model.pt").write_bytes(b"weights")
    uploaded(tmp_path / "runs", RUNS)
    fetched = watched(monkeypatch)
    spent(RUNS, REPORTS)

    assert fetched == ["runScores.csv"]


# Nights that end early


def test_the_next_night_goes_on_where_one_stopped(disk: Path, tmp_path: Path) -> None:
    """What was finished is not rendered again, and in the end everything is as after an undisturbed night."""
    spent(str(disk), str(tmp_path / "reports"))
    with pytest.raises(KeyboardInterrupt):
        spent(RUNS, REPORTS, watch=(first := Interrupted()))
    second = rendered(RUNS, REPORTS)

    assert len(first.rendered) == len(second) == 1
    assert first.rendered | second == {"none-tried/none-tried", "rejected/rejected"}
    assert shown(contents(REPORTS)) == shown(files(tmp_path / "reports"))
    assert {name for name in contents(REPORTS) if name.startswith(".pai-report/")} == {".pai-report/state.json"}


def test_the_index_comes_after_the_reports_and_the_memory_last(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader never meets a page whose reports are not there, and a kill never leaves a memory of what is not there."""
    order: list[str] = []
    put, write = Address.put, Address.write

    def noted_put(at: Address, names: dict[str, str]) -> None:
        order.extend(names)
        put(at, names)

    def noted_write(at: Address, data: bytes, *, new: bool = False) -> None:
        order.append(at.name)
        write(at, data, new=new)

    monkeypatch.setattr(Address, "put", noted_put)
    monkeypatch.setattr(Address, "write", noted_write)
    spent(RUNS, REPORTS)

    assert disk.is_dir()
    assert order[-1] == "state.json"
    assert order.index("index.html") > max(place for place, name in enumerate(order) if name == "report.json")


# Two at once


def test_a_holder_that_lives_is_left_alone(disk: Path) -> None:
    """Another night, on this machine or another, is told and nothing is written."""
    opened(LOCK).write(sign(pid=4711, host="elsewhere"))

    assert disk.is_dir()
    with pytest.raises(TakenError, match="process 4711 on elsewhere"):
        spent(RUNS, REPORTS)
    assert set(contents(REPORTS)) == {".pai-report/lock"}


@pytest.mark.parametrize(
    "held",
    [sign(pid=2**22 + 1), sign(pid=os.getpid(), host="elsewhere", seconds=-1), b"no sign at all"],
    ids=["process ended", "time over", "garbage"],
)
def test_a_holder_that_is_gone_does_not_stop_the_night(disk: Path, held: bytes) -> None:
    """A kill leaves the object behind; the next night takes it over and removes it in the end."""
    opened(LOCK).write(held)

    assert disk.is_dir()
    assert len(rendered(RUNS, REPORTS)) == len(SMALL)
    assert opened(LOCK).read() is None


def test_a_night_that_lost_its_hold_stops(disk: Path) -> None:
    """Whoever was taken over leaves index and memory to the other, and the object as well."""

    class Overtaken(Collected):
        def done(self, row: Row, outcome: Outcome) -> None:
            super().done(row, outcome)
            opened(LOCK).write(sign(pid=4711, host="elsewhere"))

    assert disk.is_dir()
    with pytest.raises(ExpectedError, match="was taken over by another process") as caught:
        spent(RUNS, REPORTS, watch=Overtaken())
    assert caught.value.slug == "hold-lost"
    assert b"elsewhere" in (opened(LOCK).read() or b"")
    assert "index.html" not in contents(REPORTS)


def test_a_holder_gives_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long night is believed as long as it lasts."""
    monkeypatch.setattr(lease, "SECONDS", 0.2)
    with Lease(opened(LOCK)).held():
        first = opened(LOCK).read()
        end = time.monotonic() + 300
        while opened(LOCK).read() == first and time.monotonic() < end:
            time.sleep(0.01)

        assert opened(LOCK).read() != first
    assert opened(LOCK).read() is None


# What can go wrong


@pytest.mark.parametrize(
    ("url", "slug", "words"),
    [
        ("nosuch://bucket/runs", "unknown-store", "Protocol not known"),
        ("s3://bucket/runs", "extra-missing", "s3fs"),
    ],
)
def test_urls_that_lead_nowhere_are_told(
    url: str, slug: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A protocol that is unknown, or needs a package that is not there, is one sentence."""
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(_registry, "s3", raising=False)  # a class once imported is kept there
    with pytest.raises(ExpectedError, match=words) as caught:
        spent(url, str(tmp_path / "reports"))
    assert caught.value.slug == slug
    assert not (tmp_path / "reports").exists()


def test_without_fsspec_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The extra is named with the line for pip, and the exit code is 2."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    code = main(["batch", "s3://bucket/runs", "-o", str(tmp_path / "reports")])
    told = capsys.readouterr().err

    assert code == 2
    assert told == (
        "pai-report: s3://bucket/runs needs the package fsspec, which is not installed.\n"
        "Install it: pip install s3fs brings what s3:// needs; other stores have a package of their own.\n"
    )


def test_no_run_in_a_store_is_told(tmp_path: Path) -> None:
    """An empty folder holds no run."""
    with pytest.raises(ExpectedError, match=f"^No run was found in {RUNS} or below it.$"):
        spent(RUNS, str(tmp_path / "reports"))


def test_a_store_that_fails_for_one_run_fails_that_run(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are reported, and the next night tries again."""
    get = type(opened(RUNS).fs).get_file

    def failing(fs: object, rpath: str, *arguments: object, **options: object) -> None:
        if "/rejected/" in rpath:
            raise OSError(5, "the store is on fire")
        get(fs, rpath, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(type(opened(RUNS).fs), "get_file", failing)
        ended = spent(RUNS, REPORTS)
    failures = {row.run: row.failure for row in ended.rows if row.failure}

    assert disk.is_dir()
    assert {run: failure.slug for run, failure in failures.items()} == {"rejected/": "store-failed"}
    assert failures["rejected/"].sentence == "rejected cannot be reached: [Errno 5] the store is on fire."
    assert rendered(RUNS, REPORTS) == {"rejected/rejected"}


def test_the_command_takes_urls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the command line, with workers in processes of their own, a URL does what a path does."""
    runs = copied(tmp_path / "runs", *SMALL)
    local = main(["batch", str(runs), "-o", str(tmp_path / "local"), "--format", "json"])
    remote = main(["batch", f"file://{runs}", "-o", f"file://{tmp_path}/remote", "--format", "json"])
    told = capsys.readouterr().err

    assert (local, remote) == (0, 0)
    assert f"2 runs: 2 rendered, 0 unchanged, 0 failed. file://{tmp_path}/remote/index.html\n" in told
    assert shown(files(tmp_path / "remote")) == shown(files(tmp_path / "local"))


def test_the_copy_is_gone_when_the_night_is_over(tmp_path: Path) -> None:
    """Workers leave nothing in the folder for temporary files, though they are ended and not asked."""
    runs, scratch = copied(tmp_path / "runs", *SMALL), tmp_path / "t"
    scratch.mkdir()
    process = killing.started(f"file://{runs}", f"file://{tmp_path}/remote", "--format", "json", TMPDIR=str(scratch))
    process.communicate(timeout=600)

    assert process.returncode == 0
    assert not list(scratch.iterdir())


# S3 itself, played by a server on this machine


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of an S3 server on this machine, as a URL."""
    with s3_bucket(monkeypatch) as url:
        yield url


def test_s3_decides_who_of_two_holds_it(bucket: str) -> None:
    """The second one is told who works there; afterwards nothing of the lock is left."""
    lock = opened(f"{bucket}/reports/.pai-report/lock")
    with Lease(lock).held(), pytest.raises(TakenError, match=f"process {os.getpid()} on "):
        spent(f"{bucket}/runs", f"{bucket}/reports")

    assert lock.read() is None


def test_a_bucket_that_is_not_there_is_told(bucket: str, tmp_path: Path) -> None:
    """One sentence in the store's own words, for runs and for reports."""
    synthetic_run(tmp_path / "runs" / "run")
    for runs, reports in ((f"{bucket}-not/runs", str(tmp_path / "reports")), (str(tmp_path / "runs"), f"{bucket}-not/reports")):
        with pytest.raises(ExpectedError, match="cannot be reached: The specified bucket does not exist") as caught:
            spent(runs, reports)
        assert caught.value.slug == "store-failed"


@pytest.mark.slow
def test_a_killed_night_in_s3_goes_on_and_ends_as_an_undisturbed_one(bucket: str, tmp_path: Path) -> None:
    """Killed by force while workers upload; the lock of the dead does not stop the next one."""
    runs = tmp_path / "runs"
    for number in range(6):
        shutil.copytree(SAMPLES / SMALL[number % 2], runs / f"run{number}")
    killing.spent(runs, tmp_path / "reports")
    uploaded(runs, f"{bucket}/runs")
    reports = f"{bucket}/reports"
    process = killing.started(f"{bucket}/runs", reports)
    end = time.monotonic() + 300
    while not any("/journal/" in name for name in opened(reports).files()) and time.monotonic() < end:
        time.sleep(0.05)
    was_killed = killing.killed(process, 0)
    done = {name for name in contents(reports) if "/journal/" in name}
    code, told = killing.spent(f"{bucket}/runs", reports)

    assert was_killed
    assert code == 0
    assert f"6 runs: {6 - len(done)} rendered, {len(done)} unchanged, 0 failed." in told
    assert shown(contents(reports)) == shown(files(tmp_path / "reports"))

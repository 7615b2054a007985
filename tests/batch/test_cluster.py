"""Workers of a dask cluster on this machine: what is lost is done again, what cannot go on says so, nothing hangs."""

import gc
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from nights import SMALL, Collected, copied, files, poisoned, synthetic_run
from stores import INDEX, contents, s3_bucket, shown, spent, uploaded

from pai_report.batch import cluster, errand, ground, work
from pai_report.batch.cluster import ClusterEngine
from pai_report.batch.ends import Ends
from pai_report.batch.engine import LocalEngine
from pai_report.batch.errand import Charge
from pai_report.batch.ground import Ground
from pai_report.batch.model import Failure, Job, Record, Row
from pai_report.batch.shift import Outcome, Tasks
from pai_report.cli import main
from pai_report.errors import ExpectedError
from pai_report.report.assets import Overrides

distributed = pytest.importorskip("distributed")
PRELOAD = ["pai_report.batch.preload"]


def doubled(number: int) -> int:
    """Twice the number."""
    return 2 * number


def process(_: int) -> int:
    """Whoever does the work."""
    return os.getpid()


def sleeping(seconds: float) -> None:
    """Take so long."""
    time.sleep(seconds)


def quitting(_: int) -> None:
    """End the process as a crash would."""
    os._exit(3)


def refused() -> NoReturn:
    """In the place of what must not be called."""
    raise AssertionError


def murderous(job: Job) -> Record:
    """`render`, except that one run ends the worker of the cluster itself, every time."""
    if Path(job.folder).name == "murderous":
        pid = os.getpid()
        for _ in ("fork server", "helper", "worker"):
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])
        os.kill(pid, signal.SIGKILL)
        time.sleep(60)
    return work.render(job)


@contextmanager
def workers(count: int, **settings: Any) -> Iterator[Any]:
    """A cluster of so many processes on this machine."""
    import dask  # noqa: PLC0415 after the check that it is there

    with (
        dask.config.set({f"distributed.{name.replace('__', '.').replace('_', '-')}": held for name, held in settings.items()}),
        distributed.LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",  # any free port; None is the one that every other suite on the machine takes, too
            memory_limit=None,
            silence_logs="CRITICAL",
        ) as made,
    ):
        yield made


def engine_of(address: str, timeout: float = 600) -> Callable[[Ends], ClusterEngine]:
    """The engine of a night on the cluster at `address`."""

    def made(ends: Ends) -> ClusterEngine:
        return ClusterEngine(
            address, timeout, PRELOAD, lambda: ground.prepare(ends.source.root, ends.shelf.address, Overrides())
        )

    return made


def local(_: Ends) -> LocalEngine:
    """The engine of an undisturbed night on this machine."""
    return LocalEngine(2, 600, PRELOAD)


class Killer(Collected):
    """A watch that does harm as soon as a run was reported."""

    def __init__(self, harm: Callable[[], None]) -> None:
        super().__init__()
        self._harm: Callable[[], None] | None = harm

    def done(self, row: Row, outcome: Outcome) -> None:
        """One run is done."""
        super().done(row, outcome)
        if self._harm is not None:
            self._harm()
            self._harm = None


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Collect clients that never connected: dask closes them when they are collected, which must not be in its own thread."""
    yield
    gc.collect()


@pytest.fixture
def common(tmp_path: Path) -> Iterator[Ground]:
    """Common ground in two folders."""
    synthetic_run(tmp_path / "runs" / "run")
    held = ground.prepare(str(tmp_path / "runs"), str(tmp_path / "reports"), Overrides())
    yield held
    ground.check.cache_clear()


@pytest.fixture
def charge(common: Ground) -> Iterator[bytes]:
    """What tasks are given; the processes they ran in end with the test."""
    held = pickle.dumps(Charge(timeout=300, preload=(), ground=common, date="86400"))
    yield held
    for helper in errand._idle.pop(held, []):
        helper.end()


def errand_of(charge: bytes, function: Callable[[Any], Any], given: Any) -> Any:
    """The result of a task done beside this process, as on a worker."""
    return pickle.loads(errand.run(charge, pickle.dumps((function, (given,)))))  # noqa: S301 our own


# The process beside a worker


def test_a_task_is_done_beside_the_worker_in_one_process_after_the_other(charge: bytes) -> None:
    """Results come back, and the next task does not pay for a new process."""
    assert errand_of(charge, doubled, 21) == 42
    assert errand_of(charge, process, 0) == errand_of(charge, process, 0) != os.getpid()
    assert len(errand._idle[charge]) == 1


def test_the_date_of_the_night_counts_on_a_worker(charge: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the one that the worker was started with."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")

    assert errand_of(charge, os.getenv, "SOURCE_DATE_EPOCH") == "86400"


def test_a_crash_only_ends_the_process_beside_the_worker(charge: bytes) -> None:
    """It is told as on a single machine, and the next task is done."""
    expected = Failure(slug="crash", sentence="It ended its worker (exit code 3).", again=True)

    assert errand_of(charge, quitting, 0) == expected
    assert errand_of(charge, doubled, 4) == 8


def test_the_time_limit_holds_on_a_worker(common: Ground) -> None:
    """What takes longer is stopped there and told as on a single machine."""
    held = pickle.dumps(Charge(timeout=1, preload=(), ground=common, date="86400"))
    expected = Failure(slug="timeout", sentence="It took longer than 1 s and was stopped.", again=True)
    told = errand_of(held, sleeping, 60)
    for helper in errand._idle.pop(held):
        helper.end()

    assert told == expected


def test_a_lost_helper_is_replaced(charge: bytes) -> None:
    """The task that met it is told to be lost, the next one is done."""
    errand_of(charge, doubled, 1)
    os.kill(errand._idle[charge][0]._process.pid, signal.SIGKILL)
    told = errand_of(charge, doubled, 1)

    assert (told.slug, told.again) == ("lost", True)
    assert errand_of(charge, doubled, 1) == 2


# Common ground


def test_who_stands_on_the_ground_may_work(common: Ground) -> None:
    """The same version, the runs by name, the mark in the reports; nothing but the mark is left there."""
    ground.check(common)

    assert set(files(Path(common.reports))) == {".pai-report/ground"}
    ground.leave(common)
    assert files(Path(common.reports)) == {}


def test_another_version_is_told(common: Ground) -> None:
    """The sentence says which version is where."""
    with pytest.raises(ExpectedError, match=r"^The worker on \S+ has pai-report \S+, this is 0\.0\.7\.$") as caught:
        ground.check(replace(common, version="0.0.7"))
    assert caught.value.slug == "other-version"


@pytest.mark.parametrize("place", ["runs", "reports"])
def test_another_disk_under_the_same_name_is_told(common: Ground, tmp_path: Path, place: str) -> None:
    """A worker that sees other runs, or reports without the mark, says so before it does harm."""
    (tmp_path / "other" / "else").mkdir(parents=True)
    with pytest.raises(ExpectedError, match="does not see the same") as caught:
        ground.check(replace(common, **{place: str(tmp_path / "other")}))  # type: ignore[arg-type]
    assert caught.value.slug == "other-place"


def test_other_templates_are_told(common: Ground, tmp_path: Path) -> None:
    """A worker that lacks the user's own style sheets, or has others, would make reports that look different."""
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "tokens.css").write_text("/* here */")
    held = ground.prepare(common.runs, common.reports, Overrides(styles=tmp_path / "styles"))
    ground.check(held)
    ground.check.cache_clear()
    (tmp_path / "styles" / "tokens.css").write_text("/* there */")
    with pytest.raises(ExpectedError, match=rf"does not see the same {tmp_path}/styles as this process\.$") as caught:
        ground.check(held)
    assert caught.value.slug == "other-place"


def test_runs_that_come_and_go_do_not_matter(common: Ground, tmp_path: Path) -> None:
    """One of the names that were there is enough."""
    shutil.copytree(tmp_path / "runs" / "run", tmp_path / "runs" / "new")

    ground.check(replace(common, names=common.names | {"gone"}))


# What cannot begin


def test_versions_of_scheduler_and_workers_are_compared() -> None:
    """The first that differs is told, and who it is."""

    def held(version: str | None) -> dict[str, Any]:
        return {"packages": {"pai-report": version}}

    versions = {
        "client": held("2.0"),
        "scheduler": held("2.0"),
        "workers": {"tcp://a:1": held("2.0"), "tcp://b:2": held("1.9")},
    }
    with pytest.raises(ExpectedError, match=r"^The worker tcp://b:2 has pai-report 1\.9, this is 2\.0\.$"):
        cluster._compare(versions)
    with pytest.raises(ExpectedError, match=r"^The scheduler has no pai-report, this is 2\.0\.$"):
        cluster._compare(versions | {"scheduler": held(None)})
    cluster._compare(versions | {"workers": {}})


def test_without_distributed_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The extra is named with the line for pip, and the exit code is 2."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    copied(tmp_path / "runs", "none-tried")
    code = main(["batch", str(tmp_path / "runs"), "-o", str(tmp_path / "reports"), "--scheduler", "tcp://127.0.0.1:1"])

    assert code == 2
    assert capsys.readouterr().err == (
        "pai-report: --scheduler needs the package distributed, which is not installed.\nInstall it: pip install distributed\n"
    )


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_a_scheduler_that_does_not_answer_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with the address, after a short wait."""
    monkeypatch.setattr(cluster, "_CONNECT", 1)
    with pytest.raises(ExpectedError, match=f"^No scheduler answers at {address}\\.$") as caught:
        ClusterEngine(address, 60, PRELOAD, refused)
    assert caught.value.slug == "no-scheduler"


def test_a_worker_that_came_later_without_pai_report_is_told(common: Ground) -> None:
    """Dask cannot tell it what to do; that is no fault of the run."""
    engine = ClusterEngine.__new__(ClusterEngine)
    engine._ground = replace(common, version="2.0")
    with pytest.raises(ExpectedError, match=r"^A worker or the scheduler has no pai-report, this is 2\.0\.$"):
        engine.explain(ModuleNotFoundError("No module named 'pai_report'"))


@pytest.mark.slow
def test_a_cluster_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be starting them, so that there is a wait; then it is one sentence."""
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    monkeypatch.setattr(cluster, "_LOOK", 0.2)
    copied(tmp_path / "runs", "none-tried")
    with workers(0) as made, pytest.raises(ExpectedError, match=r"has had no worker for 1 s\.$"):
        spent(str(tmp_path / "runs"), str(tmp_path / "reports"), engine=engine_of(made.scheduler_address))


# What is lost on the way


@pytest.mark.slow
def test_poisoned_runs_are_red_rows_and_the_others_are_done(tmp_path: Path) -> None:
    """Rows and reasons are those of a single machine."""
    runs = copied(tmp_path / "runs", *SMALL)
    for name in ("segfault", "endless", "quitter"):
        synthetic_run(runs / name)
    with workers(2) as made:
        ended = spent(
            str(runs),
            str(tmp_path / "reports"),
            engine=engine_of(made.scheduler_address, timeout=40),
            tasks=Tasks(render=poisoned),
        )

    assert {row.run: row.failure.sentence for row in ended.rows if row.failure} == {
        "endless/endless": "It took longer than 40 s and was stopped.",
        "quitter/quitter": "It ended its worker (exit code 3).",
        "segfault/segfault": "It ended its worker (SIGSEGV).",
    }
    assert {row.run for row in ended.rows if row.told} == {"none-tried/none-tried", "rejected/rejected"}


@pytest.mark.slow
def test_a_run_that_ends_the_workers_themselves_is_a_red_row(tmp_path: Path) -> None:
    """Dask gives up whatever was on the lost workers; whoever ends one when alone is to blame, all others are done."""
    runs = copied(tmp_path / "runs", *SMALL)
    synthetic_run(runs / "murderous")
    with workers(2, scheduler__allowed_failures=0) as made:
        ended = spent(
            str(runs), str(tmp_path / "reports"), engine=engine_of(made.scheduler_address), tasks=Tasks(render=murderous)
        )

    assert {row.run: row.failure.slug for row in ended.rows if row.failure} == {"murderous/murderous": "crash"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "words"),
    [(signal.SIGKILL, "(cancelled a task|took no further task)"), (signal.SIGSTOP, "has not answered for 20 s")],
    ids=["killed", "silent"],
)
def test_a_lost_scheduler_ends_the_night_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: signal.Signals, words: str
) -> None:
    """One sentence, also where the connection stays and nothing comes through it; what was reported is kept."""
    monkeypatch.setattr(cluster, "PATIENCE", 20.0)  # more than a loaded machine takes to answer
    monkeypatch.setattr(cluster, "_LOOK", 0.5)
    runs = tmp_path / "runs"
    for number in range(6):
        shutil.copytree(copied(tmp_path / "samples", "none-tried") / "none-tried", runs / f"run{number}")
        shutil.rmtree(tmp_path / "samples")
    address_file = tmp_path / "scheduler.json"
    options = ["--scheduler-file", str(address_file), "--no-dashboard"]
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *options]
    scheduler = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    worker_command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--scheduler-file",
        str(address_file),
        "--nthreads",
        "1",
    ]
    worker = subprocess.Popen([*worker_command, "--no-dashboard", "--death-timeout", "300"], stderr=subprocess.DEVNULL)
    try:
        address = _address(address_file)
        with distributed.Client(address) as client:
            client.wait_for_workers(1, timeout=300)
        watch = Killer(lambda: scheduler.send_signal(harm))
        with pytest.raises(ExpectedError, match=f"^The scheduler {address} {words}") as caught:
            spent(str(runs), str(tmp_path / "reports"), watch=watch, engine=engine_of(address))
    finally:
        scheduler.kill()
        scheduler.wait()
        worker.terminate()
        worker.wait()
    second = Collected()
    spent(str(runs), str(tmp_path / "reports"), watch=second)

    assert caught.value.slug == "cluster-lost"
    assert watch.rendered
    assert watch.rendered.isdisjoint(second.rendered)
    assert len(watch.rendered | second.rendered) == 6


def _address(path: Path) -> str:
    """The address in the file that the scheduler writes when it is ready."""
    import json  # noqa: PLC0415

    end = time.monotonic() + 300
    while time.monotonic() < end:
        if path.exists() and (held := path.read_text()):
            return str(json.loads(held)["address"])
        time.sleep(0.1)
    raise TimeoutError


# A whole night


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of an S3 server on this machine, as a URL."""
    with s3_bucket(monkeypatch) as url:
        yield url


@pytest.mark.slow
def test_a_night_on_a_cluster_from_and_to_s3_with_a_killed_worker_is_as_one_on_this_machine(
    bucket: str, tmp_path: Path
) -> None:
    """A worker that is killed in the middle costs nothing: index and reports are the same bytes, and so is the next night."""
    runs = tmp_path / "runs"
    for number in range(3):
        for sample in SMALL:
            shutil.copytree(copied(tmp_path / f"copy{number}{sample}", sample) / sample, runs / f"{sample}-{number}")
    spent(str(runs), str(tmp_path / "reports"), "html", "md", engine=local)
    uploaded(runs, f"{bucket}/runs")
    with workers(2) as made:
        pids = {held.pid for held in made.workers.values()}
        watch = Killer(lambda: os.kill(min(pids), signal.SIGKILL))
        spent(f"{bucket}/runs", f"{bucket}/reports", "html", "md", watch=watch, engine=engine_of(made.scheduler_address))
        survivors = {held.pid for held in made.workers.values()}
        again = Collected()
        spent(f"{bucket}/runs", f"{bucket}/reports", "html", "md", watch=again, engine=engine_of(made.scheduler_address))
    expected, found = shown(files(tmp_path / "reports")), shown(contents(f"{bucket}/reports"))

    assert min(pids) not in survivors
    assert len(watch.rendered) == 6
    assert again.rendered == set()
    assert {name: found[name] for name in INDEX} == {name: expected[name] for name in INDEX}
    assert found == expected

# ruff: noqa: INP001, T201 - a script that prints what it finds
"""A night over many runs with poisoned ones among them, then quiet nights: what is rendered, told, and held in memory.

    python benchmarks/batch_night.py [RUNS, default 1000] [FORMAT, default html]

Builds the runs in a temporary folder, spends five nights on them with one worker for each processor, and checks each against
what must come out: the first renders all but the poisoned runs, the second none, the third the three that were changed, the
fourth, after all times were changed, none. On the fifth one run is new, one is gone and one is garbage, and the digest says
that and no more. Prints the memory of the parent after every tenth of the first night.
"""

import ctypes
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from batch_runs import build, change, samples, touch

from pai_report.batch import work
from pai_report.batch.engine import LocalEngine
from pai_report.batch.model import Job, Record, Row
from pai_report.batch.night import Night, night
from pai_report.batch.shift import Order, Outcome, Tasks
from pai_report.settings import Settings

LIMIT = 20  # seconds: no run takes a tenth of it, and the endless one takes all of it each night


def poisoned(job: Job) -> Record:
    """`render`, except for the runs whose folder says what they do to their worker."""
    match Path(job.folder).name:
        case "bad-segfault":
            ctypes.string_at(0)
        case "bad-endless":
            while True:
                pass
        case "bad-greedy":
            bytearray(4 << 30)
    return work.render(job)


def poison(runs: Path) -> None:
    """Five runs that cannot be reported: a crash, an endless loop, four gigabytes, garbage, scores that cannot be read."""
    for name in ("bad-segfault", "bad-endless", "bad-greedy", "bad-garbage", "bad-unreadable"):
        (runs / name).mkdir(parents=True)
        (runs / name / f"{name}Scores.csv").write_text("Epochs,Validation Scores\n0,1.0\n1,2.0\n")
        (runs / name / f"{name}switch_epochs.csv").write_text("Switch Number,Switch Epoch\n")
    (runs / "bad-garbage" / "bad-garbageScores.csv").write_bytes(bytes(range(256)) * 40)
    (runs / "bad-unreadable" / "bad-unreadableScores.csv").unlink()
    (runs / "bad-unreadable" / "bad-unreadableScores.csv").mkdir()  # permissions do not stop root, a folder does


def disturb(runs: Path) -> list[str]:
    """Spoil a run, add one and remove one; their keys in the order of the digest: failed, new, vanished."""
    spoilt, gone = (next(runs.glob(f"group-{number}/*/*")) for number in (8, 9))
    for table in spoilt.glob("*.csv"):
        table.write_bytes(b"\0\1\2")
    shutil.rmtree(gone)
    shutil.copytree(samples()[0], runs / "fresh")
    first = samples()[0].name
    return [f"{spoilt.relative_to(runs)}/{spoilt.name}", f"fresh/{first}", f"{gone.relative_to(runs)}/{gone.name}"]


class Meter:
    """A watch that takes the memory of this process after every tenth of the runs."""

    def __init__(self) -> None:
        self.rendered: set[str] = set()
        self.memory: list[str] = []
        self._done, self._runs = 0, 0

    def found(self, runs: int) -> None:
        """How many runs there are."""
        self._runs = runs

    def done(self, row: Row, outcome: Outcome) -> None:
        """One run is done."""
        self._done += 1
        if outcome == "rendered":
            self.rendered.add(row.run)
        if self._done % max(self._runs // 10, 1) == 0:
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
            self.memory.append(f"{pages * os.sysconf('SC_PAGE_SIZE') / 2**20:.0f}")


def spend(title: str, runs: Path, output: Path, fmt: str) -> tuple[Night, Meter]:
    """One night, with a line on it and the digest's headings."""
    order = Order(root=runs, output=output, formats=(fmt,), settings=Settings(), environment={})
    meter, start = Meter(), time.monotonic()
    jobs = len(os.sched_getaffinity(0))
    ended = night(order, lambda: LocalEngine(jobs, LIMIT, ["pai_report.batch.preload"]), meter, Tasks(render=poisoned))
    seconds = time.monotonic() - start
    told = [line for line in (output / "digest.md").read_text("utf-8").splitlines() if line.startswith("#")]
    print(f"{title}: {seconds:.1f} s, {dict(ended.counts)}; digest: {' '.join(told)}", flush=True)
    return ended, meter


def check(what: str, *, holds: bool) -> None:
    """Stop at the first thing that is not as it must be."""
    print(f"  {'ok' if holds else 'NOT'}: {what}", flush=True)
    if not holds:
        sys.exit(1)


def main() -> None:
    """Five nights."""
    count, fmt = int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2] if len(sys.argv) > 2 else "html"
    with tempfile.TemporaryDirectory() as name:
        runs, output = Path(name) / "runs", Path(name) / "reports"
        build(runs, count - 5)
        poison(runs)
        ended, meter = spend("first night", runs, output, fmt)
        reasons = {row.run.partition("/")[0]: row.failure.sentence for row in ended.rows if row.failure}
        print("\n".join(f"    {run}: {reason}" for run, reason in sorted(reasons.items())))
        print(f"    MB of the parent after each tenth: {' '.join(meter.memory)}")
        check(f"{count - 5} reported", holds=len(meter.rendered) == count - 5)
        check("the five poisoned runs are red", holds=len(reasons) == 5 == ended.counts["failed"])
        _, meter = spend("second night", runs, output, fmt)
        check("none reported", holds=not meter.rendered)
        changed = change(runs, 3)
        _, meter = spend("third night, three changed", runs, output, fmt)
        check("the three reported", holds={run.rpartition("/")[0] for run in meter.rendered} == changed)
        touch(runs)
        _, meter = spend("fourth night, other times", runs, output, fmt)
        check("none reported", holds=not meter.rendered)
        expected = disturb(runs)
        spend("fifth night, one new, one gone, one garbage", runs, output, fmt)
        lines = (output / "digest.md").read_text("utf-8").splitlines()
        told = [line for line in lines if line.startswith("- ")]
        print("\n".join(f"    {line[:110]}" for line in told))
        check("the digest tells exactly these", holds=[line.split("`")[1] for line in told] == expected)


if __name__ == "__main__":
    main()

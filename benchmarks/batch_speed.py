# ruff: noqa: INP001, T201, S603 - a script that prints a table and calls sha256sum
"""How much two workers gain over one, and what a night costs on which nothing changed.

    python benchmarks/batch_speed.py workers [PAIRS, default 5] [RUNS, default 120]
    python benchmarks/batch_speed.py quiet [PAIRS, default 7] [RUNS, default 1000]

Both measure in interleaved pairs, since a shared machine is never at rest, and print how busy other processes kept it: the
processor time that neither was idle nor went into the measured processes. `workers` renders HTML into an empty folder,
start-up included; before each night it waits up to a minute for a calm moment, and besides the median ratio of all pairs it
gives that of the medians of the undisturbed nights, in which the workers had the processors that they could use. `quiet`
compares a whole `pai-report batch` process with `sha256sum` over the same files.
"""

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from batch_runs import build

ENTRY = "import sys; from pai_report.cli import main; sys.exit(main())"
PR_SET_CHILD_SUBREAPER = 36  # Linux, prctl(2)
TICK = 1 / os.sysconf("SC_CLK_TCK")


def batch(runs: Path, output: Path, jobs: int) -> None:
    """A night as a process of its own."""
    command = [sys.executable, "-c", ENTRY, "batch", str(runs), "-o", str(output), "--jobs", str(jobs)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def hashed(runs: Path) -> None:
    """`sha256sum` over every file."""
    subprocess.run(f"find {runs} -type f -print0 | xargs -0 sha256sum", shell=True, check=True, stdout=subprocess.DEVNULL)  # noqa: S602


def busy() -> float:
    """Seconds that all processors together were not idle."""
    user, nice, system, _, _, *others = (int(held) for held in Path("/proc/stat").read_text("ascii").split()[1:9])
    return (user + nice + system + sum(others)) * TICK


def timed(work: Callable[[], None]) -> tuple[float, float, float]:
    """Wall seconds, own processor seconds where they can be told, and the processor seconds of the whole machine."""
    _reap()
    before, wall, machine = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), busy()
    work()
    wall, machine = time.monotonic() - wall, busy() - machine
    _reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, own, machine


def _reap() -> None:
    """Wait for what a night leaves behind for a moment, so that its time counts: this process inherits its fork server."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


def await_calm() -> None:
    """Wait until others leave nine tenths of the machine for a second, a minute at most."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        before = busy()
        time.sleep(1)
        if busy() - before < 0.1 * len(os.sched_getaffinity(0)):
            return


def workers(pairs: int, count: int) -> None:
    """One worker against two."""
    ratios: list[float] = []
    undisturbed: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        runs = build(Path(name) / "runs", count)
        for pair in range(pairs):
            walls = {}
            for jobs in (1, 2) if pair % 2 == 0 else (2, 1):
                await_calm()
                output = Path(name) / f"{pair}-{jobs}"
                walls[jobs], own, machine = timed(lambda output=output, jobs=jobs: batch(runs, output, jobs))  # type: ignore[misc]
                others = machine - own
                print(f"  {jobs} at work: {walls[jobs]:5.1f} s, {own:5.1f} s CPU, others {others:5.1f} s CPU", flush=True)
                if others < (len(os.sched_getaffinity(0)) - jobs + 0.1) * walls[jobs]:
                    undisturbed[jobs].append(walls[jobs])
            ratios.append(walls[1] / walls[2])
            print(f"pair {pair + 1}: ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio of all pairs {statistics.median(ratios):.2f}")
    if all(undisturbed.values()):
        one, two = (statistics.median(held) for held in undisturbed.values())
        counts = " and ".join(str(len(held)) for held in undisturbed.values())
        print(f"undisturbed ({counts}): {count / one:.2f} and {count / two:.2f} runs/s, ratio {one / two:.2f}")


def quiet(pairs: int, count: int) -> None:
    """A night without changes against hashing."""
    with tempfile.TemporaryDirectory() as name:
        runs, output = build(Path(name) / "runs", count), Path(name) / "reports"
        batch(runs, output, len(os.sched_getaffinity(0)))
        files = sum(path.is_file() for path in runs.rglob("*"))
        print(f"{count} runs, {files} files")
        ratios = []
        for pair in range(pairs):
            one, other = timed(lambda: hashed(runs)), timed(lambda: batch(runs, output, 1))
            ratios.append(other[0] / one[0])
            print(
                f"pair {pair + 1}: sha256sum {one[0]:.2f} s ({one[1]:.2f} CPU), night {other[0]:.2f} s ({other[1]:.2f} CPU),"
                f" ratio {ratios[-1]:.2f}; others busy {one[2] + other[2] - one[1] - other[1]:.2f} s",
                flush=True,
            )
        print(f"median ratio {statistics.median(ratios):.2f}")


def main() -> None:
    """One of the two."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    which, given = sys.argv[1], [int(held) for held in sys.argv[2:]]
    if which == "workers":
        workers(*(given or [5]), *([120] if len(given) < 2 else []))
    else:
        quiet(*(given or [7]), *([1000] if len(given) < 2 else []))


if __name__ == "__main__":
    main()

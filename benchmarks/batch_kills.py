# ruff: noqa: INP001, T201, S311, S603 - a script that prints what it finds, with seeded chance
"""Nights killed with `kill -9` at random moments, and what the next start makes of them.

    python benchmarks/batch_kills.py [KILLS, default 10] [RUNS, default 40] [SEED, default 1]

Each night starts on an empty folder, is killed after a random share of the time that a quiet one takes, and is started again.
Then every file, hidden ones included, must equal that of the quiet night, and no process of the killed one may be left.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from batch_runs import build, same_files

ENTRY = "import sys; from pai_report.cli import main; sys.exit(main())"


def started(runs: Path, output: Path) -> subprocess.Popen[bytes]:
    """A night in a session of its own."""
    command = [sys.executable, "-c", ENTRY, "batch", str(runs), "-o", str(output), "--format", "md"]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)


def alive(session: int) -> int:
    """Processes left of a session."""
    count = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            held = stat.read_text("ascii", "replace").rpartition(") ")[2].split()
        except OSError:
            continue
        count += held[0] != "Z" and int(held[3]) == session
    return count


def gone_after(session: int) -> float:
    """Seconds until nothing of a session is left, at most 20."""
    start = time.monotonic()
    while alive(session) and time.monotonic() - start < 20:
        time.sleep(0.01)
    return time.monotonic() - start


def main() -> None:
    """A quiet night, then the killed ones."""
    kills, count, seed = (int(given) for given in (*sys.argv[1:], *("10", "40", "1")[len(sys.argv) - 1 :]))
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        runs = build(Path(name) / "runs", count)
        start = time.monotonic()
        started(runs, Path(name) / "calm").wait()
        duration = time.monotonic() - start
        print(f"a quiet night over {count} runs: {duration:.1f} s")
        bad = 0
        for number in range(kills):
            output = Path(name) / f"killed-{number}"
            process = started(runs, output)
            moment = chance.uniform(0.05, 0.95) * duration
            time.sleep(moment)
            over = process.poll() is not None
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            left = gone_after(process.pid)
            journal = output / ".pai-report" / "journal.jsonl"
            done = journal.read_bytes().count(b"\n") if journal.exists() else 0
            parts = len(list(output.rglob("*.part")))
            again = started(runs, output).wait()
            differing = same_files(Path(name) / "calm", output)
            bad += bool(differing) or again != 0 or left >= 20
            print(
                f"kill {number + 1:2} after {moment:4.1f} s{' (was over)' if over else ''}: {done:3} journaled,"
                f" {parts} unfinished, gone after {left:.2f} s, restart {again}, {len(differing)} files differ",
                flush=True,
            )
        print("all equal" if not bad else f"{bad} NOT EQUAL")
        sys.exit(bool(bad))


if __name__ == "__main__":
    main()

# ruff: noqa: INP001, T201, S311, S603 - a script that prints what it finds, with seeded chance
"""Nights killed with `kill -9` at random moments, and what the next start makes of them.

    python benchmarks/batch_kills.py [KILLS, default 10] [RUNS, default 40] [SEED, default 1]

Each night starts on an empty folder, is killed after a random share of the time that a quiet one takes, and is started again.
Then every file, hidden ones included, must equal that of the quiet night, no temporary file and no process of the killed one
may be left. A night
that had already been remembered as whole when it was killed was over, and the next one is a second night: another is killed.
"""

import itertools
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
    environment = {**os.environ, "TMPDIR": str(output.parent / "tmp")}
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, env=environment)


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
        (Path(name) / "tmp").mkdir()
        start = time.monotonic()
        started(runs, Path(name) / "calm").wait()
        duration = time.monotonic() - start
        print(f"a quiet night over {count} runs: {duration:.1f} s")
        bad = 0
        number = 0
        for attempt in itertools.count():
            output = Path(name) / f"killed-{attempt}"
            process = started(runs, output)
            moment = chance.uniform(0.05, 0.95) * duration
            time.sleep(moment)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            left = gone_after(process.pid)
            journal = output / ".pai-report" / "journal.jsonl"
            if journal.with_name("state.json").exists() and not journal.exists():
                print(f"        after {moment:4.1f} s: was over", flush=True)
                continue
            number += 1
            done = journal.read_bytes().count(b"\n") if journal.exists() else 0
            parts = len(list(output.rglob("*.part")))
            again = started(runs, output).wait()
            differing = same_files(Path(name) / "calm", output)
            remains = len(list((Path(name) / "tmp").iterdir()))
            bad += bool(differing) or again != 0 or left >= 20 or remains > 0
            print(
                f"kill {number:2} after {moment:4.1f} s: {done:3} journaled, {parts} unfinished, gone after {left:.2f} s,"
                f" restart {again}, {len(differing)} files differ, {remains} temporary files",
                flush=True,
            )
            if number == kills:
                break
        print("all equal" if not bad else f"{bad} NOT EQUAL")
        sys.exit(bool(bad))


if __name__ == "__main__":
    main()

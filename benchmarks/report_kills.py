# ruff: noqa: INP001, T201, S311, S603 - a script that prints what it finds, with seeded chance
"""The single command killed with `kill -9` at random moments while it writes every format over older reports.

    python benchmarks/report_kills.py [KILLS, default 40] [SEED, default 1]

The older reports are of another run, so that every byte tells them from the new ones. After each kill every file must be the
old one or the new one, whole; after the next run all must be new, and no other file may be left, in the output and among the
temporary files.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples"
OLD, NEW = SAMPLES / "overfitting", SAMPLES / "improved"
FORMATS = ("md", "html", "pdf", "json")


def started(run: Path, output: Path, temporary: Path) -> subprocess.Popen[bytes]:
    """The command with every format."""
    outputs = [part for suffix in FORMATS for part in ("-o", str(output / f"report.{suffix}"))]
    command = [sys.executable, "-m", "pai_report", str(run), *outputs]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(temporary)})


def content(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, hidden ones included."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def quiet(run: Path, place: Path, temporary: Path) -> tuple[dict[str, bytes], float]:
    """The reports of `run` on their own, and the seconds they took."""
    place.mkdir()
    start = time.monotonic()
    if started(run, place, temporary).wait():
        sys.exit("the undisturbed run failed")
    return content(place), time.monotonic() - start


def main() -> None:
    """Undisturbed runs, then the killed ones."""
    kills, seed = (int(given) for given in (*sys.argv[1:], *("40", "1")[len(sys.argv) - 1 :]))
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        temporary = top / "tmp"
        temporary.mkdir()
        old, _ = quiet(OLD, top / "old", temporary)
        new, seconds = quiet(NEW, top / "new", temporary)
        wanted, writing = old | new, top / "killed"
        print(f"undisturbed: {seconds:.1f} s, {len(new)} files; seed {seed}")
        half = lost = left = unfinished = mixed = 0
        for number in range(1, kills + 1):
            shutil.rmtree(writing, ignore_errors=True)
            shutil.copytree(top / "old", writing)
            process = started(NEW, writing, temporary)
            # Half of the kills fall on the last third, where the files are written.
            time.sleep(seconds * (chance.uniform(0.66, 1.0) if number % 2 else chance.uniform(0.0, 0.66)))
            process.send_signal(signal.SIGKILL)
            process.wait()
            held = content(writing)
            parts = [path for path in held if path.endswith(".part")]
            half += sum(held[path] not in {old.get(path), new.get(path)} for path in held if path not in parts)
            lost += sum(path not in held for path in old)
            mixed += len({held[f"report.{suffix}"] == new[f"report.{suffix}"] for suffix in FORMATS}) == 2
            unfinished += bool(parts) or any(temporary.iterdir())
            if started(NEW, writing, temporary).wait():
                sys.exit("the next run failed")
            after = content(writing)
            half += sum(after.get(path) != new[path] for path in new)
            left += len(after.keys() - wanted.keys()) + sum(1 for _ in temporary.iterdir())
        print(f"{kills} kills: {unfinished} left unfinished files, {mixed} fell between two reports")
        print(f"{half} files half or wrong, {lost} lost, {left} temporary files after the next run")
        sys.exit(bool(half or lost or left))


if __name__ == "__main__":
    main()

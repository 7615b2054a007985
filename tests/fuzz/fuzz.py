"""Fuzz for ever: damaged run folders from a grammar, through all formats, with every failure kept to be looked at.

    PYTHONPATH=tests/run python tests/fuzz/fuzz.py --minutes 20
    PYTHONPATH=tests/run python tests/fuzz/fuzz.py --seed 7 --first 120 --folders 1     one folder again

Folder N of seed S is the same on every machine. Failures are folders below --keep, each with its reason, shrunk to the
files that it takes.
"""

import argparse
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from random import Random, SystemRandom

from grammar import Truth, generated
from mutations import damage
from oracle import LONGEST, problems

# ruff: noqa: S311, T201 - damage needs to be repeatable, not secret; this is a program that talks

PATIENCE = 2 * LONGEST  # seconds after which a folder is given up
PAGES = 50  # one folder of so many is told as HTML and PDF too
CHUNK = 20  # folders that a worker takes at once
SHIFT = 100  # chunks after which workers are replaced
TRIES = 60  # runs that a failure is shrunk by at most


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A folder that failed: its number, what was done to it, why, and the files that it takes."""

    number: int
    done: tuple[str, ...]
    reasons: tuple[str, ...]
    files: Mapping[str, bytes]


class _TooLong(Exception):  # noqa: N818 not an error of the program
    """A folder took longer than anybody would wait."""


def tried(seed: int, number: int) -> Failure | None:
    """Make folder `number` of `seed`, damage it, and tell it."""
    random = Random(f"{seed}-{number}")
    truth = generated(random)
    files = dict(truth.files)
    times = random.choices((0, 1, 2, 3), (6, 64, 18, 12))[0]
    done = tuple(damage(random, files, _targets(random, truth, files)) for _ in range(times))
    formats = ("md", "json", "html", "pdf") if number % PAGES == 0 else ("md", "json")
    reasons = _reasons(truth, files, formats)
    if not reasons:
        return None
    return Failure(number=number, done=done, reasons=reasons, files=_shrunk(truth, files, formats, reasons))


def _targets(random: Random, truth: Truth, files: Mapping[str, bytes]) -> list[str]:
    """Files to damage: the canonical tables most of the time, for what is wrong there shows."""
    canonical = [name for name in truth.tables.values() if name in files]
    return canonical if canonical and random.random() < 0.7 else list(files)


def _reasons(truth: Truth, files: Mapping[str, bytes], formats: tuple[str, ...]) -> tuple[str, ...]:
    """Why the folder of these files fails; () where it does not."""
    damaged = {name for name in files.keys() | truth.files.keys() if files.get(name) != truth.files.get(name)}
    with _folder(files) as folder, _alarm():
        try:
            return tuple(problems(folder, truth, damaged, formats))
        except Exception as error:  # noqa: BLE001 that there is none is what is tested
            return (f"traceback {type(error).__name__} in {_place(error)}: {str(error)[:200]}",)


def _place(error: Exception) -> str:
    """The innermost function of ours that `error` went through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "pai_report" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else "the test"


@contextmanager
def _folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder of these files, in memory where there is such a disk."""
    memory = "/dev/shm"  # noqa: S108 a folder of its own in it
    with tempfile.TemporaryDirectory(dir=memory if Path(memory).is_dir() else None) as held:
        folder = Path(held) / "run"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        yield folder


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise _TooLong(f"longer than {PATIENCE:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(int(PATIENCE))
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _shrunk(truth: Truth, files: Mapping[str, bytes], formats: tuple[str, ...], reasons: tuple[str, ...]) -> dict[str, bytes]:
    """`files` without those that the first reason does not need; a wrong count needs all that were not damaged."""
    held, kind = dict(files), _kind(reasons[0])
    if kind.startswith("silent"):
        return held
    for name in list(files)[:TRIES]:
        fewer = {other: data for other, data in held.items() if other != name}
        if any(_kind(reason) == kind for reason in _reasons(truth, fewer, formats)):
            held = fewer
    return held


def _kind(reason: str) -> str:
    """A reason without its numbers: failures of one kind are counted together."""
    return "".join("N" if letter.isdigit() else letter for letter in reason)[:70]


def _chunk(seed: int, numbers: range) -> tuple[int, list[Failure]]:
    """How many folders were tried, and those that failed."""
    return len(numbers), [failure for number in numbers if (failure := tried(seed, number))]


def _ready() -> None:
    """Workers leave an interrupt to the process that started them; a warning would reach the user's terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("error")


def fuzzed(seed: int, first: int, last: int | None, seconds: float | None, jobs: int) -> Iterator[tuple[int, list[Failure]]]:
    """Try folders from `first` on, up to `last` or until the time is over: numbers tried so far, and new failures."""
    over = time.monotonic() + (seconds or float("inf"))
    starts = count(first, CHUNK) if last is None else iter(range(first, last, CHUNK))
    chunks = (range(start, min(start + CHUNK, last or start + CHUNK)) for start in starts)
    done = 0
    while shift := list(islice(chunks, SHIFT)):
        for tried_now, failures in _shift(seed, shift, over, jobs):
            done += tried_now
            yield done, failures
        if time.monotonic() >= over:
            return


def _shift(seed: int, chunks: list[range], over: float, jobs: int) -> Iterator[tuple[int, list[Failure]]]:
    """What came of each chunk. Workers end with their shift: a renderer keeps some memory of every page."""
    waiting = iter(chunks)
    with ProcessPoolExecutor(jobs, get_context("fork"), _ready) as pool:
        running = {pool.submit(_chunk, seed, numbers) for numbers in islice(waiting, 2 * jobs)}
        while running:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for chunk in ended:
                yield chunk.result()
            if time.monotonic() < over:
                running |= {pool.submit(_chunk, seed, numbers) for numbers in islice(waiting, len(ended))}


def _save(failure: Failure, folder: Path) -> None:
    """The folder as it was told, and beside it why it failed."""
    (folder / "run").mkdir(parents=True, exist_ok=True)
    for name, data in failure.files.items():
        (folder / "run" / name).write_bytes(data)
    (folder / "why.txt").write_text("\n".join([*failure.done, "", *failure.reasons, ""]), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6), help="default: a new one")
    parser.add_argument("--first", type=int, default=0, help="number of the first folder")
    parser.add_argument("--folders", type=int, help="how many; default: until the time is over")
    parser.add_argument("--minutes", type=float, help="how long; default: until the folders are done")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"), help="folder for failures")
    return parser.parse_args()


def main() -> int:
    """Fuzz, talk, keep what fails; 1 where something did."""
    chosen, started, kinds = _arguments(), time.monotonic(), Counter[str]()
    print(f"seed {chosen.seed}, folders from {chosen.first} on", flush=True)
    last = None if chosen.folders is None else chosen.first + chosen.folders
    told = done = 0
    for done, failures in fuzzed(chosen.seed, chosen.first, last, chosen.minutes and 60 * chosen.minutes, chosen.jobs):
        for failure in failures:
            kinds[_kind(failure.reasons[0])] += 1
            _save(failure, chosen.keep / f"{chosen.seed}-{failure.number}")
            print(f"{chosen.seed}-{failure.number}: {failure.reasons[0][:200]}  [{'; '.join(failure.done)}]", flush=True)
        if done - told >= 1000:
            told = done
            print(f"{done:,} folders, {done / (time.monotonic() - started):.1f} a second, {kinds.total()} failures", flush=True)
    print(f"seed {chosen.seed}: {done:,} folders in {time.monotonic() - started:.0f} s, {kinds.total()} failures")
    for kind, number in kinds.most_common():
        print(f"{number:6} {kind}")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())

"""The pool on this machine: results, losses, and what may happen to a worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest
from pebble import ProcessExpired

from pai_report.batch import guard, work
from pai_report.batch.engine import LocalEngine
from pai_report.batch.model import Failure
from pai_report.errors import ExpectedError


def doubled(number: int) -> int:
    """Twice the number."""
    return 2 * number


def process(_: int) -> int:
    """Whoever does the work."""
    return os.getpid()


def refusing(_: int) -> int:
    """An expected problem, which pickle cannot bring back."""
    raise ExpectedError("slug", "A sentence.", "A hint.")


def hoarding(size: int) -> int:
    """Take so many bytes."""
    return len(bytearray(size))


def vanishing(_: int) -> int:
    """End the worker as if it had finished well."""
    os._exit(0)


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    """Two workers."""
    made = LocalEngine(2, 300)
    yield made
    made.close()


def test_results_come_back(engine: LocalEngine) -> None:
    """Each future ends with the result of its own task."""
    futures = [engine.submit(doubled, number) for number in range(20)]
    wait(futures)

    assert [future.result() for future in futures] == [2 * number for number in range(20)]


def test_expected_problems_are_values(engine: LocalEngine) -> None:
    """What a task raises comes back as a failure with all its words."""
    result = engine.submit(work.shielded, refusing, 1).result()

    assert result == Failure(slug="slug", sentence="A sentence.", hint="A hint.")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of one process")
def test_memory_is_limited_and_the_worker_lives_on(engine: LocalEngine) -> None:
    """A gigabyte is fine, four are a failure, and the next task finds a worker."""
    held = [engine.submit(work.shielded, hoarding, size).result() for size in (1 << 30, 4 << 30, 1)]

    assert held == [
        1 << 30,
        Failure(slug="out-of-memory", sentence="It needs more memory than a worker may take."),
        1,
    ]
    assert guard.HEADROOM < 4 << 30


def test_a_closed_engine_starts_again(engine: LocalEngine) -> None:
    """Work after a pause starts new workers."""
    first = engine.submit(process, 1).result()
    engine.close()
    second = engine.submit(process, 1).result()

    assert first != second


def test_a_worker_that_leaves_quietly_does_not_stop_the_night() -> None:
    """A worker that ends with 0 in the middle of its task would be waited for up to the time limit, no longer."""
    engine = LocalEngine(1, 2)
    future = engine.submit(vanishing, 1)
    failure = engine.explain(future.exception(300) or AssertionError())
    engine.close()

    assert failure.slug == "timeout"


def test_an_idle_worker_may_be_killed() -> None:
    """Whoever kills a worker between two tasks spoils at most one of them, and the engine goes on."""
    engine = LocalEngine(1, 300)
    os.kill(engine.submit(process, 1).result(), signal.SIGKILL)
    ends = [engine.submit(doubled, number) for number in range(3)]
    lost = [engine.explain(error).slug for end in ends if (error := end.exception(600))]
    result = engine.submit(doubled, 4).result(600)
    engine.close()

    assert set(lost) <= {"lost"}
    assert result == 8


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_leave_no_core_file(engine: LocalEngine) -> None:
    """A crash writes nothing into the working folder."""
    assert "Max core file size        0 " in engine.submit(Path.read_text, Path("/proc/self/limits")).result()


EARLY = """
import os
from pai_report.batch.engine import LocalEngine

if __name__ == "__main__":
    for _ in range(10):
        engine = LocalEngine(8, 300, ["pai_report.batch.preload"])
        engine.submit(os.getpid).result()
        engine.close()
"""


def test_workers_that_were_still_starting_say_nothing(tmp_path: Path) -> None:
    """A night with fewer runs than workers ends before all of them are up, without a word about it."""
    script = tmp_path / "early.py"
    script.write_text(EARLY, "ascii")
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=600, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (-9, "Its worker was killed (signal 9); the usual cause is memory."),
        (-11, "It ended its worker (SIGSEGV)."),
        (3, "It ended its worker (exit code 3)."),
        (-200, "It ended its worker (exit code -200)."),
    ],
)
def test_a_reason_is_what_the_end_of_the_worker_tells(code: int, sentence: str) -> None:
    """Signal 9 says that it was killed, and no more; memory is named as the usual cause only."""
    engine = LocalEngine(1, 1)

    assert engine.explain(ProcessExpired("", code=code)).sentence == sentence  # type: ignore[no-untyped-call]

"""Nights for tests: folders of runs made of the samples, the engine of the product, workers that misbehave on demand."""

import ctypes
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from conftest import SAMPLES

from pai_report.batch import work
from pai_report.batch.engine import LocalEngine
from pai_report.batch.model import Job, Record, Row
from pai_report.batch.night import Night, night
from pai_report.batch.shift import Order, Outcome, Tasks
from pai_report.settings import Known, Settings

SMALL = ("none-tried", "rejected")
HEADER = "Epochs,Validation Scores,Validation Running Scores\n"


class Collected:
    """A watch that remembers what it was told."""

    def __init__(self) -> None:
        self.rows: dict[str, Outcome] = {}
        self.expected = 0

    def found(self, runs: int) -> None:
        """How many runs there are."""
        self.expected = runs

    def done(self, row: Row, outcome: Outcome) -> None:
        """One run is done."""
        self.rows[row.run] = outcome

    @property
    def rendered(self) -> set[str]:
        """Keys of the runs that were reported."""
        return {run for run, outcome in self.rows.items() if outcome == "rendered"}


def copied(runs: Path, *samples: str) -> Path:
    """A folder with copies of `samples`."""
    for sample in samples:
        shutil.copytree(SAMPLES / sample, runs / sample)
    return runs


def synthetic_run(folder: Path, *, scores: tuple[float, ...] = (50.0, 60.0, 70.0), name: str | None = None) -> Path:
    """A synthetic run without dendrites: only its scores, in the library's form."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{epoch},{score},\n{epoch},,{score}\n" for epoch, score in enumerate(scores)]
    (folder / f"{name or folder.name}Scores.csv").write_text(HEADER + "".join(rows))
    return folder


def spent(
    runs: Path,
    output: Path,
    *formats: str,
    tasks: Tasks | None = None,
    settings: Settings | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 600,
    jobs: int = 1,
) -> tuple[Night, Collected]:
    """A night over `runs`, by default with reports in JSON, the quickest to make."""
    watch = Collected()
    order = Order(
        root=runs,
        output=output,
        formats=formats or ("json",),
        settings=settings or Settings(),
        environment=environment or {},
    )
    ended = night(order, lambda: LocalEngine(jobs, timeout, ["pai_report.batch.preload"]), watch, tasks)
    return ended, watch


def known(code: str, until: str, run: str = "*") -> Known:
    """A known finding."""
    return Known(run=run, code=code, until=date.fromisoformat(until))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones included, by its relative name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def outcomes(watch: Collected) -> Counter[str]:
    """How many runs had which outcome."""
    return Counter(watch.rows.values())


def poisoned(job: Job) -> Record:
    """`render`, except for runs whose folder says what they do to their worker."""
    match Path(job.folder).name:
        case "segfault":
            ctypes.string_at(0)
        case "endless":
            while True:
                pass
        case "greedy":
            bytearray(4 << 30)
        case "quitter":
            os._exit(3)
        case "broken":
            raise RuntimeError("no such luck in /some/where")
    return work.render(job)

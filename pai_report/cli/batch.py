"""`pai-report batch RUNS -o REPORTS`: every run below a folder, every night."""

import gc
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter, validators

from pai_report.cli.choices import chosen
from pai_report.cli.exits import GATE_REACHED, WRITTEN
from pai_report.cli.talk import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

    from pai_report.batch.engine import Engine
    from pai_report.batch.model import Row
    from pai_report.batch.night import Night
    from pai_report.batch.shift import Outcome, Watch

Formats = tuple[Literal["html", "md", "pdf", "json"], ...]
_positive = Parameter(validator=validators.Number(gt=0))


def batch(  # noqa: PLR0913 one parameter per option
    runs: Annotated[Path, Parameter(name="RUNS")],
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    format: Annotated[Formats, Parameter(negative=())] = ("html",),  # noqa: A002 the name of the option
    jobs: Annotated[int | None, _positive] = None,
    timeout: Annotated[float, _positive] = 300.0,
    fail_on: Literal["invalid", "critical", "high", "medium", "low"] | None = None,
    junit: Path | None = None,
    templates: Path | None = None,
    styles: Path | None = None,
) -> int:
    """Report every run below RUNS that is new or changed, and write an index and a digest of what changed.

    Parameters
    ----------
    runs
        The folder that holds the run folders, at any depth.
    output
        The folder for the reports; index.html in it lists all runs, digest.md what changed since the last night.
    format
        A format of the reports. May repeat.
    jobs
        Runs reported at the same time; by default one for each processor.
    timeout
        Seconds that one run may take.
    fail_on
        Exit with 1 if a run has a finding this severe or worse that is not known, or could not be reported.
    junit
        File for the outcome of every run as JUnit XML.
    templates
        Folder with templates of your own; each replaces the one of the same name.
    styles
        Folder with style sheets of your own; each replaces the one of the same name.
    """
    from pai_report.batch.lock import TakenError
    from pai_report.batch.night import night
    from pai_report.batch.shift import Order
    from pai_report.report.assets import Overrides, overriding

    overrides = Overrides(templates=templates and templates.absolute(), styles=styles and styles.absolute())
    order = Order(
        root=Path(os.path.abspath(runs)),  # noqa: PTH100 links stay what they are called
        output=Path(os.path.abspath(output)),  # noqa: PTH100
        formats=tuple(dict.fromkeys(format)),
        settings=chosen(),
        environment=os.environ,
        overrides=overrides,
    )
    gc.enable()  # a night is long
    try:
        with overriding(overrides), _watching() as watch:
            ended = night(order, lambda: _engine(order.formats, jobs, timeout), watch)
    except TakenError as error:
        tell(f"Nothing to do: {output} is being written by {error}.")
        return WRITTEN
    if junit is not None:
        _write_junit(ended, junit, fail_on)
    tell(f"{_summary(ended)} {output / 'index.html'}")
    return GATE_REACHED if fail_on and any(ended.reaches(row, fail_on) for row in ended.rows) else WRITTEN


def _engine(formats: tuple[str, ...], jobs: int | None, timeout: float) -> "Engine":
    from pai_report.batch.engine import LocalEngine

    preload = ["pai_report.batch.preload", *(["pai_report.batch.preload_pdf"] if "pdf" in formats else [])]
    return LocalEngine(jobs or _processors(), timeout, preload)


def _processors() -> int:
    """Processors that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _write_junit(ended: "Night", path: Path, fail_on: Literal["invalid", "critical", "high", "medium", "low"] | None) -> None:
    from pai_report.batch.junit import junit_xml
    from pai_report.report.rendition import Rendered
    from pai_report.report.write import write

    write(Rendered(main=junit_xml(ended, fail_on)), path)


def _summary(ended: "Night") -> str:
    from pai_report.batch.words import counted

    counts = ended.counts
    return f"{counted(len(ended.rows), 'run')}: " + ", ".join(f"{counts[name]:,} {name}" for name in counts) + "."


@contextmanager
def _watching() -> "Iterator[Watch]":
    """A bar on a terminal, elsewhere a line for each run that was worked on."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress)


class _Lines:
    def found(self, runs: int) -> None:
        """Nothing to say before something is done."""

    def done(self, row: "Row", outcome: "Outcome") -> None:
        """A line for what is new."""
        if outcome != "unchanged":
            tell(_line(row))


class _Bar:
    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def found(self, runs: int) -> None:
        """The length of the bar."""
        self._progress.update(self._task, total=runs)

    def done(self, row: "Row", outcome: "Outcome") -> None:
        """One step; what failed stays above the bar."""
        from pai_report.report.clean import clean

        self._progress.update(self._task, advance=1, description=clean(row.run))
        if outcome == "failed":
            self._progress.console.print(_line(row), markup=False, highlight=False)


def _line(row: "Row") -> str:
    """A run and what became of it on one line, whatever its name holds."""
    from pai_report.batch.words import verdict_words
    from pai_report.report.clean import clean

    told = f"failed: {row.failure.sentence}" if row.failure else verdict_words(row.told.verdict) if row.told else ""
    return clean(f"{row.run}: {told}")

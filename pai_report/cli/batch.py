"""`pai-report batch RUNS -o REPORTS`: every run below a folder, every night."""

import gc
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter, validators

from pai_report.cli.choices import FollowLinks, Looks, configured_settings
from pai_report.cli.exits import FAILED, GATE_REACHED, WRITTEN
from pai_report.cli.talk import is_quiet, note, on_terminal, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

    from pai_report.batch.ends import Ends
    from pai_report.batch.engine import Engine
    from pai_report.batch.ground import Ground
    from pai_report.batch.model import Row
    from pai_report.batch.night import Night
    from pai_report.batch.shift import Order, Outcome, Watch

Formats = tuple[Literal["html", "md", "pdf", "json"], ...]
_positive = Parameter(validator=validators.Number(gt=0))


def batch(  # noqa: PLR0913 one parameter per option
    runs: Annotated[str, Parameter(name="RUNS")],
    /,
    *,
    output: Annotated[str, Parameter(name=["--output", "-o"])],
    format: Annotated[Formats, Parameter(negative=())] = ("html",),  # noqa: A002 the name of the option
    jobs: Annotated[int | None, _positive] = None,
    scheduler: str | None = None,
    timeout: Annotated[float, _positive] = 300.0,
    fail_on: Literal["invalid", "critical", "high", "medium", "low"] | None = None,
    junit: Path | None = None,
    follow_links: FollowLinks = False,
    looks: Looks = Looks(),  # noqa: B008 frozen
) -> int:
    """Report every run below RUNS that is new or changed, and write an index and a digest of what changed.

    Parameters
    ----------
    runs
        The folder that holds the run folders, at any depth; also a URL, such as s3://bucket/runs.
    output
        The folder for the reports; index.html in it lists all runs, digest.md what changed since the last night. Also a URL.
    format
        A format of the reports. May repeat.
    jobs
        Runs reported at the same time on this machine; by default one for each processor.
    scheduler
        Have the work done by the workers of this dask scheduler, such as tcp://host:8786; they see RUNS and OUTPUT as well.
    timeout
        Seconds that one run may take.
    fail_on
        Exit with 1 if a run has a finding this severe or worse that is not known, or could not be reported.
    junit
        File for the outcome of every run as JUnit XML.
    follow_links
        Read files of runs that are links out of their folder, as git-annex and DVC make them.
    looks
        Templates and style sheets of your own.
    """
    from pai_report.batch.ends import both_ends
    from pai_report.batch.lock import TakenError
    from pai_report.batch.night import night
    from pai_report.batch.shift import Order
    from pai_report.report.assets import overriding
    from pai_report.report.write import check_target

    if junit is not None:
        check_target(junit)
    overrides = looks.overrides()
    formats = tuple(dict.fromkeys(format))
    gc.enable()  # a night is long
    try:
        with _stopped_by_terminate(), both_ends(runs, output) as ends, overriding(overrides), _watching() as watch:
            order = Order(
                root=ends.source.root,
                output=ends.shelf.folder,
                formats=formats,
                settings=configured_settings(follow_links=follow_links),
                environment=os.environ,
                overrides=overrides,
            )
            make = _cluster(scheduler, timeout, order, ends) if scheduler else _pool(formats, timeout, jobs, ends)
            ended = night(order, make, watch, ends=ends)
    except TakenError as error:
        note(f"Nothing to do: {output} is being written by {error}.")
        return WRITTEN
    if junit is not None:
        _write_junit(ended, junit, fail_on)
    for sentence in _notes(ended, order):
        tell(sentence)
    note(f"{_summary(ended)} {output.rstrip('/')}/index.html")
    if all(row.failure for row in ended.rows):
        return FAILED
    return GATE_REACHED if fail_on and any(ended.reaches(row, fail_on) for row in ended.rows) else WRITTEN


def _pool(formats: tuple[str, ...], timeout: float, jobs: int | None, ends: "Ends") -> "Callable[[], Engine]":
    def make() -> "Engine":
        from pai_report.batch.engine import LocalEngine

        return LocalEngine(jobs or _processors(), timeout, _preload(formats), ends.scratch)

    return make


def _cluster(scheduler: str, timeout: float, order: "Order", ends: "Ends") -> "Callable[[], Engine]":
    def make() -> "Engine":
        from pai_report.batch.cluster import ClusterEngine
        from pai_report.batch.ground import prepare

        def place() -> "Ground":
            return prepare(ends.source.root, ends.shelf.address, order.overrides)

        return ClusterEngine(scheduler, timeout, _preload(order.formats), place)

    return make


def _preload(formats: tuple[str, ...]) -> list[str]:
    return ["pai_report.batch.preload", *(["pai_report.batch.preload_pdf"] if "pdf" in formats else [])]


def _processors() -> int:
    """Processors that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _write_junit(ended: "Night", path: Path, fail_on: Literal["invalid", "critical", "high", "medium", "low"] | None) -> None:
    from pai_report.batch.junit import junit_xml
    from pai_report.report.rendition import Rendered
    from pai_report.report.write import write

    write(Rendered(main=junit_xml(ended, fail_on)), path)


@contextmanager
def _stopped_by_terminate() -> "Iterator[None]":
    """SIGTERM, as systemd and job limits send it, ends a night as tidily as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _notes(ended: "Night", order: "Order") -> "Iterator[str]":
    """What the user should know beside the runs: a lost memory, known findings that are for no run."""
    from pai_report.batch.known import matches

    if ended.forgotten:
        yield "The memory of earlier nights could not be read: every run was reported, and nothing could be compared."
    for held in order.settings.known:
        if not any(matches(row, held) for row in ended.rows):
            yield f"The known finding {held.code} is for no run: nothing is called {held.run}."


def _summary(ended: "Night") -> str:
    from pai_report.batch.words import counted

    counts = ended.counts
    return f"{counted(len(ended.rows), 'run')}: " + ", ".join(f"{counts[name]:,} {name}" for name in counts) + "."


@contextmanager
def _watching() -> "Iterator[Watch]":
    """A bar on a terminal, elsewhere a line for each run that was worked on, none if only problems are to be told."""
    if is_quiet() or not on_terminal(sys.stderr):
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
        if outcome == "failed":
            tell(_line(row))
        elif outcome != "unchanged":
            note(_line(row))


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

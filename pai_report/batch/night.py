"""One night: what is new or changed is reported, the rest is kept; then index, digest and the memory for tomorrow."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pai_report.batch.digest import changes, digest_page
from pai_report.batch.ends import Ends, Shelf, local_ends
from pai_report.batch.index import PAGES, write_index
from pai_report.batch.known import quiet_findings
from pai_report.batch.model import RANK, Row
from pai_report.batch.outputs import sizes, sweep
from pai_report.batch.shift import Order, Outcome, Shift, Tasks, Watch
from pai_report.batch.state import HIDDEN, State, Store
from pai_report.report.document import Severity
from pai_report.report.rendition import Rendered, source_date
from pai_report.report.write import write
from pai_report.values import value

if TYPE_CHECKING:
    from pai_report.batch.engine import Engine


@value
class Night:
    """How a night ended: the rows in the order of their keys, how many had which outcome, and the findings that are known."""

    rows: tuple[Row, ...]
    counts: Mapping[Outcome, int]
    quiet: frozenset[tuple[str, str]]  # name of the run, code
    forgotten: bool = False  # there is a memory of earlier nights that cannot be read

    def reaches(self, row: Row, severity: Severity) -> bool:
        """Whether a run failed, or has a finding as severe as `severity` or worse that is not known."""
        return row.failure is not None or any(
            RANK[flaw.severity] <= RANK[severity] and (row.name, flaw.code) not in self.quiet for flaw in row.flaws
        )


def night(
    order: Order, engine: "Callable[[], Engine]", watch: Watch, tasks: Tasks | None = None, ends: Ends | None = None
) -> Night:
    """Bring the reports of all runs up to date. `engine` is called when there is something to do.

    `ends` say where runs and reports lie; without them they are the folders of `order` on this machine.

    Raises TakenError where another process is at it, ExpectedError where there is no run or nothing can be written.
    """
    today = _today(order.environment)
    ends = ends or local_ends(Path(order.root), order.output)
    with ends.shelf.locked():
        store = ends.shelf.store()
        sweep(order.output, deep=bool(store.unfinished))
        sweep(order.output / HIDDEN, deep=False)
        shift = Shift(order, store, engine, watch, tasks or Tasks(), ends)
        try:
            shift.work()
        finally:
            shift.close()
            store.close()
        return _finished(order, store, shift, today, ends.shelf)


def _today(environment: Mapping[str, str]) -> date:
    """The day that known findings expire by: it is compared, and shown nowhere."""
    return (source_date(environment) or datetime.now(UTC)).date()


def _finished(order: Order, store: Store, shift: Shift, today: date, shelf: Shelf) -> Night:
    """Write what is said of all runs together, and remember this night as the last whole one."""
    rows = tuple(sorted((record.row for record in shift.records.values()), key=lambda row: row.run))
    quiet = quiet_findings(rows, order.settings.known, today)
    last = store.last
    kept = last if last and last.pages and shelf.present(last.pages) else None
    index = write_index(rows, order.output, kept.index if kept else "")
    told = changes(last, rows, quiet, forgotten=store.forgotten)
    write(Rendered(main=digest_page(told).encode()), order.output / "digest.md")
    state = State(
        records=tuple(sorted(shift.records.values(), key=lambda held: held.row.name)),
        looked=tuple(sorted(shift.looked, key=lambda held: held.folder)),
        quiet=tuple(sorted(quiet)),
        index=index,
        pages=kept.pages if kept and kept.index == index else sizes(order.output, (order.output / page for page in PAGES)),
    )
    store.commit(state)
    return Night(rows=rows, counts=shift.counts, quiet=quiet, forgotten=store.forgotten)

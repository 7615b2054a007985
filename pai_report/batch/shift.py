"""The work of one night: which runs are new or changed, who reports them, and what became of each."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pai_report import __version__
from pai_report.batch import staging, work
from pai_report.batch.conditions import conditions, digest_of
from pai_report.batch.model import Failure, Job, Record, Row, Search, Sighting
from pai_report.batch.names import folder_key, run_key, safe_name
from pai_report.batch.outputs import report_folder, sweep
from pai_report.batch.state import Looked, Store
from pai_report.batch.survey import Place
from pai_report.errors import ExpectedError
from pai_report.report.assets import Overrides
from pai_report.settings import Settings
from pai_report.values import value

if TYPE_CHECKING:
    from pai_report.batch.ends import Ends
    from pai_report.batch.engine import Engine

Outcome = Literal["rendered", "unchanged", "failed"]
_TRIES = 2  # a task that was lost because the pool broke is handed out once more
_ENDING = {
    "disk-full",
    "pango-missing",
    "assets-missing",
    "other-version",
    "other-place",
}  # every further run would meet the same
_LONGEST = 400  # characters of a reason: some quote what they found in a file


@value
class Order:
    """What is asked of a night: all runs below `root`, reported into `output` in `formats`.

    The index is made in the parent, inside of `pai_report.report.assets.overriding` with the same `overrides`.

    `root` is a URL where the runs lie in a store, `output` a folder here in any case.
    """

    root: Path | str
    output: Path
    formats: tuple[str, ...]
    settings: Settings
    environment: Mapping[str, str]
    overrides: Overrides = Overrides()


@value
class Tasks:
    """What workers do: look for the runs in a folder, report one of them."""

    look: Callable[[Search], tuple[Sighting, ...] | Failure] = staging.look
    render: Callable[[Job], Record | Failure] = staging.render


class Watch(Protocol):
    """Somebody who is told how far the night is."""

    def found(self, runs: int) -> None:
        """How many runs there are, as far as is known by now."""

    def done(self, row: Row, outcome: Outcome) -> None:
        """One run is done."""


@value
class _Task:
    """Something for a worker; without `sighting` it is a folder to look into."""

    place: Place
    given: Search | Job
    sighting: Sighting | None = None
    tries: int = 1


class Shift:
    """The work of one night on one output folder, held by its lock."""

    def __init__(  # noqa: PLR0913, PLR0917 all that a night brings together
        self, order: Order, store: Store, engine: "Callable[[], Engine]", watch: Watch, tasks: Tasks, ends: "Ends"
    ) -> None:
        self._order, self._store, self._make_engine, self._watch, self._tasks = order, store, engine, watch, tasks
        self._ends = ends
        self._conditions = conditions(order.settings, order.formats, order.environment)
        self._before = store.records
        self._known = {held.folder: held for held in (store.last.looked if store.last else ())}
        self._engine: Engine | None = None
        self._waiting: deque[_Task] = deque()
        self._runs = 0
        self.records: dict[str, Record] = {}
        self.looked: list[Looked] = []
        self.counts: dict[Outcome, int] = {"rendered": 0, "unchanged": 0, "failed": 0}

    def work(self) -> None:
        """Find what there is to do, and have it done. ExpectedError where there is no run at all, or nothing can be written."""
        for place in self._ends.source.survey():
            self._plan(place)
        self._hand_out()
        if not self.records:
            sentence = f"No run was found in {self._order.root} or below it."
            raise ExpectedError("no-run-found", sentence, "Give the folder that holds the run folders.")

    def close(self) -> None:
        """Stop the workers, whatever they do."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _plan(self, place: Place) -> None:
        """Keep what is known of a folder, or put it on the list of those to look into."""
        known = self._known.get(place.shown)
        if place.failure is not None:
            self._fail_folder(place, place.failure)
        elif known is not None and known.digest == _folder_digest(place) and self._trusted(known):
            self._consider(place, [_sighting(self._before[name]) for name in known.runs])
        else:
            self._enlist(_Task(place=place, given=Search(folder=place.path, settings=self._order.settings)))

    def _trusted(self, known: Looked) -> bool:
        """Whether what was seen in an unchanged folder still tells what to do: not so for a failure that may be gone."""
        held = [self._before.get(name) for name in known.runs]
        return all(record is not None and (not record.row.failure or self._holds(record, record.content)) for record in held)

    def _holds(self, record: Record, content: str) -> bool:
        """Whether a record needs no work: made of the same content under the same conditions, and its files are there."""
        passing = record.row.failure is not None and record.row.failure.again
        return record.key == self._key(content) and not passing and self._ends.shelf.present(record.outputs)

    def _key(self, content: str) -> str:
        return digest_of(content, self._conditions)

    def _consider(self, place: Place, sightings: Iterable[Sighting]) -> None:
        """Keep, fail or enlist each run of a folder, and remember that the folder was looked into."""
        names = []
        for sighting in sightings:
            key = run_key(place.shown, sighting.save_name)
            name = safe_name(key)
            names.append(name)
            record = self._before.get(name)
            if record is not None and self._holds(record, sighting.content):
                self._settle(record, "failed" if record.row.failure else "unchanged")
            elif sighting.failure is not None:
                self._fail(place, sighting, sighting.failure)
            else:
                self._enlist(_Task(place=place, given=self._job(place, sighting), sighting=sighting))
        self.looked.append(Looked(folder=place.shown, digest=_folder_digest(place), runs=tuple(names)))

    def _job(self, place: Place, sighting: Sighting) -> Job:
        return Job(
            folder=place.path,
            shown=place.shown,
            save_name=sighting.save_name,
            output=self._ends.shelf.address,
            formats=self._order.formats,
            content=sighting.content,
            key=self._key(sighting.content),
            settings=self._order.settings,
            overrides=self._order.overrides,
        )

    def _enlist(self, task: _Task) -> None:
        """Put a task on the list; the first one starts the engine, which warms up while folders are still searched."""
        self._engine = self._engine or self._make_engine()
        self._waiting.append(task)

    def _hand_out(self) -> None:
        """Have every task done, a few at a time: what is not under way costs the parent no memory."""
        under_way: dict[Future[Any], _Task] = {}
        self._expect(len(self.records) + len(self._waiting))
        while self._engine is not None and (self._waiting or under_way):
            while self._waiting and len(under_way) < self._engine.width:
                task = self._waiting.popleft()
                function = self._tasks.render if task.sighting else self._tasks.look
                under_way[self._engine.submit(work.shielded, function, task.given)] = task
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                self._receive(self._engine, under_way.pop(future), future)

    def _receive(self, engine: "Engine", task: _Task, future: "Future[Any]") -> None:
        """Make of a result, or of a lost worker, what the night needs."""
        error = future.exception()
        result = future.result() if error is None else engine.explain(error)
        if not isinstance(result, Failure):
            self._take(task, result)
        elif result.slug == "lost" and task.tries < _TRIES:
            self._enlist(replace(task, tries=task.tries + 1))
        elif result.slug in _ENDING:
            raise ExpectedError(result.slug, result.sentence, result.hint)
        elif task.sighting is None:
            self._expect(self._fail_folder(task.place, result) - 1)
        else:
            self._fail(task.place, task.sighting, result)

    def _take(self, task: _Task, result: Record | tuple[Sighting, ...]) -> None:
        if isinstance(result, Record):
            self._store.note(result)
            self._settle(result, "rendered")
        else:
            self._expect(len(result) - 1)
            self._consider(task.place, result)

    def _expect(self, more: int) -> None:
        """Tell how many runs there are: a folder counts as one until it has been looked into."""
        self._runs += more
        self._watch.found(self._runs)

    def _fail_folder(self, place: Place, failure: Failure) -> int:
        """A folder that cannot be looked into fails as what it held before, else as itself; how many runs that are.

        What it held is remembered until it can be looked into again.
        """
        known = self._known.get(place.shown)
        held = [self._before[name] for name in known.runs if name in self._before] if known else []
        if known is not None and held:
            self.looked.append(replace(known, digest=""))
        for record in held:
            self._fail(place, Sighting(save_name=record.save_name, content=place.digest), failure)
        if not held:
            self._fail_as(folder_key(place.shown), place, Sighting(save_name="", content=place.digest), failure)
        return len(held) or 1

    def _fail(self, place: Place, sighting: Sighting, failure: Failure) -> None:
        self._fail_as(run_key(place.shown, sighting.save_name), place, sighting, failure)

    def _fail_as(self, key: str, place: Place, sighting: Sighting, failure: Failure) -> None:
        name = safe_name(key)
        record = Record(
            row=Row(name=name, run=key, failure=replace(failure, sentence=self._public(failure.sentence), hint="")),
            folder=place.shown,
            save_name=sighting.save_name,
            content=sighting.content,
            key=self._key(sighting.content),
        )
        sweep(self._order.output / report_folder(name), deep=True)
        self._store.note(record)
        self._settle(record, "failed")

    def _public(self, sentence: str) -> str:
        """A reason without the paths of this machine, and not too long."""
        for path in (self._ends.shelf.address, self._order.output, self._order.root):
            sentence = sentence.replace(f"{path}/", "")
        return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 1]}…"

    def _settle(self, record: Record, outcome: Outcome) -> None:
        self.records[record.row.name] = record
        self.counts[outcome] += 1
        self._watch.done(record.row, outcome)


def _folder_digest(place: Place) -> str:
    """Digest of a folder as this version looks at it: the next one may find more in it."""
    return digest_of(place.digest, __version__)


def _sighting(record: Record) -> Sighting:
    return Sighting(save_name=record.save_name, content=record.content, failure=record.row.failure)

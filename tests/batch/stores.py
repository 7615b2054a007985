"""Stores for tests: nights that come from and go to URLs, with an engine that works in this process."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from nights import Collected

from pai_report.batch.address import opened
from pai_report.batch.ends import both_ends
from pai_report.batch.model import Failure
from pai_report.batch.night import Night, night
from pai_report.batch.shift import Order, Watch
from pai_report.settings import Settings

R = TypeVar("R")
INDEX = ("index.html", "index.md", "index.json")


class Here:
    """An engine that does each task at once in this process: it sees the store in its memory."""

    width = 1

    def submit(self, function: Callable[..., R], /, *arguments: Any) -> "Future[R]":
        """Do it."""
        future: Future[R] = Future()
        future.set_result(function(*arguments))
        return future

    def explain(self, error: BaseException) -> Failure:
        """Nothing is ever lost here."""
        raise error

    def close(self) -> None:
        """Nothing to stop."""


class Interrupted(Collected):
    """A watch that ends the night after its first run."""

    def done(self, row: Any, outcome: Any) -> None:
        """One run is done; that is all for tonight."""
        super().done(row, outcome)
        raise KeyboardInterrupt


def spent(runs: str, reports: str, *formats: str, watch: Watch | None = None) -> Night:
    """A night between two URLs or paths in this process, by default with reports in JSON."""
    with both_ends(runs, reports) as ends:
        order = Order(
            root=ends.source.root,
            output=ends.shelf.folder,
            formats=formats or ("json",),
            settings=Settings(),
            environment={},
        )
        return night(order, Here, watch or Collected(), ends=ends)


def rendered(runs: str, reports: str, *formats: str) -> set[str]:
    """Keys of the runs that a night reported."""
    watch = Collected()
    spent(runs, reports, *formats, watch=watch)
    return watch.rendered


def uploaded(folder: Path, url: str) -> str:
    """The URL, with everything below the folder in it."""
    opened(url).put({path.relative_to(folder).as_posix(): str(path) for path in folder.rglob("*") if path.is_file()})
    return url


def contents(url: str) -> dict[str, bytes]:
    """Every object below a URL by its relative name."""
    at = opened(url)
    names = sorted(at.files())
    return dict(zip(names, at.read_all(names), strict=True))


def shown(held: Mapping[str, bytes]) -> dict[str, bytes]:
    """What people and programs read of a night: not what it remembers, nor what changed since the last one."""
    return {name: data for name, data in held.items() if not name.startswith(".pai-report/") and name != "digest.md"}

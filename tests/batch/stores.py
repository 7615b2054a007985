"""Stores for tests: nights that come from and go to URLs, with an engine that works in this process."""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from nights import Collected

from pai_report.batch.address import opened
from pai_report.batch.ends import Ends, both_ends
from pai_report.batch.engine import Engine
from pai_report.batch.model import Failure
from pai_report.batch.night import Night, night
from pai_report.batch.shift import Order, Tasks, Watch
from pai_report.settings import Settings

R = TypeVar("R")
SYNTHETIC_KEYS = {"AWS_ACCESS_KEY_ID": "synthetic", "AWS_SECRET_ACCESS_KEY": "synthetic", "AWS_DEFAULT_REGION": "us-east-1"}
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


def spent(
    runs: str,
    reports: str,
    *formats: str,
    watch: Watch | None = None,
    engine: Callable[[Ends], Engine] | None = None,
    tasks: Tasks | None = None,
) -> Night:
    """A night between two URLs or paths, by default in this process and with reports in JSON."""
    with both_ends(runs, reports) as ends:
        order = Order(
            root=ends.source.root,
            output=ends.shelf.folder,
            formats=formats or ("json",),
            settings=Settings(),
            environment={},
        )
        return night(order, lambda: engine(ends) if engine else Here(), watch or Collected(), tasks, ends)


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


@contextmanager
def s3_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A new bucket of an S3 server on this machine, as a URL; all processes started meanwhile find it there."""
    pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, held in (SYNTHETIC_KEYS | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}).items():
        monkeypatch.setenv(name, held)
    url = f"s3://nights-{uuid4().hex}"
    fs = opened(url).fs
    try:
        fs.mkdir(url)
        yield url
    finally:
        server.stop()
        type(fs).clear_instance_cache()

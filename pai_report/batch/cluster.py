"""Workers of a dask cluster: the only module that knows dask. A worker that is lost costs nothing but time.

Dask hands a task out again when its worker is lost, and gives it up after some workers (KilledWorker), together with those that
only waited there. So these are handed in once more, one at a time: only who is alone with a lost worker is to blame. The time
limit of a task is kept where it is done (`errand`). What dask would wait for without end is watched from here: a scheduler that
is gone or silent, and a cluster without workers.
"""

import logging
import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Event, RLock, Thread
from typing import Any, TypeVar

from pai_report.batch import errand
from pai_report.batch.ground import Ground, leave, other_version
from pai_report.batch.model import Failure
from pai_report.errors import ExpectedError
from pai_report.values import value

R = TypeVar("R")
PATIENCE = 120.0  # seconds: an autoscaling cluster starts its first worker meanwhile
_CONNECT = 20.0  # seconds for the first word of a scheduler
_LOOK = 5.0  # seconds between two looks at the cluster
_KILLED = "KilledWorker"  # what dask calls it; its class is imported where dask is
_NAME = "pai-report"  # as pip calls it
_HINT = "What was finished is kept: start again when the cluster is there."


class LostError(Exception):
    """The cluster is gone; the message says how."""


@value
class _Handed:
    """A task that was handed in. `suspected`: it was there when workers were lost, and is given out alone."""

    outer: "Future[Any]"
    task: bytes
    suspected: bool = False


class ClusterEngine:
    """The workers of the scheduler at `address`; each task may take `timeout` seconds.

    `preload` names modules that all tasks need, `place` prepares the common ground of a night (`ground.prepare`).
    Raises ExpectedError: "extra-missing", "no-scheduler", "other-version".
    """

    def __init__(self, address: str, timeout: float, preload: Sequence[str], place: Callable[[], Ground]) -> None:
        self._address = address
        self._waiting: deque[_Handed] = deque()
        self._suspects: deque[_Handed] = deque()
        self._under_way: list[_Handed] = []
        self._lock, self._over, self._lost = RLock(), Event(), ""
        self._client = _connected(address)
        self._threads = 1
        try:
            _compare(self._client.get_versions(packages=[_NAME]))
            self._threads = _counted(self._client.nthreads())
            self._ground = place()
        except BaseException:
            self._client.close()
            raise
        date = os.environ.get("SOURCE_DATE_EPOCH", "")
        charge = errand.Charge(timeout=timeout, preload=tuple(preload), ground=self._ground, date=date)
        self._charge = pickle.dumps(charge)
        self._executor = self._client.get_executor(pure=False)
        self._watch = Thread(target=self._look_after, daemon=True)
        self._watch.start()

    @property
    def width(self) -> int:
        """Enough to keep every thread of every worker busy while results are on their way."""
        return 2 * self._threads

    def submit(self, function: Callable[..., R], /, *arguments: Any) -> "Future[R]":
        """Have `function(*arguments)` done by some worker. The time limit counts from when it starts there."""
        outer: Future[R] = Future()
        with self._lock:
            self._waiting.append(_Handed(outer=outer, task=pickle.dumps((function, arguments))))
            self._hand_in()
        return outer

    def explain(self, error: BaseException) -> Failure:
        """How the worker was lost. ExpectedError where the whole cluster is, or where it has no pai-report."""
        if isinstance(error, LostError):
            raise ExpectedError("cluster-lost", f"The scheduler {self._address} {error}.", _HINT)
        if isinstance(error, ImportError) or "deserialization" in str(error):
            raise other_version("A worker or the scheduler", None, self._ground.version) from error
        if type(error).__name__ == _KILLED:
            return Failure(slug="crash", sentence="It was the only task when one worker after the other was lost.", again=True)
        return Failure(slug="lost", sentence=f"Its worker was lost ({type(error).__name__}).", again=True)

    def close(self) -> None:
        """Take back what waits and leave the cluster. What runs there ends by itself, at the latest with its time limit."""
        self._over.set()
        self._watch.join()
        with suppress(Exception):  # a cluster that is gone must not keep us
            leave(self._ground)
        with suppress(Exception):
            self._executor.shutdown(wait=False)
        with suppress(Exception):
            self._client.close(timeout=_LOOK)

    def _hand_in(self) -> None:
        """Give to dask what may be done now: a suspect when nothing else is under way, all that waits when there is none."""
        if self._lost:
            self._fail_all(self._lost)
        elif self._suspects and not self._under_way:
            self._give(self._suspects.popleft())
        elif not self._suspects and not any(held.suspected for held in self._under_way):
            while self._waiting:
                self._give(self._waiting.popleft())

    def _give(self, handed: "_Handed") -> None:
        self._under_way.append(handed)
        try:
            inner = self._executor.submit(errand.run, self._charge, handed.task)
        except Exception as error:  # noqa: BLE001 a client whose scheduler is gone says so in several ways
            self._fail_all(f"took no further task ({type(error).__name__})")
        else:
            inner.add_done_callback(partial(self._take_back, handed))

    def _take_back(self, handed: "_Handed", inner: "Future[bytes]") -> None:
        """End our future as that of dask ended. Dask cancels those of a scheduler that it lost."""
        with self._lock:
            if handed not in self._under_way:  # it was failed meanwhile
                return
            self._under_way.remove(handed)
            try:
                handed.outer.set_result(pickle.loads(inner.result()))  # noqa: S301 from our own task
            except CancelledError:
                handed.outer.set_exception(LostError("cancelled a task, as it does when the connection to it is lost"))
            except Exception as error:  # noqa: BLE001 whatever dask or the way back met
                if type(error).__name__ == _KILLED and not handed.suspected:
                    self._suspects.append(replace(handed, suspected=True))
                else:
                    handed.outer.set_exception(error)
            self._hand_in()

    def _fail_all(self, how: str) -> None:
        """End every future: the cluster is gone."""
        self._lost = how
        for handed in (*self._under_way, *self._suspects, *self._waiting):
            handed.outer.set_exception(LostError(how))
        self._under_way.clear()
        self._suspects.clear()
        self._waiting.clear()

    def _look_after(self) -> None:
        """Ask for the workers now and then, and give up when there was none, or no answer, for too long."""
        answered = manned = time.monotonic()
        while not self._over.wait(_LOOK):
            with suppress(Exception):  # no answer, in one of several ways
                threads = self._client.sync(self._client.scheduler.ncores, callback_timeout=_LOOK)
                answered = time.monotonic()
                manned = answered if threads else manned
                self._threads = _counted(threads)
            now = time.monotonic()
            if now - answered > PATIENCE:
                self._lose(f"has not answered for {PATIENCE:g} s")
            elif answered - manned > PATIENCE:
                self._lose(f"has had no worker for {PATIENCE:g} s")

    def _lose(self, how: str) -> None:
        with self._lock:
            self._fail_all(how)


def _counted(threads: Mapping[str, int]) -> int:
    """Threads of all workers; one where there is no worker yet, so that something is handed in."""
    return max(1, sum(threads.values()))


def _connected(address: str) -> Any:
    """A client of the scheduler; it keeps its log to itself, all that matters is told in one sentence."""
    try:
        from distributed import Client  # noqa: PLC0415 most nights stay on this machine
    except ImportError as error:
        hint = "Install it: pip install distributed"
        raise ExpectedError(
            "extra-missing", "--scheduler needs the package distributed, which is not installed.", hint
        ) from error
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except Exception as error:
        hint = "Give the address that the scheduler prints when it starts, such as tcp://host:8786."
        raise ExpectedError("no-scheduler", f"No scheduler answers at {address}.", hint) from error


def _compare(versions: Any) -> None:
    """Nothing where scheduler and workers have our version of pai-report; ExpectedError "other-version"."""
    ours = versions["client"]["packages"][_NAME]
    places = {"The scheduler": versions["scheduler"]} | {f"The worker {at}": held for at, held in versions["workers"].items()}
    for who, held in places.items():
        found = held["packages"].get(_NAME)
        if found != ours:
            raise other_version(who, found, ours)

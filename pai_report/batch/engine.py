"""Where the work is done: a small interface in the manner of `concurrent.futures`, and the pool on this machine."""

import atexit
import errno
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import cache
from multiprocessing import current_process, forkserver, get_all_start_methods, get_context, resource_tracker
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from pai_report.batch.guard import start_worker
from pai_report.batch.model import Failure
from pai_report.errors import ExpectedError
from pai_report.report.unfinished import temporary_folder

if TYPE_CHECKING:
    from concurrent.futures import Future

R = TypeVar("R")
_UNKNOWN_END = 255  # as multiprocessing says that the process which starts workers is gone, and knows no more of them
_PLACE = {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG}
_AGAIN = "Start again; what was finished is kept."
RECYCLED = 100  # tasks after which a worker is replaced: a PDF leaves 0.2 MB behind


class Engine(Protocol):
    """Runs functions elsewhere. Functions are importable by name, arguments and results are plain values."""

    @property
    def width(self) -> int:
        """Tasks worth having under way at once."""

    def submit(self, function: Callable[..., R], /, *arguments: Any) -> "Future[R]":
        """Have `function(*arguments)` done; the future ends with the result, or with an exception if its worker was lost."""

    def explain(self, error: BaseException) -> Failure:
        """Why a future of this engine ended with `error`."""

    def close(self) -> None:
        """Stop all workers, whatever they do."""


class LocalEngine:
    """Worker processes on this machine, replaced when they crash, take longer than `timeout` seconds, or have done enough.

    `preload` names modules to import once for all of them, `scratch` a folder for their temporary files: who is killed does
    not tidy up.
    """

    def __init__(self, jobs: int, timeout: float, preload: Sequence[str] = (), scratch: str | None = None) -> None:
        self._jobs, self._timeout, self._scratch = jobs, timeout, scratch
        self._context = _context(preload)
        self._pool: ProcessPool | None = None

    @property
    def width(self) -> int:
        """Enough to keep every worker busy while results are on their way."""
        return 2 * self._jobs

    def submit(self, function: Callable[..., R], /, *arguments: Any) -> "Future[R]":
        """Have `function(*arguments)` done by the next free worker. The time limit counts from when it starts."""
        if self._pool is not None and not self._pool.active:  # broken: a worker was killed between two tasks
            self.close()
        if self._pool is not None:
            return self._pool.schedule(function, args=arguments, timeout=self._timeout)
        self._pool = ProcessPool(
            self._jobs, max_tasks=RECYCLED, initializer=start_worker, initargs=(self._scratch,), context=self._context
        )
        try:
            return self._pool.schedule(function, args=arguments, timeout=self._timeout)
        except (OSError, BrokenProcessPool) as error:
            raise _not_started(error) from error

    def explain(self, error: BaseException) -> Failure:
        """The time limit, or how the worker died."""
        if isinstance(error, TimeoutError):
            return Failure(slug="timeout", sentence=f"It took longer than {self._timeout:g} s and was stopped.", again=True)
        if isinstance(error, ProcessExpired) and error.exitcode != _UNKNOWN_END:
            return Failure(slug="crash", sentence=_ended(error.exitcode), again=True)
        return Failure(slug="lost", sentence=f"Its worker was lost ({type(error).__name__}).", again=True)

    def close(self) -> None:
        """Stop all workers."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


def _context(preload: Sequence[str]) -> BaseContext:
    """A fork server where there is one, started at once: it imports while the folders are still searched."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    command_line = ["pai_report.cli"] if "pai_report.cli" in sys.modules else []  # a worker imports the main module again
    context = get_context("forkserver")
    context.set_forkserver_preload([*preload, *command_line])
    try:
        current_process()._config.setdefault("tempdir", _place())  # type: ignore[attr-defined] # noqa: SLF001 as multiprocessing
        with _deaf_to_interrupts():
            forkserver.ensure_running()
    except OSError as error:
        raise _not_started(error) from error
    return context


@cache
def _place() -> str:
    """A folder of our own for the sockets of worker processes, as long as this process lives.

    What multiprocessing would make itself outlives a process that is killed; this one is removed by the next that needs one.
    """
    stack = ExitStack()
    atexit.register(stack.close)
    return str(stack.enter_context(temporary_folder()))


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started within it never see Ctrl-C, which goes to a whole group: it is for this process to stop them."""
    resource_tracker.ensure_running()  # started within, it would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _not_started(error: Exception) -> ExpectedError:
    """Worker processes need a socket in the folder for temporary files, whose path may not be long."""
    cause = error.__cause__ or error
    about_the_place = isinstance(cause, OSError) and (cause.errno in _PLACE or "AF_UNIX" in str(cause))
    hint = "Set TMPDIR to a folder that you may write to and whose path is short." if about_the_place else _AGAIN
    return ExpectedError("no-workers", f"Worker processes could not be started: {cause}.", hint)


def _ended(code: int) -> str:
    """How a worker ended: a signal by its name, else its exit code. Signal 9 tells that it was killed, not by whom or why."""
    if code == -9:
        return "Its worker was killed (signal 9); the usual cause is memory."
    how = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"
    return f"It ended its worker ({how})."

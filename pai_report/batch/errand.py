"""A task on the worker of a cluster, done in a process beside it.

Dask has no time limit for a task and cannot end one that runs, and a task that crashes takes its worker along, with whatever
else that does. Here both only end the process beside the worker, which is the engine of a single machine again (`helper`). It
stays for the next task; it ends when the worker ends, or when nothing was to be done for a while.
"""

import os
import pickle
import subprocess
import sys
from collections import defaultdict
from contextlib import suppress
from typing import IO

from pai_report.batch.ground import Ground
from pai_report.batch.model import Failure
from pai_report.values import value


@value
class Charge:
    """What tasks of one night have in common: `timeout` in seconds, `preload` names modules that all of them need.

    `date` is the SOURCE_DATE_EPOCH of the night, which the workers' own must not replace; "" for none.
    """

    timeout: float
    preload: tuple[str, ...]
    ground: Ground
    date: str


class Helper:
    """A process beside this one that does one task at a time."""

    def __init__(self, charge: bytes) -> None:
        found = os.pathsep.join(path for path in sys.path if path)  # it finds what this process finds
        command = [sys.executable, "-m", "pai_report.batch.helper"]
        environment = {**os.environ, "PYTHONPATH": found}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603 our own
        self.do(charge)  # its answer says that it is ready

    def do(self, task: bytes) -> bytes:
        """Have a pickled task done; its pickled result. OSError or EOFError where the process ended."""
        inbox, outbox = _pipes(self._process)
        pickle.dump(task, inbox)
        inbox.flush()
        return bytes(pickle.load(outbox))  # noqa: S301 our own process

    def end(self) -> None:
        """End the process, and with it whatever it does."""
        for pipe in _pipes(self._process):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    """What it reads from and what it writes to."""
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    return process.stdin, process.stdout


_idle: dict[bytes, list[Helper]] = defaultdict(list)  # by their charge; a worker may have several threads


def run(charge: bytes, task: bytes) -> bytes:
    """Do a task on this worker: both pickled, so that neither dask nor its scheduler needs to know what is in them."""
    try:
        helper = _idle[charge].pop() if _idle[charge] else Helper(charge)
    except (OSError, EOFError) as error:
        return _lost(error)
    try:
        done = helper.do(task)
    except (OSError, EOFError) as error:
        helper.end()
        return _lost(error)
    _idle[charge].append(helper)
    return done


def _lost(error: Exception) -> bytes:
    return pickle.dumps(Failure(slug="lost", sentence=f"Its worker was lost ({type(error).__name__}).", again=True))

"""The process beside a worker of a cluster: takes one task after the other from standard input, answers on standard output."""

import os
import pickle
import sys
from functools import partial
from select import select
from typing import TYPE_CHECKING, Any, BinaryIO

from pai_report.batch.engine import LocalEngine
from pai_report.batch.ground import Ground, check
from pai_report.batch.work import shielded
from pai_report.report.unfinished import temporary_folder

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pai_report.batch.errand import Charge

_IDLE = 60.0  # seconds without a task after which the process is no longer worth its memory


def main() -> None:
    """Serve until standard input ends, which it does with the worker, or until there was no task for a while."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not get between the answers
    charge: Charge = pickle.loads(pickle.load(sys.stdin.buffer))  # noqa: S301 our own worker
    os.environ["SOURCE_DATE_EPOCH"] = charge.date
    with temporary_folder() as scratch:
        _serve(charge, LocalEngine(1, charge.timeout, charge.preload, str(scratch)), answers)


def _serve(charge: "Charge", engine: LocalEngine, answers: BinaryIO) -> None:
    _send(answers, b"ready")
    try:
        under_way: Future[Any] | None = None
        while (task := _next_task(sys.stdin.buffer, under_way)) is not None:
            under_way = engine.submit(attended, charge.ground, task)
            under_way.add_done_callback(partial(_answer, engine, answers))
    finally:
        engine.close()


def attended(ground: Ground, task: bytes) -> Any:
    """Do a pickled task, if this machine stands on the common ground; a Failure says why it does not."""
    function, arguments = pickle.loads(task)  # noqa: S301 handed on by our own worker
    refused = shielded(check, ground)
    return function(*arguments) if refused is None else refused


def _next_task(source: BinaryIO, under_way: "Future[Any] | None") -> bytes | None:
    """The next task; None where none comes. It comes only after an answer, so that none waits in a buffer unseen."""
    while not select([source], [], [], _IDLE)[0]:
        if under_way is None or under_way.done():
            return None
    try:
        return bytes(pickle.load(source))  # noqa: S301 our own worker
    except EOFError:
        return None


def _answer(engine: LocalEngine, answers: BinaryIO, future: "Future[Any]") -> None:
    error = future.exception()
    _send(answers, pickle.dumps(future.result() if error is None else engine.explain(error)))


def _send(answers: BinaryIO, data: bytes) -> None:
    pickle.dump(data, answers)
    answers.flush()


if __name__ == "__main__":
    main()

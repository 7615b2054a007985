"""One night at a time in one output folder."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from pai_report.batch.state import HIDDEN
from pai_report.report.clean import clean
from pai_report.report.rendition import Rendered
from pai_report.report.write import explained, write
from pai_report.values import value


@value
class _Holder:
    pid: int
    host: str


class TakenError(Exception):
    """Another process works in the output folder; the message says which."""


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the output folder, made if need be. TakenError where another process holds it, ExpectedError where none can.

    The kernel lets go of the lock when its process ends, however it ends.
    """
    folder = output / HIDDEN
    lock, holder = FileLock(folder / "lock"), folder / "holder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise TakenError(_holder(holder)) from None
    except OSError as error:
        raise explained(error, output) from error
    try:
        write(Rendered(main=msgspec.json.encode(_Holder(pid=os.getpid(), host=socket.gethostname()))), holder)
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    """Who holds the lock, as far as it said so."""
    try:
        holder = msgspec.json.decode(path.read_bytes(), type=_Holder)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return "another process"
    return clean(f"process {holder.pid} on {holder.host}")

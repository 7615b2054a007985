"""One night at a time in one output folder."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pai_report.batch.state import HIDDEN
from pai_report.report.rendition import Rendered
from pai_report.report.write import explained, write


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
        write(Rendered(main=json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode()), holder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    """Who holds the lock, as far as it said so."""
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return "another process"
    return f"process {held['pid']} on {held['host']}"

"""One night at a time in one folder of a store: an object says who is at it, and until when unless it says so again.

No store lets go of anything when a process ends. So a holder that was killed on this machine is told by its process, one
elsewhere by its time being over. Two that take over from the same dead holder at once can both succeed for a moment; the one
whose object was overwritten finds out before it writes anything but reports, and stops.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from uuid import uuid4

import msgspec

from pai_report.batch.address import Address
from pai_report.batch.lock import TakenError
from pai_report.errors import ExpectedError
from pai_report.values import value

SECONDS = 300.0  # that a holder is believed without a further sign of it; clocks may differ by less
_SIGNS = 5  # in that time: some may fail


@value
class Holder:
    """Who is at it: one process of one host, `token` is its alone; `until` in seconds since 1970."""

    pid: int
    host: str
    token: str
    until: float


class Lease:
    """The hold on a folder of a store, by the object `at`."""

    def __init__(self, at: Address) -> None:
        self._at = at
        self._token = uuid4().hex
        self._over = Event()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it. TakenError where another process does, ExpectedError where the store fails or the hold was lost."""
        self._take()
        signs = Thread(target=self._keep, daemon=True)
        signs.start()
        try:
            yield
        finally:
            self._over.set()
            signs.join()
            if self._is_mine():
                self._at.remove_it()

    def check(self) -> None:
        """Nothing where the hold is still ours; ExpectedError "hold-lost"."""
        holder = self._holder()
        if holder is None or holder.token != self._token:
            how = "is gone or damaged" if holder is None else "was taken over by another process"
            sentence = f"{self._at.url}, which names who may write, {how}."
            raise ExpectedError("hold-lost", sentence, "Let only one of them run; what was reported is kept.")

    def _take(self) -> None:
        try:
            self._at.write(self._sign(), new=True)
        except FileExistsError:
            holder = self._holder()
            if holder is not None and not _is_gone(holder):
                raise TakenError(f"process {holder.pid} on {holder.host}") from None
            self._at.write(self._sign())
        if not self._is_mine():  # a store that only asks first lets two through
            raise TakenError("another process")

    def _keep(self) -> None:
        """Give signs until it is over. One that fails is made up for by the next; what was lost is not taken back."""
        while not self._over.wait(SECONDS / _SIGNS):
            with suppress(ExpectedError):
                if self._is_mine():
                    self._at.write(self._sign())

    def _sign(self) -> bytes:
        holder = Holder(pid=os.getpid(), host=socket.gethostname(), token=self._token, until=time.time() + SECONDS)
        return msgspec.json.encode(holder)

    def _holder(self) -> Holder | None:
        """Who holds it, None where nobody does or nobody can say."""
        try:
            return msgspec.json.decode(self._at.read() or b"", type=Holder)
        except (msgspec.MsgspecError, RecursionError):
            return None

    def _is_mine(self) -> bool:
        holder = self._holder()
        return holder is not None and holder.token == self._token


def _is_gone(holder: Holder) -> bool:
    """Whether a holder will give no further sign: its time is over, or it was a process of this machine that has ended."""
    now = time.time()
    if not now < holder.until < now + 2 * SECONDS or holder.pid < 1:  # over, or nothing that a process of ours wrote
        return True
    if holder.host != socket.gethostname():
        return False
    try:
        os.kill(holder.pid, 0)
    except (ProcessLookupError, OverflowError):  # no process has such a number
        return True
    except OSError:
        return False
    return False

"""What keeps a worker from doing harm: it dies with its parent, may not take all the memory, and ends quietly."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import TracebackType

# Address space beyond what the loaded libraries take. A PDF with pictures takes some 300 MB of it.
HEADROOM = 2 << 30  # bytes
_PR_SET_PDEATHSIG = 1  # Linux, prctl(2)


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends, however that ends. Only Linux can.

    A parent that ended before the kernel was asked leaves this process with another one: it ends itself then.
    """
    if sys.platform != "linux":
        return
    starter = multiprocessing.parent_process()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if starter is not None and not starter.is_alive():
        os._exit(1)


def limit_memory() -> None:
    """Let an allocation beyond `HEADROOM` fail as a MemoryError, and leave no core file behind. Only Linux can.

    Address space is what can be limited for one process; libraries reserve much of it that they never use, the more of it the
    more cores there are, hence a limit on top of what is taken already.
    """
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 there is none on Windows

    taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    for limit, bound in ((resource.RLIMIT_AS, taken + HEADROOM), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(limit, (allowed, hard))


def end_quietly(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """As `sys.excepthook`: be silent about workers that were still starting when the work was done.

    pebble removes the locks of its channel before it stops the workers, and a worker that comes too late finds none.
    """
    if not issubclass(kind, (FileNotFoundError, EOFError)):
        sys.__excepthook__(kind, error, trace)


def start_worker(scratch: str | None) -> None:
    """Make a fresh process a worker whose temporary files lie in `scratch`, or where the system has them.

    The collector stays off: it runs after each task, on what that task left.
    """
    tempfile.tempdir = scratch
    die_with_parent()
    limit_memory()
    gc.disable()
    gc.freeze()

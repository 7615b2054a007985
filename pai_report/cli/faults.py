"""What went wrong where nobody wrote down what might: limits of the machine are told as such, the rest is a mistake of ours."""

import errno
import traceback
from pathlib import Path

from pai_report.errors import ExpectedError

_LIMITS = {
    errno.ENOSPC: ("The disk is full", "Free some space, or set TMPDIR to a folder on another disk."),
    errno.EDQUOT: ("The disk quota is used up", "Free some space, or set TMPDIR to a folder on another disk."),
    errno.EFBIG: ("A file may not become as large as is needed", "Raise the limit (ulimit -f)."),
    errno.EMFILE: ("This process may not open more files", "Raise the limit (ulimit -n)."),
    errno.ENFILE: ("The system may not open more files", "Close some, or try again later."),
    errno.ENOMEM: ("There is not enough memory", "Free some, or raise the limit (ulimit -v)."),
    errno.EAGAIN: ("The system has no room for another process or thread", "Raise the limit (ulimit -u), or try again later."),
}
LEAST_MEMORY = 400 * 2**20  # of addresses; measured: a PDF needs 370 MiB, and below that Pango or OpenBLAS end the process
_NO_FOLDER = "No usable temporary directory"  # as Python's tempfile says it


def limit(error: BaseException) -> ExpectedError | None:
    """The limit of the machine that `error` ran into, None where it is none."""
    if isinstance(error, MemoryError):
        number: int | None = errno.ENOMEM
    else:
        number = error.errno if isinstance(error, OSError) else None
    if number in _LIMITS:
        sentence, hint = _LIMITS[number]
        return ExpectedError("limit-of-the-machine", f"{sentence}.", hint)
    if isinstance(error, FileNotFoundError) and str(error.strerror).startswith(_NO_FOLDER):
        sentence = "There is no folder for temporary files that can be written to."
        return ExpectedError("no-temporary-folder", sentence, "Set TMPDIR to one.")
    return None


def check_memory() -> None:
    """Raise ExpectedError "limit-of-the-machine" where libraries would end the process instead of raising MemoryError."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most != resource.RLIM_INFINITY and most < LEAST_MEMORY:
        sentence = f"A process may take {most // 2**20} MiB of memory here, and a report needs {LEAST_MEMORY // 2**20} MiB."
        raise ExpectedError("limit-of-the-machine", sentence, "Raise the limit (ulimit -v).")


def interrupted(error: BaseException) -> bool:
    """Whether `error` is what a library made of Ctrl-C, as some do while they are imported."""
    seen: set[int] = set()
    held: BaseException | None = error
    while held is not None and id(held) not in seen:
        if isinstance(held, KeyboardInterrupt):
            return True
        seen.add(id(held))
        held = held.__cause__ or held.__context__
    return False


def unexpected(error: BaseException) -> str:
    """One sentence about a mistake of ours: what, where, and whom to tell."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "no known place"
    return (
        f"pai-report: A mistake in pai-report itself stopped it ({type(error).__name__} in {place}): please open an issue with "
        "the command and what it prints when --debug is added."
    )

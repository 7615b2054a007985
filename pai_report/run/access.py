"""Opening files that somebody else put there: regular ones inside of their folder, of bounded size, without ever waiting."""

import errno
import os
import stat
from pathlib import Path

from pai_report.values import value

MEGABYTE = 10**6  # bytes
# Without waiting for the other end of a pipe, and without a link; Windows knows neither.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_PEEK = 1 << 16  # bytes in which a pointer or a binary file shows
_LFS = b"version https://git-lfs.github.com/spec/"  # the first line of every pointer (Git LFS specification)
_ANNEX = b"/annex/objects/"  # how the pointer of an unlocked file begins (git-annex, internals)
_ANNEX_PLACE = ".git/annex/objects/"  # where the link of a locked file leads
FOLLOW = "Give --follow-links, or set follow_links = true in pai-report.toml, if it may be read."


class UnreadError(Exception):
    """A file that is there and was not read: `slug` names the case, `sentence` says what it is, `remedy` what to do."""

    def __init__(self, slug: str, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.slug = slug
        self.sentence = sentence
        self.remedy = remedy

    @property
    def text(self) -> str:
        """Sentence and remedy."""
        return f"{self.sentence} {self.remedy}".strip()


@value
class Allowance:
    """How many bytes may be read, and the limit in `pai-report.toml` that says so."""

    size: int
    setting: str


def megabytes(count: int, setting: str) -> Allowance:
    """An allowance of `count` megabytes."""
    return Allowance(size=count * MEGABYTE, setting=setting)


def leaves(path: Path, root: Path) -> bool:
    """Whether `path` is, or lies behind, a link that leads out of the folder `root`; `root` may be a link itself.

    Another name of the same file (a hard link) cannot be told from the file.
    """
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def read_file(path: Path, allowed: Allowance, root: Path | None = None) -> bytes:
    """The content of the regular file `path`, of at most `allowed` bytes, in the folder `root` if one is given.

    Raises UnreadError: "link-outside", "broken-link", "no-permission", "a-folder", "not-regular", "too-large",
    "git-lfs-pointer", "git-annex-pointer", "unreadable-file".
    """
    if root is not None and leaves(path, root):
        raise _outside(path)
    try:
        # What was looked at is what is opened: its real path, which no link may end any more.
        descriptor = os.open(os.path.realpath(path) if path.is_symlink() else path, _FLAGS)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            _check(status, allowed)
            data = file.read(_PEEK)
            _check_pointer(data)
            return data + file.read(status.st_size) if len(data) == _PEEK else data
    except OSError as error:
        raise _failed(path, error) from error


def _outside(path: Path) -> UnreadError:
    """Why a link out of the folder is not opened; git-annex and DVC make such links by design."""
    target = str(path.readlink()) if path.is_symlink() else ""
    if _ANNEX_PLACE in target:
        fetched = "" if path.exists() else "Fetch its content with `git annex get`. "
        sentence = "It is a link into git-annex, out of the folder, and was not opened."
        return UnreadError("link-outside", sentence, fetched + FOLLOW)
    return UnreadError("link-outside", "It is a link out of the folder and was not opened.", FOLLOW)


def _check(status: os.stat_result, allowed: Allowance) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _folder()
    if not stat.S_ISREG(status.st_mode):
        raise _not_regular()
    if status.st_size > allowed.size:
        raise too_large(status.st_size, allowed)


def _folder() -> UnreadError:
    return UnreadError("a-folder", "It is a folder where a file should be.", "Put the file in its place.")


def _not_regular() -> UnreadError:
    sentence = "It is no regular file, but a pipe, a socket or a device."
    return UnreadError("not-regular", sentence, "Put the file in its place.")


def too_large(size: int, allowed: Allowance, what: str = "It") -> UnreadError:
    """A file, or all files of a run, of more than the `allowed` bytes."""
    sentence = f"{what} has {_shown(size)}, more than the {_shown(allowed.size)} that are read."
    return UnreadError("too-large", sentence, f"If it is right, raise limits.{allowed.setting} in pai-report.toml.")


def _shown(size: int) -> str:
    return f"{size / MEGABYTE:,.0f} MB" if size >= 10 * MEGABYTE else f"{size / MEGABYTE:,.1f} MB"


def _check_pointer(data: bytes) -> None:
    if data.startswith(_LFS):
        raise UnreadError(
            "git-lfs-pointer", "It is a pointer of Git LFS; its content was not fetched.", "Fetch it with `git lfs pull`."
        )
    if data.startswith(_ANNEX):
        raise UnreadError(
            "git-annex-pointer", "It is a pointer of git-annex; its content was not fetched.", "Fetch it with `git annex get`."
        )


def _failed(path: Path, error: OSError) -> UnreadError:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return UnreadError(
            "no-permission", "It may not be read: permission denied.", "Allow it: `chmod u+r`, or ask its owner."
        )
    if error.errno == errno.ENOENT and path.is_symlink():
        annex = _ANNEX_PLACE in str(path.readlink())
        remedy = "Fetch its content with `git annex get`." if annex else "Put the file in its place."
        return UnreadError("broken-link", "It is a link to a file that is not there.", remedy)
    if error.errno == errno.ELOOP:
        return UnreadError("broken-link", "It is a link that leads back to itself.", "Put the file in its place.")
    if error.errno == errno.EISDIR:
        return _folder()
    if error.errno == errno.ENXIO:  # a socket cannot be opened
        return _not_regular()
    return UnreadError("unreadable-file", f"It cannot be read: {error.strerror}.", "Copy it again.")

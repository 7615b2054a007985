"""A bundle on disk: a folder that is whole or not there, and that keeps what others put into it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pai_report.bundle.contents import SUMS
from pai_report.errors import ExpectedError
from pai_report.report.unfinished import sweep, unfinished_folder
from pai_report.report.write import explained

_OURS = re.compile(r"[0-9a-f]{64}  ((?:comment|report)\.[a-z.]+|[a-z]+\.png|figures/[a-z-]+\.svg)")


def check_folder(folder: Path, run: Path) -> None:
    """Refuse, before anything is read, a `folder` that cannot become a bundle of what is in `run`.

    Raises ExpectedError: "no-such-folder", "target-is-file", "target-is-run", "not-written" for a name that cannot be.
    """
    try:
        folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError) as error:
        raise explained(error, folder) from error
    if folder.exists() and not folder.is_dir():
        raise ExpectedError("target-is-file", f"{folder} is a file, not a folder.", "Name a new folder, such as ticket/.")
    if not folder.parent.is_dir():
        hint = f"Make it first: mkdir -p {folder.parent}"
        raise ExpectedError("no-such-folder", f"The folder {folder.parent} does not exist.", hint)
    if folder.resolve() == run.resolve():
        sentence = f"{folder} is the run's own folder, which stays as the library left it."
        raise ExpectedError("target-is-run", sentence, f"Name a folder in it or beside it, such as {folder / 'ticket'}.")


def write_bundle(files: Mapping[str, bytes], folder: Path) -> None:
    """Put `files` into `folder`: a new one appears at once, in an older bundle each file is replaced, the checksums last.

    Files of the older bundle that have no successor go; files of others stay. Raises ExpectedError: "not-a-bundle",
    "not-writable", "disk-full", "not-written".
    """
    old = _listed(folder)
    taken = [] if old else [name for name in files if (folder / name).exists()]
    if taken:
        sentence = f"{folder / taken[0]} is there already and belongs to no bundle."
        raise ExpectedError("not-a-bundle", sentence, "Choose a new or an empty folder, or move that file away.")
    with _staged(files, folder) as stage:
        if not folder.exists():
            stage.rename(folder)
            return
        for name in sorted(files, key=lambda held: held == SUMS):
            (folder / name).parent.mkdir(exist_ok=True)
            (stage / name).replace(folder / name)
        for name in old - files.keys():
            (folder / name).unlink(missing_ok=True)


def _listed(folder: Path) -> set[str]:
    """Names in the checksums of the bundle in `folder`, only such as a bundle gives; none where there is no bundle."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    return {match[1] for line in lines if (match := _OURS.fullmatch(line))}


@contextmanager
def _staged(files: Mapping[str, bytes], folder: Path) -> Iterator[Path]:
    """`files` in a folder of their own on the same disk, so that putting them in place only renames; it never stays behind."""
    beside = folder if folder.is_dir() else folder.parent
    try:
        sweep(beside)
        with unfinished_folder(beside) as stage:
            _write(files.items(), stage)
            yield stage
    except OSError as error:
        raise explained(error, folder) from error


def _write(files: Iterable[tuple[str, bytes]], stage: Path) -> None:
    for name, data in files:
        (stage / name).parent.mkdir(exist_ok=True)
        (stage / name).write_bytes(data)

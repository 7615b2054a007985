"""The files of one run in the output folder: where they lie, which are left over, whether they are still there."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pai_report.report import unfinished

RUNS = "runs"  # below the output folder: one folder for each run
STEM = "report"
_OURS = re.compile(rf"{STEM}\.\w+|\..+\.part")  # a report, or what a killed process left of one


def report_folder(name: str) -> str:
    """Where the reports of the run `name` lie, relative to the output folder."""
    return f"{RUNS}/{name}"


def is_ours(name: str) -> bool:
    """Whether a file is one of a report, by its name relative to the folder of the report."""
    return name.startswith(f"{STEM}_files/") or _OURS.fullmatch(name) is not None


def sizes(output: Path, files: Iterable[Path]) -> tuple[tuple[str, int], ...]:
    """Each file relative to the output folder, with its size in bytes, sorted."""
    return tuple(sorted((path.relative_to(output).as_posix(), path.stat().st_size) for path in files))


def present(output: Path, files: Sequence[tuple[str, int]]) -> bool:
    """Whether every file is there in its size."""
    try:
        return all((output / name).stat().st_size == size for name, size in files)
    except OSError:
        return False


def tidy(output: Path, name: str, kept: Sequence[tuple[str, int]]) -> None:
    """Remove what earlier reports of the run `name` left: other formats, pictures no longer drawn, unfinished files."""
    folder, held = output / report_folder(name), {output / path for path, _ in kept}
    pictures = folder / f"{STEM}_files"
    ours = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)]
    ours += pictures.iterdir() if pictures.is_dir() else ()
    for path in ours:
        if path not in held and path.is_file():
            path.unlink()
    if pictures.is_dir() and not any(pictures.iterdir()):
        pictures.rmdir()


def sweep(folder: Path, *, deep: bool) -> None:
    """Remove the unfinished files that killed processes left in `folder`, and below it if `deep`; links are not followed."""
    for place in (Path(name) for name, _, _ in os.walk(folder)) if deep else (folder,):
        unfinished.sweep(place)

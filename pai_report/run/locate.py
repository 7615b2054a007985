"""From what the user typed to one folder and one save name."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from pai_report.errors import ExpectedError
from pai_report.run.kinds import named_file
from pai_report.values import value

DEPTH = 4  # folders below the one given


@value
class Location:
    """The folder that holds the files of `save_name`."""

    folder: Path
    save_name: str


def locate(path: Path, save_name: str | None, ask: Callable[[str, tuple[str, ...]], str] | None) -> Location:
    """The one run in `path`."""
    found = [location for location in _below(path, DEPTH) if save_name in {None, location.save_name}]
    if not found:
        raise ExpectedError("no-run-found", f"No run of PerforatedAI was found in {path}.")
    if len(found) > 1:
        names = ", ".join(f"{location.save_name} in {location.folder}" for location in found)
        raise ExpectedError("several-runs", f"{path} holds {len(found)} runs.", f"Choose one with --save-name: {names}")
    return found[0]


def _below(path: Path, depth: int) -> Iterator[Location]:
    with os.scandir(path) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    names = [found for entry in listed if entry.is_file() and (found := named_file(entry.name))]
    stems = {found.stem for found in names if found.spelling.kind == "scores" and not found.infix.text}
    stems = {stem for stem in stems if not any(stem != other and stem.startswith(other) for other in stems)}
    for stem in sorted(stems):
        yield Location(folder=path, save_name=stem)
    if depth:
        for entry in listed:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield from _below(Path(entry.path), depth - 1)

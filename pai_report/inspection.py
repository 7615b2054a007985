"""What was found for a run, chosen, concluded and ignored, and why: what a user sends when a report looks odd."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Literal

import msgspec

from pai_report.analysis import analyse
from pai_report.analysis.model import Analysis
from pai_report.conclusions import Conclusion, conclusions
from pai_report.report.clean import clean, escaped_json
from pai_report.run import read_run
from pai_report.run.lineage import opening, same_opening
from pai_report.run.model import Note, Recording, Run
from pai_report.settings import Settings
from pai_report.values import value

SCHEMA_VERSION = 1
WIDTH = 110  # characters in a line, so that terminals, logs and tickets show the same


@value
class FileSeen:
    """One file, what it was taken for and, where it is not plain to see, why."""

    name: str
    role: Literal["canonical", "snapshot", "left-over", "configuration", "script", "ignored"]
    kind: str  # the kind of table, "picture", or "" where it is not known
    why: str = ""


@value
class SnapshotSeen:
    """One snapshot: whether it belongs to the run, and what it holds."""

    infix: str
    kind: str
    written: str | None  # time in its name
    epochs: int
    switch_epochs: tuple[int, ...] | None
    own: bool
    why: str


@value
class Inspection:
    """Everything that was found and concluded about one run folder."""

    schema_version: int
    save_name: str
    folder: str
    partial: bool
    conclusions: tuple[Conclusion, ...]
    snapshots: tuple[SnapshotSeen, ...]
    files: tuple[FileSeen, ...]
    notes: tuple[Note, ...]


def inspect(
    path: Path,
    settings: Settings,
    *,
    save_name: str | None = None,
    ask: Callable[[str, tuple[str, ...]], str] | None = None,
) -> Inspection:
    """The inspection of the run that `path` leads to; ExpectedError as `pai_report.run.read_run`."""
    run = read_run(path, save_name=save_name, ask=ask, settings=settings)
    return inspection(run, analyse(run, settings))


def inspection(run: Run, analysis: Analysis) -> Inspection:
    """What was found in a run and concluded from it."""
    return Inspection(
        schema_version=SCHEMA_VERSION,
        save_name=run.save_name,
        folder=run.folder,
        partial=run.partial,
        conclusions=conclusions(run, analysis),
        snapshots=(
            *(_snapshot(held, "same opening scores as the canonical files", own=True) for held in run.snapshots),
            *(_snapshot(held, _left_over(held, run.canonical), own=False) for held in run.leftovers),
        ),
        files=tuple(_files(run)),
        notes=run.notes,
    )


def _snapshot(held: Recording, why: str, *, own: bool) -> SnapshotSeen:
    return SnapshotSeen(
        infix=held.infix,
        kind=held.kind,
        written=held.stamp,
        epochs=held.epochs,
        switch_epochs=held.switch_epochs,
        own=own,
        why=why,
    )


def _left_over(held: Recording, canonical: Recording) -> str:
    """Why a snapshot is of an earlier run."""
    same = same_opening(opening(held), opening(canonical))
    return "an earlier run: more switches than this one" if same else "an earlier run: other opening scores"


def _files(run: Run) -> Iterator[FileSeen]:
    for kind, name in run.canonical.names:
        yield FileSeen(name=name, role="canonical", kind=kind)
    if run.config is not None and run.config.origin == "config" and run.config.file not in dict(run.canonical.names).values():
        yield FileSeen(name=run.config.file, role="configuration", kind="config", why="names this save name")
    if run.script is not None:
        yield FileSeen(name=run.script.file, role="script", kind="", why="parsed, not run")
    for held in run.snapshots:
        yield from (FileSeen(name=name, role="snapshot", kind=kind) for kind, name in held.names)
    for held in run.leftovers:
        yield from (FileSeen(name=name, role="left-over", kind=kind) for kind, name in held.names)
    reasons = {note.file: note.text for note in run.notes}
    for name in run.ignored:
        yield FileSeen(name=name, role="ignored", kind="", why=reasons.get(name, "no file of this run"))


def as_json(seen: Inspection) -> str:
    """The inspection as JSON text."""
    return escaped_json(msgspec.json.format(msgspec.json.encode(seen), indent=2)).decode()


def as_text(seen: Inspection) -> str:
    """The inspection as plain text tables, ending in a newline."""
    files = [file for file in seen.files if file.role not in {"snapshot", "left-over"}]
    parts = (
        [
            f"{clean(seen.save_name)} in {clean(seen.folder)}/"
            + (" (partial: canonical scores are missing)" if seen.partial else "")
        ],
        _table("Concluded", ("what", "value", "why"), [(held.what, held.value, held.why) for held in seen.conclusions]),
        _table(
            "Files", ("taken for", "name", "why"), [(f"{file.role} {file.kind}".strip(), file.name, file.why) for file in files]
        ),
        _table("Snapshots", ("infix", "epochs", "switches", "belongs"), [_snapshot_row(held) for held in seen.snapshots]),
        _table("Notes", ("what", "where", "text"), [(note.slug, _place(note), note.text) for note in seen.notes]),
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _snapshot_row(held: SnapshotSeen) -> tuple[str, ...]:
    rows = "not known" if held.switch_epochs is None else ", ".join(str(epoch) for epoch in held.switch_epochs) or "none"
    return held.infix, str(held.epochs), rows, "to this run" if held.own else held.why


def _place(note: Note) -> str:
    return (note.file or "") + (f":{note.row}" if note.row is not None else "")


def _table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A titled table with a column as wide as its longest cell; the last one wraps within what is left of the line."""
    cleaned = [tuple(clean(cell) for cell in row) for row in rows]
    if not cleaned:
        return [title, "  none"]
    widths = [max(len(row[at]) for row in (header, *cleaned)) for at in range(len(header) - 1)]
    indent = 2 + sum(widths) + 2 * len(widths)
    lines = [title]
    for row in (header, *cleaned):
        first = "  " + "".join(f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=False))
        wrapped = wrap(row[-1], max(30, WIDTH - indent), break_on_hyphens=False) or [""]
        lines += [(first + wrapped[0]).rstrip(), *(" " * indent + more for more in wrapped[1:])]
    return lines

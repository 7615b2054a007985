"""Small run folders written by hand, in the library's form (the library's file formats)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pai_report.run.model import Note, Run

SCORES = (10.0, 20.0, 30.0, 25.0, 40.0, 50.0)


def stack(columns: Mapping[str, Sequence[object]], epochs: str = "Epochs", start: int = 0) -> str:
    """A table of series below each other, each in its own column."""
    lines = [",".join([epochs, *columns])]
    for at, values in enumerate(columns.values()):
        for epoch, value in enumerate(values, start):
            cells = [""] * len(columns)
            cells[at] = str(value)
            lines.append(",".join([str(epoch), *cells]))
    return "\n".join(lines) + "\n"


def rows(header: str, values: Sequence[int]) -> str:
    """A numbered table: switch epochs or parameter counts."""
    return "\n".join([header, *(f"{number},{value}" for number, value in enumerate(values))]) + "\n"


def scores(values: Sequence[object] = SCORES, **extras: Sequence[object]) -> str:
    """A scores table with running scores equal to the validation scores."""
    return stack({"Validation Scores": values, "Validation Running Scores": values, **extras})


def write_run(folder: Path, name: str = "run", files: Mapping[str, str | bytes] | None = None) -> Path:
    """A run with one set kept after epoch 2; `files` replaces or adds tables by what stands behind the save name."""
    tables: dict[str, str | bytes] = {
        "Scores.csv": scores(),
        "switch_epochs.csv": rows("Switch Number,Switch Epoch", (2, 2)),
        "param_counts.csv": rows("Switch Number,Param Count", (100, 200, 200)),
        "_best_arch_scores.csv": "Param Counts,Max Valid Scores\n100,30.0\n200,50.0\n",
        **(files or {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in tables.items():
        (folder / f"{name}{suffix}").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def validation(run: Run) -> tuple[float | None, ...]:
    """The canonical validation scores."""
    assert run.canonical.validation is not None
    return run.canonical.validation.values


def noted(run: Run, slug: str) -> list[Note]:
    """The notes of one kind."""
    return [note for note in run.notes if note.slug == slug]


def row_noted(run: Run, slug: str) -> list[tuple[str | None, int | None]]:
    """File and line of the notes of one kind."""
    return [(note.file, note.row) for note in noted(run, slug)]

# ruff: noqa: INP001, S311 - seeded, so that every reader measures the same
"""Folders of many runs for the measurements of the nightly mode: copies of the samples, and synthetic ones.

A synthetic run is a curve with seeded noise in the library's form, without dendrites; it says so in its name.
"""

import os
import random
import shutil
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples"
HEADER = "Epochs,Validation Scores,Validation Running Scores\n"


def samples() -> list[Path]:
    """The sample runs."""
    return sorted(path for path in SAMPLES.iterdir() if (path / f"{path.name}Scores.csv").exists())


def build(runs: Path, count: int, *, seed: int = 1) -> Path:
    """`count` runs below `runs`, three in ten of them synthetic, in ten folders."""
    chance, copies = random.Random(seed), samples()
    for number in range(count):
        folder = runs / f"group-{number % 10}" / f"{number:04}"
        if number % 10 < 7:
            source = copies[number % len(copies)]
            shutil.copytree(source, folder / source.name)
        else:
            synthetic(folder / "synthetic", chance)
    return runs


def synthetic(folder: Path, chance: random.Random) -> None:
    """A run of 20 to 80 epochs that rises towards a score of its own."""
    folder.mkdir(parents=True)
    top, epochs = chance.uniform(60, 95), chance.randint(20, 80)
    scores = [top - 40 / (epoch + 1) + chance.gauss(0, 0.3) for epoch in range(epochs)]
    rows = "".join(f"{epoch},{score!r},\n{epoch},,{score!r}\n" for epoch, score in enumerate(scores))
    (folder / f"{folder.name}Scores.csv").write_text(HEADER + rows)


def change(runs: Path, count: int) -> set[str]:
    """Add a line end to a file of `count` runs; their folders."""
    tables = sorted(runs.rglob("*Scores.csv"))
    chosen = [table for table in tables if not (table.parent.name.startswith("bad") or "PB" in table.name)]
    changed = {chosen[place * len(chosen) // count].parent: chosen[place * len(chosen) // count] for place in range(count)}
    for table in changed.values():
        with table.open("a") as file:
            file.write("\n")
    return {folder.relative_to(runs).as_posix() for folder in changed}


def touch(runs: Path) -> None:
    """Give every file and folder another time."""
    for path in runs.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))


def same_files(one: Path, other: Path) -> list[str]:
    """Names of files that differ between two folders, hidden ones included."""
    held = [{path.relative_to(base).as_posix(): path for path in base.rglob("*") if path.is_file()} for base in (one, other)]
    names = sorted(held[0].keys() | held[1].keys())
    return [
        name
        for name in names
        if name not in held[0] or name not in held[1] or held[0][name].read_bytes() != held[1][name].read_bytes()
    ]

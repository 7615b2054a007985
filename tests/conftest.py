"""Shared fixtures: the samples in the project and, when present, the real run folders beside it."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "samples"
REAL_RUNS = PROJECT.parent / "shared" / "real-runs"


def real_run(folder: str, inner: str) -> Path:
    """Path of a real run folder; skips the test where the collection is not beside the project."""
    path = REAL_RUNS / folder / inner
    if not path.is_dir():
        pytest.skip(f"real run folder {folder}/{inner} is not beside the project")
    return path

"""Shared fixtures: the samples in the project, the real run folders beside it when present, and goldens."""

from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "samples"
REAL_RUNS = PROJECT.parent / "shared" / "real-runs"
GOLDEN = PROJECT / "tests" / "golden"


def real_run(folder: str, inner: str) -> Path:
    """Path of a real run folder; skips the test where the collection is not beside the project."""
    path = REAL_RUNS / folder / inner
    if not path.is_dir():
        pytest.skip(f"real run folder {folder}/{inner} is not beside the project")
    return path


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept` writes what was made over the golden files."""
    parser.addoption("--accept", action="store_true", help="renew the golden files; read the difference before committing it")


@pytest.fixture
def holds(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a golden file line by line; with `--accept` the file is written instead."""

    def compare(path: Path, made: str) -> None:
        if request.config.getoption("--accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made, "utf-8")
        kept = path.read_text("utf-8") if path.is_file() else ""
        differing = list(unified_diff(kept.splitlines(), made.splitlines(), "golden", "made", lineterm="", n=1))
        assert not differing, "\n".join([f"{path.name}: read this, then pytest --accept", *differing[:60]])

    return compare

"""Shared fixtures: run folders in the project, public ones beside it where they lie there, and goldens."""

import signal
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "samples"
OWN_RUNS = PROJECT / "tests" / "runs"
REAL_RUNS = PROJECT.parent / "shared" / "real-runs"
GOLDEN = PROJECT / "tests" / "golden"


def real_run(folder: str, inner: str) -> Path:
    """Path of a run folder of our own, or of a public one; skips the test where the public ones are not beside the project.

    The reason is the same for every folder, so that pytest says it once.
    """
    own = OWN_RUNS / folder
    if own.is_dir():
        return own / inner
    if not (REAL_RUNS / folder).is_dir():
        pytest.skip("the collection of public run folders is not beside the project")
    return REAL_RUNS / folder / inner


def run_folders() -> list[Path]:
    """Every run folder there is, by name: samples, own ones, and the public ones where they lie beside the project."""
    folders = {path.name: path for root in (REAL_RUNS, OWN_RUNS, SAMPLES) for path in root.glob("*/") if path.name[:2] != "__"}
    return [folders[name] for name in sorted(folders)]


def pytest_configure() -> None:
    """Gives back the signals that a shell ignores for what it starts in the background: what tests start would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGQUIT", "SIGTERM"):
        if (number := getattr(signal, name, None)) and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


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

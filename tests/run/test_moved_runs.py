"""The same run elsewhere and in another form is the same run; what its files no longer hold is noted."""

import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES
from run_files import noted

from pai_report.run import read_run
from pai_report.run.model import Recording, Run, Series

RUNS = ("improved", "minimizing", "none-tried", "rejected", "synthetic-pb")


def facts(run: Run) -> dict[str, Any]:
    """What a run holds, apart from the names of its files and of itself."""
    return {
        "recordings": [_without_names(recording) for recording in (run.canonical, *run.snapshots)],
        "leftovers": len(run.leftovers),
        "modules": run.modules,
        "era": run.era,
        "partial": run.partial,
        "settings": run.config and [(name, text) for name, text in run.config.settings if name != "save_name"],
    }


def _without_names(recording: Recording) -> Recording:
    def plain(held: Any) -> Any:
        if isinstance(held, tuple):
            return tuple(plain(one) for one in held)
        return replace(held, file="") if isinstance(held, Series) or hasattr(held, "neuron") else held

    changed = {field.name: plain(getattr(recording, field.name)) for field in fields(recording)}
    return Recording(**{**changed, "names": tuple(kind for kind, _ in recording.names)})


def original(name: str) -> Run:
    """A sample as it is."""
    return read_run(SAMPLES / name)


def copied(name: str, target: Path, rename: Callable[[str], str] = str, change: Callable[[bytes], bytes] = bytes) -> Path:
    """A copy of a sample with renamed files and changed tables."""
    target.mkdir(parents=True)
    for path in sorted((SAMPLES / name).iterdir()):
        data = path.read_bytes()
        (target / rename(path.name)).write_bytes(change(data) if path.suffix == ".csv" else data)
    return target


@pytest.mark.parametrize("name", RUNS)
def test_a_renamed_folder(name: str, tmp_path: Path) -> None:
    """The folder's name says nothing about the run."""
    assert facts(original(name)) == facts(read_run(copied(name, tmp_path / "final (2)")))


@pytest.mark.parametrize("name", RUNS)
def test_moved_loose_into_a_parent(name: str, tmp_path: Path) -> None:
    """Files that lie loose among others are the same run."""
    folder = copied(name, tmp_path / "project")
    (folder / "train.py").write_text("x")
    (folder / "data").mkdir()
    (folder / "data" / "table.csv").write_text("a,b\n1,2\n")

    assert facts(original(name)) == facts(read_run(folder))


@pytest.mark.parametrize("save_name", ["v1.2 final run", "a_b_", "best.run.", "Größe 7", "PBCount_1", "run_beforeSwitch"])
@pytest.mark.parametrize("name", RUNS)
def test_dots_and_blanks_in_the_save_name(name: str, save_name: str, tmp_path: Path) -> None:
    """Another save name changes no fact."""
    prefix = original(name).save_name
    run = read_run(copied(name, tmp_path / "run", rename=lambda file: save_name + file.removeprefix(prefix)))

    assert save_name == run.save_name
    assert facts(original(name)) == facts(run)


@pytest.mark.parametrize("name", RUNS)
def test_line_ends_of_windows(name: str, tmp_path: Path) -> None:
    """CRLF changes no fact and is noted once, not per file."""
    run = read_run(copied(name, tmp_path / "run", change=lambda data: data.replace(b"\n", b"\r\n")))

    assert facts(original(name)) == facts(run)
    assert [note.text.split()[-1] for note in noted(run, "crlf-line-ends")] == ["files)"]


@pytest.mark.parametrize("name", ["improved", "minimizing", "rejected", "synthetic-pb"])
def test_half_of_the_snapshots_deleted(name: str, tmp_path: Path) -> None:
    """The canonical facts stay; the snapshots that are left keep their order; a missing one before a switch is noted."""
    whole = original(name)
    folder = copied(name, tmp_path / "run")
    gone = whole.snapshots[::2]
    for snapshot in gone:
        for _, file in snapshot.names:
            (folder / file).unlink()
    run = read_run(folder)
    switches = {snapshot.infix for snapshot in gone if snapshot.kind == "before-switch"}
    needed = {f"_beforeSwitch_{number}" for number in range(0, len(whole.canonical.switch_epochs or ()), 2)}

    assert whole.canonical == run.canonical
    assert whole.snapshots[1::2] == run.snapshots
    assert bool(switches & needed) == bool(noted(run, "missing-snapshots"))


@pytest.mark.parametrize("name", ["improved", "minimizing", "synthetic-pb"])
def test_canonical_files_deleted(name: str, tmp_path: Path) -> None:
    """Where only snapshots are left, the newest stands in, which is said."""
    whole = original(name)
    folder = copied(name, tmp_path / "run")
    for _, file in whole.canonical.names:
        (folder / file).unlink()
    run = read_run(folder)
    newest = max((snapshot.stamp or "" for snapshot in whole.snapshots), default="")

    assert run.partial
    assert noted(run, "partial-run")
    assert len(whole.snapshots) == len(run.snapshots) + 1
    assert run.canonical.epochs
    assert run.canonical.stamp in {newest, None}


@pytest.mark.parametrize("name", ["improved", "minimizing", "synthetic-pb"])
def test_only_the_canonical_scores_deleted(name: str, tmp_path: Path) -> None:
    """A snapshot with the same switch rows stands in for the scores; the other canonical tables still count."""
    whole = original(name)
    folder = copied(name, tmp_path / "run")
    (folder / f"{whole.save_name}Scores.csv").unlink()
    run = read_run(folder)

    assert run.partial
    assert (whole.canonical.switch_epochs, whole.canonical.best_rows) == (run.canonical.switch_epochs, run.canonical.best_rows)


def test_snapshots_of_an_earlier_run_are_left_over(tmp_path: Path) -> None:
    """Timestamped files of another run under the same save name begin with other scores, and are excluded with a note."""
    folder = copied("rejected", tmp_path / "run")
    earlier, prefix = original("overfitting"), original("rejected").save_name
    for snapshot in earlier.snapshots:
        for _, file in snapshot.names:
            name = prefix + "_01.01.2020.00.00.00_noImprove_lr_1" + file.removeprefix(earlier.save_name + snapshot.infix)
            shutil.copy(SAMPLES / "overfitting" / file, folder / name)
    run = read_run(folder)

    assert original("rejected").snapshots == run.snapshots
    assert [snapshot.stamp for snapshot in run.leftovers] == ["2020-01-01T00:00:00"]
    assert noted(run, "left-over-snapshots")
    assert not any("2020" in source.name for source in run.sources)


def test_snapshots_before_more_switches_than_this_run_has_are_left_over(tmp_path: Path) -> None:
    """A longer earlier run with the same seed begins alike; its `_beforeSwitch_8` counts more switches than there were."""
    whole = original("rejected")
    folder = copied("rejected", tmp_path / "run")
    for _, file in whole.canonical.names:
        if file.endswith(".csv"):
            shutil.copy(folder / file, folder / file.replace("rejected", "rejected_beforeSwitch_8", 1))
    run = read_run(folder)

    assert [snapshot.infix for snapshot in run.leftovers] == ["_beforeSwitch_8"]
    assert whole.snapshots == run.snapshots


def test_sources_are_the_files_that_were_read(tmp_path: Path) -> None:
    """Every file of the run but the pictures of snapshots is listed once with its digest and size."""
    folder = copied("rejected", tmp_path / "run")
    run = read_run(folder)
    names = [source.name for source in run.sources]
    sizes = {source.name: source.size for source in run.sources}

    assert sorted(set(names)) == sorted(names)
    assert {path.name for path in folder.iterdir()} - {path.name for path in folder.glob("*_*.png")} == set(names)
    assert sizes == {name: (folder / name).stat().st_size for name in names}

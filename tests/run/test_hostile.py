"""Damaged run folders: a Run with notes or the expected error, never another exception; what is not damaged stays."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
import pytest
from conftest import SAMPLES
from mutations import FORMS, RunCopy

from pai_report.analysis.analyse import analyse
from pai_report.errors import ExpectedError
from pai_report.run import read_run
from pai_report.run.model import Recording, Run
from pai_report.settings import Settings

# ruff: noqa: S311 - damage needs to be repeatable, not secret
SEED = os.environ.get("PAI_REPORT_SEED", "2026")
# Ten thousand folders in all, most of them of the runs with few files.
FOLDERS = {"none-tried": 4600, "overfitting": 2600, "premature": 1500, "rejected": 1100, "synthetic-pb": 300}
QUICK = 40  # folders of each run outside of the slow test


def read_damaged(run: RunCopy, name: str, number: int) -> None:
    """Damage a copy, read it, and check that nothing impossible comes out."""
    random = Random(f"{SEED}-{name}-{number}")
    names = [file for file in run.original if random.random() < 0.9 or "_" not in file]
    with run.damaged(random, names, random.choice((1, 1, 1, 2, 3))) as done:
        try:
            with suppress(ExpectedError):
                consistent(read_run(run.folder))
        except Exception as error:
            raise AssertionError(f"seed {SEED}, {name} {number}: {done}") from error


def consistent(run: Run) -> None:
    """What every Run promises: finite numbers, switch rows that never fall, text that can be written."""
    for recording in (run.canonical, *run.snapshots, *run.leftovers):
        rows = recording.switch_epochs or ()
        assert list(rows) == sorted(rows)
        assert all(row >= 0 for row in rows)
        for series in (recording.validation, recording.running, recording.learning_rate, *recording.extras):
            assert series is None or all(value is None or abs(value) <= 1e100 for value in series.values)
    assert msgspec.json.encode(run, enc_hook=str)  # the paths that were opened are no text of the run


@pytest.fixture(params=FOLDERS)
def damaged_run(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, RunCopy]:
    """A copy of a sample to damage, on a disk in memory where there is one."""
    name = str(request.param)
    return name, RunCopy(SAMPLES / name, tmp_path)


def test_damaged_folders(damaged_run: tuple[str, RunCopy]) -> None:
    """A first few damaged folders of every sample."""
    name, run = damaged_run
    for number in range(QUICK):
        read_damaged(run, name, number)


@pytest.mark.slow
def test_ten_thousand_damaged_folders(damaged_run: tuple[str, RunCopy], capsys: pytest.CaptureFixture[str]) -> None:
    """Ten thousand damaged folders over all samples end in a Run or in the expected error."""
    name, run = damaged_run
    for number in range(QUICK, FOLDERS[name]):
        read_damaged(run, name, number)
    with capsys.disabled():
        print(f" [{FOLDERS[name]} folders of {name}, seed {SEED}]", end="")  # noqa: T201 the seed is part of the result


def canonical_facts(recording: Recording) -> tuple[object, ...]:
    """Sets kept and the recorded rows."""
    return len(recording.switch_epochs or ()) // 2, recording.switch_epochs, recording.best_rows


@pytest.mark.parametrize("name", FOLDERS)
def test_damage_elsewhere_leaves_kept_sets_and_rows(name: str, tmp_path: Path) -> None:
    """Whatever happens to other tables and to the snapshots, kept sets, best rows and scores stay as they were."""
    run, whole = RunCopy(SAMPLES / name, tmp_path), read_run(SAMPLES / name)
    save_name = whole.save_name
    safe = {whole.canonical.name(kind) for kind in ("scores", "switch-epochs", "best-scores")}
    others = [file for file in run.original if file not in safe]
    for number in range(QUICK):
        random = Random(f"{SEED}-oracle-{name}-{number}")
        with run.damaged(random, others, 1) as done:
            if any(not (run.folder / str(file)).is_file() or _changed(run, str(file)) for file in safe):
                continue  # a swap reached one of them
            found = read_run(run.folder, save_name=save_name)

            assert canonical_facts(whole.canonical) == canonical_facts(found.canonical), done
            assert whole.canonical.validation == found.canonical.validation, done


def facts(run: Run) -> tuple[object, ...]:
    """Direction, kept sets, and size and best score of every network that was kept."""
    analysis = analyse(run, Settings())
    networks = [(row.parameters, row.best) for row in analysis.gains.architectures if row.outcome != "rejected"]
    return analysis.identity.direction, analysis.lifecycle.kept, networks


@pytest.mark.parametrize("change", FORMS, ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", FOLDERS)
def test_a_table_in_another_form_changes_no_fact_in_silence(
    name: str, change: Callable[[Random, bytes], bytes], tmp_path: Path
) -> None:
    """Whatever is done to the form of one table: the facts stay as they were, or a note names the file.

    Rows that are lost, repeated or swapped as a whole show only beside the other tables (`tests/fuzz`).
    """
    run, whole = RunCopy(SAMPLES / name, tmp_path), read_run(SAMPLES / name)
    expected = facts(whole)
    for kind, file in whole.canonical.names:
        if kind == "picture":
            continue
        for number in range(3):
            random = Random(f"{SEED}-{name}-{file}-{number}")
            (run.folder / file).write_bytes(change(random, run.original[file]))
            with suppress(ExpectedError):
                found = read_run(run.folder)
                named = {note.file for note in found.notes} | {file for note in found.notes if file in note.text}
                assert file in named or facts(found) == expected, f"seed {SEED}, {file} {number}"
        (run.folder / file).write_bytes(run.original[file])


def _changed(run: RunCopy, name: str) -> bool:
    return (run.folder / name).read_bytes() != run.original[name]


@pytest.mark.parametrize("name", FOLDERS)
def test_damage_behind_the_opening_leaves_kept_sets_and_rows(name: str, tmp_path: Path) -> None:
    """Scores lost or garbled behind the first switch change neither the kept sets nor the best rows."""
    run, whole = RunCopy(SAMPLES / name, tmp_path), read_run(SAMPLES / name)
    scores = str(whole.canonical.name("scores"))
    lines = run.original[scores].split(b"\n")
    opening = (whole.canonical.switch_epochs or (whole.canonical.epochs,))[0] + 2
    for number in range(QUICK):
        random = Random(f"{SEED}-tail-{name}-{number}")
        tail = lines[opening:]
        at = random.randrange(len(tail))
        tail[at : at + random.randrange(1, 9)] = random.choice(
            ([], [b"x,y,z"], [tail[at]] * 2, [b"7," + random.randbytes(3).hex().encode()])
        )
        (run.folder / scores).write_bytes(b"\n".join([*lines[:opening], *tail]))

        found = read_run(run.folder)
        assert canonical_facts(whole.canonical) == canonical_facts(found.canonical)
        assert whole.snapshots == found.snapshots


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    """Files written in another order, and with other times, make the same run."""
    run = RunCopy(SAMPLES / "rejected", tmp_path / "one")
    (tmp_path / "two" / "rejected").mkdir(parents=True)
    for name in sorted(run.original, reverse=True):
        (tmp_path / "two" / "rejected" / name).write_bytes(run.original[name])

    one, two = (replace(read_run(folder), files=()) for folder in (run.folder, tmp_path / "two" / "rejected"))
    assert one == two

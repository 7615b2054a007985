"""The inspection of a run: everything found, chosen and ignored, with its reasons, as text and as JSON."""

import json
from pathlib import Path

import pytest
from conftest import SAMPLES, real_run

from pai_report.inspection import WIDTH, as_json, as_text, inspect
from pai_report.settings import Settings


def concluded(path: Path) -> dict[str, str]:
    """What was concluded about the run in `path`."""
    return {held.what: held.value for held in inspect(path, Settings()).conclusions}


@pytest.mark.parametrize("name", ["improved", "minimizing", "none-tried", "rejected", "synthetic-pb"])
def test_every_file_is_listed_once(name: str) -> None:
    """Each file of the folder appears with its role."""
    names = [file.name for file in inspect(SAMPLES / name, Settings()).files]

    assert sorted(path.name for path in (SAMPLES / name).iterdir()) == sorted(names)


def test_conclusions_of_a_run_with_rejected_tries() -> None:
    """What the README of the collection says of this run: 2 of 3 sets kept, 219 epochs trained, 40 recorded, 598 samples."""
    found = concluded(real_run("digits-329-two-kept", "PAI"))

    assert {
        "save name": "PAI",
        "direction": "maximize",
        "mode": "gd",
        "scale": "percent",
        "validation samples": "598",
        "sets kept": "2",
        "sets tried": "3",
        "tries": "4",
        "finished": "yes",
        "epochs recorded": "40",
        "epochs trained": "219",
        "snapshots": "16 own, 0 left over",
    }.items() <= found.items()


def test_what_is_not_known_is_said() -> None:
    """A killed run in Perforated Backpropagation mode with one epoch decides no direction and proves nothing."""
    found = concluded(real_run("resnet-pb-killed", "PAI"))

    assert (found["direction"], found["mode"], found["sets kept"], found["finished"]) == ("undecided", "pb", "0", "no")


def test_left_overs_are_told_from_own_snapshots() -> None:
    """Snapshots of earlier runs are listed with the reason why they are left out."""
    seen = inspect(real_run("bank-lead-mixed-runs", "PAI"), Settings())
    left = [held for held in seen.snapshots if not held.own]

    assert (len(seen.snapshots) - len(left), len(left)) == (5, 4)
    assert all("earlier run" in held.why for held in left)
    assert {"left-over"} == {file.role for file in seen.files for held in left if held.infix in file.name}


def test_json_holds_what_the_text_holds() -> None:
    """The JSON form is an object with a version, and carries every name that the text shows."""
    seen = inspect(SAMPLES / "rejected", Settings())
    held = json.loads(as_json(seen))

    assert (1, seen.save_name) == (held["schema_version"], held["save_name"])
    assert [one.infix for one in seen.snapshots] == [one["infix"] for one in held["snapshots"]]
    for file in seen.files:
        assert file.role == "snapshot" or file.name in as_text(seen)


def test_text_from_the_folder_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Escape sequences and line breaks in names and headers come out harmless."""
    scores = "Epochs,Validation Scores,Validation Running Scores,\x1b[31mred\n0,1.0,,\n0,,1.0,\n0,,,x\n"
    (tmp_path / "runScores.csv").write_text(scores)
    (tmp_path / "a\x1b[2J\nb.txt").write_text("x")
    shown = as_text(inspect(tmp_path, Settings()))

    assert "\x1b" not in shown
    assert all(len(line) <= WIDTH + 20 for line in shown.splitlines())
    assert "not-a-number" in shown

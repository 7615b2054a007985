"""Generated run folders, damaged and whole: a minute of them, a new seed every time, printed so that it can be had again."""

import os
from pathlib import Path
from random import Random, SystemRandom

import pytest
from fuzz import fuzzed, tried
from grammar import Truth, generated
from oracle import NO_NUMBER, untrue

from pai_report.analysis import analyse
from pai_report.run import read_run
from pai_report.settings import Settings

# ruff: noqa: S311 - folders need to be repeatable, not secret
SEED = int(os.environ.get("PAI_REPORT_SEED") or SystemRandom().randrange(10**6))
MINUTE = 60.0


def written(truth: Truth, folder: Path) -> Path:
    """The files of `truth` on disk."""
    folder.mkdir()
    for name, data in truth.files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("number", range(40))
def test_what_is_true_of_a_whole_folder_is_found(number: int, tmp_path: Path) -> None:
    """Sets, sizes and best scores of an undamaged folder are those it was played with, and nothing had to be repaired."""
    truth = generated(Random(f"{SEED}-whole-{number}"))
    run = read_run(written(truth, tmp_path / "run"), save_name=truth.save_name)
    analysis = analyse(run, Settings(direction=truth.direction))

    assert list(untrue(analysis, truth)) == [], f"seed {SEED}"
    assert run.notes == (), f"seed {SEED}"
    assert run.leftovers == (), f"seed {SEED}"


def test_a_seed_makes_the_same_folders() -> None:
    """What failed on one machine can be had on another: the same bytes for the same seed."""
    one, other = generated(Random("7-120")), generated(Random("7-120"))

    assert one.files == other.files
    assert tried(7, 120) == tried(7, 120)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("best 0.5 at epoch None", "None"),
        ("None of the 2 sets kept gained", None),
        ("a gain of nan points", "nan"),
        ("from -inf to 3", "inf"),
        ("nanometres and information", None),
    ],
)
def test_words_for_no_number_are_seen(words: str, expected: str | None) -> None:
    """Words that a missing number leaves behind, and words that only look like them."""
    seen = NO_NUMBER.search(words)

    assert expected == (seen and seen[0])


@pytest.mark.slow
def test_a_minute_of_damaged_folders(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, no failed picture or rule, no silent wrong count, no word for no number, within memory and time."""
    done, failed = 0, []
    for done, failures in fuzzed(SEED, 0, None, MINUTE, jobs=1):  # noqa: B007 the last number is told
        failed += [f"{SEED}-{failure.number}: {failure.reasons[0]} [{'; '.join(failure.done)}]" for failure in failures]
    with capsys.disabled():
        print(f" [{done} folders, seed {SEED}]", end="")  # noqa: T201 the seed is part of the result

    assert failed == []

"""Numbers read off the pictures of real runs, held against the CSV files they come from.

The files are read here by the rules of the library's formats alone (a series is a block in a column of its own), so that a
mistake in the project's readers would show.
"""

import csv
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from conftest import SAMPLES, real_run
from figure_reading import SVG, cells, every, parsed

from pai_report.pipeline import study
from pai_report.report.document import Figure
from pai_report.report.figures.canvas import text_width
from pai_report.report.figures.palette import ACCENT, LABEL
from pai_report.settings import Settings

Line = dict[float, float]


def series(path: Path, column: str) -> list[float]:
    """The values of one column, in the order of its epochs."""
    with path.open(encoding="utf-8", newline="") as file:
        return [float(row[column]) for row in csv.DictReader(file) if row[column]]


def figures(folder: Path) -> dict[str, Figure]:
    """The pictures of a run by their ids."""
    return _figures(str(folder))


@cache
def _figures(folder: str) -> dict[str, Figure]:
    return {figure.id: figure for figure in every(study(Path(folder), Settings()).analysis)}


def number(label: str) -> float:
    """A number as it stands on an axis."""
    return float(label.replace(",", "").replace("\u2212", "-"))


def scale(figure: Figure, *, upright: bool) -> tuple[float, float]:
    """Slope and intercept from points of the picture to numbers, from the labels of one linear axis."""
    texts = [element.attrib | {"words": element.text or ""} for element in parsed(figure).iter(f"{SVG}text")]
    labels = [held for held in texts if re.fullmatch(r"[\u2212\d.,]+", held["words"]) and held["font-size"] == "6.8"]
    foot = max(float(held["y"]) for held in labels)
    chosen = [held for held in labels if (held.get("text-anchor") == "end" if upright else float(held["y"]) == foot)]
    places = [float(held["y"]) - 0.36 * 6.8 if upright else float(held["x"]) for held in chosen]  # labels stand off the line
    slope, intercept = np.polyfit(places, [number(held["words"]) for held in chosen], 1)
    return float(slope), float(intercept)


def line(figure: Figure) -> Line:
    """The thick line of a picture as number by epoch."""
    (across, left), (up, bottom) = scale(figure, upright=False), scale(figure, upright=True)
    paths = [
        element.attrib["d"] for element in parsed(figure).iter(f"{SVG}path")
        if element.get("stroke") == ACCENT and element.get("stroke-width") == "1.5" and element.get("clip-path")
    ]  # fmt: skip
    places = [tuple(map(float, place.split())) for path in paths for place in re.findall(r"[-\d.]+ [-\d.]+", path)]
    return {across * x + left: up * y + bottom for x, y in places}


def read_off(drawn: Line, epoch: int) -> float | None:
    """The number at `epoch`, None where the line has no corner there (it left the range shown)."""
    near = [held for place, held in drawn.items() if abs(place - epoch) < 0.1]
    return near[0] if near else None


@pytest.mark.parametrize(
    ("folder", "name", "tolerance"), [("digits-329-two-kept/PAI", "PAI", 0.03), ("bank-lead-mixed-runs/PAI", "PAI", 0.0003)]
)
def test_the_line_is_the_validation_column(folder: str, name: str, tolerance: float) -> None:
    """Every corner of the validation line on page one is the score of its epoch."""
    path = real_run(*folder.split("/"))
    scores = series(path / f"{name}Scores.csv", "Validation Scores")
    drawn = {epoch: read_off(line(figures(path)["front-scores"]), epoch) for epoch in range(len(scores))}
    seen = {epoch: held for epoch, held in drawn.items() if held is not None}

    assert len(seen) > 0.7 * len(scores)
    assert {epoch: held for epoch, held in seen.items() if abs(held - scores[epoch]) > tolerance} == {}


def test_the_bars_are_the_gains_of_the_best_rows() -> None:
    """Gains, test changes and sizes of two kept sets, from the rows of the best scores (91.64, 92.14, 92.31)."""
    path = real_run("digits-329-two-kept", "PAI")
    rows = series(path / "PAI_best_arch_scores.csv", "Max Valid Scores")
    tests = series(path / "PAI_best_arch_scores.csv", "Test")
    sizes = series(path / "PAI_best_arch_scores.csv", "Param Counts")
    shown = figures(path)

    gains = [(row[0], row[1], row[4]) for row in cells(shown["gains"])[:2]]
    assert gains == [
        ("1st set", f"{rows[1] - rows[0]:+.2f}", f"{tests[1] - tests[0]:+.2f}"),
        ("2nd set", f"{rows[2] - rows[1]:+.2f}", f"{tests[2] - tests[1]:.2f}"),
    ]
    assert [row[1] for row in cells(shown["architecture"])[:3]] == [f"{size:,.0f}" for size in sizes]


def test_the_bar_of_epochs_adds_up() -> None:
    """The 219 epochs that the snapshots prove, and the 40 of the canonical file among them."""
    path = real_run("digits-329-two-kept", "PAI")
    parts = [int(row[1]) for row in cells(figures(path)["budget"])]

    assert parts[0] == len(series(path / "PAIScores.csv", "Validation Scores"))
    assert sum(parts) == 219


def test_rates_times_and_gap_are_the_columns() -> None:
    """Learning rate, epoch times, training and validation of every epoch are those of their files."""
    path = real_run("digits-329-two-kept", "PAI")
    shown = figures(path)

    rates, train = series(path / "PAIlearning_rate.csv", "learning_rate"), series(path / "PAIScores.csv", "Train")
    seconds = series(path / "PAITimes.csv", "Normal Epoch Times")
    assert [float(row[1]) for row in cells(shown["learning-rate"])] == pytest.approx(rates, rel=5e-3)
    assert [float(row[1]) for row in cells(shown["gap"])] == pytest.approx(train, rel=1e-3)
    assert [float(row[1].split()[0]) for row in cells(shown["times"])] == pytest.approx(seconds, abs=0.06)


def test_changes_of_the_rate_are_those_of_the_column() -> None:
    """An old run of digits: four changes from epoch to epoch of its learning-rate file, which never goes below 0.001."""
    path = real_run("digits-204", "PAI")
    rates = series(path / "PAIlearning_rate.csv", "learning_rate")
    changes = sum(old != new for old, new in pairwise(rates))
    alt = figures(path)["learning-rate"].alt

    assert (changes, min(rates)) == (4, 0.001)
    assert f"between {max(rates)} and {min(rates)}, {changes} changes; epochs that were rolled back" in alt


def test_labels_of_rates_stand_at_their_own_rings() -> None:
    """Restarts at epochs 122 and 287 to 0.005, at 245 to 0.0005: each label is within 9 points of its ring."""
    figure = figures(real_run("yolo-dendrite-100", "dendrite_100"))["learning-rate"]
    slope, intercept = scale(figure, upright=False)
    texts = [
        (element.text, float(element.attrib["x"]), float(element.attrib["y"])) for element in parsed(figure).iter(f"{SVG}text")
    ]
    upper, lower = (y for words in ("0.01", "0.001") for label, _, y in texts if label == words)
    expected = {("from 0.005", 122), ("from 0.005", 287), ("from 0.0005", 245)}
    found = {
        (words, epoch)
        for words, epoch in expected
        for label, x, y in texts
        if label == words
        and x - 9 <= (epoch - intercept) / slope <= x + text_width(words, LABEL) + 9
        and abs(y - upper + (lower - upper) * np.log10(float(words[5:]) / 0.01)) <= 9 + LABEL.size
    }

    assert found == expected


def test_modules_are_ranked_by_their_correlation() -> None:
    """The synthetic run's modules stand from the best to the least; each number lies in the range of the module's column."""
    folder = SAMPLES / "synthetic-pb"
    ranking = cells(figures(folder)["modules"])
    values = [float(row[1]) for row in ranking]
    last = {
        row[0]: series(folder / "synthetic-pbBest PBScores.csv", f"Best ever for all nodes Layer {row[0]}") for row in ranking
    }

    assert values == sorted(values, reverse=True)
    assert all(min(last[row[0]]) <= float(row[1]) <= 1.01 * max(last[row[0]]) for row in ranking)

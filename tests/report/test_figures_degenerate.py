"""Numbers that no axis was made for: every picture is drawn, every label can be read, no work depends on a value."""

import csv
import math
import re
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from figure_reading import every, labels, parsed, plain
from synthetic_runs import synthetic_run
from test_figures_drawing import assert_legible

from pai_report.analysis import analyse
from pai_report.analysis.model import Analysis
from pai_report.report.document import Figure
from pai_report.report.figures.axis import tick_labels, ticks
from pai_report.report.figures.scale import sound
from pai_report.run import read_run
from pai_report.settings import Settings

Shape = Callable[[Sequence[float]], list[float]]


def spiked(value: float) -> Shape:
    """One of the numbers is `value`."""
    return lambda held: [value if place == len(held) // 2 else number for place, number in enumerate(held)]


def times(factor: float) -> Shape:
    """All numbers `factor` times as large."""
    return lambda held: [number * factor for number in held]


SHAPES: dict[str, Shape] = {
    "all equal": lambda held: [0.5] * len(held),
    "all zero": lambda held: [0.0] * len(held),
    "equal but for the last digit": lambda held: [math.nextafter(0.7, place % 2) for place in range(len(held))],
    "two levels far from zero": lambda held: [1e9 + place % 2 for place in range(len(held))],
    "denormal": times(5e-324),
    "nearly denormal": times(1e-305),
    "huge": times(1e91),
    "negative": times(-1.0),
    "both signs of the largest": lambda held: [1e100 * (-1) ** place for place in range(len(held))],
    "one spike": spiked(1e6),
    "one huge spike": spiked(1e91),
    "one huge dip": spiked(-1e91),
}
BROKEN = Path(__file__).parents[1] / "broken"
TABLES = ("Scores", "learning_rate", "Times", "param_counts", "_best_arch_scores", "Best PBScores")


def reshaped(folder: Path, table: str, shape: Shape) -> None:
    """Put every column of numbers of `table` into `shape`."""
    path = folder / f"synthetic{table}.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    whole = table == "param_counts"
    for column in range(0 if table == "_best_arch_scores" else 1, len(rows[0])):
        filled = [row for row in rows[1:] if row[column]]
        for row, number in zip(filled, shape([float(row[column]) for row in filled]), strict=True):
            row[column] = f"{number:.0f}" if whole else repr(number)
    path.write_text("\n".join(map(",".join, rows)) + "\n", "utf-8")


def farthest(figure: Figure) -> float:
    """The largest number that places anything in the drawing, in points."""
    held = [element.attrib.get(name, "") for element in parsed(figure).iter() for name in ("d", "x", "y", "width", "height")]
    return max(abs(float(number)) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", " ".join(held)))


def assert_drawn(figures: Sequence[Figure]) -> None:
    """Legible, without a word for a number that is none, and with no place far off the picture."""
    for figure in figures:
        assert_legible(figure)
        words = " ".join([figure.alt, plain(figure.caption), *labels(figure)])
        assert not re.search(r"\b(None(?! of the )|nan|inf)\b", words), words
        assert farthest(figure) < 1e5, figure.id


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("table", TABLES)
def test_any_numbers_are_drawn(table: str, shape: str, tmp_path: Path) -> None:
    """Whatever numbers one table holds, all pictures are there and can be read, whichever direction is better."""
    folder = synthetic_run(tmp_path / "run", epochs=40)
    reshaped(folder, table, SHAPES[shape])
    run = read_run(folder)
    for direction in ("maximize", "minimize") if table in {"Scores", "_best_arch_scores"} else ("maximize",):
        assert_drawn(every(analyse(run, replace(Settings(), direction=direction))))


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_the_first_epochs_of_a_run_are_drawn(epochs: int, tmp_path: Path) -> None:
    """The first night of a long run has one epoch, the second two."""
    folder = synthetic_run(tmp_path / "run", sets=0, epochs=epochs)

    assert_drawn(every(analyse(read_run(folder), Settings())))
    assert (epochs > 1) == bool(every(analyse(read_run(folder), Settings())))


@pytest.mark.parametrize(
    "limits", [(0.0, 0.0), (5e-324, 1e-320), (7.0, 7.0), (1e91, 1e91), (-1e100, 1e100), (0.7, math.nextafter(0.7, 1))]
)
def test_limits_that_coincide_are_widened_around_their_middle(limits: tuple[float, float]) -> None:
    """An axis has a length, at least two numbers on it, and each of them reads differently."""
    low, high = sound(limits)
    numbers = ticks(limits, 5)

    assert low < (limits[0] + limits[1]) / 2 < high
    assert len(set(tick_labels(numbers))) == len(numbers) >= 2
    assert all(len(label) <= 17 for label in tick_labels(numbers))


def test_a_loss_of_a_million_is_cut_with_its_value() -> None:
    """One diverged epoch does not set the scale: an arrow at the edge, and the value beside it."""
    figures = {figure.id: figure for figure in every(diverged())}

    assert "1,000,000" in labels(figures["front-scores"])
    assert "0.6" in labels(figures["front-scores"])
    assert "all: 0.3136 to 1,000,000" in labels(figures["scores"])


def test_no_work_depends_on_a_value() -> None:
    """One loss of a million takes as much memory as the run without it, far below 300 MB."""
    run = diverged()
    whole = tuple(1.5 if score == 1e6 else score for score in run.track.validation)
    series = tuple(1.5 if score == 1e6 else score for score in run.phases[0].series)
    healthy = replace(
        run, track=replace(run.track, validation=whole), phases=(replace(run.phases[0], series=series), *run.phases[1:])
    )
    every(healthy)
    assert peak(run) < 1.5 * peak(healthy)


def diverged() -> Analysis:
    """The run whose loss was a million once."""
    return analyse(read_run(BROKEN / "k-diverged-1e6"), Settings())


def peak(run: Analysis) -> int:
    """Bytes that drawing all pictures takes at most."""
    tracemalloc.start()
    every(run)
    try:
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

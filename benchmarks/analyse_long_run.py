# ruff: noqa: INP001, T201 - a script that prints a table
"""Time to analyse a long run against the time to read it: below twice, and growing linearly.

    python benchmarks/analyse_long_run.py

Makes run folders of the library's form in a temporary folder: two sets, a train column, a learning rate that drops on
plateaus, a snapshot with the discarded tail before the second switch. Prints the least CPU time of several repetitions.
"""

import math
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from numpy.random import Generator, default_rng

from pai_report.analysis import analyse
from pai_report.run import read_run
from pai_report.settings import Settings

REPEATS = 3
PATIENCE = 150  # of the learning-rate scheduler
TAIL = 10  # epochs that the library rolled back


def scores(epochs: int, rng: Generator) -> list[float]:
    """Learning towards 90 % with noise."""
    return [90 - 60 * math.exp(-8 * t / epochs) + float(rng.normal(0, 0.3)) for t in range(epochs)]


def rates(series: list[float]) -> list[float]:
    """A rate that falls by a tenth when the patience without a new best score is over."""
    found, rate, best, bad = [], 0.01, -math.inf, 0
    for score in series:
        found.append(rate)
        best, bad = (score, 0) if score > best else (best, bad + 1)
        if bad > PATIENCE:
            rate, bad = rate * 0.9, 0
    return found


def stack(columns: dict[str, list[float]]) -> str:
    """A table of stacked series."""
    lines = [",".join(["Epochs", *columns])]
    for place, values in enumerate(columns.values()):
        before, after = "," * (place + 1), "," * (len(columns) - place - 1)
        lines += [f"{epoch}{before}{value!r}{after}" for epoch, value in enumerate(values)]
    return "\n".join(lines) + "\n"


def write_recording(folder: Path, infix: str, series: list[float], switches: list[int]) -> None:
    """The tables that the library writes at one moment."""
    edges = [-1, *switches[::2], len(series) - 1]
    best = [max(series[first + 1 : last + 1]) for first, last in pairwise(edges)]
    rows = "".join(f"{502 * (k + 1)},{score!r},99.0\n" for k, score in enumerate(best))
    tables = {
        "Scores.csv": stack(
            {"Validation Scores": series, "Validation Running Scores": series, "Train": [score + 3 for score in series]}
        ),
        "learning_rate.csv": stack({"learning_rate": rates(series)}),
        "Times.csv": stack({"Normal Epoch Times": [1.0] * len(series), "PAI Epoch Times": []}),
        "switch_epochs.csv": "Switch Number,Switch Epoch\n" + "".join(f"{n},{e}\n" for n, e in enumerate(switches)),
        "param_counts.csv": "Switch Number,Param Count\n" + "".join(f"{n},{502 + n}\n" for n in range(len(switches) + 1)),
        "_best_arch_scores.csv": f"Param Counts,Max Valid Scores,Train\n{rows}",
        "Best PBScores.csv": "Epochs,Best ever for all nodes Layer .fc1,Best current for all nodes Layer .fc1\n",
    }
    for suffix, text in tables.items():
        (folder / f"long{infix}{suffix}").write_text(text)


def write_run(folder: Path, epochs: int) -> None:
    """A run of that many committed epochs with one snapshot."""
    rng = default_rng(epochs)
    series = scores(epochs, rng)
    first, second = epochs // 2, epochs * 3 // 4
    write_recording(folder, "", series, [first, first, second, second])
    tail = [score - 1 for score in series[second - TAIL : second]]
    write_recording(folder, "_beforeSwitch_2", [*series[: second + 1], *tail], [first, first])


def least(action: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of the quickest of several calls, and what it returned."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        result = action()
        times.append(time.process_time() - start)
    return min(times), result


def main() -> None:
    """Print the table."""
    print(f"{'epochs':>9} {'read, s':>9} {'analyse, s':>11} {'ratio':>7}")
    for epochs in (1_000, 10_000, 50_000, 100_000, 200_000):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "long"
            folder.mkdir()
            write_run(folder, epochs)
            reading, run = least(partial(read_run, folder))
            judging, _ = least(partial(analyse, run, Settings()))
        print(f"{epochs:>9} {reading:>9.3f} {judging:>11.3f} {judging / reading:>7.2f}")


if __name__ == "__main__":
    main()

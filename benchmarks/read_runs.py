# ruff: noqa: INP001, T201 - a script that prints a table
"""Time to read a run against its number of files and epochs: both must grow linearly.

    python benchmarks/read_runs.py

Makes run folders of the library's form in a temporary folder, reads each several times and prints the least CPU time. Equal
times per file, or per thousand epochs, are linear growth. From some 20,000 epochs on, pandas parses the large tables: the
steps above are quicker, after half a second for its import, which the first reading of a size pays and the table leaves out.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pai_report.run import read_run

REPEATS = 3
PER_SNAPSHOT = 7  # files


def stack(names: Sequence[str], epochs: int) -> str:
    """A table of stacked series: the sign of growth does not matter here, only its size."""
    lines = [",".join(["Epochs", *names])]
    for column in range(len(names)):
        before, after = "," * (column + 1), "," * (len(names) - column - 1)
        lines += [f"{epoch}{before}{90 - 70 / (epoch + 1) + column / 3!r}{after}" for epoch in range(epochs)]
    return "\n".join(lines) + "\n"


def write_recording(folder: Path, infix: str, epochs: int, *, switch: int) -> None:
    """The seven tables that the library writes at one moment, with one dendrite set after epoch `switch`."""
    tables = {
        "Scores.csv": stack(["Validation Scores", "Validation Running Scores", "Train"], epochs),
        "Times.csv": stack(["Normal Epoch Times", "PAI Epoch Times"], epochs),
        "learning_rate.csv": stack(["learning_rate"], epochs),
        "switch_epochs.csv": f"Switch Number,Switch Epoch\n0,{switch}\n1,{switch}\n",
        "param_counts.csv": "Switch Number,Param Count\n0,502\n1,1026\n2,1026\n",
        "_best_arch_scores.csv": "Param Counts,Max Valid Scores,Train\n502,88.5,95.0\n1026,89.5,96.0\n",
        "Best PBScores.csv": "Epochs,Best ever for all nodes Layer .fc1,Best current for all nodes Layer .fc1\n",
    }
    for suffix, text in tables.items():
        (folder / f"run{infix}{suffix}").write_text(text)


def many_files(folder: Path, files: int) -> None:
    """A run of 40 epochs with snapshots until there are `files` files."""
    write_recording(folder, "", 40, switch=20)
    for number in range(files // PER_SNAPSHOT - 1):
        stamp = f"{number % 28 + 1:02}.{number // 28 % 12 + 1:02}.2026.{number % 24:02}.{number % 60:02}.00"
        write_recording(folder, f"_{stamp}_PBCount_1_startSteps_{number}", 40, switch=20)


def many_epochs(folder: Path, epochs: int) -> None:
    """A run of that many epochs without snapshots."""
    write_recording(folder, "", epochs, switch=20)


def best_time(build: Callable[[Path, int], None], size: int) -> float:
    """Seconds of the quickest of several readings of a run built in that size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "run"
        folder.mkdir()
        build(folder, size)
        times = []
        for _ in range(REPEATS):
            start = time.process_time()
            read_run(folder)
            times.append(time.process_time() - start)
        return min(times)


def main() -> None:
    """Print both tables."""
    print(f"{'files':>9} {'seconds':>9} {'ms/file':>9}")
    for files in (375, 750, 1500, 3000, 6000):
        seconds = best_time(many_files, files)
        print(f"{files:>9} {seconds:>9.3f} {seconds / files * 1e3:>9.3f}")
    print(f"\n{'epochs':>9} {'seconds':>9} {'ms/1000':>9}")
    for epochs in (200, 2_000, 12_500, 25_000, 50_000, 100_000, 200_000):
        seconds = best_time(many_epochs, epochs)
        print(f"{epochs:>9} {seconds:>9.3f} {seconds / epochs * 1e6:>9.3f}")


if __name__ == "__main__":
    main()

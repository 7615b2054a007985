"""Write the SYNTHETIC Perforated Backpropagation run in samples/synthetic-pb/.

No network is trained here: seeded random curves go through the bookkeeping that perforatedai 3.2.9 does
around a Perforated Backpropagation run (patience, reload of the best network at a switch, snapshots, two
tries per dendrite set). The result has the library's file names, headers and rows; its numbers mean nothing.

    python synthetic_pb.py              # writes samples/synthetic-pb/
    python synthetic_pb.py --out DIR    # writes DIR/synthetic-pb/

Needs numpy, pandas and matplotlib, and improved/improved_config.json as the template of the configuration.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd

mpl.use("Agg")
import matplotlib.pyplot as plt

SAVE_NAME = "synthetic-pb"
SEED = 7
HERE = Path(__file__).parent
TEMPLATE = HERE / "improved" / "improved_config.json"

N_TRAIN, N_VALIDATION, N_TEST = 8000, 2000, 2000
PATIENCE = 8  # n_epochs_to_switch
SCHEDULER_PATIENCE = 3
LEARNING_RATE = 0.01
THRESHOLDS = (0.001, 0.0001, 0.0)
THRESHOLD_RAW = 1e-5
MAX_TRIES = 2
TARGETS = (78.4, 81.6, 83.3, 84.3)  # where validation settles with 0, 1, 2, 3 kept sets
REJECTED_TARGET = 83.0  # the fourth set does not reach the third
DENDRITE_EPOCHS = (8, 9, 8, 7, 8)  # length of the dendrite phases, rejected tries last


@dataclass(frozen=True)
class Module:
    """One perforated module: parameters, output neurons and the score its dendrites settle at."""

    name: str
    parameters: int
    neurons: int
    pb_score: float


MODULES = (
    Module(".conv1", 448, 16, 0.0046),
    Module(".layer1.conv", 2320, 16, 0.0072),
    Module(".layer2.conv", 4640, 32, 0.0125),
    Module(".layer3.conv", 18496, 64, 0.0158),
    Module(".layer4.conv", 36928, 64, 0.0247),
    Module(".attention.proj", 4160, 64, 0.0004),
    Module(".head", 2080, 32, 0.0312),
    Module(".fc", 330, 10, 0.0418),
)

Block = tuple[str, list[float]]


@dataclass
class Tracker:
    """The history that the library keeps and, at a switch, rolls back to the best epoch."""

    validation: list[float] = field(default_factory=list)
    running: list[float] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    test: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    neuron_times: list[float] = field(default_factory=list)
    dendrite_times: list[float] = field(default_factory=list)
    pb_scores: dict[str, list[float]] = field(default_factory=lambda: {m.name: [] for m in MODULES})
    switches: list[int] = field(default_factory=list)
    parameters: list[int] = field(default_factory=lambda: [parameter_count(0)])

    def log(self, scores: tuple[float, float, float], running: float, learning_rate: float) -> None:
        """Append one epoch: validation, train and test score, the running score and the learning rate."""
        validation, train, test = scores
        self.validation.append(validation)
        self.train.append(train)
        self.test.append(test)
        self.running.append(running)
        self.learning_rate.append(learning_rate)

    def switch(self, dendrites: int) -> None:
        """Record a switch after the last epoch; `dendrites` is the number of integrated sets from now on."""
        self.switches.append(len(self.validation) - 1)
        self.parameters.append(parameter_count(dendrites))


def parameter_count(dendrites: int) -> int:
    """Return the network size: every set copies the perforated modules and adds weights per neuron."""
    base = sum(m.parameters for m in MODULES)
    neurons = sum(m.neurons for m in MODULES)
    return base + sum(base + k * neurons for k in range(1, dendrites + 1))


def quantised(percent: float, n_samples: int) -> float:
    """Round a percentage to what `n_samples` samples can express."""
    return round(min(percent, 100.0) * n_samples / 100) * 100 / n_samples


def beats(new: float, old: float, dendrites: int) -> bool:
    """Apply the library's improvement rule: relative and raw threshold."""
    threshold = THRESHOLDS[min(dendrites, len(THRESHOLDS) - 1)]
    return new * (1 - threshold) > old and new - THRESHOLD_RAW > old


class Plateau:
    """The rule of torch's ReduceLROnPlateau in mode "max" with its default threshold."""

    def __init__(self) -> None:
        self.rate = LEARNING_RATE
        self.best = -np.inf
        self.bad_epochs = 0

    def step(self, score: float) -> None:
        """Divide the rate by ten after more than SCHEDULER_PATIENCE epochs without progress."""
        if score > self.best * (1 + 1e-4) or self.best == -np.inf:
            self.best, self.bad_epochs = score, 0
        else:
            self.bad_epochs += 1
        if self.bad_epochs > SCHEDULER_PATIENCE:
            self.rate, self.bad_epochs = self.rate * 0.1, 0


class Clock:
    """Simulated wall clock for the names of the time-stamped snapshots."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 9, tzinfo=UTC)

    def advance(self, seconds: float) -> None:
        """Let simulated time pass."""
        self.now += timedelta(seconds=seconds)


class Simulation:
    """Random curves through the library's phases, writing its snapshots on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.random = np.random.default_rng(SEED)
        self.clock = Clock()
        self.tracker = Tracker()
        self.phase_lengths = iter(DENDRITE_EPOCHS)

    def run(self) -> Tracker:
        """Train the base network, add sets until one is rejected in every try, return the best history."""
        best = self.neuron_phase(start=24.0, target=TARGETS[0], dendrites=0)
        dendrites, tries = 0, 0
        while tries < MAX_TRIES:
            self.tracker = copy.deepcopy(best)
            before = best.validation[-1]
            self.tracker.switch(dendrites)
            self.dendrite_phase()
            self.write(f"_beforeSwitch_{len(self.tracker.switches)}")
            self.tracker.switch(dendrites + 1)
            target = TARGETS[dendrites + 1] if dendrites + 1 < len(TARGETS) else REJECTED_TARGET
            candidate = self.neuron_phase(before - 1.5, target, dendrites + 1, snapshot=False)
            if beats(candidate.validation[-1], before, dendrites + 1):
                self.write(f"_beforeSwitch_{len(self.tracker.switches)}")
                best, dendrites, tries = candidate, dendrites + 1, 0
            else:
                self.write(f"_{self.clock.now:%d.%m.%Y.%H.%M.%S}_noImprove_lr_0")
                tries += 1
        return best

    def neuron_phase(self, start: float, target: float, dendrites: int, snapshot: bool = True) -> Tracker:
        """Train until patience runs out; return the history as it was at the best epoch."""
        scheduler, best_score, waited, epoch = Plateau(), -np.inf, 0, 0
        best = copy.deepcopy(self.tracker)
        while waited < PATIENCE:
            level = target - (target - start) * np.exp(-epoch / 4)
            noise = 0.3 if scheduler.rate == LEARNING_RATE else 0.08
            score = quantised(level + noise * self.random.standard_normal(), N_VALIDATION)
            self.tracker.log(self.with_train_and_test(score), score, scheduler.rate)
            self.tracker.neuron_times.append(self.seconds(4.0 + dendrites))
            scheduler.step(score)
            epoch, waited = epoch + 1, waited + 1
            if beats(score, best_score, dendrites) or best_score == -np.inf:
                best_score, waited, best = score, 0, copy.deepcopy(self.tracker)
        if snapshot:
            self.write(f"_beforeSwitch_{len(self.tracker.switches)}")
        return best

    def dendrite_phase(self) -> None:
        """Train only dendrites: flat scores, frozen running score, rising PB scores on their own axis."""
        level, frozen = self.tracker.validation[-1], self.tracker.running[-1]
        n_epochs = next(self.phase_lengths)
        for _epoch in range(n_epochs):
            score = quantised(level - self.random.integers(0, 3) * 100 / N_VALIDATION, N_VALIDATION)
            self.tracker.log(self.with_train_and_test(score), frozen, LEARNING_RATE)
            self.tracker.dendrite_times.append(self.seconds(9.0))
        for module in MODULES:
            factors = self.random.uniform(0.85, 1.0, n_epochs) * (1 - 0.65 * np.exp(-np.arange(n_epochs) / 3))
            scores = np.maximum.accumulate(module.pb_score * factors)
            self.tracker.pb_scores[module.name] += [float(f"{score:.5g}") for score in scores]

    def with_train_and_test(self, validation: float) -> tuple[float, float, float]:
        """Return validation with a slightly higher train score and a test score around it."""
        train = quantised(validation + 1.6 + 0.15 * self.random.standard_normal(), N_TRAIN)
        test = quantised(validation - 0.3 + 0.15 * self.random.standard_normal(), N_TEST)
        return validation, train, test

    def seconds(self, mean: float) -> float:
        """Return the duration of one epoch and let the clock run."""
        duration = round(float(mean * self.random.uniform(0.95, 1.05)), 3)
        self.clock.advance(duration)
        return duration

    def write(self, infix: str) -> None:
        """Write all tables of the present history under the library's names."""
        write_tables(self.tracker, self.folder / f"{SAVE_NAME}{infix}")


def stacked(blocks: list[Block]) -> pd.DataFrame:
    """Stack series as the library does: one block of rows per series, each with its own epoch axis."""
    frames = [pd.DataFrame({"Epochs": range(len(values)), name: values}) for name, values in blocks if values]
    columns = ["Epochs", *(name for name, _values in blocks)]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True).reindex(columns=columns)


def best_rows(tracker: Tracker) -> pd.DataFrame:
    """Return the best epoch of every neuron phase; dendrite phases belong to no row."""
    rows = []
    starts = [0, *(epoch + 1 for epoch in tracker.switches[1::2])]
    for k, start in enumerate(starts):
        ends = tracker.switches[2 * k : 2 * k + 1]
        window = tracker.validation[start : ends[0] + 1 if ends else None]
        if window:
            best = start + int(np.argmax(window))
            scores = tracker.validation[best], tracker.train[best], tracker.test[best]
            rows.append((tracker.parameters[2 * k], *scores))
    return pd.DataFrame(rows, columns=["Param Counts", "Max Valid Scores", "Train", "Test"])


def pb_blocks(tracker: Tracker) -> list[Block]:
    """Return a filled "Best ever" and an empty "Best current" block per module."""
    blocks: list[Block] = []
    for name, scores in tracker.pb_scores.items():
        blocks.append((f"Best ever for all nodes Layer {name}", scores))
        blocks.append((f"Best current for all nodes Layer {name}", []))
    return blocks


def write_tables(tracker: Tracker, stem: Path) -> None:
    """Write the seven tables whose names start with `stem`."""
    scores: list[Block] = [
        ("Validation Scores", tracker.validation),
        ("Validation Running Scores", tracker.running),
        ("Train", tracker.train),
        ("Test", tracker.test),
    ]
    times: list[Block] = [
        ("Normal Epoch Times", tracker.neuron_times),
        ("PAI Epoch Times", tracker.dendrite_times),
    ]
    tables = {
        "Scores": stacked(scores),
        "Times": stacked(times),
        "learning_rate": stacked([("learning_rate", tracker.learning_rate)]),
        "Best PBScores": stacked(pb_blocks(tracker)),
        "_best_arch_scores": best_rows(tracker),
        "switch_epochs": numbered("Switch Epoch", tracker.switches),
        "param_counts": numbered("Param Count", tracker.parameters),
    }
    for suffix, table in tables.items():
        table.to_csv(f"{stem}{suffix}.csv", index=False, lineterminator="\n")


def numbered(name: str, values: list[int]) -> pd.DataFrame:
    """Return a table counted by switch number."""
    return pd.DataFrame({"Switch Number": range(len(values)), name: values})


def write_config(path: Path) -> None:
    """Write the configuration of a real run with the entries changed that this run would have changed."""
    config = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    config |= {
        "save_name": SAVE_NAME,
        "perforated_backpropagation": True,
        "no_extra_n_modes": False,
        "find_best_lr": False,
        "improvement_threshold": list(THRESHOLDS),
        "max_dendrites": 100,
        "max_dendrite_tries": MAX_TRIES,
        "modules_to_perforate": ["torch.nn.modules.conv.Conv2d", "torch.nn.modules.linear.Linear"],
        "n_epochs_to_switch": PATIENCE,
    }
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")


def draw(tracker: Tracker, path: Path) -> None:
    """Draw scores and PB scores, marked as synthetic."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 6.5), dpi=56)
    left.plot(tracker.validation, label="Validation Scores")
    left.plot(tracker.train, label="Train")
    left.plot(tracker.test, label="Test")
    for epoch in tracker.switches:
        left.axvline(epoch, color="tab:red", linewidth=0.8)
    left.set(title=f"{SAVE_NAME} Scores", xlabel="Epochs", ylabel="Score")
    for name, scores in tracker.pb_scores.items():
        right.plot(scores, label=name)
    right.set(title=f"{SAVE_NAME} Best PBScores", xlabel="Epochs", ylabel="Best PBScore")
    for axis in (left, right):
        axis.grid(alpha=0.4)
        axis.legend(fontsize=8)
    figure.text(0.5, 0.5, "SYNTHETIC", fontsize=70, color="grey", alpha=0.3, ha="center", va="center")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


NOTICE = """\
# Synthetic data

Nothing in this folder was trained. `../synthetic_pb.py` wrote it: seeded random curves (seed {seed}) run
through the bookkeeping that perforatedai 3.2.9 does around a Perforated Backpropagation run. No Perforated
Backpropagation code was installed, used or imitated; only the shape of its tables is shown.

- The scores, PB scores, epoch times and the dates in the snapshot names are invented.
- The configuration is that of a real run (`../improved/improved_config.json`) with the settings changed that
  such a run would have changed, among them `perforated_backpropagation`.
- The learning-rate search is switched off in it, so there are no `startSteps` snapshots.
- Parameter counts are computed, not measured: each set adds one copy of the perforated modules and a few
  weights per neuron.
- `Best current` columns are empty and PB scores carry five digits.
- The story: three sets kept, a fourth tried twice and rejected. The module `.attention.proj` does not learn
  (below 0.001), `.conv1` and `.layer1.conv` are low (below 0.01), `.layer2.conv` and `.layer3.conv` marginal,
  the other three good (above 0.02).

Use it to see how a report treats Perforated Backpropagation scores, never as evidence that dendrites help.
"""


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, default=HERE, help="default: beside this script")
    folder: Path = parser.parse_args().out / SAVE_NAME
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    tracker = Simulation(folder).run()
    write_tables(tracker, folder / SAVE_NAME)
    write_config(folder / f"{SAVE_NAME}_config.json")
    draw(tracker, folder / f"{SAVE_NAME}.png")
    (folder / "SYNTHETIC.md").write_text(NOTICE.format(seed=SEED), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Small runs to take apart: recordings by hand, and a toy of the library that keeps count of what it trained."""

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pai_report.run.model import BestRow, Recording, Run, Series

Scores = tuple[float | None, ...]


def series(values: Scores, name: str = "Validation Scores", file: str = "PAIScores.csv") -> Series:
    """One column."""
    return Series(name=name, file=file, values=values)


def recording(values: Scores, switches: tuple[int, ...] | None = (), infix: str = "", **changes: Any) -> Recording:
    """The canonical files, or with an infix what `changes` make of them."""
    plain = Recording(
        infix=infix,
        kind="canonical",
        names=(("scores", f"PAI{infix}Scores.csv"),),
        validation=series(values, file=f"PAI{infix}Scores.csv"),
        switch_epochs=switches,
    )
    return replace(plain, **changes)


def before_switch(values: Scores, switches: tuple[int, ...] = (), **changes: Any) -> Recording:
    """A snapshot from just before a switch."""
    level = len(switches)
    return recording(values, switches, f"_beforeSwitch_{level}", **{"kind": "before-switch", "number": level, **changes})


def before_final(values: Scores, switches: tuple[int, ...], **changes: Any) -> Recording:
    """The snapshot from before the best network was loaded at the maximum of sets."""
    return recording(values, switches, "before_final", **{"kind": "before-final", **changes})


def no_improvement(values: Scores, switches: tuple[int, ...], second: int = 0, **changes: Any) -> Recording:
    """The snapshot of a rejected try."""
    stamp = f"2026-11-23T20:00:{second:02}"
    infix = f"_23.11.2026.20.00.{second:02}_noImprove_lr_0"
    return recording(values, switches, infix, **{"kind": "no-improvement", "number": 0, "stamp": stamp, **changes})


def trial(values: Scores, switches: tuple[int, ...], steps: int, **changes: Any) -> Recording:
    """A learning-rate trial of the newest set."""
    sets = len(switches) // 2
    infix = f"_23.11.2026.20.01.{steps:02}_PBCount_{sets}_startSteps_{steps}"
    return recording(values, switches, infix, **{"kind": "lr-trial", "number": sets, "start_steps": steps, **changes})


def run(canonical: Recording, *snapshots: Recording, **changes: Any) -> Run:
    """A run without a config, its snapshots in the order written."""
    plain = Run(save_name="PAI", folder="PAI", canonical=canonical, snapshots=snapshots, era="best-arch-scores")
    return replace(plain, **changes)


def best_row(validation: float | None, parameters: int | None = None, **extras: Any) -> BestRow:
    """One row of the best-scores table."""
    return BestRow(parameters=parameters, validation=validation, extras=tuple(extras.items()))


def near(number: float | None, within: float | None = None) -> Any:
    """A number to within rounding, or to within an absolute amount; compares with whatever stands on the other side."""
    return pytest.approx(number, abs=within)


@dataclass
class Toy:
    """A maximising run of the library with random lengths: trains, goes back, searches and rejects as the library does.

    `trained`, `patience`, `lr_search` and `rejected` count every epoch where it is trained.
    """

    seed: int
    trained: int = 0
    lr_search: int = 0
    rejected: int = 0
    scores: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    switches: list[int] = field(default_factory=list)
    snapshots: list[Recording] = field(default_factory=list)
    attempts: int = 0
    patience: int = 0
    skipped: int = 0

    def __post_init__(self) -> None:
        """Every length and score comes from the seed."""
        self.chance = random.Random(self.seed)  # noqa: S311

    def train(self, epochs: int, rate: float, best: int | None = None) -> None:
        """More epochs at one rate; the one at `best` beats every score so far."""
        for epoch in range(epochs):
            top = 10.0 + len(self.switches) + self.chance.random() if epoch == best else self.chance.random()
            self.scores.append(top)
            self.rates.append(rate)
        self.trained += epochs

    def write(self, kind: str, infix: str, **changes: Any) -> None:
        """A snapshot of the present state."""
        self.snapshots.append(self.state(infix, kind=kind, **changes))

    def state(self, infix: str = "", **changes: Any) -> Recording:
        """The present state as a recording."""
        rates = series(tuple(self.rates), "learning_rate", f"PAI{infix}learning_rate.csv")
        return recording(tuple(self.scores), tuple(self.switches), infix, learning_rate=rates, **changes)

    def keep(self) -> tuple[list[float], list[float], list[int]]:
        """The state to go back to."""
        return list(self.scores), list(self.rates), list(self.switches)

    def load(self, state: tuple[list[float], list[float], list[int]]) -> None:
        """Go back to a state."""
        scores, rates, switches = state
        self.scores, self.rates, self.switches = list(scores), list(rates), list(switches)

    def search(self) -> float:
        """A learning-rate search after a switch: the rate to go on with; losing trials are counted, the picked one loaded."""
        kind = self.chance.choice(["none", "picked", "last"])
        if kind == "none":
            return 0.1
        start, trials = self.keep(), []
        picked = self.chance.randrange(3)
        count = picked + 2 if kind == "picked" else picked + 1
        for steps in range(count):
            self.load(start)
            length = self.chance.randint(2, 6)
            self.train(length - 1, 0.1 ** (steps + 1))
            self.train(1, 0.1 ** (steps + 2))
            self.snapshot_trial("lr-trial", steps)
            trials.append(self.keep())
            if not (kind == "picked" and steps == picked):
                self.lr_search += length
        self.load(trials[picked] if kind == "picked" else start)
        if kind == "picked":
            self.snapshot_trial("lr-picked", picked)
        self.skipped = picked if kind == "picked" else count
        return self.rates[-1] if kind == "picked" else 0.1 ** (count + 1)

    def snapshot_trial(self, kind: str, steps: int) -> None:
        """Write a trial or its picked copy."""
        ending = "PICKED" if kind == "lr-picked" else ""
        sets = len(self.switches) // 2
        infix = f"_{len(self.snapshots)}_PBCount_{sets}_startSteps_{steps}{ending}"
        self.write(kind, infix, number=sets, start_steps=steps)

    def phase(self, *, last: bool = False, stopped: bool = False) -> None:
        """Train to a plateau: a best epoch, then patience; write the snapshot and go back to the best epoch."""
        rate = self.search() if self.switches else 0.1
        before, tail = self.chance.randint(1, 6), self.chance.randint(1, 4)
        self.train(before + tail, rate, best=before - 1)
        self.attempts += bool(self.switches)
        if stopped:
            return
        level = len(self.switches)
        if last:
            self.write("before-final", "before_final")
        else:
            self.write("before-switch", f"_beforeSwitch_{level}", number=level)
        self.patience += tail
        self.load((self.scores[:-tail], self.rates[:-tail], self.switches))

    def add_set(self) -> None:
        """Switch: the next epoch trains one set more."""
        self.switches += [len(self.scores) - 1] * 2

    def reject(self) -> None:
        """A try that fails: every epoch of it is lost."""
        state, before, lost = self.keep(), self.trained, self.lr_search
        self.skipped = 0
        self.add_set()
        self.train(self.chance.randint(2, 6), self.search())
        self.write("no-improvement", f"_{len(self.snapshots)}_noImprove_lr_{self.skipped}", number=self.skipped)
        self.load(state)
        self.rejected += self.trained - before
        self.lr_search = lost
        self.attempts += 1

    def finish(self) -> Run:
        """The run with its canonical files."""
        rows = len(self.switches) + 1
        return run(self.state(parameter_counts=tuple(range(1, rows + 1))), *self.snapshots)

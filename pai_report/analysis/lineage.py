"""How the snapshots of a run follow from each other: attempts at each number of sets, and the epochs each one trained (D15).

At every switch, rejected try and learning-rate trial the library loads an earlier state and trains on from there, so that
files overlap. Every recording ran from the epoch after its last switch; what it shares with the state it was loaded from
was trained only once.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from pai_report.analysis.lr_search import Search, is_whole
from pai_report.run.model import Recording, Run
from pai_report.values import value

ENDS = ("before-switch", "before-final")


@value
class Attempt:
    """One attempt to train the network after `level` switch rows: its learning-rate trials and how it ended.

    `start` is the first epoch after the last switch, in the numbering of every recording of the attempt. `losers` are the
    trials that were not trained on; copies are left out. `end` holds the state in which the attempt ended, None where that
    recording is missing. `whole` says that the numbers in the file names leave no gap.
    """

    level: int
    outcome: Literal["kept", "rejected", "open"]
    start: int
    losers: tuple[Recording, ...]
    end: Recording | None
    whole: bool

    @property
    def sets(self) -> int:
        """Sets in the network that scored."""
        return self.level // 2

    @property
    def searched(self) -> int:
        """Epochs of the losing trials."""
        return sum(max(0, loser.epochs - self.start) for loser in self.losers)

    @property
    def epochs(self) -> int:
        """Epochs trained in this attempt, as far as its recordings tell."""
        return self.searched + (max(0, self.end.epochs - self.start) if self.end else 0)


def rows_of(recording: Recording, canonical: Recording) -> tuple[int, ...] | None:
    """Switch rows of a recording. Where their file is missing, those that it shares with the canonical files.

    How many there were is told by its parameter counts, else by its name; a set beyond the canonical ones was added where the
    canonical files end. None where nothing tells.
    """
    if recording.switch_epochs is not None:
        return recording.switch_epochs
    level = _level(recording)
    known = canonical.switch_epochs or ()
    return None if level is None else (*known[:level], *[canonical.epochs - 1] * (level - len(known)))


def _level(recording: Recording) -> int | None:
    if recording.parameter_counts:
        return len(recording.parameter_counts) - 1
    if recording.number is None or recording.kind == "no-improvement":
        return None
    return recording.number if recording.kind == "before-switch" else 2 * recording.number


def attempts(run: Run) -> tuple[Attempt, ...]:
    """Every attempt of a run in the order trained. The last at the canonical level ends in a snapshot, else in those files."""
    levels: dict[int, list[Recording]] = {len(run.canonical.switch_epochs or ()): []}
    for snapshot in run.snapshots:
        rows = rows_of(snapshot, run.canonical)
        if rows is not None and snapshot.epochs:
            levels.setdefault(len(rows), []).append(snapshot)
    return tuple(attempt for level in sorted(levels) for attempt in _at_level(level, levels[level], run.canonical))


def _at_level(level: int, found: Sequence[Recording], canonical: Recording) -> Iterator[Attempt]:
    trials: list[Recording] = []
    for recording in found:
        if recording.kind in {"lr-trial", "lr-picked"}:
            trials.append(recording)
        elif recording.kind == "no-improvement":
            yield _attempt(level, "rejected", trials, recording, canonical)
            trials = []
    end = max((recording for recording in found if recording.kind in ENDS), key=lambda held: held.epochs, default=None)
    if end is not None or level == len(canonical.switch_epochs or ()):
        yield _attempt(level, "kept", trials, end or canonical, canonical)
    elif trials:
        yield _attempt(level, "open", trials, None, canonical)


def _attempt(
    level: int,
    outcome: Literal["kept", "rejected", "open"],
    trials: Sequence[Recording],
    end: Recording | None,
    canonical: Recording,
) -> Attempt:
    rows = rows_of(end or trials[0], canonical) or ()
    search = Search(trials=tuple(trials), end=end, start=rows[-1] + 1 if rows else 0)
    return Attempt(level=level, outcome=outcome, start=search.start, losers=search.losers, end=end, whole=is_whole(search))

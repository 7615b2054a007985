"""The learning-rate search of one attempt: which trial was trained on, which were lost, and whether one is missing.

The library trains a new set with 0, 1, 2, … learning-rate steps skipped until a trial does worse than the one before it, then
goes back to that one; or it runs out of steps and trains on with the last trial, which is never written as one.
"""

import math
from collections.abc import Sequence

from pai_report.analysis.model import Scores
from pai_report.run.model import Recording, Series
from pai_report.values import value


@value
class Search:
    """Trials in the order written, PICKED copies included; `end`: the recording in which the attempt ended, if it is there.

    `start` is the first epoch of the attempt in every one of them.
    """

    trials: tuple[Recording, ...]
    end: Recording | None
    start: int

    @property
    def picked(self) -> Recording | None:
        """The copy of the trial that was trained on."""
        return next((trial for trial in self.trials if trial.kind == "lr-picked"), None)

    @property
    def winner(self) -> Recording | None:
        """The trial that was trained on: the one the copy was made of, else one that the end begins with."""
        plain, picked, end = self.plain, self.picked, self.end
        if picked is not None:
            return next((trial for trial in plain if trial.start_steps == picked.start_steps), None)
        return next((trial for trial in reversed(plain) if end is not None and _continues(end, trial)), None)

    @property
    def plain(self) -> tuple[Recording, ...]:
        """The trials themselves, without the copy."""
        return tuple(trial for trial in self.trials if trial.kind == "lr-trial")

    @property
    def losers(self) -> tuple[Recording, ...]:
        """The trials that were not trained on. A copy whose trial is missing stands for it."""
        winner = self.winner
        return tuple(trial for trial in self.plain if trial is not winner)


def is_whole(search: Search) -> bool:
    """Whether no trial is missing: they are numbered 0, 1, 2, … and the end follows from the one trained on."""
    losers, chosen = search.losers, search.winner or search.picked
    numbers = [trial.start_steps for trial in losers] + ([] if chosen is None else [chosen.start_steps])
    if set(numbers) != set(range(len(numbers))):
        return False
    if chosen is None:
        return _skips(search.end) in {None, len(losers)} and _goes_on(losers, search)
    two_more = chosen.start_steps == len(numbers) - 2
    followed = search.end is None or starts_with(values_of(search.end.validation), values_of(chosen.validation))
    return two_more and followed and _skips(search.end) in {None, chosen.start_steps}


def _skips(end: Recording | None) -> int | None:
    """Learning-rate steps skipped in the end, which the name of a rejected try tells."""
    return end.number if end is not None and end.kind == "no-improvement" else None


def _goes_on(losers: Sequence[Recording], search: Search) -> bool:
    """Whether the end starts at the learning rate to which the last loser came down; a loser that never did cannot tell."""
    if not losers or search.end is None:
        return True
    last = values_of(losers[-1].learning_rate)[search.start :]
    end = values_of(search.end.learning_rate)[search.start :]
    if not last or not end or last[0] is None or last[-1] is None or end[0] is None or last[-1] == last[0]:
        return True
    return math.isclose(end[0], last[-1], rel_tol=1e-6)


def _continues(later: Recording, earlier: Recording) -> bool:
    """Whether one recording begins with all of another, learning rates included where both have them."""
    scores = starts_with(values_of(later.validation), values_of(earlier.validation))
    return scores and starts_with(values_of(later.learning_rate), values_of(earlier.learning_rate))


def values_of(series: Series | None) -> Scores:
    """The values of a column, none where it was not recorded."""
    return series.values if series else ()


def starts_with(whole: Scores, part: Scores) -> bool:
    """Whether `whole` begins with `part`."""
    return whole[: len(part)] == part

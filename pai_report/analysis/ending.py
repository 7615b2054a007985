"""D16: was the run finished, and how did it end?"""

from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.lineage import rows_of
from pai_report.analysis.model import Direction, Scores
from pai_report.analysis.windows import Window
from pai_report.run.model import Recording, Run
from pai_report.values import value

EndedBy = Literal["rejected", "max-reached", "stopped", "unknown"]


@value
class Ending:
    """Whether the library ended the run; None: no file tells. `at_best`: the last epoch is the best of its phase.

    `unscored`: a set was added after the last epoch of the canonical files, and no recording holds an epoch with it.
    """

    finished: bool | None
    ended_by: EndedBy
    at_best: bool
    unscored: bool = False


def ending(run: Run, direction: Direction, phases: Sequence[Window]) -> Ending:
    """How a run ended, from files of this run alone (D16, the library's file formats).

    The library ends a run by loading the best network: then a snapshot from before holds more epochs than the canonical
    files. A run whose last epoch is not the best of its last phase was not ended by the library, and one that left nothing
    after the snapshot from before a switch was stopped there, unless it went back. So was one whose last set has no epoch: a
    network that was loaded as the best one has at least the epoch that made it so. Of a partial run the end is missing.
    """
    at_best = _at_best(run.canonical, direction, phases)
    rows = run.canonical.switch_epochs or ()
    if run.canonical.infix == "before_final" or any(_longer(held, run, "before-final") for held in run.snapshots):
        return Ending(finished=True, ended_by="max-reached" if len(rows) > 1 else "unknown", at_best=at_best)
    newest = next((held for held in reversed(run.snapshots) if held.kind == "no-improvement"), None)
    if newest is not None and _longer(newest, run, "no-improvement") and _level(newest, run) > len(rows):
        return Ending(finished=True, ended_by="rejected", at_best=at_best)
    trained = any(window.last > window.first for window in phases)  # else a set comes every epoch, whatever is scored
    if not run.partial and trained and _never_scored(run):
        return Ending(finished=False, ended_by="stopped", at_best=at_best, unscored=True)
    if not run.partial and (len(rows) % 2 or not at_best or (_left_at_switch(run) and not went_back(run))):
        return Ending(finished=False, ended_by="stopped", at_best=at_best)
    return Ending(finished=None, ended_by="unknown", at_best=at_best)


def _longer(held: Recording, run: Run, kind: str) -> bool:
    return held.kind == kind and held.epochs > run.canonical.epochs


def _never_scored(run: Run) -> bool:
    """Whether the last set was added after the last epoch recorded, and nothing speaks of a later one.

    A table longer than the scores would: then these were cut short, not the run.
    """
    canonical, rows = run.canonical, run.canonical.switch_epochs or ()
    times = canonical.times.neuron if canonical.times is not None else ()
    rates = canonical.learning_rate.values if canonical.learning_rate is not None else ()
    added_last = len(rows) > 1 and len(rows) % 2 == 0 and rows[-1] == canonical.epochs - 1
    whole = max(len(times), len(rates)) <= canonical.epochs
    return added_last and whole and all(_level(held, run) < len(rows) for held in run.snapshots)


def _left_at_switch(run: Run) -> bool:
    """The snapshot from before the next switch is there, but nothing after it."""
    level = len(run.canonical.switch_epochs or ())
    before = any(_is_before_next(held, run) and held.epochs >= run.canonical.epochs for held in run.snapshots)
    return before and all(_level(held, run) <= level for held in run.snapshots)


def went_back(run: Run) -> bool:
    """Whether the canonical files end well before the switch that followed them: they were written after a rejected set.

    The epoch of the switch itself may be missing in them, when the library crashed in it.
    """
    return any(_is_before_next(held, run) and held.epochs > run.canonical.epochs + 1 for held in run.snapshots)


def _is_before_next(held: Recording, run: Run) -> bool:
    return held.kind == "before-switch" and _level(held, run) == len(run.canonical.switch_epochs or ())


def _level(held: Recording, run: Run) -> int:
    return len(rows_of(held, run.canonical) or ())


def _at_best(canonical: Recording, direction: Direction, phases: Sequence[Window]) -> bool:
    """Whether no score of the last phase beats its last one, as recorded or in the running score the library decides on.

    Without a direction: whether the last score is the largest or the smallest. Where no phase is known nothing speaks against.
    """
    last = phases[-1] if phases else None
    if last is None or last.kind == "dendrite":
        return last is None and canonical.switch_epochs is None
    columns = [series.values for series in (canonical.validation, canonical.running) if series is not None]
    return any(_ends_at_best(column[last.first : last.last + 1], direction) for column in columns)


def _ends_at_best(scores: Scores, direction: Direction) -> bool:
    known = [score for score in scores if score is not None]
    end = scores[-1] if scores else None
    if end is None:
        return False
    best = {"maximize": (max(known),), "minimize": (min(known),)}.get(direction, (max(known), min(known)))
    return end in best

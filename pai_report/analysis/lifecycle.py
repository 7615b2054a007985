"""D3, D16, C1: sets kept and tried, and what of it is proven."""

from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.epochs import budget
from pai_report.analysis.frame import Frame
from pai_report.analysis.lineage import ENDS, Attempt
from pai_report.analysis.model import Architecture, Lifecycle
from pai_report.library import in_force

Attempted = Literal["yes", "at-first-switch", "inside-first-phase", "no", "unknown"]


def lifecycle(frame: Frame, networks: Sequence[Architecture]) -> Lifecycle:
    """Sets kept, tried and rejected, how the run ended, and where its epochs went. `networks`: base and kept sets."""
    kept = frame.kept
    counted = sets_are_counted(frame)
    every_try = counted and (frame.mode == "pb" or frame.ending.ended_by != "rejected" or all_tries_left(frame))
    rejected = sum(_was_rejected(attempt, kept) for attempt in frame.attempts)
    return Lifecycle(
        switch_epochs=frame.run.canonical.switch_epochs,
        kept=kept,
        last_set_proven=_proven(frame, networks),
        tried=max((kept, *(attempt.sets for attempt in frame.attempts))) if counted else None,
        attempts=kept + rejected if every_try else None,
        rejected_tries=rejected if every_try else None,
        attempted=_attempted(frame),
        finished=frame.ending.finished,
        ended_by=frame.ending.ended_by,
        budget=budget(frame.run, frame.attempts, known=epochs_are_known(frame)),
        snapshots=len(frame.run.snapshots),
        leftovers=len(frame.run.leftovers),
        unscored_set=kept if frame.ending.unscored else None,
    )


def _was_rejected(attempt: Attempt, kept: int) -> bool:
    """A try that ended in rejection, or whose set is not in the network though the file that says so is missing."""
    return attempt.outcome == "rejected" or (attempt.outcome == "open" and attempt.sets > kept)


def sets_are_counted(frame: Frame) -> bool:
    """Whether the snapshots can show every set tried: each switch of the canonical files has the one from before it.

    Where the run may have been ended by the library without a trace, a rejected set may have gone without one as well.
    """
    if frame.kept == 0 and not frame.run.snapshots:
        return _never_grew(frame)
    if frame.ending.finished is None and frame.may_be_cut:
        return False
    ends = {attempt.level for attempt in frame.attempts if attempt.outcome == "kept"}
    return frame.run.canonical.switch_epochs is not None and ends >= set(range(0, 2 * frame.kept, 2))


def _never_grew(frame: Frame) -> bool:
    """Whether switch rows and parameter counts agree that no set was ever added; a snapshot cannot know what came after it."""
    if frame.run.partial:
        return False
    return frame.run.canonical.switch_epochs == () and len(frame.run.canonical.parameter_counts or ()) <= 1


def _attempted(frame: Frame) -> Attempted:
    """C1, on facts of this run alone."""
    if frame.kept or any(attempt.sets for attempt in frame.attempts):
        return "yes"
    if any(attempt.level for attempt in frame.attempts):
        return "inside-first-phase"
    if any(held.kind == "before-switch" for held in frame.run.snapshots):
        return "at-first-switch" if frame.ending.finished is False else "unknown"
    return "no" if _never_grew(frame) else "unknown"


def _proven(frame: Frame, networks: Sequence[Architecture]) -> bool | None:
    """Whether the last kept set was judged.

    It was where the library ended the run, went on to the next switch, or saw a score that beats all before by the threshold;
    a run that was stopped leaves its last set unproven (D3).
    """
    if frame.kept == 0:
        return None
    last = [attempt.end for attempt in frame.attempts if attempt.level == 2 * frame.kept]
    if frame.ending.finished or any(end is not None and end.kind in ENDS for end in last):
        return True
    best = networks[-1].best
    if frame.ending.finished is False or frame.measure is None or best is None:
        return False
    earlier = [network.best for network in networks[:-1] if network.best is not None]
    return all(frame.measure.improves(best, before, frame.kept) for before in earlier)


def epochs_are_known(frame: Frame) -> bool:
    """Whether the snapshots account for every epoch trained (D15)."""
    run = frame.run
    if frame.mode == "pb" or run.partial or run.canonical.switch_epochs is None or not frame.course.complete:
        return False
    last = next(attempt for attempt in frame.attempts if attempt.level == frame.level and attempt.outcome == "kept")
    if last.end is run.canonical:
        return not frame.may_be_cut and not any(attempt.level > frame.level for attempt in frame.attempts)
    return all_tries_left(frame) if frame.ending.ended_by == "rejected" else frame.ending.finished is not None


def all_tries_left(frame: Frame) -> bool:
    """Whether every rejected try that it takes to end a run left its snapshot."""
    tries = sum(attempt.level > frame.level for attempt in frame.attempts)
    return tries >= in_force(frame.identity.settings).max_dendrite_tries

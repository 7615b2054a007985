"""D3, D16, C1: sets kept and tried, and what of it is proven."""

from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.ending import Ending
from pai_report.analysis.epochs import Course, budget
from pai_report.analysis.lineage import ENDS, Attempt
from pai_report.analysis.model import Architecture, Identity, Lifecycle
from pai_report.analysis.measure import Measure
from pai_report.run.model import Run

Attempted = Literal["yes", "at-first-switch", "inside-first-phase", "no", "unknown"]


def kept_sets(run: Run) -> int:
    """Sets in the canonical network: half of its switch rows; without that file told by its other tables."""
    if run.canonical.switch_epochs is not None:
        return len(run.canonical.switch_epochs) // 2
    if run.canonical.parameter_counts:
        return (len(run.canonical.parameter_counts) - 1) // 2
    return max(0, len(run.canonical.best_rows or ()) - 1)


def lifecycle(
    run: Run,
    identity: Identity,
    found: Sequence[Attempt],
    course: Course,
    ended: Ending,
    networks: Sequence[Architecture],
    measure: Measure | None,
) -> Lifecycle:
    """Sets kept, tried and rejected, how the run ended, and where its epochs went. `networks` are the kept ones."""
    kept = kept_sets(run)
    counted = tries_are_counted(run, found, kept)
    rejected = sum(attempt.outcome == "rejected" or _unfinished_try(attempt, kept) for attempt in found)
    return Lifecycle(
        switch_epochs=run.canonical.switch_epochs,
        kept=kept,
        last_set_proven=_proven(run, kept, found, ended, networks, measure),
        tried=max((kept, *(attempt.sets for attempt in found))) if counted else None,
        attempts=kept + rejected if counted else None,
        rejected_tries=rejected if counted else None,
        attempted=_attempted(run, found, kept),
        finished=ended.finished,
        ended_by=ended.ended_by,
        budget=budget(run, found, known=epochs_are_known(run, identity, found, course, ended)),
        snapshots=len(run.snapshots),
        leftovers=len(run.leftovers),
    )


def _unfinished_try(attempt: Attempt, kept: int) -> bool:
    """Trials of a set that is not in the network any more: it was rejected, though the file that says so is missing."""
    return attempt.outcome == "open" and attempt.sets > kept


def tries_are_counted(run: Run, found: Sequence[Attempt], kept: int) -> bool:
    """Whether the snapshots can show every set tried: each switch of the canonical files has the one from before it."""
    if kept == 0 and not run.snapshots:
        return _never_grew(run)
    ends = {attempt.level for attempt in found if attempt.outcome == "kept"}
    return run.canonical.switch_epochs is not None and ends >= set(range(0, 2 * kept, 2))


def _never_grew(run: Run) -> bool:
    """Whether switch rows and parameter counts agree that no set was ever added."""
    return run.canonical.switch_epochs == () and len(run.canonical.parameter_counts or ()) <= 1


def _attempted(run: Run, found: Sequence[Attempt], kept: int) -> Attempted:
    """C1, on facts of this run alone."""
    if kept or any(attempt.sets for attempt in found):
        return "yes"
    if any(attempt.level for attempt in found):
        return "inside-first-phase"
    if any(attempt.end is not None and attempt.end is not run.canonical for attempt in found):
        return "at-first-switch"
    return "no" if _never_grew(run) else "unknown"


def _proven(
    run: Run,
    kept: int,
    found: Sequence[Attempt],
    ended: Ending,
    networks: Sequence[Architecture],
    measure: Measure | None,
) -> bool | None:
    """Whether the last kept set was judged: the run was finished, went on to the next switch, or the set beat the threshold."""
    if kept == 0:
        return None
    if ended.finished or any(attempt.level == 2 * kept and attempt.end and attempt.end.kind in ENDS for attempt in found):
        return True
    if ended.finished is False or measure is None or networks[-1].best is None:
        return False
    earlier = [network.best for network in networks[:-1] if network.best is not None]
    return all(measure.improves(networks[-1].best, best, kept) for best in earlier)


def epochs_are_known(run: Run, identity: Identity, found: Sequence[Attempt], course: Course, ended: Ending) -> bool:
    """Whether the snapshots account for every epoch trained (rules D15)."""
    if identity.mode == "pb" or run.partial or run.canonical.switch_epochs is None or not course.complete:
        return False
    final = len(run.canonical.switch_epochs)
    last = next(attempt for attempt in found if attempt.level == final and attempt.outcome == "kept")
    went_on = any(attempt.level > final for attempt in found)
    if last.end is run.canonical and (went_on or may_be_cut(run, identity, ended)):
        return False
    tries = sum(attempt.level > final for attempt in found)
    return ended.ended_by != "rejected" or tries >= _tries_needed(run)


def may_be_cut(run: Run, identity: Identity, ended: Ending) -> bool:
    """Whether the canonical files may end at a best epoch the library went back to.

    Without any switch and any snapshot nothing can have been taken back; neither can it where the last epoch is not the best.
    """
    if ended.finished is not None:
        return ended.finished
    return not identity.every_epoch and bool(run.canonical.switch_epochs or run.snapshots)


def _tries_needed(run: Run) -> int:
    """Rejected tries that end a run, where a config file tells."""
    told = run.config.max_dendrite_tries if run.config is not None and run.config.origin == "config" else None
    return 1 if told is None else told

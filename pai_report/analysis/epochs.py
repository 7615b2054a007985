"""D15: how many epochs were really trained, and where they went."""

from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.epoch_times import Part, seconds_of
from pai_report.analysis.lineage import Attempt
from pai_report.analysis.lr_search import starts_with
from pai_report.analysis.model import EpochBudget, Scores
from pai_report.run.model import Run
from pai_report.values import value

Span = tuple[int, int]
Category = Literal["committed", "patience", "lr_search", "rejected"]


@value
class Course:
    """The attempts of a run on the axis of epochs really trained.

    `spans` maps the number of switch rows before a phase to its first and last real epoch, losing trials included, as far as
    the snapshots follow each other without a gap; `complete` says that they do so to the end.
    """

    spans: dict[int, Span]
    complete: bool


def course(run: Run, found: Sequence[Attempt]) -> Course:
    """Lay the attempts of a run with gradient-descent dendrites end to end (D15)."""
    clock, level, spans = 0, 0, dict[int, Span]()
    for attempt in found:
        kept = attempt.outcome == "kept"
        if attempt.level != level or attempt.outcome == "open" or not attempt.whole or (kept and not _follows(attempt, run)):
            return Course(spans=spans, complete=False)
        if kept:
            spans[level] = (clock, clock + attempt.epochs - 1)
            level += 2
        clock += attempt.epochs
    return Course(spans=spans, complete=level == len(run.canonical.switch_epochs or ()) + 2)


def _follows(attempt: Attempt, run: Run) -> bool:
    """Whether the canonical series up to the next switch begins the recording in which the attempt ended."""
    if attempt.end is None or attempt.end.validation is None or run.canonical.validation is None:
        return False
    return starts_with(attempt.end.validation.values, run.canonical.validation.values[: committed_end(attempt.level, run)])


def committed_end(level: int, run: Run) -> int:
    """Rows of the canonical files up to the end of the phase after `level` switch rows."""
    rows = run.canonical.switch_epochs or ()
    return rows[level] + 1 if level < len(rows) else run.canonical.epochs


def budget(run: Run, found: Sequence[Attempt], *, known: bool) -> EpochBudget:
    """Where the trained epochs of a run went. `known`: its snapshots are complete, so that they add up.

    Without that, the lower bound counts every epoch that some file recorded, common beginnings once (D15: with
    Perforated Backpropagation retries overwrite their snapshots).
    """
    recorded = run.canonical.epochs
    if not known:
        return EpochBudget(
            recorded=recorded,
            trained=None,
            at_least=distinct_epochs([held.validation.values for held in (run.canonical, *run.snapshots) if held.validation]),
            committed=None,
            patience=None,
            lr_search=None,
            rejected=None,
            seconds=None,
            lr_search_by_set=(),
            end_if_stopped_at_kept=None,
        )
    kept = [attempt for attempt in found if attempt.outcome == "kept"]
    searched = tuple((attempt.sets, attempt.searched) for attempt in kept if attempt.searched)
    lr_search = sum(epochs for _, epochs in searched)
    rejected = sum(attempt.epochs for attempt in found if attempt.outcome == "rejected")
    trained = sum(attempt.epochs for attempt in found)
    final = len(run.canonical.switch_epochs or ())
    return EpochBudget(
        recorded=recorded,
        trained=trained,
        at_least=trained,
        committed=recorded,
        patience=trained - recorded - lr_search - rejected,
        lr_search=lr_search,
        rejected=rejected,
        seconds=seconds_of(_parts(run, found), run),
        lr_search_by_set=searched,
        end_if_stopped_at_kept=sum(attempt.epochs for attempt in found if attempt.level <= final),
    )


def _parts(run: Run, found: Sequence[Attempt]) -> dict[Category, list[Part]]:
    """The recorded stretches behind each category of epochs."""
    parts: dict[Category, list[Part]] = {"committed": [], "patience": [], "lr_search": [], "rejected": []}
    for attempt in found:
        losers = [Part(recording=loser, first=attempt.start, end=loser.epochs, sets=attempt.sets) for loser in attempt.losers]
        end = attempt.end or run.canonical
        if attempt.outcome == "rejected":
            parts["rejected"] += [*losers, Part(recording=end, first=attempt.start, end=end.epochs, sets=attempt.sets)]
            continue
        edge = committed_end(attempt.level, run)
        parts["lr_search"] += losers
        parts["committed"].append(Part(recording=run.canonical, first=attempt.start, end=edge, sets=attempt.sets))
        parts["patience"].append(Part(recording=end, first=edge, end=end.epochs, sets=attempt.sets))
    return parts


def distinct_epochs(recordings: Sequence[Scores]) -> int:
    """Epochs held by at least one of several series, those of a common beginning counted once.

    Sorted series share most with their neighbour, so that the common beginnings of neighbours are all there are: the number
    of nodes of a prefix tree.
    """
    ordered = sorted(tuple((score is None, score or 0.0) for score in series) for series in recordings)
    return sum(len(series) - _common(before, series) for before, series in zip(((), *ordered), ordered, strict=False))


def _common(a: Sequence[object], b: Sequence[object]) -> int:
    """Length of the common beginning."""
    return next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))

"""D12: correlation scores of the perforated modules; without Perforated Backpropagation only their names."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from statistics import median
from typing import Literal

from pai_report.analysis.model import Module, Modules, Scores
from pai_report.analysis.windows import Window
from pai_report.limits import Limits
from pai_report.run.model import ModuleScores, Run

CHECKLIST_LIMIT = 0.3  # requirements A26, which would exclude every module ever seen (C5)
Tier = Literal["not-learning", "low", "marginal", "good"]


def modules(run: Run, phases: Sequence[Window], limits: Limits) -> Modules | None:
    """The modules in header order, which is about the order of definition; None where no file names them."""
    columns = run.canonical.pb_scores or tuple(ModuleScores(module=name, best_ever=()) for name in run.modules)
    if not columns:
        return None
    rows = max(len(column.best_ever) for column in columns)
    parts = segments(columns, [phase.last - phase.first + 1 for phase in phases if phase.kind == "dendrite"])
    judged = tuple(_module(column, parts, place, limits) for place, column in enumerate(columns))
    return Modules(
        file=run.canonical.name("pb-scores") or "",
        scored=rows > 0,
        modules=judged,
        phases=len(parts),
        below_checklist_limit=sum(module.score is not None and module.score < CHECKLIST_LIMIT for module in judged),
    )


def segments(columns: Sequence[ModuleScores], lengths: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """First and last + 1 row of each dendrite phase on the scores' own axis.

    From the switch rows where they account for every row; else from where the best score of a module falls, which it only
    does when a new set starts (the library's file formats).
    """
    rows = max((len(column.best_ever) for column in columns), default=0)
    if not rows:
        return ()
    edges = list(accumulate(lengths, initial=0))
    if edges[-1] != rows:
        edges = [0, *sorted({place for column in columns for place in _falls(column.best_ever)}), rows]
    return tuple(pairwise(edges))


def _falls(scores: Scores) -> list[int]:
    known = [(place, score) for place, score in enumerate(scores) if score is not None]
    return [later for (_, before), (later, after) in pairwise(known) if after < before]


def _module(column: ModuleScores, parts: Sequence[tuple[int, int]], place: int, limits: Limits) -> Module:
    per_set = tuple(_last(column.best_ever[first:end]) for first, end in parts)
    known = [score for score in per_set if score is not None]
    score = median(known) if known else None
    return Module(
        name=column.module,
        per_set=per_set,
        score=score,
        lowest=min(known, default=None),
        highest=max(known, default=None),
        tier=None if score is None else tier(score, limits),
        position=place,
    )


def _last(scores: Scores) -> float | None:
    return next((score for score in reversed(scores) if score is not None), None)


def tier(score: float, limits: Limits) -> Tier:
    """What a correlation score says about its module (C5)."""
    if score < limits.pb_not_learning:
        return "not-learning"
    if score < limits.pb_low:
        return "low"
    return "marginal" if score <= limits.pb_good else "good"

"""D2, D4: the networks of a run, kept and rejected, with their best scores and gains."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from pai_report.analysis.best_rows import BestRows, best_rows, epoch_of
from pai_report.analysis.columns import role
from pai_report.analysis.lineage import Attempt
from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Architecture, Change, ExtraScore, Mode, Scores
from pai_report.analysis.windows import Window
from pai_report.run.model import BestRow, Recording, Run

SAME = 1e-9  # relative: numbers rewritten by another program
EMPTY = BestRow(parameters=None, validation=None)
Outcome = Literal["base", "kept", "unproven", "rejected"]


def kept_architectures(
    run: Run, rows: BestRows, kept: int, phases: Sequence[Window], measure: Measure | None
) -> tuple[Architecture, ...]:
    """The networks with 0 to `kept` sets in the canonical files; a network that was never scored has no best."""
    spans = {window.sets: window for window in phases if window.kind == "neuron"}
    copies = copied_columns(rows.rows)
    networks = [_kept(run.canonical, rows, sets, spans, copies) for sets in range(kept + 1)]
    return tuple(
        replace(network, gain=_gain(before.best, network.best, measure)) if before is not None else network
        for before, network in zip((None, *networks), networks, strict=False)
    )


def _kept(canonical: Recording, rows: BestRows, sets: int, spans: Mapping[int, Window], copies: frozenset[str]) -> Architecture:
    row = rows.rows[sets] if sets < len(rows.rows) else EMPTY
    return _network(
        row,
        sets,
        "kept" if sets else "base",
        rows.file,
        copies,
        epoch=epoch_of(row.validation, canonical, spans.get(sets)),
        parameters=_size(canonical, sets),
    )


def _network(
    row: BestRow,
    sets: int,
    outcome: Outcome,
    file: str,
    copies: frozenset[str],
    *,
    epoch: int | None = None,
    parameters: int | None = None,
    tries: int | None = None,
) -> Architecture:
    return Architecture(
        sets=sets,
        outcome=outcome,
        tries=tries,
        parameters=parameters if row.parameters is None else row.parameters,
        best=row.validation,
        epoch=epoch,
        file=file,
        extras=tuple(
            ExtraScore(name=name, role=role(name), value=score, copy_of_validation=name in copies) for name, score in row.extras
        ),
        gain=None,
        test=None,
        shortfall=None,
    )


def _size(recording: Recording, sets: int) -> int | None:
    sizes = recording.parameter_counts or ()
    return sizes[2 * sets] if 2 * sets < len(sizes) else None


def _gain(start: float | None, end: float | None, measure: Measure | None) -> Change | None:
    return None if start is None or end is None or measure is None else measure.change(start, end)


def copied_columns(rows: Sequence[BestRow]) -> frozenset[str]:
    """Further columns that repeat the validation score in every row, so that they say nothing of their own (formats 2)."""
    names = {name for row in rows for name, _ in row.extras}
    return frozenset(name for name in names if _repeats(rows, name))


def _repeats(rows: Sequence[BestRow], name: str) -> bool:
    pairs = [(row.validation, dict(row.extras).get(name)) for row in rows if row.validation is not None]
    return bool(pairs) and all(a is not None and b is not None and math.isclose(a, b, rel_tol=SAME) for a, b in pairs)


def is_copy(series: Scores, validation: Scores) -> bool:
    """Whether a column repeats the validation score in every epoch."""
    return bool(series) and series == validation


def rejected_architectures(
    run: Run, found: Sequence[Attempt], kept: Sequence[Architecture], mode: Mode, measure: Measure | None
) -> tuple[Architecture, ...]:
    """The sets beyond the kept ones that were tried and rejected: best of their tries, gain against the best kept score."""
    last = len(kept) - 1
    tries: dict[int, list[Attempt]] = {}
    for attempt in found:
        if attempt.sets > last and attempt.level % 2 == 0:
            tries.setdefault(attempt.sets, []).append(attempt)
    bests = [network.best for network in kept if network.best is not None]
    goal = None if measure is None or not bests else max(bests, key=lambda best: measure.sign * best)
    return tuple(_rejected(run, sets, tries[sets], goal, mode, measure) for sets in sorted(tries))


def _rejected(
    run: Run, sets: int, attempts: Sequence[Attempt], goal: float | None, mode: Mode, measure: Measure | None
) -> Architecture:
    sign = None if measure is None else measure.sign
    tables = [best_rows(held, mode, sign, largest_always=run.era == "camel-case") for held in _recordings(attempts)]
    rows = [(table.rows[sets], table) for table in tables if sets < len(table.rows)]
    scored = [(row, table) for row, table in rows if row.validation is not None]
    row, table = max(scored, key=lambda held: (sign or 1) * (held[0].validation or 0.0)) if scored else (EMPTY, None)
    network = _network(
        row,
        sets,
        "rejected",
        table.file if table else "",
        copied_columns(table.rows) if table else frozenset(),
        parameters=next((size for held in _recordings(attempts) if (size := _size(held, sets)) is not None), None),
        tries=len(attempts),
    )
    gain = _gain(goal, network.best, measure)
    return replace(network, gain=gain, shortfall=_shortfall(goal, network.best, sets, measure))


def _recordings(attempts: Sequence[Attempt]) -> list[Recording]:
    """The end of each try; where that is missing, its trials."""
    return [held for attempt in attempts for held in ((attempt.end,) if attempt.end else attempt.losers)]


def _shortfall(goal: float | None, best: float | None, sets: int, measure: Measure | None) -> float | None:
    """What a better set missed the improvement threshold by, in goodness; None where it was no better or passed (F5).

    The library takes the share off the new score when maximising and adds it when minimising, then asks for the raw amount.
    """
    if goal is None or best is None or measure is None or measure.sign * (best - goal) <= 0:
        return None
    kept_share = 1 - measure.sign * measure.improvement_threshold(sets)
    if kept_share <= 0:
        return None
    needed = max(measure.sign * goal / kept_share, measure.sign * goal + measure.improvement_threshold_raw)
    missed = needed - measure.sign * best
    return missed if missed >= 0 else None

"""D2, D4: the networks of a run, kept and rejected, with their best scores and gains."""

from collections.abc import Sequence
from dataclasses import replace

from pai_report.analysis.best_rows import BestRows, FiledRow, best_rows, epoch_of
from pai_report.analysis.columns import copied_columns, role
from pai_report.analysis.efficiency import best_network
from pai_report.analysis.frame import Frame
from pai_report.analysis.lineage import Attempt
from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Architecture, Change, ExtraScore
from pai_report.run.model import BestRow, Recording

NEVER_SCORED = FiledRow(row=BestRow(parameters=None, validation=None), file="")
EMPTY = BestRows(rows=(), rebuilt=True, file="")


def kept_architectures(frame: Frame, rows: BestRows) -> tuple[Architecture, ...]:
    """The networks with 0 to K sets in the canonical files; a network that was never scored has no best.

    A best row of a network without any epoch is not its own score: the table repeats the one before.
    """
    spans = {window.sets: window for window in frame.windows if window.kind == "neuron"}
    copies = copied_columns([held.row for held in rows.rows])
    networks = [
        _network(
            row,
            sets,
            copies,
            parameters=_size(frame.run.canonical, sets),
            epoch=epoch_of(row, frame.run.canonical, spans.get(sets)),
        )
        for sets, row in enumerate(_scored(_padded(rows, frame.kept + 1), frame))
    ]
    return tuple(
        replace(network, gain=_gain(before.best, network.best, frame.measure)) if before is not None else network
        for before, network in zip((None, *networks), networks, strict=False)
    )


def _scored(rows: list[FiledRow], frame: Frame) -> list[FiledRow]:
    """The rows, the last one without a score where no epoch of its network was recorded."""
    if not frame.ending.unscored:
        return rows
    last = rows[-1]
    blank = replace(last.row, validation=None, extras=tuple((name, None) for name, _score in last.row.extras))
    return [*rows[:-1], replace(last, row=blank)]


def _padded(rows: BestRows, count: int) -> list[FiledRow]:
    """Exactly `count` rows; a network that has none was never scored."""
    missing = FiledRow(row=BestRow(parameters=None, validation=None), file=rows.file)
    return [*rows.rows[:count], *[missing] * (count - len(rows.rows))]


def _network(held: FiledRow, sets: int, copies: frozenset[str], *, parameters: int | None, epoch: int | None) -> Architecture:
    return Architecture(
        sets=sets,
        outcome="kept" if sets else "base",
        tries=None,
        parameters=parameters if held.row.parameters is None else held.row.parameters,
        best=held.row.validation,
        epoch=epoch,
        file=held.file,
        extras=tuple(
            ExtraScore(name=name, role=role(name), value=score, copy_of_validation=name in copies)
            for name, score in held.row.extras
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


def rejected_architectures(frame: Frame, kept: Sequence[Architecture]) -> tuple[Architecture, ...]:
    """The sets beyond the kept ones that were tried and rejected: best of their tries, gain against the best kept score."""
    tries: dict[int, list[Attempt]] = {}
    for attempt in frame.attempts:
        if attempt.sets > frame.kept and attempt.level % 2 == 0:
            tries.setdefault(attempt.sets, []).append(attempt)
    best = best_network(kept, frame)
    goal = None if best is None else best.best
    return tuple(_rejected(frame, sets, tries[sets], goal) for sets in sorted(tries))


def _rejected(frame: Frame, sets: int, tries: Sequence[Attempt], goal: float | None) -> Architecture:
    recordings = [held for attempt in tries for held in ((attempt.end,) if attempt.end else attempt.losers)]
    tables = [best_rows(held, frame.mode, frame.sign, frame.run.era) for held in recordings]
    rows = [(table.rows[sets], table) for table in tables if sets < len(table.rows)]
    sign = frame.sign or 1
    row, table = max(
        rows,
        key=lambda held: (held[0].row.validation is not None, sign * (held[0].row.validation or 0.0)),
        default=(NEVER_SCORED, EMPTY),
    )
    size = next((size for held in recordings if (size := _size(held, sets)) is not None), None)
    network = _network(row, sets, copied_columns([held.row for held in table.rows]), parameters=size, epoch=None)
    return replace(
        network,
        outcome="rejected",
        tries=len(tries),
        gain=_gain(goal, network.best, frame.measure),
        shortfall=_shortfall(goal, network.best, sets, frame.measure),
    )


def _shortfall(goal: float | None, best: float | None, sets: int, measure: Measure | None) -> float | None:
    """What a better set missed the improvement threshold by, in goodness; None where it was no better or passed (F5).

    The library takes the share off the new score when maximising and adds it when minimising, then asks for the raw amount.
    """
    if goal is None or best is None or measure is None or measure.sign * (best - goal) <= 0:
        return None
    kept_share = 1 - measure.sign * measure.library.threshold(sets)
    if kept_share <= 0:
        return None
    needed = max(measure.sign * goal / kept_share, measure.sign * goal + measure.library.improvement_threshold_raw)
    missed = needed - measure.sign * best
    return missed if missed >= 0 else None

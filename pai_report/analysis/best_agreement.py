"""Is each best row the best score of its phase? The running scores and the tables of the snapshots have a say."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pai_report.analysis.model import Disagreement, Mode
from pai_report.analysis.windows import Window, windows_of
from pai_report.run.model import BestRow, Recording, Run, Series

SAME = 1e-9  # relative: numbers rewritten by another program
USUAL = 0.9  # of the epochs: so often the running score of a lookback of one epoch is the score itself


def with_agreed_best_scores(run: Run, mode: Mode, sign: int | None, *, told: bool) -> tuple[Run, list[Disagreement]]:
    """`run` with the best rows that are the best scores of their phases, and every row or cell that was not.

    `sign` is +1 when maximising, -1 when minimising; without it a row must be one of the two extremes. Where the rows hold the
    other extreme of every phase the direction is in doubt, not the rows: they stay as they are. One row alone puts no direction
    in doubt that a file of the run tells (`told`). Before 2.0 the rows hold the largest score whatever was better, so that
    those of a loss are not used and not asked.
    """
    rows, points = run.canonical.best_rows, []
    largest = run.era == "camel-case"
    if not rows or run.canonical.validation is None or (largest and sign == -1):
        return run, []
    if sign is not None and not largest and _other_way(run, mode, sign, 2 if told else 1):
        return run, []
    for window in _phases(run, mode, len(rows)):
        row = rows[window.sets].validation
        ends = {
            way: _best(run.canonical.validation, window, way) for way in ((1,) if largest else (sign,) if sign else (1, -1))
        }
        known = {way: end for way, end in ends.items() if end is not None}
        if row is None or not known or any(_same(row, end) for end in known.values()):
            continue
        way = min(known, key=lambda way: abs(known[way] - row))
        run, point = _settled(run, window, way, (row, known[way]))
        points.append(point)
    return run, points


def _phases(run: Run, mode: Mode, rows: int) -> list[Window]:
    """The neuron phases that have a best row and no epoch whose score is missing: of such a phase the library writes none."""
    scores = run.canonical.validation.values if run.canonical.validation else ()
    windows = [window for window in windows_of(run.canonical, mode) if window.kind == "neuron" and window.sets < rows]
    return [window for window in windows if None not in scores[window.first : window.last + 1]]


def _other_way(run: Run, mode: Mode, sign: int, fewest: int) -> bool:
    rows, validation = run.canonical.best_rows or (), run.canonical.validation
    pairs = [
        (rows[window.sets].validation, _best(validation, window, sign), _best(validation, window, -sign))
        for window in _phases(run, mode, len(rows))
    ]
    ends = [(row, worst) for row, best, worst in pairs if None not in {row, best, worst} and best != worst]
    return len(ends) >= fewest and all(row is not None and worst is not None and _same(row, worst) for row, worst in ends)


def _settled(run: Run, window: Window, sign: int, scores: tuple[float, float]) -> tuple[Run, Disagreement]:
    """The side with more voices is believed: the best row (first of `scores`), or the best of the phase (second)."""
    row, best = scores
    voices = tuple(_voices(run, window, sign))
    for_row, for_best = (sum(_same(voice, side) for voice in voices) for side in scores)
    table, file = run.canonical.name("best-scores"), run.canonical.name("scores")
    if for_best > for_row:
        point = _point(table, file, window.sets + 2, best, row)
        return _without_row(run, window.sets), point
    if for_row > for_best:
        epoch = _place(run.canonical.validation, window, best)
        return _with_running(run, window), _point(file, table, None if epoch is None else epoch + 2, row, best)
    return run, replace(_point(None, table, window.sets + 2, best, row), others=tuple(name for name in (table, file) if name))


def _voices(run: Run, window: Window, sign: int) -> Iterator[float]:
    """What else tells the best score of a phase: the running scores, and the rows of snapshots from after it."""
    running = _best(run.canonical.running, window, sign) if _runs_along(run.canonical) else None
    if running is not None:
        yield running
    for snapshot in run.snapshots:
        rows = snapshot.best_rows or ()
        finished = window.sets < len(snapshot.switch_epochs or ()) // 2 or snapshot.kind == "before-final"
        written = rows[window.sets].validation if finished and window.sets < len(rows) else None
        if written is not None:
            yield written


def _runs_along(canonical: Recording) -> bool:
    """Whether the library decided on single epochs: the running score is the score, but for a cell or two."""
    scores = canonical.validation.values if canonical.validation else ()
    running = canonical.running.values if canonical.running else ()
    equal = sum(a == b for a, b in zip(scores, running, strict=False))
    return len(scores) == len(running) and equal >= USUAL * len(scores) - 1


def _point(file: str | None, other: str | None, row: int | None, expected: float, read: float) -> Disagreement:
    others = tuple(name for name in (other,) if name)
    return Disagreement(about="best-scores", file=file, others=others, row=row, expected=expected, read=read)


def _without_row(run: Run, sets: int) -> Run:
    """The run with an empty best row, which the analysis fills from the phase."""
    rows = run.canonical.best_rows or ()
    empty = tuple(BestRow(parameters=row.parameters, validation=None) if k == sets else row for k, row in enumerate(rows))
    return replace(run, canonical=replace(run.canonical, best_rows=empty))


def _with_running(run: Run, window: Window) -> Run:
    """The run with the running scores of a phase in the place of its scores, where they are the same but for a damaged cell."""
    validation, running = run.canonical.validation, run.canonical.running
    if validation is None or running is None or not _runs_along(run.canonical):
        return run
    phase = slice(window.first, window.last + 1)
    values = (*validation.values[: window.first], *running.values[phase], *validation.values[window.last + 1 :])
    return replace(run, canonical=replace(run.canonical, validation=replace(validation, values=values)))


def _best(series: Series | None, window: Window, sign: int) -> float | None:
    known = [score for score in _within(series, window) if score is not None]
    return max(known, key=lambda score: sign * score) if known else None


def _within(series: Series | None, window: Window) -> Sequence[float | None]:
    return series.values[window.first : window.last + 1] if series else ()


def _place(series: Series | None, window: Window, score: float) -> int | None:
    values = _within(series, window)
    return window.first + values.index(score) if score in values else None


def _same(a: float, b: float) -> bool:
    """Equal, or one the other rounded by another program."""
    digits = max(0, min(_decimals(a), _decimals(b)))
    return math.isclose(a, b, rel_tol=SAME) or (digits > 0 and abs(a - b) <= 0.5 * 10.0**-digits * (1 + SAME))


def _decimals(number: float) -> int:
    """Digits behind the point of the shortest form; none for numbers with an exponent."""
    _, point, decimals = repr(number).partition(".")
    return len(decimals) if point and "e" not in decimals else 0

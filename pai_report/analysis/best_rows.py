"""Best score at each number of sets: the library's own table, or rebuilt from scores and switches by the same rule."""

import math

from pai_report.analysis.model import Mode, Scores
from pai_report.analysis.windows import Window, windows_of
from pai_report.run.model import BestRow, Era, Recording, Series
from pai_report.values import value

SAME = 1e-9  # relative: numbers rewritten by another program


@value
class FiledRow:
    """A best row and the file that holds it."""

    row: BestRow
    file: str


@value
class BestRows:
    """Row k is the network with k sets. `rebuilt` where the table is missing or holds the wrong end of the scores."""

    rows: tuple[FiledRow, ...]
    rebuilt: bool
    file: str


def best_rows(recording: Recording, mode: Mode, sign: int | None, era: Era | None) -> BestRows:
    """The best rows of a recording; empty without a table and without a direction.

    `sign` is +1 when maximising, -1 when minimising. Before 2.0 the largest score was taken for the best even of a loss, so
    that those rows are rebuilt. So is a row with an empty cell, which the library writes where the phase
    holds an epoch that is no number (the library's file formats).
    """
    phases = windows_of(recording, mode) if sign else ()
    made = {window.sets: _rebuilt(window, recording, sign or 1) for window in phases if window.kind == "neuron"}
    told = () if era == "camel-case" and sign == -1 else recording.best_rows or ()
    file = recording.name("best-scores") or ""
    if not told:
        file = recording.validation.file if recording.validation else ""
        return BestRows(rows=tuple(made.values()), rebuilt=True, file=file)
    rows = (
        made[sets] if row.validation is None and sets in made else FiledRow(row=row, file=file) for sets, row in enumerate(told)
    )
    return BestRows(rows=tuple(rows), rebuilt=False, file=file)


def _rebuilt(window: Window, recording: Recording, sign: int) -> FiledRow:
    """First best raw score of the phase, the other columns at the same epoch, the parameters of that many sets."""
    scores = _within(recording.validation, window)
    known = [(score, window.first + place) for place, score in enumerate(scores) if score is not None]
    sizes = recording.parameter_counts or ()
    best, epoch = min(known, key=lambda held: -sign * held[0], default=(None, None))
    row = BestRow(
        parameters=sizes[2 * window.sets] if 2 * window.sets < len(sizes) else None,
        validation=best,
        extras=tuple(
            (extra.name, None if epoch is None else extra.values[epoch])
            for extra in recording.extras
            if len(extra.values) == recording.epochs
        ),
    )
    return FiledRow(row=row, file=recording.validation.file if recording.validation else "")


def _within(series: Series | None, window: Window) -> Scores:
    return series.values[window.first : window.last + 1] if series else ()


def epoch_of(held: FiledRow, recording: Recording, window: Window | None) -> int | None:
    """First epoch of a phase that holds its best score; None where the tables do not agree."""
    best = held.row.validation
    if best is None or window is None:
        return None
    places = (
        window.first + place
        for place, score in enumerate(_within(recording.validation, window))
        if score is not None and math.isclose(score, best, rel_tol=SAME)
    )
    return next(places, None)

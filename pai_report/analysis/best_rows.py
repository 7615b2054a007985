"""Best score at each number of sets: the library's own table, or rebuilt from scores and switches by the same rule."""

import math
from collections.abc import Sequence

from pai_report.analysis.model import Mode, Scores
from pai_report.analysis.windows import Window, windows
from pai_report.run.model import BestRow, Recording, Series
from pai_report.values import value

SAME = 1e-9  # relative: numbers rewritten by another program


@value
class BestRows:
    """Row k is the network with k sets. `rebuilt` where the table is missing or holds the wrong end of the scores."""

    rows: tuple[BestRow, ...]
    rebuilt: bool
    file: str


def best_rows(recording: Recording, mode: Mode, sign: int | None, *, largest_always: bool) -> BestRows:
    """The best rows of a recording; empty without a table and without a direction.

    `sign` is +1 when maximising, -1 when minimising. `largest_always`: written before 2.0, when the largest score was taken
    for the best even of a loss (formats section 2).
    """
    wrong = largest_always and sign == -1
    if recording.best_rows and not wrong:
        return BestRows(rows=recording.best_rows, rebuilt=False, file=recording.name("best-scores") or "")
    phases = windows(recording.switch_epochs or (), recording.epochs, mode)
    rows = tuple(_rebuilt(window, recording, sign) for window in phases if window.kind == "neuron") if sign else ()
    return BestRows(rows=rows, rebuilt=True, file=recording.validation.file if recording.validation else "")


def _rebuilt(window: Window, recording: Recording, sign: int) -> BestRow:
    """First best raw score of the phase, the other columns at the same epoch, the parameters of that many sets."""
    scores = _window(recording.validation, window)
    known = [(score, window.first + place) for place, score in enumerate(scores) if score is not None]
    sizes = recording.parameter_counts or ()
    best, epoch = min(known, key=lambda held: -sign * held[0], default=(None, None))
    return BestRow(
        parameters=sizes[2 * window.sets] if 2 * window.sets < len(sizes) else None,
        validation=best,
        extras=tuple(
            (extra.name, None if epoch is None else extra.values[epoch])
            for extra in recording.extras
            if len(extra.values) == recording.epochs
        ),
    )


def _window(series: Series | None, window: Window) -> Scores:
    return series.values[window.first : window.last + 1] if series else ()


def epoch_of(best: float | None, recording: Recording, window: Window | None) -> int | None:
    """First epoch of a phase that holds its best score; None where the tables do not agree."""
    if best is None or window is None:
        return None
    places = (
        window.first + place
        for place, score in enumerate(_window(recording.validation, window))
        if score is not None and math.isclose(score, best, rel_tol=SAME)
    )
    return next(places, None)


def neuron_window(found: Sequence[Window], sets: int) -> Window | None:
    """The neuron phase of the network with `sets` sets, if it has epochs."""
    return next((window for window in found if window.kind == "neuron" and window.sets == sets), None)

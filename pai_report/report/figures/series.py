"""Long series made short enough to draw, without losing a spike."""

import numpy as np
from numpy.typing import NDArray

from pai_report.analysis.model import Scores

Floats = NDArray[np.float64]
BINS = 400  # the widest panel has fewer points of width than this


def as_array(scores: Scores) -> Floats:
    """The values with NaN where nothing was recorded."""
    return np.array([np.nan if value is None else value for value in scores], dtype=float)


def decimated(start: int, values: Floats, bins: int = BINS) -> tuple[Floats, Floats]:
    """Epochs and values of a series beginning at epoch `start`: at most `2 * bins` points, smallest and largest of each bin."""
    epochs = np.arange(start, start + len(values), dtype=float)
    if len(values) <= 2 * bins:
        return epochs, values
    picked: list[int] = []
    lows, highs = np.where(np.isnan(values), np.inf, values), np.where(np.isnan(values), -np.inf, values)
    for part in np.array_split(np.arange(len(values)), bins):
        first = int(part[0])
        picked += sorted({first + int(lows[part].argmin()), first + int(highs[part].argmax())})
    return epochs[picked], values[picked]


def lonely(values: Floats) -> NDArray[np.intp]:
    """Indices of values without a neighbour, which a line would not show."""
    known = np.concatenate(([False], ~np.isnan(values), [False]))
    return np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:])


def binned(scores: Scores, bins: int = BINS) -> tuple[Floats, Floats]:
    """Epochs and medians of a series in at most `bins` bins, the same epochs for every series of that length."""
    values = as_array(scores)
    epochs = np.arange(len(values), dtype=float)
    if len(values) <= bins:
        return epochs, values
    parts = np.array_split(np.arange(len(values)), bins)
    known = [values[part][np.isfinite(values[part])] for part in parts]
    return epochs[[part[len(part) // 2] for part in parts]], np.array(
        [np.median(part) if len(part) else np.nan for part in known]
    )

"""The course of a run as small as a word: an SVG path and a row of block characters."""

import math
from collections.abc import Sequence
from itertools import pairwise

from pai_report.analysis.model import Analysis
from pai_report.batch.model import Sketch
from pai_report.report.figures.curves import score_curves
from pai_report.report.figures.series import as_array, decimated
from pai_report.report.figures.window import Window, score_window

WIDTH, HEIGHT, _EDGE = 96.0, 22.0, 2.0
_POINTS = 60  # bins of the line: more would not be seen
_BLOCKS, _WORDS = "▁▂▃▄▅▆▇█", 12


def sketch(analysis: Analysis) -> Sketch | None:
    """The validation score over the recorded epochs, in the range that page one shows; None with fewer than two scores."""
    scores = analysis.track.validation
    if sum(score is not None for score in scores) < 2:
        return None
    window = score_window(analysis, score_curves(analysis)[:1])
    last = len(scores) - 1
    epochs, values = decimated(0, as_array(scores), _POINTS)
    places = [(_across(epoch, last), _height(value, window)) for epoch, value in zip(epochs, values, strict=True)]
    gains = analysis.gains
    best = None
    if gains.best is not None and gains.best_epoch is not None:
        best = (_short(_across(gains.best_epoch, last)), _short(_height(gains.best, window)))
    starts = [phase.first for phase in analysis.phases if phase.kind == "neuron" and phase.sets]
    return Sketch(
        line=_path(places),
        sets=tuple(_short(_across(epoch, last)) for epoch in starts),
        best=best,
        bars=_bars(scores, window),
    )


def _across(epoch: float, last: int) -> float:
    """Distance of an epoch from the left; `last` is the one at the right."""
    return _EDGE + (WIDTH - 2 * _EDGE) * epoch / last


def _height(score: float, window: Window) -> float:
    """Distance of a score from the top; those outside of the window stay at its edge. NaN stays NaN."""
    share = (score - window.low) / ((window.high - window.low) or 1.0)
    return share if math.isnan(share) else HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * min(max(share, 0.0), 1.0)


def _path(places: Sequence[tuple[float, float]]) -> str:
    """Path data through the places; a missing score interrupts the line."""
    parts, pen_up = [], True
    for x, y in places:
        if math.isnan(y):
            pen_up = True
            continue
        parts.append(f"{'M' if pen_up else 'L'}{_short(x)} {_short(y)}")
        pen_up = False
    return "".join(parts)


def _bars(scores: Sequence[float | None], window: Window) -> str:
    """The last score of each of a few stretches of epochs as the height of a block; a blank where none was recorded."""
    count = min(_WORDS, len(scores))
    edges = [round(place * len(scores) / count) for place in range(count + 1)]
    lasts = [[held for held in scores[start:end] if held is not None] for start, end in pairwise(edges)]
    return "".join(_block(held[-1], window) if held else " " for held in lasts)


def _block(score: float, window: Window) -> str:
    share = 1 - (_height(score, window) - _EDGE) / (HEIGHT - 2 * _EDGE)
    return _BLOCKS[min(int(share * len(_BLOCKS)), len(_BLOCKS) - 1)]


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

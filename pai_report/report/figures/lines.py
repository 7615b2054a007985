"""Series drawn into a panel: the line, values that stand alone, epochs without a score, names at the ends."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from pai_report.analysis.model import Scores
from pai_report.report.figures.canvas import Place, text_box
from pai_report.report.figures.curves import Curve
from pai_report.report.figures.layout import Box, spread
from pai_report.report.figures.palette import ACCENT, LABEL, PAPER, REMARK, SECONDARY, Lettering, Pen
from pai_report.report.figures.panel import Panel
from pai_report.report.figures.series import BINS, as_array, decimated, lonely

_LINE_HEIGHT = 9.5  # points between names at the ends of lines
_NAMED_GAPS = 3  # recorded gaps that are named one by one
_CLEAR = 5.0  # points between a place and its label
_PUSHES = (0, 5, -5, 10, -10, 15, -15, 20, -20)  # points up and down at which a label beside a place is tried
_AWAY = (5.0, 9.0, 14.0, 20.0, 27.0)  # the same upwards and downwards, the nearest tried first

Side = Literal["above", "below", "beside"]


def draw_series(panel: Panel, start: int, values: Scores, pen: Pen, *, layer: float = 2.0) -> None:
    """A line from epoch `start` on, broken where nothing was recorded, dots where a value has no neighbour."""
    epochs, shown = decimated(start, panel.near(as_array(values)))
    if len(epochs) < len(values):  # so dense that dashes and full width would only make a blot
        pen = Pen(colour=pen.colour, width=0.6 * pen.width)
    steps, dash = "steps-mid" if pen.steps else "default", pen.dash or "solid"
    panel.plot(epochs, shown, layer=layer, color=pen.colour, linewidth=pen.width, linestyle=dash, drawstyle=steps)
    alone = lonely(shown)
    if len(alone):
        panel.mark(epochs[alone], shown[alone], "o", 2.6, markeredgewidth=0, color=pen.colour)
    panel.canvas.obstacles.add_line(panel.points(epochs, shown))


def draw_curve(panel: Panel, curve: Curve) -> None:
    """A curve and, fainter and behind it, its discarded tails."""
    for tail in curve.tails:
        draw_series(panel, tail.start, tail.values, Pen(colour=curve.faint, width=0.8, dash=curve.pen.dash), layer=1.5)
    draw_series(panel, 0, curve.values, curve.pen, layer=3.0 if curve.bold else 2.0)


def name_curves(panel: Panel, curves: Sequence[Curve]) -> None:
    """The names of `curves` right of the panel, at the heights where their lines end."""
    box = panel.box
    ends = [_end(panel, curve) for curve in curves]
    heights = spread(ends, [_LINE_HEIGHT] * len(ends), box.bottom, box.top + 4)
    for curve, height in zip(curves, heights, strict=True):
        lettering = Lettering(size=LABEL.size, colour=curve.pen.colour, bold=curve.bold)
        panel.canvas.text(box.right + 6, height - 0.36 * LABEL.size, curve.name, lettering)


def mark_gaps(panel: Panel, epochs: Sequence[int]) -> None:
    """A cross above the axis for each epoch without a recorded score, named while there are few."""
    if not epochs:
        return
    height = panel.box.bottom + 5
    shown = list(epochs[:BINS])
    level = panel.y[0] + 5 / panel.box.height * (panel.y[1] - panel.y[0])
    panel.mark(shown, [level] * len(shown), "x", 3.6, color=SECONDARY, markeredgewidth=0.9)
    for epoch in shown if len(shown) <= _NAMED_GAPS else ():
        label_near(panel, (panel.across(epoch), height), "no score", REMARK)


def mark_hidden(panel: Panel, scores: Scores, say: Callable[[float], str], start: int = 0) -> None:
    """A triangle at the edge of the panel for the farthest score outside of it, with its value, and for all from `start` on."""
    low, high = panel.y
    values = as_array(scores)
    for beyond, edge, marker in ((low - values, low, "v"), (values - high, high, "^")):
        outside = np.flatnonzero(beyond > 0)
        if not len(outside):
            continue
        farthest = int(outside[np.argmax(beyond[outside])])
        epochs = sorted({farthest, *(int(epoch) for epoch in outside[outside >= start][:BINS])})
        panel.mark(epochs, [edge] * len(epochs), marker, 4, color=ACCENT, markeredgewidth=0)
        words, place = say(float(values[farthest])), panel.at(farthest, edge)
        room = text_box(0, 0, words, REMARK)
        label_at(
            panel, (*spots(place, room, "below" if edge == high else "above"), *spots(place, room, "beside")), words, REMARK
        )


def ring(panel: Panel, x: float, y: float, *, colour: str = ACCENT, size: float = 5.0) -> None:
    """A hollow mark at a place that a label names."""
    panel.mark([x], [y], "o", size, markerfacecolor=PAPER, markeredgecolor=colour, markeredgewidth=1.2, layer=4)
    at_x, at_y = panel.at(x, y)
    panel.canvas.obstacles.add_box(Box(left=at_x, bottom=at_y, right=at_x, top=at_y).grown(size / 2))


def label_near(panel: Panel, place: Place, words: str, lettering: Lettering = LABEL, *, side: Side = "above") -> None:
    """A label as near to `place` (points) as what is drawn allows, first on `side`; left out where it would cover another."""
    label_at(panel, spots(place, text_box(0, 0, words, lettering), side), words, lettering)


def label_at(panel: Panel, candidates: Sequence[Box], words: str, lettering: Lettering = LABEL) -> None:
    """A label in the first of the `candidates` that covers least; left out where each covers another label."""
    spot = panel.canvas.obstacles.best(candidates, panel.box.grown(1))
    if spot is not None:
        panel.canvas.text(spot.left, spot.bottom + 0.22 * lettering.size, words, lettering)
        panel.canvas.obstacles.add_box(spot.grown(2))


def spots(place: Place, plain: Box, side: Side) -> list[Box]:
    """Rooms for a label of the size of `plain` around `place`, the nearest first."""
    (x, y), w, h = place, plain.width, plain.height
    if side == "beside":
        corners = [
            (left, y - h / 2 + push) for push in (0, 5, -5, 10, -10, 15, -15, 20, -20) for left in (x - w - _CLEAR, x + _CLEAR)
        ]
    else:
        sign = -1 if side == "below" else 1
        corners = [(left, up) for away in _AWAY for up in _heights(y, h, sign * away) for left in _lefts(x, w)]
    return [Box(left=left, bottom=bottom, right=left + w, top=bottom + h) for left, bottom in corners]


def along(panel: Panel, start: Place, plain: Box) -> list[Box]:
    """Rooms for a label of the size of `plain` under or over a level line from `start` to the right edge, rightmost first."""
    x, y = start
    last = panel.box.right - plain.width - 2
    lefts = [last - push for push in range(0, int(max(last - x, 0)) + 1, 12)]
    lows = (y - 3 - plain.height, y + 3)
    return [Box(left=left, bottom=low, right=left + plain.width, top=low + plain.height) for left in lefts for low in lows]


def _heights(y: float, h: float, away: float) -> tuple[float, float]:
    """Lower edges of a label above and below `y`, above first where `away` is positive."""
    above, below = y + abs(away), y - abs(away) - h
    return (above, below) if away > 0 else (below, above)


def _lefts(x: float, w: float) -> tuple[float, ...]:
    """Left edges of a label centred on `x` and to either side of it."""
    return x - w / 2, x - w - 2, x + 2, x - w - _CLEAR, x + _CLEAR


def name_end(panel: Panel, scores: Scores, name: str) -> None:
    """The name of the only line of a panel, right of where it ends."""
    lettering = Lettering(size=LABEL.size, colour=ACCENT, bold=True)
    panel.canvas.text(panel.box.right + 6, _held(panel, scores) - 0.36 * LABEL.size, name, lettering)


def _end(panel: Panel, curve: Curve) -> float:
    """Height at which the line of `curve` ends, its last tail included."""
    tails = curve.tails and curve.tails[-1].start >= len(curve.values) - 1
    return _held(panel, curve.tails[-1].values if tails else curve.values)


def _held(panel: Panel, scores: Scores) -> float:
    """Height of the last known score, held inside the panel."""
    known = [score for score in scores if score is not None]
    height = panel.up(known[-1]) if known else panel.box.bottom
    return min(max(height, panel.box.bottom + 3), panel.box.top)

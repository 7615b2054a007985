"""Scores over the recorded epochs: what the dendrites did, at a glance."""

import numpy as np

from pai_report.analysis.model import Analysis
from pai_report.report.document import Figure
from pai_report.report.figures.axis import FOOT, epoch_axis, left_margin, tick_labels, ticks, vertical_axis
from pai_report.report.figures.canvas import FRONT, Canvas, drawn, text_box, text_width
from pai_report.report.figures.curves import Curve, score_curves
from pai_report.report.figures.layout import Box
from pai_report.report.figures.lines import (
    Side,
    along,
    draw_curve,
    draw_series,
    label_at,
    label_near,
    mark_gaps,
    mark_hidden,
    name_curves,
    ring,
)
from pai_report.report.figures.palette import ACCENT, ACCENT_LABEL, FINE, PAPER, RIGHT, STRONG_LABEL, WIDTH, Pen
from pai_report.report.figures.panel import Panel, panel_on
from pai_report.report.figures.phases import HEAD, draw_phases, epoch_limits
from pai_report.report.figures.window import Window, padded, restless, score_window
from pai_report.report.figures.words import at_epoch, drawn_words, epoch_table, finished, plain, seen_words, shown
from pai_report.report.text import text

_INSET_WIDTH, _INSET_HEIGHT = 92.0, 46.0  # points


@drawn
def scores(analysis: Analysis, *, compact: bool = False) -> Figure | None:
    """Validation, train and test per recorded epoch over the dendrite phases (A1, A3, A6, G2); None with fewer than two scores.

    `compact` is the variant for page one: lower, without running score and inset.
    """
    curves = _curves(analysis, compact=compact)
    if not curves:
        return None
    calm = _calm(analysis, curves)
    window = score_window(analysis, calm)
    canvas, inset = _draw(analysis, calm, window, compact=compact)
    name, alt = "front-scores" if compact else "scores", _alt(analysis, calm)
    left_out = [
        f"{curve.name} is left out: it swings far beyond the range of validation" for curve in curves if curve not in calm
    ]
    cut = _cut_words(window, analysis, inset=inset)
    caption = finished([seen_words(analysis), *drawn_words(analysis, calm), *cut, *left_out])
    held = epoch_table(name, "Scores" if compact else "All scores", [(curve.name, curve.values, "score") for curve in curves])
    return Figure(id=name, alt=alt, caption=text(caption), svg=canvas.svg(name, alt), table=held)


@drawn
def scores_png(analysis: Analysis) -> bytes | None:
    """The variant for page one as a PNG; None with fewer than two scores."""
    curves = _curves(analysis, compact=True)
    if not curves:
        return None
    calm = _calm(analysis, curves)
    return _draw(analysis, calm, score_window(analysis, calm), compact=True)[0].png()


def _curves(analysis: Analysis, *, compact: bool) -> tuple[Curve, ...]:
    """What there is to draw: nothing with fewer than two scores."""
    if sum(score is not None for score in analysis.track.validation) < 2:
        return ()
    return tuple(curve for curve in score_curves(analysis) if not (compact and curve.name == "running"))


def _calm(analysis: Analysis, curves: tuple[Curve, ...]) -> tuple[Curve, ...]:
    """The curves that stay in the range of validation."""
    first_look = score_window(analysis, curves)
    return tuple(curve for curve in curves if curve.bold or not restless(curve, first_look))


def _draw(analysis: Analysis, curves: tuple[Curve, ...], window: Window, *, compact: bool) -> tuple[Canvas, bool]:
    """The picture, and whether it has the small one of the whole course in it."""
    canvas = Canvas(62 if compact else 84)
    numbers = ticks((window.low, window.high), 5 if compact else 7)
    labels = tick_labels(numbers)
    box = Box(left=left_margin(labels), bottom=FOOT, right=WIDTH - RIGHT, top=canvas.height - HEAD)
    panel = panel_on(canvas, box, epoch_limits(analysis), (window.low, window.high))
    draw_phases(panel, analysis.phases)
    vertical_axis(panel, numbers, labels)
    for curve in curves:
        draw_curve(panel, curve)
    _mark_bests(panel, analysis)
    mark_hidden(panel, analysis.track.validation, shown, window.steep)
    mark_gaps(panel, analysis.track.recorded_gaps)
    epoch_axis(panel)
    name_curves(panel, curves)
    return canvas, bool(window.hidden and not compact and _inset(panel, analysis))


def _mark_bests(panel: Panel, analysis: Analysis) -> None:
    """The best score, and the best without dendrites with a thin line from it to the end: the step between is the gain."""
    gains = analysis.gains
    if gains.best_sets and gains.baseline is not None and gains.baseline_epoch is not None:
        x, y = panel.at(gains.baseline_epoch, gains.baseline)
        panel.canvas.rules([((x, y), (panel.box.right, y))], Pen(colour=ACCENT, width=0.6, dash=FINE))
        panel.canvas.obstacles.add_line(np.array([(x, y), (panel.box.right, y)]))
        ring(panel, gains.baseline_epoch, gains.baseline, size=4.0)
        words = f"{shown(gains.baseline)} without dendrites"
        label_at(panel, along(panel, (x, y), text_box(0, 0, words, ACCENT_LABEL)), words, ACCENT_LABEL)
    if gains.best is not None and gains.best_epoch is not None:
        side: Side = "below" if analysis.identity.direction == "minimize" else "above"
        ring(panel, gains.best_epoch, gains.best)
        label_near(panel, panel.at(gains.best_epoch, gains.best), shown(gains.best), STRONG_LABEL, side=side)


def _inset(panel: Panel, analysis: Analysis) -> bool:
    """The whole course of validation, small, where the panel is empty; False, and left out, where it is nowhere empty."""
    canvas, box = panel.canvas, panel.box
    known = [score for score in analysis.track.validation if score is not None]
    words = f"all: {shown(min(known))} to {shown(max(known))}"
    rooms = _inset_spots(box, max(_INSET_WIDTH, text_width(words) + 8), upwards=analysis.identity.direction == "maximize")
    spot = canvas.obstacles.best(rooms, box, most=1)
    if spot is None:
        return False
    canvas.fill(spot, PAPER, layer=FRONT)
    canvas.text(spot.left + 4, spot.top - 8, words)
    inner = Box(left=spot.left + 4, bottom=spot.bottom + 4, right=spot.right - 4, top=spot.top - 11)
    small = panel_on(canvas, inner, epoch_limits(analysis), padded((min(known), max(known))), layer=FRONT + 1)
    draw_series(small, 0, analysis.track.validation, Pen(colour=ACCENT, width=0.9))
    return True


def _inset_spots(box: Box, width: float, *, upwards: bool) -> list[Box]:
    """Rooms for the inset from right to left, at the end of the panel that a good run leaves empty first."""
    lefts = [box.right - 6 - width - step for step in range(0, int(box.width - width - 12), 8)]
    bottoms = [box.bottom + 6, box.top - 6 - _INSET_HEIGHT]
    return [
        Box(left=left, bottom=low, right=left + width, top=low + _INSET_HEIGHT)
        for low in (bottoms if upwards else bottoms[::-1])
        for left in lefts
    ]


def _cut_words(window: Window, analysis: Analysis, *, inset: bool) -> list[str]:
    gaps = analysis.track.recorded_gaps
    words = [f"{shown(window.hidden, 'count', noun='epoch')} outside of the range shown"] if window.hidden else []
    words = [f"{words[0]}; small: all of validation"] if words and inset else words
    if gaps:
        words.append(f"a cross marks {shown(len(gaps), 'count', noun='epoch')} without a recorded score")
    return words


def _alt(analysis: Analysis, curves: tuple[Curve, ...]) -> str:
    gains, recorded = analysis.gains, len(analysis.track.validation)
    parts = [
        f"Line chart of {', '.join(curve.name for curve in curves)} over {shown(recorded, 'count', noun='recorded epoch')}"
    ]
    if gains.baseline is not None:
        parts.append(f"best without dendrites {shown(gains.baseline)}{at_epoch(gains.baseline_epoch)}")
    if gains.best is not None and gains.best_sets:
        sets = shown(gains.best_sets, "count", noun="set")
        parts.append(f"best {shown(gains.best)}{at_epoch(gains.best_epoch)} with {sets}")
    ends = ((curve.name, [score for score in curve.values if score is not None]) for curve in curves)
    parts += [f"{name} from {shown(known[0])} to {shown(known[-1])}" for name, known in ends if known]
    starts = [str(phase.first) for phase in analysis.phases if phase.kind == "neuron" and phase.sets]
    parts += [f"dendrite sets from epoch {', '.join(starts[:8])} on"] if starts else []
    return plain("; ".join(parts) + ".")

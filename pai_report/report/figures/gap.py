"""Training against validation, the gap between them shaded."""

import numpy as np

from pai_report.analysis.model import Analysis, GapPoint
from pai_report.report.document import Figure
from pai_report.report.figures.axis import FOOT, epoch_axis, left_margin, tick_labels, ticks, vertical_axis
from pai_report.report.figures.canvas import Canvas, drawn, text_box
from pai_report.report.figures.curves import Curve, score_curves
from pai_report.report.figures.layout import Box
from pai_report.report.figures.lines import draw_curve, label_at, name_curves, spots
from pai_report.report.figures.palette import ACCENT_SHADE, INK, LABEL, RIGHT, WIDTH, Pen
from pai_report.report.figures.panel import Panel, panel_on
from pai_report.report.figures.phases import HEAD, draw_phases, epoch_limits, sets_label
from pai_report.report.figures.series import binned
from pai_report.report.figures.window import restless, score_window
from pai_report.report.figures.words import epoch_table, finished, phase_words, plain, shown
from pai_report.report.text import named, text

_NAMED = 3  # networks up to which every gap is named in the picture; the table has all


@drawn
def gap(analysis: Analysis) -> Figure | None:
    """Train and validation with the gap shaded (A13, A15, D10); None without a comparable and calm train column."""
    general = analysis.generalization
    curves = tuple(_bare(curve) for curve in score_curves(analysis) if curve.name in {"validation", "train"})
    if general is None or len(curves) < 2 or restless(curves[1], score_window(analysis, curves)):
        return None
    alt = _alt(analysis, general.points)
    validation, train = (curve.values for curve in curves)
    held = epoch_table("gap", "Training score", [("Train", train, "score"), ("Validation", validation, "score")])
    caption = (*text(_caption(analysis, general.points)), *text(" Training score: column "), *named(general.column), *text("."))
    return Figure(id="gap", alt=alt, caption=caption, svg=_draw(analysis, curves, general.points).svg("gap", alt), table=held)


def _bare(curve: Curve) -> Curve:
    return Curve(name=curve.name, words=curve.words, values=curve.values, pen=curve.pen, bold=curve.bold)


def _draw(analysis: Analysis, curves: tuple[Curve, ...], points: tuple[GapPoint, ...]) -> Canvas:
    canvas = Canvas(50)
    window = score_window(analysis, curves)
    numbers = ticks((window.low, window.high), 5)
    labels = tick_labels(numbers)
    box = Box(left=left_margin(labels), bottom=FOOT, right=WIDTH - RIGHT, top=canvas.height - HEAD)
    panel = panel_on(canvas, box, epoch_limits(analysis, tails=False), (window.low, window.high))
    draw_phases(panel, analysis.phases)
    vertical_axis(panel, numbers, labels)
    _shade(panel, curves)
    for curve in curves:
        draw_curve(panel, curve)
    _name_gaps(panel, points)
    epoch_axis(panel)
    name_curves(panel, curves)
    return canvas


def _shade(panel: Panel, curves: tuple[Curve, ...]) -> None:
    (epochs, validation), (_, train) = (binned(curve.values) for curve in curves)
    validation, train = panel.near(validation), panel.near(train)
    panel.shade(epochs, validation, train, ACCENT_SHADE)


def _name_gaps(panel: Panel, points: tuple[GapPoint, ...]) -> None:
    """An upright line across the gap at the best epoch of each network size, with its size."""
    places = [(point, point.epoch) for point in points if point.epoch is not None]
    bars = [(panel.at(epoch, point.train), panel.at(epoch, point.validation)) for point, epoch in places]
    panel.canvas.rules(bars, Pen(colour=INK, width=0.8), layer=0.5)
    for bar in bars:
        panel.canvas.obstacles.add_line(np.array(bar))
    named = places if len(places) <= _NAMED else [places[0], places[-1]]
    for point, epoch in [*named[-1:], *named[:-1]]:  # the last network first: it is the result
        words = _size(point)
        plain_box = text_box(0, 0, words, LABEL)
        x, (low, high) = panel.across(epoch), sorted(panel.up(score) for score in (point.train, point.validation))
        inside = spots((x, (low + high) / 2), plain_box, "beside") if high - low > 12 else []
        label_at(panel, [*inside, *spots((x, low), plain_box, "below"), *spots((x, high), plain_box, "above")], words)


def _size(point: GapPoint) -> str:
    return shown(point.gap) if point.points is None else shown(point.points, "points")


def _caption(analysis: Analysis, points: tuple[GapPoint, ...]) -> str:
    ends = [f"{_size(point)} with {sets_label(point.sets)}" for point in (*points[:1], *points[1:][-1:])]
    words = ["the gap is " + " and ".join(ends)] if ends else []
    words.append("shaded: training (dashed) above or below validation (solid)")
    return finished([*words, "upright lines: the best epoch of each network", *phase_words(analysis)])


def _alt(analysis: Analysis, points: tuple[GapPoint, ...]) -> str:
    parts = [f"{sets_label(p.sets)}: train {shown(p.train)}, validation {shown(p.validation)}, gap {_size(p)}" for p in points]
    recorded = shown(len(analysis.track.validation), "count", noun="recorded epoch")
    return plain(finished([f"training and validation score over {recorded}", "; ".join(parts)]))

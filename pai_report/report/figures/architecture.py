"""Best score against the number of parameters: what each dendrite set cost and brought."""

import numpy as np

from pai_report.analysis.model import Analysis, Architecture
from pai_report.report.document import Figure, Table
from pai_report.report.figures.axis import FOOT, horizontal_axis, left_margin, short_counts, tick_labels, ticks, vertical_axis
from pai_report.report.figures.canvas import Canvas, drawn, text_box
from pai_report.report.figures.curves import same_scale
from pai_report.report.figures.layout import Box
from pai_report.report.figures.lines import Side, label_at, label_near, ring, spots
from pai_report.report.figures.palette import (
    ACCENT,
    ACCENT_FAINT,
    ACCENT_LABEL,
    DOTTED,
    FINE,
    INK,
    LABEL,
    REMARK,
    RIGHT,
    STRONG_LABEL,
    WIDTH,
    Pen,
)
from pai_report.report.figures.panel import Panel, panel_on
from pai_report.report.figures.phases import sets_label
from pai_report.report.figures.window import padded
from pai_report.report.figures.words import cell, finished, plain, shown, table
from pai_report.report.text import text
from pai_report.values import value

_HEAD = 14.0  # points above the panel for the name of its upright axis
_NAMED = 6  # networks up to which every one is named in full
_NUMBERED = 24  # networks up to which every one is numbered
_OPEN: dict[str, str] = {"rejected": ACCENT_FAINT, "unproven": ACCENT}  # colours of networks that stand as rings


@value
class _Point:
    """A network on the picture: `cost` is its parameters, or its dendrite sets where no size is known."""

    row: Architecture
    cost: float
    best: float
    test: float | None


@drawn
def architecture(analysis: Analysis) -> Figure | None:
    """One point per dendrite count, its best score over its size (G5, A17, I3.5); None with fewer than two scored networks."""
    sized = all(row.parameters is not None for row in analysis.gains.architectures)
    points = _points(analysis, sized=sized)
    if len(points) < 2:
        return None
    alt = _alt(analysis, points, sized=sized)
    svg = _draw(analysis, points, sized=sized).svg("architecture", alt)
    caption = text(_caption(analysis, points, sized=sized))
    return Figure(id="architecture", alt=alt, caption=caption, svg=svg, table=_table(points))


def _points(analysis: Analysis, *, sized: bool) -> tuple[_Point, ...]:
    rows = [row for row in analysis.gains.architectures if row.best is not None]
    tests = [None if analysis.gains.test_is_copy else _test(row) for row in rows]
    shown_tests = same_scale(tuple(tests), tuple(row.best for row in rows))
    costs = [float((row.parameters or 0) if sized else row.sets) for row in rows]
    return tuple(
        _Point(row=row, cost=cost, best=row.best or 0.0, test=test if shown_tests else None)
        for row, cost, test in zip(rows, costs, tests, strict=True)
    )


def _test(row: Architecture) -> float | None:
    return next((extra.value for extra in row.extras if extra.role == "test" and not extra.copy_of_validation), None)


def _draw(analysis: Analysis, points: tuple[_Point, ...], *, sized: bool) -> Canvas:
    canvas = Canvas(50)
    scores = [score for point in points for score in (point.best, point.test) if score is not None]
    limits = padded((min(scores), max(scores)), 0.16)
    numbers = ticks(limits, 5)
    labels = tick_labels(numbers)
    box = Box(left=left_margin(labels), bottom=FOOT, right=WIDTH - RIGHT, top=canvas.height - _HEAD)
    panel = panel_on(
        canvas, box, padded((min(point.cost for point in points), max(point.cost for point in points)), 0.15), limits
    )
    vertical_axis(panel, numbers, labels)
    for y in map(panel.up, numbers):  # a label on one of these lines would be struck through
        canvas.obstacles.add_line(np.array([(box.left, y), (box.right, y)]))
    costs = ticks(panel.x, 6, whole=True)
    horizontal_axis(panel, costs, short_counts(costs), "parameters" if sized else "dendrite sets")
    canvas.text(0, canvas.height - 0.9 * REMARK.size, "best validation score")
    _draw_lines(panel, points)
    _draw_points(panel, points, analysis)
    return canvas


def _draw_lines(panel: Panel, points: tuple[_Point, ...]) -> None:
    kept = [(point.cost, point.best) for point in points if point.row.outcome in {"base", "kept"}]
    tested = [(point.cost, point.test) for point in points if point.test is not None and point.row.outcome != "rejected"]
    for point in points:
        if point.row.outcome in _OPEN and kept:
            _line(panel, [kept[-1], (point.cost, point.best)], Pen(colour=_OPEN[point.row.outcome], width=0.8, dash=FINE))
    _line(panel, kept, Pen(colour=ACCENT, width=1.5))
    _line(panel, tested, Pen(colour=INK, dash=DOTTED, width=1.0))
    for cost, score in tested:
        _mark(panel, cost, score, "D", INK)


def _mark(panel: Panel, cost: float, score: float, marker: str, colour: str) -> None:
    size = {"o": 5.0, "D": 3.4}[marker]
    x, y = panel.at(cost, score)
    panel.canvas.obstacles.add_box(Box(left=x, bottom=y, right=x, top=y).grown(size / 2))
    panel.mark([cost], [score], marker, size, color=colour, markeredgewidth=0, layer=3)


def _line(panel: Panel, places: list[tuple[float, float]], pen: Pen) -> None:
    if len(places) > 1:
        x, y = zip(*places, strict=True)
        panel.plot(x, y, color=pen.colour, linewidth=pen.width, linestyle=pen.dash or "solid")
        panel.canvas.obstacles.add_line(panel.points(x, y))


def _draw_points(panel: Panel, points: tuple[_Point, ...], analysis: Analysis) -> None:
    for point in points:
        if point.row.outcome in _OPEN:
            ring(panel, point.cost, point.best, colour=_OPEN[point.row.outcome])
        else:
            _mark(panel, point.cost, point.best, "o", ACCENT)
    ends = {points[0].row.sets, points[-1].row.sets, analysis.gains.best_sets}
    for point in sorted(points, key=lambda point: point.row.sets not in ends):
        words = str(point.row.sets) if len(points) <= _NUMBERED else ""
        if len(points) <= _NAMED or point.row.sets in ends:
            words = f"{sets_label(point.row.sets)} {shown(point.best)}"
        words += _outcome_words(point)
        best = point.row.sets == analysis.gains.best_sets
        style = REMARK if point.row.outcome == "rejected" else STRONG_LABEL if best else ACCENT_LABEL
        if words:
            place, room = panel.at(point.cost, point.best), text_box(0, 0, words, style)
            label_at(panel, (*spots(place, room, "above"), *spots(place, room, "beside")), words, style)
    tested = [(point, point.test) for point in points if point.test is not None and point.row.outcome != "rejected"]
    for point, test in tested[-1:]:
        side: Side = "below" if test < point.best else "above"
        label_near(panel, panel.at(point.cost, test), f"test {shown(test)}", LABEL, side=side)


def _outcome_words(point: _Point) -> str:
    """What follows the name of a network that was not kept for good."""
    return f", {point.row.outcome}" if point.row.outcome in _OPEN else ""


def _caption(analysis: Analysis, points: tuple[_Point, ...], *, sized: bool) -> str:
    words = [_reached(analysis, points, sized=sized)]
    words.append("points: networks with as many dendrite sets as named")
    if any(point.row.outcome == "rejected" for point in points):
        words.append("the pale ring was tried and rejected")
    if any(point.row.outcome == "unproven" for point in points):
        words.append("the dark ring is unproven: the run stopped before it could be judged")
    if any(point.test is not None for point in points):
        words.append("diamonds: test score of the same network")
    if sized and analysis.efficiency.doubled_base:
        words.append("this library version counts the base network twice, so the sizes are too high")
    return finished(words)


def _reached(analysis: Analysis, points: tuple[_Point, ...], *, sized: bool) -> str:
    """What more parameters brought; without a ratio where the sizes are recorded wrongly."""
    best, first = next((point for point in points if point.row.sets == analysis.gains.best_sets), None), points[0]
    if best is None or best is first or not sized or not first.cost:
        return f"best validation score over {'the number of parameters' if sized else 'the number of dendrite sets'}"
    if analysis.efficiency.doubled_base:
        return (
            f"from {shown(first.best)} with {sets_label(first.row.sets)} to {shown(best.best)} with {sets_label(best.row.sets)}"
        )
    start, growth = shown(first.cost, "count", noun="parameter"), shown(best.cost / first.cost, "times")
    return f"from {shown(first.best)} with {start} to {shown(best.best)} with {growth} as many"


def _alt(analysis: Analysis, points: tuple[_Point, ...], *, sized: bool) -> str:
    doubled = (
        " The sizes are too high: the base network is counted twice." if sized and analysis.efficiency.doubled_base else ""
    )
    parts = [
        f"{sets_label(point.row.sets)}{_outcome_words(point)}: {shown(point.best)}"
        + (f" with {shown(point.cost, 'count', noun='parameter')}" if sized else "")
        for point in points
    ]
    return plain(f"Best score of each network size. {'; '.join(parts)}.{doubled}")


def _table(points: tuple[_Point, ...]) -> Table:
    rows = [
        (
            text(f"{sets_label(point.row.sets)}{_outcome_words(point)}"),
            cell(point.row.parameters, "count"),
            cell(point.best),
            cell(point.test),
        )
        for point in points
    ]
    titles = ("Network", "Parameters", "Best validation", "Test")
    return table("architecture", "Best score and size per dendrite count", titles, rows)

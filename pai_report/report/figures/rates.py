"""The learning rate over the recorded epochs, and which of its changes mattered."""

import math
from itertools import pairwise

from pai_report.analysis.model import Analysis, LrChange, Phase, Scores
from pai_report.report.document import Figure
from pai_report.report.figures.axis import (
    FOOT,
    epoch_axis,
    left_margin,
    log_labels,
    log_ticks,
    tick_labels,
    ticks,
    vertical_axis,
)
from pai_report.report.figures.canvas import Canvas, Place, drawn, text_box
from pai_report.report.figures.layout import Box
from pai_report.report.figures.lines import draw_series, label_at, name_end, ring, spots
from pai_report.report.figures.palette import ACCENT, ACCENT_FAINT, LABEL, RIGHT, WIDTH, Pen
from pai_report.report.figures.panel import Panel, panel_on
from pai_report.report.figures.phases import HEAD, draw_phases, epoch_limits
from pai_report.report.figures.scale import sound_log
from pai_report.report.figures.window import padded
from pai_report.report.figures.words import epoch_table, finished, phase_words, plain, shown
from pai_report.report.text import text

_NAMED = 3  # restarts and drops that are named
_REACH = 9.0  # points from a ring to its label
_LOGARITHMIC = 10.0  # times between the lowest and the highest rate


@drawn
def learning_rate(analysis: Analysis) -> Figure | None:
    """Learning rate per recorded epoch, switches and changes that mattered (G3, A22, A23); None with fewer than two."""
    rates = analysis.track.learning_rate
    known = sorted(rate for rate in rates or () if rate is not None)
    if rates is None or len(known) < 2:
        return None
    drawn_rates = _drawn(analysis)
    alt, log = _alt(analysis, rates), drawn_rates[0] > 0 and drawn_rates[-1] >= _LOGARITHMIC * drawn_rates[0]
    svg = _draw(analysis, rates, log=log).svg("learning-rate", alt)
    held = epoch_table("learning-rate", "Learning rate", [("Learning rate", rates, "learning-rate")])
    return Figure(id="learning-rate", alt=alt, caption=text(_caption(analysis, known, log=log)), svg=svg, table=held)


def _draw(analysis: Analysis, rates: Scores, *, log: bool) -> Canvas:
    canvas = Canvas(42)
    low, *_, high = _drawn(analysis)
    limits = sound_log(low / 1.6, high * 2.2) if log else (min(0.0, low), padded((0.0, high), 0.25)[1])
    numbers = log_ticks(limits) if log else ticks(limits, 4)
    labels = log_labels(numbers) if log else tick_labels(numbers)
    box = Box(left=left_margin(labels), bottom=FOOT, right=WIDTH - RIGHT, top=canvas.height - HEAD)
    panel = panel_on(canvas, box, epoch_limits(analysis), limits, log="y" if log else "")
    draw_phases(panel, analysis.phases)
    vertical_axis(panel, numbers, labels)
    for phase in analysis.phases:
        if _rolled_back(phase):
            tail = (phase.learning_rate or ())[max(phase.last - phase.first, 0) :]
            draw_series(panel, phase.last, tail, Pen(colour=ACCENT_FAINT, width=0.8, steps=True), layer=1.5)
    draw_series(panel, 0, rates, Pen(colour=ACCENT, width=1.5, steps=True))
    _name_changes(panel, analysis)
    epoch_axis(panel)
    name_end(panel, rates, "learning rate")
    return canvas


def _drawn(analysis: Analysis) -> list[float]:
    """Every rate of the picture, rolled-back epochs included, in ascending order."""
    series = [analysis.track.learning_rate or (), *(phase.learning_rate or () for phase in analysis.phases)]
    return sorted(rate for rates in series for rate in rates if rate is not None)


def _mattered(analysis: Analysis) -> list[LrChange]:
    """Restarts, and the drops after which the score rose most: as many of each as can be named."""
    changes = [change for phase in analysis.phases for change in phase.lr_changes if change.epoch <= phase.last]
    drops = [change for change in changes if change.immediate_jump and change.gain is not None and not change.restart]
    best = sorted(drops, key=lambda change: -(change.gain or 0.0))[:_NAMED]
    rates = dict(enumerate(analysis.track.learning_rate or ()))
    restarts = [change for change in changes if change.restart and rates.get(change.epoch - 1) != change.new]
    return [*restarts[:_NAMED], *best]


def _name_changes(panel: Panel, analysis: Analysis) -> None:
    """A ring at each change that mattered, and its label where there is a place that belongs to no other ring."""
    changes = _mattered(analysis)
    places = [panel.at(change.epoch, change.new) for change in changes]
    for change in changes:
        ring(panel, change.epoch, change.new, size=3.6)
    for change, place in zip(changes, places, strict=True):
        words = _said(analysis, change)
        label_at(
            panel, _own_spots(place, [other for other in places if other != place], text_box(0, 0, words, LABEL)), words, LABEL
        )


def _own_spots(place: Place, others: list[Place], plain: Box) -> list[Box]:
    """Rooms for a label near its ring at `place` and at least twice as far from each of the `others`."""
    near = [spot for spot in (*spots(place, plain, "above"), *spots(place, plain, "beside")) if spot.distance(place) <= _REACH]
    return [spot for spot in near if all(spot.distance(other) >= 2 * spot.distance(place) for other in others)]


def _said(analysis: Analysis, change: LrChange) -> str:
    if change.restart:
        return f"from {shown(change.new, 'learning-rate')}"
    points = analysis.identity.points_per_unit
    own = -1 if analysis.identity.direction == "minimize" else 1
    return shown(own * (change.gain or 0.0) * (points or 1.0), "points" if points else "score", signed=True)


def _caption(analysis: Analysis, known: list[float], *, log: bool) -> str:
    span = _span(known)
    words = [f"the learning rate {'stays' if span.startswith('at') else 'runs'} {span} in the recorded epochs"]
    words += ["logarithmic scale"] if log else []
    changes = _mattered(analysis)
    if any(change.immediate_jump and not change.restart for change in changes):
        words.append("rings with a change: the drops after which the score improved most")
    if any(change.restart for change in changes):
        words.append("rings with a rate: where a new dendrite set started")
    tails = _tail_words(analysis)
    words += [f"faint: epochs that were trained and then rolled back, {tails}"] if tails else []
    return finished([*words, *phase_words(analysis)])


def _rolled_back(phase: Phase) -> Scores:
    """The rates of the epochs of `phase` that were trained and then rolled back."""
    return (phase.learning_rate or ())[phase.last - phase.first + 1 :]


def _tail_words(analysis: Analysis) -> str:
    """The range of the rates that were rolled back; nothing without any."""
    held = [rate for phase in analysis.phases for rate in _rolled_back(phase) if rate is not None]
    return _span(held) if held else ""


def _span(rates: list[float]) -> str:
    high, low = shown(max(rates), "learning-rate"), shown(min(rates), "learning-rate")
    return f"at {high}" if low == high else f"between {high} and {low}"


def _alt(analysis: Analysis, rates: Scores) -> str:
    """The course in the recorded epochs, whose changes are those of the thick line, and the range of what was rolled back."""
    known = [rate for rate in rates if rate is not None]
    changes, tails = sum(not math.isclose(old, new) for old, new in pairwise(known)), _tail_words(analysis)
    course = _span(known)
    if changes:
        first, last = shown(known[0], "learning-rate"), shown(known[-1], "learning-rate")
        course = f"from {first} to {last}, {course}, {shown(changes, 'count', noun='change')}"
    rolled_back = f"; epochs that were rolled back {tails}" if tails else ""
    return plain(f"Learning rate of the recorded epochs {course}{rolled_back}.")

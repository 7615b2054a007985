"""Seconds per epoch: what the dendrites cost in time."""

import statistics

from pai_report.analysis.model import Analysis, Scores
from pai_report.report.document import Figure
from pai_report.report.figures.axis import FOOT, epoch_axis, left_margin, tick_labels, ticks, vertical_axis
from pai_report.report.figures.canvas import Canvas, drawn
from pai_report.report.figures.layout import Box
from pai_report.report.figures.lines import draw_series, mark_hidden, name_end
from pai_report.report.figures.palette import ACCENT, RIGHT, WIDTH, Pen
from pai_report.report.figures.panel import panel_on
from pai_report.report.figures.phases import HEAD, draw_phases, epoch_limits, sets_label
from pai_report.report.figures.words import epoch_table, finished, phase_words, plain, shown
from pai_report.report.text import NBSP, grouped, text

_OUTLIER = 4.0  # times the median: single slow epochs do not set the scale


@drawn
def times(analysis: Analysis) -> Figure | None:
    """Seconds per recorded epoch over the dendrite phases (D15); None with fewer than two."""
    seconds = analysis.track.epoch_seconds
    if seconds is None or sum(bool(second) for second in seconds) < 2:
        return None
    typical = _typical(analysis, seconds)
    alt = plain(f"Seconds per recorded epoch. Median {'; '.join(typical)}.")
    held = epoch_table("times", "Seconds", [("Seconds", seconds, "number")])
    longest = _longest(seconds)
    cut = sum((second or 0.0) > longest for second in seconds)
    slow = [f"a triangle marks {shown(cut, 'count', noun='slow epoch')} beyond the range shown"] if cut else []
    caption = finished([f"median time of an epoch: {'; '.join(typical)}", *phase_words(analysis), *slow])
    return Figure(id="times", alt=alt, caption=text(caption), svg=_draw(analysis, seconds).svg("times", alt), table=held)


def _typical(analysis: Analysis, seconds: Scores) -> list[str]:
    """The median per network size, in words; none is judged, so that only sizes with known times are named."""
    found = []
    for sets in sorted({phase.sets for phase in analysis.phases}):
        spans = [phase for phase in analysis.phases if phase.sets == sets and phase.kind == "neuron"]
        known = [second for phase in spans for second in seconds[phase.first : phase.last + 1] if second is not None]
        if known:
            found.append(f"{_seconds(statistics.median(known))} with {sets_label(sets)}")
    return found if len(found) < 5 else [*found[:2], found[-1]]


def _seconds(duration: float) -> str:
    """A duration in the unit of the axis, however long it is."""
    return f"{grouped(duration, 1 if duration < 10 else 0)}{NBSP}s"


def _longest(seconds: Scores) -> float:
    """End of the axis."""
    known = [second for second in seconds if second is not None]
    return 1.1 * min(max(known), _OUTLIER * statistics.median(known))


def _draw(analysis: Analysis, seconds: Scores) -> Canvas:
    canvas = Canvas(38)
    limits = 0.0, _longest(seconds)
    numbers = ticks(limits, 4)
    labels = tick_labels(numbers)
    box = Box(left=left_margin(labels), bottom=FOOT, right=WIDTH - RIGHT, top=canvas.height - HEAD)
    panel = panel_on(canvas, box, epoch_limits(analysis, tails=False), limits)
    draw_phases(panel, analysis.phases)
    vertical_axis(panel, numbers, labels)
    draw_series(panel, 0, seconds, Pen(colour=ACCENT, width=1.2))
    mark_hidden(panel, seconds, _seconds)
    epoch_axis(panel)
    name_end(panel, seconds, "seconds")
    return canvas

"""The dendrite phases behind every picture over epochs: light washes, dotted switches, labels on top."""

from itertools import pairwise

from pai_report.analysis.model import Analysis, Phase
from pai_report.report.figures.canvas import Canvas, text_width
from pai_report.report.figures.layout import Box
from pai_report.report.figures.palette import ACCENT_WASH, DOTTED, SECONDARY_FAINT, WASH, WASH_DEEP, Pen
from pai_report.report.figures.panel import Panel
from pai_report.report.figures.scale import Limits
from pai_report.values import value

HEAD = 13.0  # points above a panel for the labels of its phases
_APART = 4.0  # switches nearer to each other than this are not drawn singly
_SWITCH = Pen(colour=SECONDARY_FAINT, width=0.8, dash=DOTTED)


@value
class _Band:
    """A phase on the canvas: from `left` to `right` in points."""

    phase: Phase
    left: float
    right: float


def epoch_limits(analysis: Analysis, *, tails: bool = True) -> Limits:
    """Epochs to show: all recorded ones, and after them the discarded tail of the last phase, up to as many again."""
    recorded = len(analysis.track.validation)
    tail = max((phase.first + len(phase.series) for phase in analysis.phases[-1:]), default=recorded)
    end = max(recorded, min(tail, 2 * recorded) if tails else 0) - 1
    pad = max(0.4 if recorded < 4 else 0.0, 0.008 * end)
    return -pad, end + pad


def draw_phases(panel: Panel, phases: tuple[Phase, ...]) -> None:
    """Washes, switches and labels of `phases` behind `panel`."""
    bands = _bands(panel, phases)
    box = panel.box
    for band in bands:
        if colour := _wash(band.phase):
            panel.canvas.fill(Box(left=band.left, bottom=box.bottom, right=band.right, top=box.top), colour)
    apart = [after for before, after in pairwise(bands) if min(before.right - before.left, after.right - after.left) >= _APART]
    panel.canvas.rules([((band.left, box.bottom), (band.left, box.top)) for band in apart], _SWITCH)
    _label(panel.canvas, box, bands)


def sets_label(sets: int) -> str:
    """How a network with `sets` dendrite sets is called in a picture."""
    return {0: "no dendrites", 1: "1 dendrite set"}.get(sets, f"{sets} sets")


def _wash(phase: Phase) -> str:
    if phase.kind == "dendrite":
        return ACCENT_WASH
    if phase.sets == 0:
        return ""
    return WASH if phase.sets % 2 else WASH_DEEP


def _bands(panel: Panel, phases: tuple[Phase, ...]) -> list[_Band]:
    lefts = [panel.box.left, *(panel.across(phase.first - 0.5) for phase in phases[1:])]
    rights = [*lefts[1:], panel.box.right]
    return [_Band(phase=phase, left=left, right=right) for phase, left, right in zip(phases, lefts, rights, strict=False)]


def _label(canvas: Canvas, box: Box, bands: list[_Band]) -> None:
    """Each label in the longest form that fits its band; where not even the number fits, only those that keep apart."""
    free_from = -1.0
    for band in bands:
        middle, room = (band.left + band.right) / 2, band.right - band.left - 3
        forms = _forms(band.phase)
        words = next((form for form in forms if text_width(form) <= room), forms[-1])
        half = text_width(words) / 2
        if words and middle - half >= free_from and middle + half <= box.right + 10:
            canvas.text(middle, box.top + 4, words, ha="center")
            free_from = middle + half + 4


def _forms(phase: Phase) -> tuple[str, ...]:
    if phase.kind == "dendrite":
        return ("dendrites train", "")
    plural = "" if phase.sets == 1 else "s"
    return sets_label(phase.sets), f"{phase.sets} set{plural}", str(phase.sets)

"""Numbers and light lines along the sides of a panel."""

import math
from collections.abc import Sequence
from itertools import pairwise

from pai_report.report.figures.canvas import FRONT, round_numbers, text_width
from pai_report.report.figures.palette import REMARK, SECONDARY, Pen
from pai_report.report.figures.panel import Panel
from pai_report.report.figures.scale import LEAST, Limits, sound
from pai_report.report.text import NBSP

FOOT = 18.0  # points below a panel for the numbers of its axis
_GAP = 5.0  # points between an axis and its numbers
_LARGEST_COUNT = 1e13  # a count above it has no unit that reads well
_DECIMALS = 14  # of a number on an axis at most
_AXIS = Pen(colour=SECONDARY, width=0.6)


def ticks(limits: Limits, count: int, *, whole: bool = False) -> list[float]:
    """About `count` round numbers within `limits`."""
    low, high = sorted(sound(limits))
    slack = (high - low) * 1e-9
    return [tick for tick in round_numbers(low, high, count, whole=whole) if low - slack <= tick <= high + slack]


def log_ticks(limits: Limits, count: int = 5) -> list[float]:
    """Powers of ten within `limits`, thinned to `count`; with 2 and 5 times them where there are fewer than three."""
    low, high = (math.log10(max(limit, LEAST)) for limit in sorted(limits))
    found: list[float] = []
    for steps in ((1,), (1, 3), (1, 2, 5)):
        every = [step * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for step in steps]
        found = [tick for tick in every if low - 1e-9 <= math.log10(tick) <= high + 1e-9]
        if len(found) >= 3:
            break
    return found[:: math.ceil(len(found) / count)] if found else []


def tick_labels(numbers: Sequence[float]) -> list[str]:
    """The numbers of one axis with equally many decimals, as few as tell them apart."""
    numbers = [number if abs(number) >= LEAST else 0.0 for number in numbers]
    largest = max((abs(number) for number in numbers), default=0.0)
    step = min((after - before for before, after in pairwise(numbers)), default=0.0) or largest
    if largest >= 1e9 or (0 < largest < 1e-3 and step < 1e-5):
        power = math.floor(math.log10(largest))
        labels = tick_labels([number / 10.0**power for number in numbers])
        return [f"{label}e{power}" if number else "0" for number, label in zip(numbers, labels, strict=True)]
    decimals = next((places for places in range(_DECIMALS) if all(_has(number, places, step) for number in numbers)), _DECIMALS)
    return [_minus(f"{number:,.{decimals}f}") for number in numbers]


def log_labels(numbers: Sequence[float]) -> list[str]:
    """The numbers of a logarithmic axis, each as short as it can be."""
    return [
        f"{number:g}" if 1e-4 <= number < 1e6 else f"{number:.0e}".replace("e-0", "e-").replace("e+0", "e")
        for number in numbers
    ]


def left_margin(labels: Sequence[str]) -> float:
    """Room for the numbers of a vertical axis, at least 9 mm so that the pictures of a report stand flush."""
    return max([26.0, *(text_width(label) + _GAP + 1 for label in labels)])


def vertical_axis(panel: Panel, numbers: Sequence[float], labels: Sequence[str]) -> None:
    """Light lines at `numbers`, their labels left of the panel."""
    heights = [panel.up(number) for number in numbers]
    panel.canvas.rules([((panel.box.left, y), (panel.box.right, y)) for y in heights], Pen())
    for y, label in zip(heights, labels, strict=True):
        panel.canvas.text(panel.box.left - _GAP, y - 0.36 * REMARK.size, label, ha="right")


def horizontal_axis(panel: Panel, numbers: Sequence[float], labels: Sequence[str], name: str) -> None:
    """The line below the panel with its numbers, those that do not touch; `name` stands right of it, below the lines' names."""
    canvas, box = panel.canvas, panel.box
    places = [panel.across(number) for number in numbers]
    marks = [((x, box.bottom), (x, box.bottom - 2.2)) for x in places]
    canvas.rules([((box.left, box.bottom), (box.right, box.bottom)), *marks], _AXIS, layer=FRONT)
    baseline = box.bottom - _GAP - 0.76 * REMARK.size
    free = -math.inf
    for x, label in zip(places, labels, strict=True):
        half = text_width(label) / 2
        if x - half >= free + 2:
            canvas.text(x, baseline, label, ha="center")
            free = x + half
    canvas.text(max(free, box.right) + _GAP + 1, baseline, name)


def epoch_axis(panel: Panel) -> None:
    """The axis of recorded epochs."""
    numbers = [number for number in ticks(panel.x, 9, whole=True) if number >= 0 and number == int(number)]
    horizontal_axis(panel, numbers, tick_labels(numbers), "epoch")


def upright_grid(panel: Panel, numbers: Sequence[float]) -> None:
    """Light upright lines at `numbers` of the horizontal axis."""
    places = [panel.across(number) for number in numbers]
    panel.canvas.rules([((x, panel.box.bottom), (x, panel.box.top)) for x in places], Pen())


def short_counts(numbers: Sequence[float]) -> list[str]:
    """Counts of one axis in the unit that reads best: 500, 12.5 k, 63.80 M."""
    largest = max((abs(number) for number in numbers), default=0.0)
    if largest >= _LARGEST_COUNT:
        return tick_labels(numbers)
    size, unit = next(((size, unit) for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")) if largest >= size), (1.0, ""))
    size = 1e3 if unit == "k" else size
    labels = tick_labels([number / size for number in numbers])
    return [f"{label}{NBSP}{unit}" if unit and number else label for number, label in zip(numbers, labels, strict=True)]


def _has(number: float, places: int, step: float) -> bool:
    return abs(number - round(number, places)) <= 1e-3 * step


def _minus(label: str) -> str:
    return label.replace("-", "\u2212", 1) if label.startswith("-") else label

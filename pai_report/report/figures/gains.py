"""Gain per dendrite set against the noise of this run."""

from pai_report.advice.phrases import points
from pai_report.advice.words import metric_change, minimizing
from pai_report.analysis.model import Analysis, Architecture, Change
from pai_report.report.document import Figure, Table, Text
from pai_report.report.figures.axis import FOOT, horizontal_axis, tick_labels, ticks, upright_grid
from pai_report.report.figures.canvas import Canvas, drawn, text_width
from pai_report.report.figures.layout import Box
from pai_report.report.figures.palette import ACCENT, INK, LABEL, MM, PAPER, REMARK, SECONDARY, WASH_DEEP, WIDTH, Pen
from pai_report.report.figures.panel import Panel, panel_on
from pai_report.report.figures.scale import Limits
from pai_report.report.figures.words import cell, finished, ordinal, plain, shown, shown_change, table
from pai_report.report.rows import bare
from pai_report.report.text import NBSP, difference_text, text
from pai_report.values import value

_HEAD = 13.0
_ROWS = 24  # sets that are drawn
_HIGHEST_ROW = 19.0  # points
_TOGETHER = "together"
_VISIBLE = 0.002  # of the longest bar: a shorter one shows nothing but its outline
_FARTHEST_LOSS = 1.2  # times the largest gain, noise floor or test change: a longer bar to the left is cut


@value
class _Row:
    """One bar. Scores differ by `gain`; `floor` is the smallest gain that would stand out of the noise."""

    name: str
    gain: Change
    floor: float | None
    test: Change | None
    outcome: str
    reference: float | None  # a score of the run, whose decimals the differences take


@drawn
def gains(analysis: Analysis) -> Figure | None:
    """Gain per dendrite set, the noise floor behind it, test changes beside it (I3.2, D4, D9); None where all are 0."""
    rows = _rows(analysis)
    if not any(_lengths(rows)):
        return None
    canvas = _draw(analysis, rows if len(rows) <= _ROWS else (*rows[: _ROWS - 1], rows[-1]))
    alt = _alt(analysis, rows)
    svg = canvas.svg("gains", alt)
    return Figure(id="gains", alt=alt, caption=text(_caption(rows)), svg=svg, table=_table(analysis, rows))


def _rows(analysis: Analysis) -> tuple[_Row, ...]:
    best = analysis.gains
    kept = [(_name(row), row.gain, row.test, str(row.outcome)) for row in best.architectures if row.gain]
    if len(kept) > 1 and best.gain and (best.best_sets or 0) > 1:
        kept.append((f"sets 1\u2013{best.best_sets} {_TOGETHER}", best.gain, best.test, "kept"))
    return tuple(
        _Row(
            name=name,
            gain=gain,
            floor=test.floor if test else None,
            test=test.test_change if test else None,
            outcome=outcome,
            reference=best.baseline,
        )
        for name, gain, test, outcome in kept
    )


def _name(row: Architecture) -> str:
    if row.outcome == "rejected":
        tries = f", {shown(row.tries, 'count', noun='try|tries')}" if row.tries else ""
        return f"{ordinal(row.sets)} set, rejected{tries}"
    return f"{ordinal(row.sets)} set" + (", unproven" if row.outcome == "unproven" else "")


def _draw(analysis: Analysis, rows: tuple[_Row, ...]) -> Canvas:
    pitch = max(9.5, min(_HIGHEST_ROW, 230 / len(rows)))
    canvas = Canvas((_HEAD + FOOT + pitch * len(rows)) / MM)
    left = max(text_width(row.name, LABEL) for row in rows) + 8
    right = max(text_width(_unit(analysis)) + 24, *(text_width(_said(analysis, row), LABEL) + 12 for row in rows))
    box = Box(left=left, bottom=FOOT, right=WIDTH - right, top=canvas.height - _HEAD)
    panel = panel_on(canvas, box, _limits(analysis, rows), (len(rows) - 0.5, -0.5))
    numbers = ticks(panel.x, 6)
    upright_grid(panel, numbers)
    horizontal_axis(panel, numbers, tick_labels(numbers), _unit(analysis))
    for place, row in enumerate(rows):
        _draw_row(analysis, panel, row, place)
    if rows[-1].name.endswith(_TOGETHER):
        middle = panel.up(len(rows) - 1.5)
        canvas.rules([((0, middle), (WIDTH, middle))], Pen())
    zero = panel.across(0)
    canvas.rules([((zero, box.bottom), (zero, box.top))], Pen(colour=SECONDARY, width=0.6))
    _name_floor(analysis, panel, rows)
    return canvas


def _draw_row(analysis: Analysis, panel: Panel, row: _Row, place: int) -> None:
    canvas, box, middle = panel.canvas, panel.box, panel.up(place)
    half = min(4.6, 0.4 * (middle - panel.up(place + 1)))
    zero, end = panel.across(0), panel.across(_scaled(analysis, row.gain.absolute))
    if row.floor is not None:
        floor = panel.across(_scaled(analysis, row.floor))
        canvas.fill(Box(left=zero, bottom=middle - half, right=floor, top=middle + half), WASH_DEEP, layer=-1)
        canvas.rules([((floor, middle - half), (floor, middle + half))], Pen(colour=SECONDARY, width=0.9), layer=-0.5)
    bar = Box(left=max(min(zero, end), box.left), bottom=middle - half / 2, right=max(zero, end), top=middle + half / 2)
    canvas.fill(bar, ACCENT if row.outcome == "kept" else PAPER, outline=ACCENT, layer=-0.5)
    if end < box.left - 0.5:
        panel.mark([panel.x[0]], [place], "<", 6.5, color=ACCENT, markeredgewidth=0)
    if row.test is not None:
        x = _scaled(analysis, row.test.absolute)
        panel.mark([x], [place], "D", 3.4, color=INK, markeredgewidth=0)
    baseline = middle - 0.36 * LABEL.size
    canvas.text(box.left - 8, baseline, row.name, LABEL, "right")
    canvas.text(box.right + 8, baseline, _said(analysis, row), LABEL)


def _name_floor(analysis: Analysis, panel: Panel, rows: tuple[_Row, ...]) -> None:
    floor = rows[0].floor
    if floor:
        x = panel.across(_scaled(analysis, floor))
        words = "noise"
        x = min(max(x, panel.box.left + text_width(words) / 2), panel.box.right - text_width(words) / 2)
        panel.canvas.text(x, panel.box.top + 3, words, REMARK, "center")


def _lengths(rows: tuple[_Row, ...]) -> list[float]:
    """How far bars, noise and test changes reach from 0, the latter two where they are known."""
    tests = [row.test.absolute for row in rows if row.test]
    return [*(row.gain.absolute for row in rows), *tests, *(row.floor for row in rows if row.floor is not None)]


def _limits(analysis: Analysis, rows: tuple[_Row, ...]) -> Limits:
    held = _lengths(rows)
    low, high = (_scaled(analysis, number) for number in (min(0.0, *held), max(0.0, *held)))
    low = max(low, -_FARTHEST_LOSS * high) if high > 0 else low
    room = (high - low) * 0.04 or 1.0
    return (low - room if low < 0 else 0.0), high + room


def _has_cut_bar(rows: tuple[_Row, ...]) -> bool:
    """Whether some loss is so large that, drawn to scale, it would hide what the others did."""
    farthest = _lengths(rows)
    return 0 < max(farthest) * _FARTHEST_LOSS < -min(farthest)


def _scaled(analysis: Analysis, gain: float) -> float:
    return gain * (analysis.identity.points_per_unit or 1.0)


def _unit(analysis: Analysis) -> str:
    return "points" if analysis.identity.points_per_unit else "improvement"


def _said(analysis: Analysis, row: _Row) -> str:
    """The changes of a row in the metric's own sign; the bar itself goes to the right where they are better."""
    samples = row.gain.samples
    parts = [shown_change(metric_change(analysis, row.gain), row.reference)]
    if samples is not None:
        parts[0] += f", {shown(abs(round(samples)), 'count', noun='sample')}"
    if row.test is not None:
        parts.append(f"test{NBSP}{shown_change(metric_change(analysis, row.test), row.reference)}")
    return " \u00b7 ".join(parts)


def _caption(rows: tuple[_Row, ...]) -> str:
    kept = [row for row in rows if row.outcome == "kept" and not row.name.endswith(_TOGETHER)]
    above = sum(row.floor is not None and row.gain.absolute > row.floor for row in kept)
    words = ["gain of each dendrite set over the best network before it"]
    if kept and any(row.floor is not None for row in kept):
        words = [_how_many(above, len(kept))]
    words.append(_bar_words(rows))
    if any(row.floor is not None for row in rows):
        words.append("grey reaches to the smallest gain that would stand out of the noise")
    if any(row.test is not None for row in rows):
        words.append("diamonds: the change of the test score, which selected nothing")
    if _has_cut_bar(rows):
        words.append("an arrow: the bar goes on to the value named")
    if len(rows) > _ROWS:
        words.append(f"the first {_ROWS - 1} and the last of {len(rows)} rows are drawn")
    return finished(words)


def _bar_words(rows: tuple[_Row, ...]) -> str:
    """What filled and hollow bars mean, of those that are long enough to be seen."""
    least = _VISIBLE * max(map(abs, _lengths(rows)))
    seen = {row.outcome for row in rows if abs(row.gain.absolute) > least}
    hollow = " or ".join(outcome for outcome in ("rejected", "unproven") if outcome in seen)
    marks = ["filled bars: kept sets"] if "kept" in seen else []
    return "; ".join([*marks, f"hollow bars: {hollow} sets"] if hollow else marks)


def _how_many(above: int, kept: int) -> str:
    """What the picture shows: how many of the `kept` sets stand out of the noise."""
    if kept == 1:
        return f"the one set kept gained {'more' if above else 'no more'} than this run's noise"
    return f"{above or 'none'} of the {kept} sets kept gained more than this run's noise"


def _alt(analysis: Analysis, rows: tuple[_Row, ...]) -> str:
    parts = [f"{row.name} {_said(analysis, row)}{_noise(analysis, row)}" for row in rows[:_ROWS]]
    return plain(f"Bar chart of the gain of each dendrite set: {'; '.join(parts)}.")


def _noise(analysis: Analysis, row: _Row) -> str:
    """The noise floor of `row` in words, in the unit of its gain."""
    if row.floor is None:
        return ""
    bounded = analysis.identity.points_per_unit is not None
    floor = difference_text(row.floor, row.reference, signed=False)
    return f", noise up to {shown(_scaled(analysis, row.floor), 'points') if bounded else floor}"


def _table(analysis: Analysis, rows: tuple[_Row, ...]) -> Table:
    """The numbers of the bars, all differences of scores in one unit."""
    counted = any(row.gain.samples is not None for row in rows)
    held = [
        (
            text(row.name),
            _difference(analysis, row, metric_change(analysis, row.gain).absolute),
            *((cell(metric_change(analysis, row.gain).samples, "count", signed=True),) if counted else ()),
            _difference(analysis, row, row.floor, signed=False),
            _difference(analysis, row, metric_change(analysis, row.test).absolute if row.test else None),
        )
        for row in rows
    ]
    unit = ", points" if analysis.identity.points_per_unit is not None else ""
    titles = ("Dendrite set", f"Change{unit}", *(("Samples",) if counted else ()), f"Noise floor{unit}", f"Test change{unit}")
    return table(
        "gains",
        f"Change of the score per dendrite set; {'lower' if minimizing(analysis) else 'higher'} is better",
        titles,
        held,
    )


def _difference(analysis: Analysis, row: _Row, difference: float | None, *, signed: bool = True) -> Text:
    """A difference of scores as a table cell: in points where the score has them."""
    if difference is None:
        return ()
    if analysis.identity.points_per_unit is not None:
        return bare(points(_scaled(analysis, difference), signed=signed))
    return text(difference_text(difference, row.reference, signed=signed))

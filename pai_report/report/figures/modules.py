"""Correlation scores of the perforated modules, ranked."""

from pai_report.analysis.model import Analysis, Module
from pai_report.limits import Limits
from pai_report.report.document import Figure, Table
from pai_report.report.figures.axis import FOOT, horizontal_axis, log_labels, log_ticks, tick_labels, ticks, upright_grid
from pai_report.report.figures.canvas import Canvas, drawn, text_width
from pai_report.report.figures.layout import Box
from pai_report.report.figures.palette import ACCENT, FINE, LABEL, MM, PAPER, REMARK, SECONDARY, WIDTH, Pen
from pai_report.report.figures.panel import Panel, panel_on
from pai_report.report.figures.scale import sound_log
from pai_report.report.figures.words import cell, finished, plain, shown, table
from pai_report.report.text import named, text
from pai_report.values import value

_ENDS = 15  # modules shown from each end of a long ranking
_PITCH = 11.0  # points
_HEAD = 13.0
_NAME = 44  # characters of a module's name in the picture
_RIGHT = 60.0


@value
class _Row:
    """A module on the picture, or the gap between the best and the last."""

    module: Module | None
    left_out: int = 0


@drawn
def modules(analysis: Analysis, limits: Limits) -> Figure | None:
    """Score per module with its range over the sets, and the limits of the tiers (A25, O3, D12); None without PB scores."""
    held = analysis.modules
    scored = [module for module in held.modules if module.score is not None] if held and held.scored else []
    if not scored:
        return None
    ranked = sorted(scored, key=lambda module: (-(module.score or 0.0), module.position))
    alt = _alt(ranked)
    svg = _draw(_rows(ranked), limits).svg("modules", alt)
    return Figure(id="modules", alt=alt, caption=text(_caption(ranked)), svg=svg, table=_table(ranked))


def _rows(ranked: list[Module]) -> list[_Row]:
    rows = [_Row(module=module) for module in ranked]
    if len(rows) <= 2 * _ENDS:
        return rows
    return [*rows[:_ENDS], _Row(module=None, left_out=len(rows) - 2 * _ENDS), *rows[-_ENDS:]]


def _draw(rows: list[_Row], limits: Limits) -> Canvas:
    canvas = Canvas((_HEAD + FOOT + _PITCH * len(rows)) / MM)
    shown_modules = [row.module for row in rows if row.module]
    left = max(text_width(_short(module.name), LABEL) for module in shown_modules) + 10
    box = Box(left=left, bottom=FOOT, right=WIDTH - _RIGHT, top=canvas.height - _HEAD)
    held = [number for module in shown_modules for number in (module.score, module.lowest, module.highest)]
    numbers = [number for number in held if number is not None]
    lines = (limits.pb_not_learning, limits.pb_low, limits.pb_good)
    panel = _panel(canvas, box, [*numbers, *lines], len(rows))
    for place, row in enumerate(rows):
        _draw_row(panel, row, place)
    _draw_tiers(panel, lines)
    return canvas


def _panel(canvas: Canvas, box: Box, numbers: list[float], count: int) -> Panel:
    positive = [number for number in numbers if number > 0]
    log = min(numbers) > 0 and max(positive) > 10 * min(positive)
    low, high = sound_log(min(positive) / 2, max(positive) * 1.5) if log else (min(0.0, *numbers), max(numbers) * 1.05)
    panel = panel_on(canvas, box, (low, high), (count - 0.5, -0.5), log="x" if log else "")
    places = log_ticks((low, high), 6) if log else ticks((low, high), 6)
    upright_grid(panel, places)
    horizontal_axis(panel, places, log_labels(places) if log else tick_labels(places), "correlation")
    return panel


def _draw_row(panel: Panel, row: _Row, place: int) -> None:
    canvas, box, middle = panel.canvas, panel.box, panel.up(place)
    baseline = middle - 0.36 * LABEL.size
    module = row.module
    if module is None or module.score is None:
        canvas.text(box.left - 8, baseline, f"{row.left_out} more in between", REMARK, "right")
        return
    canvas.text(box.left - 8, baseline, _short(module.name), LABEL, "right")
    canvas.text(box.right + 8, baseline, shown(module.score, "correlation"), LABEL)
    if module.lowest is not None and module.highest is not None and module.lowest < module.highest:
        panel.plot([module.lowest, module.highest], [place, place], color=ACCENT, linewidth=1.0)
    weak = module.tier in {"not-learning", "low"}
    style = {"markerfacecolor": PAPER if weak else ACCENT, "markeredgecolor": ACCENT, "markeredgewidth": 1.1}
    panel.mark([module.score], [place], "o", 4.6, layer=3, **style)


def _draw_tiers(panel: Panel, lines: tuple[float, float, float]) -> None:
    places = [panel.across(line) for line in lines]
    pen = Pen(colour=SECONDARY, width=0.7, dash=FINE)
    panel.canvas.rules([((x, panel.box.bottom), (x, panel.box.top)) for x in places], pen)
    edges = [panel.box.left, *places, panel.box.right]
    for left, right, name in zip(edges, edges[1:], ("not learning", "low", "marginal", "good"), strict=False):
        if text_width(name) <= right - left - 3:
            panel.canvas.text((left + right) / 2, panel.box.top + 4, name, ha="center")


def _short(name: str) -> str:
    half = _NAME // 2
    return name if len(name) <= _NAME else f"{name[: half - 1]}\u2026{name[-half:]}"


def _caption(ranked: list[Module]) -> str:
    weak = sum(module.tier in {"not-learning", "low"} for module in ranked)
    every = shown(len(ranked), "count", noun="scored module")
    words = [f"low or not learning: {shown(weak, 'count') if weak else 'none'} of {every}"]
    words.append("dots: median over the dendrite sets, hollow where low; lines: from the lowest to the highest set")
    if len(ranked) > 2 * _ENDS:
        words.append(f"the {_ENDS} highest and the {_ENDS} lowest are shown")
    return finished(words)


def _alt(ranked: list[Module]) -> str:
    ends = f"highest {ranked[0].name} {shown(ranked[0].score, 'correlation')}"
    if len(ranked) > 1:
        ends += f", lowest {ranked[-1].name} {shown(ranked[-1].score, 'correlation')}"
    return plain(f"Correlation scores of {shown(len(ranked), 'count', noun='module')}: {ends}.")


def _table(ranked: list[Module]) -> Table:
    rows = [
        (
            named(module.name),
            cell(module.score, "correlation"),
            cell(module.lowest, "correlation"),
            cell(module.highest, "correlation"),
            text((module.tier or "").replace("-", " ")),
        )
        for module in ranked
    ]
    titles = ("Module", "Median", "Lowest", "Highest", "Tier")
    return table("modules", "Correlation score per module, over the dendrite sets", titles, rows)

"""Where the trained epochs went: one bar."""

from typing import Literal

from pai_report.analysis.model import Analysis
from pai_report.report.document import Figure
from pai_report.report.figures.canvas import Canvas, drawn, text_width
from pai_report.report.figures.layout import Box, spread
from pai_report.report.figures.palette import (
    ACCENT,
    ACCENT_FAINT,
    INK,
    MM,
    PAPER,
    REMARK,
    SECONDARY,
    SECONDARY_FAINT,
    WIDTH,
    Lettering,
    Pen,
)
from pai_report.report.figures.words import cell, finished, plain, shown, table
from pai_report.report.text import text
from pai_report.values import value

_Part = Literal["committed", "patience", "lr_search", "rejected"]
_NUMBER = Lettering(size=9, colour=INK, bold=True)
_BAR = 12.0  # points
_LINE = 10.0  # points from label line to label line


@value
class _Look:
    """How a part of the budget is called and filled."""

    name: str
    fill: str
    outline: str | None = None


_LOOKS: dict[_Part, _Look] = {
    "committed": _Look(name="kept in the run", fill=ACCENT),
    "patience": _Look(name="waiting for a plateau", fill=ACCENT_FAINT),
    "lr_search": _Look(name="learning-rate search", fill=SECONDARY_FAINT),
    "rejected": _Look(name="rejected dendrite sets", fill=PAPER, outline=SECONDARY),
}


@value
class _Share:
    """One part of the budget: epochs, and seconds where they are known."""

    look: _Look
    epochs: int
    seconds: float | None


@drawn
def budget(analysis: Analysis) -> Figure | None:
    """Epochs trained, split by what became of them (D15, I1.2); None where that is unknown or all were kept."""
    shares = _shares(analysis)
    if len(shares) < 2:
        return None
    alt = plain(f"{shown(_total(shares), 'count', noun='epoch')} trained: {'; '.join(_said(share) for share in shares)}.")
    total = _total(shares)
    rows = [
        (
            text(share.look.name),
            cell(share.epochs, "count"),
            cell(share.epochs / total, "percent"),
            cell(share.seconds, "seconds"),
        )
        for share in shares
    ]
    held = table("budget", "Epochs trained and what became of them", ("Part", "Epochs", "Share", "Time"), rows)
    return Figure(id="budget", alt=alt, caption=text(_caption(shares)), svg=_draw(shares).svg("budget", alt), table=held)


def _shares(analysis: Analysis) -> tuple[_Share, ...]:
    held = analysis.lifecycle.budget
    seconds = dict(held.seconds or ())
    parts: dict[_Part, int | None] = {
        "committed": held.committed, "patience": held.patience, "lr_search": held.lr_search, "rejected": held.rejected,
    }  # fmt: skip
    found = [(part, epochs) for part, epochs in parts.items() if epochs]
    return tuple(_Share(look=_LOOKS[part], epochs=epochs, seconds=seconds.get(part)) for part, epochs in found)


def _draw(shares: tuple[_Share, ...]) -> Canvas:
    lines = max(len(_lines(share)) for share in shares)
    canvas = Canvas((_BAR + 15 + _LINE * lines) / MM)
    top = canvas.height - 1
    widths = [WIDTH * share.epochs / _total(shares) for share in shares]
    lefts = [sum(widths[:place]) for place in range(len(widths))]
    rooms = [max(text_width(line, style) for line, style in _lines(share)) + 10 for share in shares]
    middles = spread([left + room / 2 for left, room in zip(lefts, rooms, strict=True)], rooms, 0, WIDTH + 10)
    for share, left, width, middle, room in zip(shares, lefts, widths, middles, rooms, strict=True):
        box = Box(left=left + 0.6, bottom=top - _BAR, right=max(left + width - 0.6, left + 1.2), top=top)
        canvas.fill(box, share.look.fill, outline=share.look.outline)
        _label(canvas, share, middle - room / 2, box)
    return canvas


def _label(canvas: Canvas, share: _Share, x: float, bar: Box) -> None:
    from_x = min(max(x + 1, bar.left), bar.right - 0.6) + 0.3
    leader = [(from_x, bar.bottom), (from_x, bar.bottom - 4), (x + 0.6, bar.bottom - 6), (x + 0.6, bar.bottom - 9)]
    canvas.rules([leader], Pen(colour=SECONDARY_FAINT))
    baseline = bar.bottom - 18
    for line, style in _lines(share):
        canvas.text(x, baseline, line, style)
        baseline -= _LINE


def _lines(share: _Share) -> list[tuple[str, Lettering]]:
    lines = [(shown(share.epochs, "count"), _NUMBER), (share.look.name, REMARK)]
    return [*lines, (shown(share.seconds, "seconds"), REMARK)] if share.seconds is not None else lines


def _total(shares: tuple[_Share, ...]) -> int:
    return sum(share.epochs for share in shares)


def _said(share: _Share) -> str:
    seconds = f" ({shown(share.seconds, 'seconds')})" if share.seconds is not None else ""
    return f"{shown(share.epochs, 'count')} {share.look.name}{seconds}"


def _caption(shares: tuple[_Share, ...]) -> str:
    total = _total(shares)
    avoidable = {_LOOKS["lr_search"], _LOOKS["rejected"]}
    spent = sum(share.epochs for share in shares if share.look in avoidable)
    words = [f"{shown(total, 'count', noun='epoch')} were trained"]
    if spent:
        words = [f"{words[0]}, {shown(spent / total, 'percent')} of them in learning-rate search and rejected dendrite sets"]
    return finished([*words, "epochs spent waiting for a plateau are needed to find it; they are rolled back"])

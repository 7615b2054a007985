"""A small line drawing for documents made by hand: it stands in for the report's own figures."""

from collections.abc import Sequence
from itertools import pairwise

WIDTH, HEIGHT = 482.0, 176.0  # points: the 170 mm between the margins of A4, 62 mm high
LEFT, RIGHT, TOP, BOTTOM = 30.0, 420.0, 16.0, 144.0


def drawing(
    name: str,
    lines: Sequence[tuple[str, str, Sequence[float]]],
    low: float,
    high: float,
    bands: Sequence[tuple[float, str]] = (),
) -> str:
    """An SVG of labelled lines (label, colour, one value per epoch) between `low` and `high`; `bands` start at an epoch."""
    last = max(len(values) for _, _, values in lines) - 1

    def x(epoch: float) -> float:
        return LEFT + (RIGHT - LEFT) * epoch / last

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)

    frame = f'x="{LEFT}" y="{TOP}" width="{RIGHT - LEFT}" height="{BOTTOM - TOP}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}pt" height="{HEIGHT}pt" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'<defs><clipPath id="{name}-clip"><rect {frame}/></clipPath></defs>',
    ]
    edges = [*bands, (float(last), "")]
    for (start, label), (stop, _) in pairwise(edges):
        wash = "#f3f5f7" if bands.index((start, label)) % 2 else "none"
        parts.append(
            f'<rect x="{x(start):.2f}" y="{TOP}" width="{x(stop) - x(start):.2f}" height="{BOTTOM - TOP}" fill="{wash}"/>'
        )
        parts.append(_label(x((start + stop) / 2), TOP - 5, label, "#5b616b", "middle"))
    for step in range(5):
        value = low + (high - low) * step / 4
        parts.append(f'<path d="M{LEFT} {y(value):.2f}H{RIGHT}" stroke="#d5d9de" stroke-width="0.6"/>')
        parts.append(_label(LEFT - 5, y(value) + 2.5, f"{value:g}", "#5b616b", "end"))
    for label, colour, values in lines:
        path = "L".join(f"{x(epoch):.2f} {y(value):.2f}" for epoch, value in enumerate(values))
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.4" clip-path="url(#{name}-clip)"/>')
        parts.append(_label(RIGHT + 5, y(values[-1]) + 2.5, label, colour, "start"))
    parts.append(_label((LEFT + RIGHT) / 2, HEIGHT - 8, "epoch", "#5b616b", "middle"))
    return "".join([*parts, "</svg>"])


def _label(x: float, y: float, text: str, colour: str, anchor: str) -> str:
    font = "font-family:'DejaVu Sans',sans-serif;font-size:7px"
    return f'<text x="{x:.2f}" y="{y:.2f}" fill="{colour}" text-anchor="{anchor}" style="{font}">{text}</text>'

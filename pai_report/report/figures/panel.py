"""A region of a canvas with data coordinates: lines, marks and areas in numbers of the run."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pai_report.report.figures.canvas import Canvas, Place
from pai_report.report.figures.layout import Box
from pai_report.report.figures.scale import LEAST, Limits, near, sound
from pai_report.report.isolation import isolated
from pai_report.values import value

with isolated():
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon

_LAYERS = 100.0  # layers inside of a panel between two layers of the canvas


def panel_on(  # noqa: PLR0913 one keyword per property of a panel
    canvas: Canvas, box: Box, x: Limits, y: Limits, *, log: Literal["", "x", "y"] = "", layer: float = 0.0
) -> "Panel":
    """A panel over `box` that shows the data limits `x` and `y`, widened where they coincide."""
    if min(box.width, box.height) <= 0:
        raise ValueError("the labels leave no room for the panel")
    return Panel(canvas=canvas, box=box, x=x if log == "x" else sound(x), y=y if log == "y" else sound(y), log=log, layer=layer)


@value
class Panel:
    """A region of a canvas with data coordinates: the data limits `x` and `y` over `box`, `log` names a logarithmic axis.

    A panel of matplotlib's own takes as long as everything that is drawn in it.
    """

    canvas: Canvas
    box: Box
    x: Limits
    y: Limits
    log: Literal["", "x", "y"] = ""
    layer: float = 0.0

    def points(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Places in data coordinates as points of the canvas, shape (n, 2)."""
        across = _shares(np.asarray(x, dtype=float), self.x, log=self.log == "x")
        up = _shares(np.asarray(y, dtype=float), self.y, log=self.log == "y")
        return np.column_stack([self.box.left + self.box.width * across, self.box.bottom + self.box.height * up])

    def plot(self, x: ArrayLike, y: ArrayLike, *, layer: float = 2.0, clip: bool = True, **style: Any) -> None:
        """A line or marks through places in data coordinates, in matplotlib's words; `clip` cuts what leaves the panel."""
        places = self.points(x, y)
        line = Line2D(places[:, 0], places[:, 1], **style)
        self.canvas.add(line, self.layer + layer / _LAYERS, self.box if clip else None)

    def mark(self, x: ArrayLike, y: ArrayLike, marker: str, size: float, *, layer: float = 2.0, **style: Any) -> None:
        """Marks at places in data coordinates, also on the edge of the panel."""
        self.plot(x, y, layer=layer, clip=False, linestyle="none", marker=marker, markersize=size, **style)

    def shade(self, x: ArrayLike, one: ArrayLike, other: ArrayLike, colour: str, *, layer: float = 1.0) -> None:
        """The area between two lines, where both are known."""
        there, back = self.points(x, one), self.points(x, other)
        known = np.isfinite(there).all(axis=1) & np.isfinite(back).all(axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False]))))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            area = Polygon(np.vstack([there[first:end], back[first:end][::-1]]), facecolor=colour, linewidth=0)
            self.canvas.add(area, self.layer + layer / _LAYERS, self.box)

    def at(self, x: float, y: float) -> Place:
        """A place in data coordinates as points of the canvas."""
        across, up = self.points([x], [y])[0]
        return float(across), float(up)

    def near(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """`values` of the upright axis for a line, none of them a million pages off the picture."""
        return near(values, self.y)

    def across(self, x: float) -> float:
        """Points from the left of the canvas to `x` in data coordinates."""
        return self.at(x, self.y[0])[0]

    def up(self, y: float) -> float:
        """Points from the bottom of the canvas to `y` in data coordinates."""
        return self.at(self.x[0], y)[1]


def _shares(values: NDArray[np.float64], limits: Limits, *, log: bool) -> NDArray[np.float64]:
    """Where `values` lie between the limits: 0 at the first, 1 at the second."""
    low, high = (math.log10(limit) for limit in limits) if log else limits
    return ((np.log10(np.maximum(values, LEAST)) if log else values) - low) / (high - low)

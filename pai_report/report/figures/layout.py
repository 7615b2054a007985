"""Where labels go: around points, at the ends of lines, never on top of what is drawn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pai_report.values import value

LABEL_HITS = 1000  # covering another label is as bad as covering this many points of lines
_LATER = 0.12  # points of lines that a candidate may cover more than the next one

Points = NDArray[np.float64]  # shape (n, 2), points on the canvas


@value
class Box:
    """A rectangle on the canvas, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in points."""
        return self.top - self.bottom

    def grown(self, margin: float) -> "Box":
        """The box with `margin` on every side."""
        return Box(left=self.left - margin, bottom=self.bottom - margin, right=self.right + margin, top=self.top + margin)

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        apart = self.right <= other.left or other.right <= self.left or self.top <= other.bottom or other.top <= self.bottom
        return not apart

    def within(self, other: "Box") -> bool:
        """Whether this box lies inside the other."""
        inside_x = other.left <= self.left and self.right <= other.right
        return inside_x and other.bottom <= self.bottom and self.top <= other.top

    def distance(self, place: tuple[float, float]) -> float:
        """Points from `place` to the nearest side; 0 inside."""
        x, y = place
        return float(np.hypot(max(self.left - x, 0.0, x - self.right), max(self.bottom - y, 0.0, y - self.top)))


class Obstacles:
    """What labels must keep clear of: lines, as points every 2 pt, and boxes."""

    def __init__(self, height: float) -> None:
        """`height` of the canvas in points: what lies above or below it is nobody's obstacle."""
        self._height = height
        self._lines: list[Points] = []
        self._boxes: list[Box] = []

    def add_line(self, points: Points) -> None:
        """A line through `points`; NaN are left out."""
        points = points[np.isfinite(points).all(axis=1)]
        if len(points):
            self._lines.append(_dense(points, self._height))

    def add_box(self, box: Box) -> None:
        """A label or mark."""
        self._boxes.append(box)

    def best(self, candidates: Sequence[Box], within: Box, most: int = LABEL_HITS) -> Box | None:
        """The candidate inside `within` that covers least and comes early, None where each covers `most` points or a label."""
        inside = [box for box in candidates if box.within(within)]
        hits = self._hits(inside)
        cost = np.where(hits < most, hits + _LATER * np.arange(len(inside)), np.inf)
        return inside[int(np.argmin(cost))] if len(cost) and np.isfinite(cost.min()) else None

    def _hits(self, boxes: Sequence[Box]) -> NDArray[np.intp]:
        """How many points of lines lie in each box; another label counts as `LABEL_HITS`."""
        labels = np.array([sum(box.meets(other) for other in self._boxes) for box in boxes], dtype=int) * LABEL_HITS
        if not self._lines or not boxes:
            return labels
        self._lines = [np.concatenate(self._lines)]
        x, y = self._lines[0].T
        left, bottom, right, top = np.array([[box.left, box.bottom, box.right, box.top] for box in boxes]).T[:, :, None]
        covered = (x > left) & (x < right) & (y > bottom) & (y < top)
        return np.asarray(labels + np.count_nonzero(covered, axis=1))


def _dense(points: Points, height: float) -> Points:
    """Points every 2 pt along the line through `points`, of the parts of it between 0 and `height`."""
    if len(points) == 1:
        return points
    starts, steps = points[:-1], np.diff(points, axis=0)
    rise = np.where(steps[:, 1] == 0, 1e-9, steps[:, 1])  # a level line lies on the canvas or far from it
    crossings = np.sort(np.clip(np.column_stack([-starts[:, 1] / rise, (height - starts[:, 1]) / rise]), 0.0, 1.0), axis=1)
    enters, shares = crossings[:, 0], np.diff(crossings, axis=1)[:, 0]
    counts = (np.hypot(*steps.T) * shares / 2).astype(int) + 1
    segment = np.repeat(np.arange(len(starts)), counts)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    along = enters[segment] + shares[segment] * place / counts[segment]
    return np.vstack([starts[segment] + along[:, None] * steps[segment], points[-1:]])


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Positions nearest to `wanted` at which items of `sizes` do not overlap, centred, inside `low`..`high` where they fit.

    Neighbours that would overlap are moved as one group around their common middle (pool adjacent violators).
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[tuple[float, float, list[int]]] = []  # middle, size, members
    for index in order:
        group = (_clamped(wanted[index], sizes[index], low, high), sizes[index], [index])
        while groups and groups[-1][0] + groups[-1][1] / 2 > group[0] - group[1] / 2:
            group = _merged(groups.pop(), group, low, high)
        groups.append(group)
    positions = [0.0] * len(wanted)
    for middle, size, members in groups:
        edge = middle - size / 2
        for index in members:
            positions[index] = edge + sizes[index] / 2
            edge += sizes[index]
    return positions


def _merged(
    left: tuple[float, float, list[int]], right: tuple[float, float, list[int]], low: float, high: float
) -> tuple[float, float, list[int]]:
    size = left[1] + right[1]
    weights = len(left[2]), len(right[2])
    middle = (left[0] * weights[0] + right[0] * weights[1]) / sum(weights)
    return _clamped(middle, size, low, high), size, left[2] + right[2]


def _clamped(middle: float, size: float, low: float, high: float) -> float:
    return max(min(middle, high - size / 2), low + size / 2)

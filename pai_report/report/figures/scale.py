"""Limits of axes that a picture can show, whatever the numbers of a run are."""

import numpy as np
from numpy.typing import NDArray

Limits = tuple[float, float]

LEAST = 1e-290  # numbers nearer to 0 count as 0: below, floats lose their digits and differences their meaning
_RESOLUTION = 1e-9  # of the larger limit: numbers nearer to each other than this share a place
_FARTHEST = 100.0  # heights of a panel: a line that leaves it for more is drawn as leaving for this much


def sound(limits: Limits) -> Limits:
    """`limits`, in their order, as they are; around their middle where they are too near to each other to be told apart."""
    low, high = limits
    size = max(abs(low), abs(high))
    if size < LEAST:
        return (-1.0, 1.0) if low <= high else (1.0, -1.0)
    if abs(high - low) > _RESOLUTION * size:
        return limits
    middle, room = (low + high) / 2, 0.05 * size
    return (middle - room, middle + room) if low <= high else (middle + room, middle - room)


def sound_log(low: float, high: float) -> Limits:
    """Limits of a logarithmic axis over at least a factor of two."""
    low = max(low, LEAST)
    return low, max(high, 2 * low)


def near(values: NDArray[np.float64], limits: Limits) -> NDArray[np.float64]:
    """`values` with those far outside of `limits` moved nearer, so that no place lies a million pages off the picture."""
    low, high = sorted(limits)
    room = _FARTHEST * (high - low)
    return np.clip(values, low - room, high + room)

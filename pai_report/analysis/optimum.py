"""D7: after how many sets the gains are no longer worth having."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from pai_report.limits import Limits
from pai_report.values import value


@value
class Optimum:
    """N* and the tolerance it was judged with; `sets` 0 means that no count is established."""

    sets: int
    tolerance: float


def optimal_count(gains: Sequence[float], floors: Sequence[float], limits: Limits) -> Optimum | None:
    """Smallest count whose network is within tolerance of the best one (one-standard-error rule, Breiman et al. 1984).

    `gains` holds the gain of each set in order. `floors[k]` is the smallest difference worth anything when k sets stand to be
    enough (noise floor, improvement threshold). None without any set.
    """
    if not gains:
        return None
    reached = list(accumulate(gains, initial=0.0))
    share = limits.diminishing * max(0.0, *gains)
    for sets, level in enumerate(reached):
        tolerance = max(share, floors[sets] if sets < len(floors) else 0.0)
        if max(reached) - level <= tolerance:
            return Optimum(sets=sets, tolerance=tolerance)
    raise AssertionError("the best network is within any tolerance of itself")


def course(gains: Sequence[float], sets: int, limits: Limits) -> Literal["diminishing", "equal", "still-gaining"] | None:
    """How the gains developed, given N*; None where no count is established."""
    if sets == 0:
        return None
    if sets < len(gains):
        return "diminishing"
    return "equal" if min(gains) >= limits.equal_gains * max(gains) else "still-gaining"

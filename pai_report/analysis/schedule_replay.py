"""D11: torch's stepwise schedulers, replayed exactly on recorded scores."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pai_report.analysis.model import Scores

LONGEST_PATIENCE = 49
PLATEAU_THRESHOLD = 1e-4  # torch's default, relative
PLATEAU_EPS = 1e-8  # torch's default: a smaller step is not taken
FEWEST_DROPS = 2  # a step schedule shows its spacing from the second drop on
EQUAL_FACTORS = 1e-6  # relative


def step_size(rates: Sequence[float], places: Sequence[int]) -> int | None:
    """Step size of torch's StepLR: the same ratio at every multiple of it, at least twice; None if it is another rule."""
    if len(places) < FEWEST_DROPS or places[0] < 2:
        return None
    size = places[0]
    ratio = rates[size] / rates[size - 1]
    equal = all(math.isclose(rates[place], rates[place - 1] * ratio, rel_tol=EQUAL_FACTORS) for place in places)
    due = range(size, len(rates), size)
    spaced = list(places) == list(due)[: len(places)] and (len(places) == len(due) or rates[-1] == 0)
    return size if equal and ratio < 1 and spaced else None


def plateau_patiences(rates: Sequence[float], places: Sequence[int], series: Scores, sign: int | None) -> tuple[int, ...]:
    """Every patience 0..49 with which torch's ReduceLROnPlateau yields exactly these rates from these scores.

    The waits between improvements do not depend on the patience, so that each patience costs one look at each wait.
    """
    if sign is None or len(series) != len(rates):
        return ()
    factor = rates[places[0]] / rates[places[0] - 1]
    if not 0 < factor < 1 or not _is_repeated(rates, places, factor):
        return ()
    improved = plateau_improvements(series, sign)
    return tuple(p for p in range(LONGEST_PATIENCE + 1) if _replays(list(places), rates, factor, improved, p))


def _is_repeated(rates: Sequence[float], places: Sequence[int], factor: float) -> bool:
    return all(math.isclose(rates[place], rates[place - 1] * factor, rel_tol=EQUAL_FACTORS) for place in places)


def plateau_improvements(series: Scores, sign: int) -> list[int]:
    """Epochs that ReduceLROnPlateau takes as improvements: relative threshold 1e-4; a score that is no number is none."""
    places = []
    best: float | None = None
    for place, score in enumerate(series):
        if score is not None and (best is None or sign * (score - best * (1 + sign * PLATEAU_THRESHOLD)) > 0):
            best = score
            places.append(place)
    return places


def _replays(places: list[int], rates: Sequence[float], factor: float, improved: list[int], patience: int) -> bool:
    rate = rates[0]
    matched = 0
    for drop in _drops(improved, patience, len(rates)):
        if rate - rate * factor <= PLATEAU_EPS:
            break  # torch refuses steps this small, now and ever after
        if matched == len(places) or places[matched] != drop:
            return False
        rate *= factor
        matched += 1
    return matched == len(places)


def _drops(improved: list[int], patience: int, length: int) -> Iterator[int]:
    """First epoch at each lower rate: after every `patience + 1` epochs in a row without improvement."""
    starts = improved if improved and improved[0] == 0 else [-1, *improved]
    for start, end in pairwise([*starts, length]):
        yield from range(start + patience + 2, min(end + 1, length), patience + 1)

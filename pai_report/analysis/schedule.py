"""D11: which learning-rate schedule was it? Found by exact replay of torch's own rules."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pai_report.analysis.learning_rate import SAME, change_places
from pai_report.analysis.model import Schedule, Scores

LONGEST_PATIENCE = 49
PLATEAU_THRESHOLD = 1e-4  # torch's default, relative
PLATEAU_EPS = 1e-8  # torch's default: a smaller step is not taken
FEWEST_DROPS = 2  # a step schedule shows its spacing from the second drop on
SURE_DROPS = 3  # so many equal spacings are no accident of the scores
CURVE_ERROR = 1e-4  # relative
FEWEST_CURVE = 3  # changes in a row that make a curve

UNKNOWN = Schedule(
    kind="unknown",
    factor=None,
    patience=None,
    step_size=None,
    t_max=None,
    eta_min=None,
    candidates=(),
    epochs=None,
    file=None,
)


def identify(series: Scores, rates: Scores, first: int, file: str, sign: int | None) -> Schedule | None:
    """Schedule of one phase from its full score and rate series, which start at epoch `first` of `file`.

    `sign` is +1 when maximising, -1 when minimising, None when that is undecided: then a reduction on a plateau cannot be
    replayed. None for fewer than two recorded rates. A rate that was not recorded makes the kind unknown.
    """
    known = [rate for rate in rates if rate is not None]
    if len(known) < 2:
        return None
    span = (first, first + len(rates) - 1)
    found = replace(UNKNOWN, epochs=span, file=file)
    if len(known) < len(rates) or min(known) < 0:
        return found
    return _of_known(known, series, sign, found)


def _of_known(rates: list[float], series: Scores, sign: int | None, found: Schedule) -> Schedule:
    places = change_places(tuple(rates))
    if not places:
        return replace(found, kind="constant")
    if rates[places[0]] > rates[places[0] - 1]:
        return replace(found, kind="warm-up")
    candidates = plateau_patiences(rates, places, series, sign) if sign is not None else ()
    step = step_size(rates, places)
    factor = rates[places[0]] / rates[places[0] - 1]
    if step is not None and (not candidates or len(places) >= SURE_DROPS):
        return replace(found, kind="step", factor=factor, step_size=step)
    if candidates:
        patience = candidates[0] if len(candidates) == 1 else None
        return replace(found, kind="plateau", factor=factor, patience=patience, candidates=candidates)
    return _curve(rates, places, found)


def _curve(rates: list[float], places: list[int], found: Schedule) -> Schedule:
    if len(places) >= FEWEST_CURVE and places[-1] == len(places):  # every epoch from the first on, then perhaps none
        if _constant_ratio(rates, places):
            return replace(found, kind="exponential", factor=rates[1] / rates[0])
        if _constant_difference(rates, places):
            return replace(found, kind="linear")
        cosine = fit_cosine(rates)
        if cosine is not None:
            return replace(found, kind="cosine", t_max=cosine[0], eta_min=cosine[1])
    if all(rates[place] < rates[place - 1] for place in places) and len(places) < len(rates) / 2:
        return replace(found, kind="step-like", factor=rates[places[0]] / rates[places[0] - 1])
    return found


def step_size(rates: Sequence[float], places: Sequence[int]) -> int | None:
    """Step size of torch's StepLR: the same ratio at every multiple of it, at least twice; None if it is another rule."""
    if len(places) < FEWEST_DROPS or places[0] < 2:
        return None
    size = places[0]
    ratio = rates[size] / rates[size - 1]
    equal = all(math.isclose(rates[place], rates[place - 1] * ratio, rel_tol=1e-6) for place in places)
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
    return all(math.isclose(rates[place], rates[place - 1] * factor, rel_tol=1e-6) for place in places)


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


def _constant_ratio(rates: Sequence[float], places: Sequence[int]) -> bool:
    ratio = rates[1] / rates[0]
    return ratio < 1 and all(math.isclose(rates[p], rates[p - 1] * ratio, rel_tol=CURVE_ERROR) for p in places)


def _constant_difference(rates: Sequence[float], places: Sequence[int]) -> bool:
    step = rates[1] - rates[0]
    return all(math.isclose(rates[p] - rates[p - 1], step, rel_tol=CURVE_ERROR) for p in places)


def fit_cosine(rates: Sequence[float]) -> tuple[int, float] | None:
    """Period T and floor of torch's CosineAnnealingLR: floor + (start - floor)(1 + cos(pi t / T)) / 2.

    For a given T the floor follows from any one epoch, so only whole T are searched, from the curvature of the first epochs.
    """
    if len(rates) < FEWEST_CURVE + 1:
        return None
    for period in _periods(rates):
        floor = _floor(rates, period)
        if floor is not None and _is_cosine(rates, period, floor):
            return period, floor
    return None


def _periods(rates: Sequence[float]) -> list[int]:
    """Whole periods near the one that the first three drops ask for: drop(2t) / drop(t) depends on T alone."""
    half = (len(rates) - 1) // 2
    short, long = rates[0] - rates[half], rates[0] - rates[2 * half]
    if short <= 0:
        return []
    # 1 - cos 2a = 2 (1 - cos a)(1 + cos a): the ratio of both drops is 2 (1 + cos a) with a = pi half / T
    cosine = long / short / 2 - 1
    if not -1 < cosine < 1:
        return []
    estimate = math.pi * half / math.acos(cosine)
    return [round(estimate) + shift for shift in (0, -1, 1, -2, 2) if round(estimate) + shift > 0]


def _floor(rates: Sequence[float], period: int) -> float | None:
    last = min(len(rates) - 1, period)
    weight = (1 + math.cos(math.pi * last / period)) / 2
    floor = (rates[last] - rates[0] * weight) / (1 - weight)
    return 0.0 if abs(floor) < SAME * rates[0] else floor


def _is_cosine(rates: Sequence[float], period: int, floor: float) -> bool:
    return all(
        abs(floor + (rates[0] - floor) * (1 + math.cos(math.pi * t / period)) / 2 - rate) <= CURVE_ERROR * rates[0]
        for t, rate in enumerate(rates)
    )

"""X4 and the flat dendrite phase: does the score move the way the run says it should?"""

import math
from itertools import pairwise
from statistics import median
from typing import Literal

from pai_report.analysis.columns import Sense, sense
from pai_report.analysis.measure import Measure, finite
from pai_report.analysis.model import Architecture, Scores
from pai_report.analysis.plateau import LONGEST_WINDOW
from pai_report.analysis.scale import same_scale
from pai_report.analysis.stability import noise_level
from pai_report.analysis.statistics import mann_kendall
from pai_report.analysis.structure_model import PhaseSeries, Structure
from pai_report.limits import Limits

Finding = Literal["wrong", "hint"]


def wrong_direction(structure: Structure, measure: Measure) -> Finding | None:
    """Whether the score gets worse all through the first phase although the library followed it the other way (X4).

    "wrong" needs best rows that are the extremes of the declared direction and a train column that shows that the network
    learned meanwhile; without such a column it is a "hint". A train column of the same metric that improves speaks for
    overfitting instead. What the column's name says comes first, its scale second.
    """
    base = next((p for p in structure.phases if p.kind == "neuron" and p.sets == 0), None)
    if base is None or not _worsens(measure.goodness(base.series), measure.limits) or not _rows_follow(structure, measure):
        return None
    column = next((name for name, role, _ in structure.track.extras if role == "train"), "")
    if base.train is None:
        return "hint"
    named = sense(column)
    return _by_scale(base.train, base.series, measure) if named is None else _by_name(base.train, base.series, named, measure)


def _by_scale(train: Scores, validation: Scores, measure: Measure) -> Finding | None:
    """Judged by a train column whose name tells no metric: on the same scale it counts as the same one."""
    if not same_scale(train, validation, measure.limits):
        return "hint"
    return "wrong" if _worsens(measure.goodness(train), measure.limits) else None


def _by_name(train: Scores, validation: Scores, named: Sense, measure: Measure) -> Finding | None:
    """Judged by a train column whose name tells which way is better.

    If it does not improve, the network did not learn, and a score that gets worse says nothing. The same metric (by its first
    values, percent or not) with the other sense was handed over the wrong way round; with the declared sense it is
    overfitting. Another metric shows learning only, which is proof where validation follows the curve of learning.
    """
    sign = 1 if named == "higher" else -1
    if not _worsens(tuple(None if level is None else -sign * level for level in train), measure.limits):
        return None
    apart = _apart(train, validation)
    if apart is not None and apart <= 1 + measure.limits.same_metric:
        return "wrong" if sign != measure.sign else None
    other = apart is None or apart > measure.limits.other_metric
    return "wrong" if other and _levels_off(validation) else "hint"


def _apart(train: Scores, validation: Scores) -> float | None:
    """How many times larger one of the first two values is, where one may be a fraction and the other a percentage."""
    first = next(((a, b) for a, b in zip(train, validation, strict=True) if a is not None and b is not None), None)
    if first is None or min(first) <= 0:
        return None
    ratios = (first[0] / first[1], first[0] / first[1] / 100, 100 * first[0] / first[1])
    return min(max(ratio, 1 / ratio) for ratio in ratios)


def _levels_off(scores: Scores) -> bool:
    """Whether most of the way was made in the first half, as in a network that learns from nothing."""
    recorded = finite(scores)
    middle = recorded[len(recorded) // 2]
    return abs(middle - recorded[0]) > abs(recorded[-1] - middle)


def _rows_follow(structure: Structure, measure: Measure) -> bool:
    return all(_is_extreme(a, structure, measure) for a in structure.architectures if a.outcome in {"base", "kept"})


def _is_extreme(network: Architecture, structure: Structure, measure: Measure) -> bool:
    phase = next((p for p in structure.phases if p.kind == "neuron" and p.sets == network.sets), None)
    if phase is None or network.best is None:
        return False
    committed = finite(measure.goodness(phase.series[: phase.last - phase.first + 1]))
    return bool(committed) and math.isclose(measure.sign * network.best, max(committed), rel_tol=1e-9, abs_tol=1e-12)


def _worsens(goodness: Scores, limits: Limits) -> bool:
    """Falling by Mann-Kendall; a long series is thinned evenly to 200 epochs."""
    recorded = finite(goodness)
    stride = max(1, math.ceil(len(recorded) / LONGEST_WINDOW))
    p = mann_kendall([-level for level in recorded[::stride]])
    return p is not None and p < limits.falling_level


def dendrite_phase_broken(phases: tuple[PhaseSeries, ...], measure: Measure) -> bool:
    """Whether validation fell while only dendrites trained, which leaves the network's output alone (D3, PB only).

    The median of the dendrite phase is held against the median of the last epochs of the full neuron phase before it: its
    last epoch alone is the selected best.
    """
    pairs = pairwise(phases)
    return any(_fell(n, p, measure) for n, p in pairs if n.kind == "neuron" and p.kind == "dendrite")


def _fell(neuron: PhaseSeries, dendrite: PhaseSeries, measure: Measure) -> bool:
    goodness, limits = measure.goodness(neuron.series), measure.limits
    before, during = finite(goodness[-limits.neuron_epochs :]), finite(measure.goodness(dendrite.series))
    if not before or not during:
        return False
    loss = median(before) - median(during)
    share = measure.share(loss, median(before))
    beyond_noise = loss > limits.worse_sigmas * (noise_level(goodness, measure) or 0.0)
    return beyond_noise and share is not None and share > limits.worse_share

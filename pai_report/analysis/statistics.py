"""Textbook statistics on short, noisy sequences: pure functions on finite numbers.

Sums are exactly rounded (math.fsum), so that results are equal on every machine.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, takewhile
from statistics import NormalDist, median

NORMAL = NormalDist()

# Scales the median absolute deviation to the standard deviation of normal noise (Hampel 1974).
MAD_TO_SIGMA = 1.4826

# Variance of the largest of m standard normal draws, m = 1..10 (Teichroew 1956, as tabled in D9).
VARIANCE_OF_MAXIMUM = (1.0, 0.6817, 0.5595, 0.4917, 0.4475, 0.4159, 0.3919, 0.3729, 0.3574, 0.3443)

HIGHEST_AUTOCORRELATION = 0.9
NEGLIGIBLE = 1e-9


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean of at least one number, from an exactly rounded sum."""
    return math.fsum(values) / len(values)


def squared_deviations(values: Sequence[float]) -> float:
    """Sum of squared deviations from the mean."""
    center = mean(values)
    return math.fsum((value - center) ** 2 for value in values)


def deviation(values: Sequence[float]) -> float | None:
    """Sample standard deviation (n - 1); None for fewer than two numbers."""
    if len(values) < 2:
        return None
    return math.sqrt(squared_deviations(values) / (len(values) - 1))


def mann_kendall(values: Sequence[float]) -> float | None:
    """One-sided p of an increasing trend; None for fewer than three numbers.

    Normal approximation with correction for ties and continuity (Mann 1945; Kendall 1975). Quadratic in the number of
    values: callers pass windows.
    """
    n = len(values)
    if n < 3:
        return None
    rises = sum((later > earlier) - (later < earlier) for i, earlier in enumerate(values) for later in values[i + 1 :])
    ties = sum(count * (count - 1) * (2 * count + 5) for count in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if rises == 0 or variance == 0:
        return 0.5
    return upper_tail((rises - math.copysign(1, rises)) / math.sqrt(variance))


def theil_sen(points: Sequence[tuple[int, float]]) -> float | None:
    """Median slope over all pairs of (position, value); None for fewer than two points (Theil 1950; Sen 1968)."""
    slopes = [(y - y0) / (x - x0) for i, (x0, y0) in enumerate(points) for x, y in points[i + 1 :]]
    return median(slopes) if slopes else None


def upper_tail(z: float) -> float:
    """P(Z > z) of the standard normal distribution, without cancellation in the far tail."""
    return math.erfc(z / math.sqrt(2)) / 2


def blom(m: float) -> float:
    """Expected largest of m >= 1 standard normal draws: the normal score of Blom (1958)."""
    return NORMAL.inv_cdf((m - 0.375) / (m + 0.25))


def variance_of_maximum(m: float) -> float:
    """Variance of the largest of m >= 1 standard normal draws, linear between whole numbers; above 10 the Gumbel limit."""
    below = math.floor(m)
    low = _whole_variance_of_maximum(below)
    return low + (m - below) * (_whole_variance_of_maximum(below + 1) - low)


def _whole_variance_of_maximum(m: int) -> float:
    if m <= len(VARIANCE_OF_MAXIMUM):
        return VARIANCE_OF_MAXIMUM[m - 1]
    return math.pi**2 / (12 * math.log(m))


def effective_number(m: float, autocorrelation: float) -> float:
    """Number of independent draws that m autocorrelated ones (lag 1) are worth, at least 1 (Bayley and Hammersley 1946)."""
    return max(1.0, m * (1 - autocorrelation) / (1 + autocorrelation))


def autocorrelation(groups: Sequence[Sequence[float]]) -> float | None:
    """Lag-1 autocorrelation, length-weighted mean over groups, clipped to [0, 0.9]; None where no group varies.

    Each group's coefficient r is freed of its bias in short series, E[r] = rho - (1 + 4 rho) / n (Kendall 1954; Marriott and
    Pope 1954), to first order.
    """
    usable = [group for group in groups if len(group) >= 3 and squared_deviations(group) > 0]
    if not usable:
        return None
    weighted = math.fsum(len(group) * _lag_one(group) for group in usable) / sum(len(group) for group in usable)
    return min(HIGHEST_AUTOCORRELATION, max(0.0, weighted))


def _lag_one(values: Sequence[float]) -> float:
    center = mean(values)
    products = math.fsum((a - center) * (b - center) for a, b in pairwise(values))
    coefficient = products / squared_deviations(values)
    return coefficient + (1 + 4 * coefficient) / len(values)


def pooled_deviation(groups: Sequence[Sequence[float]], autocorrelation: float = 0.0) -> float | None:
    """Pooled standard deviation within groups; None without a degree of freedom.

    Autocorrelated values stay close to their own mean: their squared deviations are divided by what they are expected to be
    worth (Bayley and Hammersley 1946), which is n - 1 without autocorrelation.
    """
    filled = [group for group in groups if group]
    freedom = math.fsum(_degrees_of_freedom(len(group), autocorrelation) for group in filled)
    if freedom <= 0:
        return None
    return math.sqrt(math.fsum(squared_deviations(group) for group in filled) / freedom)


def _degrees_of_freedom(n: int, autocorrelation: float) -> float:
    """Expected sum of squared deviations of n values from their mean, in units of the variance, for AR(1) noise."""
    lags = takewhile(lambda weight: weight > NEGLIGIBLE, ((1 - k / n) * autocorrelation**k for k in range(1, n)))
    return n - 1 - 2 * math.fsum(lags)


def difference_deviation(values: Sequence[float | None]) -> float | None:
    """Noise of a drifting series: deviation of its first differences / sqrt 2 (von Neumann 1941), winsorised at 3 MAD.

    Differences reach between neighbouring recorded epochs only. Where more than half of them are equal (MAD 0) they are
    taken as they are. None for fewer than two differences.
    """
    steps = [b - a for a, b in pairwise(values) if a is not None and b is not None]
    spread = deviation(winsorised(steps)) if len(steps) >= 2 else None
    return None if spread is None else spread / math.sqrt(2)


def winsorised(values: Sequence[float]) -> list[float]:
    """Values pulled in to within three scaled median absolute deviations of their median; unchanged where that is 0."""
    center = median(values)
    reach = 3 * MAD_TO_SIGMA * median(abs(value - center) for value in values)
    if reach == 0:
        return list(values)
    low, high = center - reach, center + reach
    return [low if value < low else min(value, high) for value in values]


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """P-values adjusted for testing all of them, in the order given: step-down procedure of Holm (1979)."""
    adjusted = [0.0] * len(p_values)
    running = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = running
    return tuple(adjusted)


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rank correlation (1904) of at least three pairs, mean ranks for ties; None where one side is constant."""
    if len(pairs) < 3:
        return None
    first, second = (_ranks(side) for side in zip(*pairs, strict=True))
    spread = squared_deviations(first) * squared_deviations(second)
    if spread == 0:
        return None
    a, b = mean(first), mean(second)
    return math.fsum((x - a) * (y - b) for x, y in zip(first, second, strict=True)) / math.sqrt(spread)


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    return [mean(places[value]) for value in values]

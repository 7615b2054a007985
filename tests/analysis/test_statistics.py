"""The statistics against hand calculations and the tables of the cited works."""

import math

import pytest
from numpy.random import Generator, default_rng

from pai_report.analysis.statistics import (
    autocorrelation,
    blom,
    deviation,
    difference_deviation,
    effective_number,
    holm,
    mann_kendall,
    pooled_deviation,
    rank_correlation,
    theil_sen,
    upper_tail,
    variance_of_maximum,
    winsorised,
)


def test_mann_kendall_of_a_rising_series() -> None:
    """Five rising values: S = 10, var = 5*4*15/18, z = 9/4.0825 = 2.2045, one-sided p = 0.01374."""
    assert mann_kendall([1, 2, 3, 4, 5]) == pytest.approx(0.01374, abs=1e-5)


def test_mann_kendall_corrects_for_ties() -> None:
    """Two tied pairs: S = 8, var = (300 - 2*18)/18 = 14.667, z = 7/3.8297 = 1.8278, p = 0.0338."""
    assert mann_kendall([1, 1, 2, 2, 3]) == pytest.approx(0.0338, abs=1e-4)


def test_mann_kendall_of_a_falling_series_mirrors_the_rising_one() -> None:
    """Both one-sided p-values add up to 1."""
    assert (mann_kendall([5, 4, 3, 2, 1]) or 0) + (mann_kendall([1, 2, 3, 4, 5]) or 0) == pytest.approx(1)


def test_mann_kendall_of_equal_values_shows_no_trend() -> None:
    """Without any rise or fall p is one half."""
    assert mann_kendall([7, 7, 7, 7]) == 0.5


def test_mann_kendall_needs_three_values() -> None:
    """Two values have no trend to test."""
    assert mann_kendall([1, 2]) is None


def test_theil_sen_is_the_median_of_all_slopes() -> None:
    """Slopes 1, 5 and 9 between (0,0), (1,1), (2,10)."""
    assert theil_sen([(0, 0.0), (1, 1.0), (2, 10.0)]) == 5


def test_theil_sen_uses_the_positions_of_the_values() -> None:
    """A missing epoch in between leaves the slope per epoch alone."""
    assert theil_sen([(0, 0.0), (4, 2.0)]) == 0.5


def test_theil_sen_ignores_one_outlier() -> None:
    """A single wild value does not move the slope of a line of seven."""
    points = [(i, float(i)) for i in range(7)]
    points[3] = (3, 900.0)
    assert theil_sen(points) == 1


def test_expected_maximum_of_ten_draws() -> None:
    """Tabled 1.5388 (D9: 1.54); Blom's approximation is within 0.01."""
    assert blom(10) == pytest.approx(1.5388, abs=0.01)


def test_expected_maximum_of_one_draw_is_the_mean() -> None:
    """One draw selects nothing."""
    assert blom(1) == pytest.approx(0)


@pytest.mark.parametrize(("m", "expected"), [(1, 1.0), (2, 0.6817), (10, 0.3443), (2.5, 0.6206), (12, 0.33099)])
def test_variance_of_the_maximum(m: float, expected: float) -> None:
    """The table of D9 up to 10, linear in between, pi^2 / (12 ln m) above."""
    assert variance_of_maximum(m) == pytest.approx(expected, abs=1e-4)


def test_variance_of_the_maximum_is_what_draws_show() -> None:
    """20,000 maxima of 5 normal draws have the tabled variance within 5 %."""
    rng = default_rng(5)
    maxima = [max(rng.normal(0, 1) for _ in range(5)) for _ in range(20_000)]
    assert (deviation(maxima) or 0) ** 2 == pytest.approx(variance_of_maximum(5), rel=0.05)


def test_effective_number_of_autocorrelated_draws() -> None:
    """Thirty draws with autocorrelation one half are worth ten; never less than one."""
    assert (effective_number(30, 0.5), effective_number(1, 0.9)) == (10, 1)


def test_holm_steps_down() -> None:
    """0.01 * 3, then 0.03 * 2, then 0.04 which may not fall below the one before."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))


def test_holm_never_exceeds_one() -> None:
    """Adjusted p-values stay probabilities."""
    assert holm([0.9, 0.8]) == (1.0, 1.0)


def test_upper_tail() -> None:
    """One-sided 5 % lies at 1.645, and the far tail is not cut to zero."""
    assert upper_tail(1.6449) == pytest.approx(0.05, abs=1e-5)
    assert upper_tail(10) == pytest.approx(7.62e-24, rel=1e-2)


def ar1(rng: Generator, rho: float, n: int) -> list[float]:
    """Autoregressive noise of deviation 1."""
    values = [rng.normal(0, 1)]
    while len(values) < n:
        values.append(rho * values[-1] + math.sqrt(1 - rho**2) * rng.normal(0, 1))
    return values


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_sigma_of_short_autocorrelated_series_is_not_too_small(rho: float) -> None:
    """Over 2,000 pairs of 15 epochs the pooled variance with the true autocorrelation averages to 1."""
    rng = default_rng(2)
    squares = [(pooled_deviation([ar1(rng, rho, 15), ar1(rng, rho, 15)], rho) or 0) ** 2 for _ in range(2000)]
    assert math.fsum(squares) / len(squares) == pytest.approx(1, abs=0.05)


def test_autocorrelation_of_short_series_is_nearly_unbiased() -> None:
    """Series of 20 epochs with autocorrelation one half average to one half, where the plain coefficient shows 0.37."""
    rng = default_rng(3)
    found = [autocorrelation([ar1(rng, 0.5, 20)]) or 0 for _ in range(2000)]
    assert math.fsum(found) / len(found) == pytest.approx(0.5, abs=0.05)


def test_autocorrelation_is_weighted_by_length() -> None:
    """A long smooth series outweighs a short alternating one, and the result is clipped to 0.9."""
    smooth = [float(i) for i in range(100)]
    assert autocorrelation([smooth, [1.0, -1.0, 1.0]]) == 0.9


def test_no_autocorrelation_without_variation() -> None:
    """Constant series say nothing."""
    assert autocorrelation([[1.0, 1.0, 1.0]]) is None


def test_pooled_deviation_ignores_the_distance_between_groups() -> None:
    """Two groups with deviations 1 around 0 and 100 pool to 1: ss = 2 + 2, freedom = 4."""
    assert pooled_deviation([[-1.0, 0.0, 1.0], [99.0, 100.0, 101.0]]) == 1


def test_difference_deviation_of_a_drifting_series() -> None:
    """A straight line has no noise."""
    assert difference_deviation([1.0, 2.0, 3.0, 4.0]) == 0


def test_difference_deviation_does_not_step_over_gaps() -> None:
    """A missing epoch makes no difference of its own: 1, 1 around the gap, not a jump of 98."""
    assert difference_deviation([0.0, 1.0, None, 99.0, 100.0]) == 0


def test_difference_deviation_recovers_white_noise() -> None:
    """4,000 normal draws of deviation 2 give 2 within 5 %."""
    rng = default_rng(4)
    assert difference_deviation([rng.normal(0, 2) for _ in range(4000)]) == pytest.approx(2, rel=0.05)


def test_winsorising_pulls_an_outlier_in() -> None:
    """Median 2, MAD 1: values beyond 2 + 3 * 1.4826 are pulled to it, the others stay."""
    assert winsorised([0.0, 1.0, 2.0, 3.0, 100.0]) == pytest.approx([0, 1, 2, 3, 2 + 3 * 1.4826])


def test_rank_correlation() -> None:
    """Opposite orders give -1 whatever the distances; a constant side gives none."""
    assert rank_correlation([(1, 9), (2, 5), (3, 4)]) == pytest.approx(-1)
    assert rank_correlation([(1, 1), (2, 1), (3, 1)]) is None

"""D8: spread of the later epochs, spikes, and what followed an addition."""

import math

import pytest
from analysis_builders import free, measure, phase

from pai_report.analysis.additions import additions
from pai_report.analysis.model import Addition, Scores, Stability
from pai_report.analysis.stability import later_epochs, noise_level, stability
from pai_report.limits import Limits

QUIET = tuple(90 + 0.01 * (-1) ** i for i in range(30))


def judged(scores: Scores, first: int, sets: int) -> Stability | None:
    """Stability of a phase on a free scale."""
    return stability(scores, first, sets, noise_level(scores, free()), free())


@pytest.mark.parametrize(("length", "expected"), [(4, 4), (30, 10), (51, 11), (100, 20)])
def test_later_epochs(length: int, expected: int) -> None:
    """The last max(10, 20 %) epochs."""
    assert later_epochs(length, Limits()) == expected


def test_a_quiet_series_is_stable() -> None:
    """Differences of 0.02 around 90."""
    found = judged(QUIET, 0, 1)
    assert found is not None
    assert (found.level, found.spikes, found.epochs) == ("stable", (), (20, 29))


def test_deviation_and_variance_are_those_of_the_later_epochs() -> None:
    """Ten values of +-1 around 50: variance 10/9."""
    found = judged(tuple(50.0 + (-1) ** i for i in range(40)), 0, 1)
    assert found is not None
    assert (found.variance, found.deviation) == pytest.approx((10 / 9, math.sqrt(10 / 9)))


def test_a_wild_series_is_unstable() -> None:
    """Differences of +-20 around 50 are far beyond 2 %."""
    found = judged(tuple(50.0 + 10 * (-1) ** i for i in range(40)), 0, 1)
    assert found is not None
    assert found.level == "unstable"


def test_sigma_is_at_least_the_rounding_of_one_sample() -> None:
    """A constant score in steps of 0.12 has sigma 0.12 / sqrt 12."""
    assert noise_level((80.0,) * 20, measure(quantum=0.12)) == pytest.approx(0.12 / math.sqrt(12))


def test_a_single_loss_is_a_spike() -> None:
    """A fall from 89.99 to 85 in a quiet series, at epoch 112."""
    series = (*QUIET[:12], 85.0, *QUIET[13:])
    found = judged(series, 100, 1)
    assert found is not None
    assert [(spike.epoch, round(spike.loss, 2)) for spike in found.spikes] == [(112, 4.99)]


def test_losses_right_after_a_switch_are_no_spikes() -> None:
    """The first five epochs of a phase with sets settle."""
    found = judged((90.0, 89.0, 80.0, 88.0, 89.0, *QUIET), 0, 1)
    assert found is not None
    assert found.spikes == ()


def test_losses_while_the_base_network_learns_are_no_spikes() -> None:
    """The first 20 % of the first phase."""
    found = judged((50.0, 60.0, 40.0, 70.0, 60.0, 85.0, *QUIET), 0, 0)
    assert found is not None
    assert found.spikes == ()


def test_two_epochs_have_no_stability() -> None:
    """One difference has no spread."""
    assert judged((1.0, 2.0), 0, 0) is None


def after(scores: tuple[float, ...], rates: tuple[float, float] | None = None) -> Addition:
    """The addition between a quiet base phase and a phase with these scores, learning rates before and after."""
    before = phase(QUIET, learning_rate=None if rates is None else (rates[0],) * len(QUIET))
    later = phase(scores, 1, before.last + 1, learning_rate=None if rates is None else (rates[1],) * len(scores))
    return additions((before, later), free(), 3.0)[0]


def test_an_addition_is_described_by_the_five_epochs_around_it() -> None:
    """Base best 90.01 at epoch 0 ends the committed part; the five epochs after reach 91."""
    found = after((89.0, 90.0, 91.0, 90.5, 90.0, 95.0))
    assert (found.set_number, found.epoch, found.best_before, found.best_after) == (1, 0, 90.01, 91.0)
    assert found.change == pytest.approx(0.99)
    assert found.dip == pytest.approx(1.01)
    assert (found.recovered, found.spike, found.cause) == (True, False, None)


def test_a_deep_dip_with_a_restarted_learning_rate_is_blamed_on_it() -> None:
    """A dip of 20 of 90 while the rate jumped from 0.001 to 0.01."""
    found = after((70.0, 80.0, 91.0), (0.001, 0.01))
    assert (found.spike, found.cause) == (True, "learning-rate-restart")
    assert found.lr_ratio == pytest.approx(10)


def test_a_deep_dip_at_the_same_learning_rate_is_blamed_on_the_initialisation() -> None:
    """The rate did not change."""
    assert after((70.0, 80.0, 91.0), (0.01, 0.01)).cause == "initialisation"


def test_without_learning_rates_no_cause_is_named() -> None:
    """What was not recorded cannot be blamed."""
    found = after((70.0, 80.0, 91.0))
    assert (found.spike, found.cause) == (True, None)


def test_a_score_that_never_recovers_is_a_spike() -> None:
    """A small dip, but the phase stays below the previous best."""
    found = after((89.9, 89.95, 89.9))
    assert (found.recovered, found.spike) == (False, True)


def test_without_direction_only_epochs_and_rates_are_told() -> None:
    """Neither best nor dip exist."""
    found = additions((phase(QUIET), phase(QUIET, 1, 30)), None, 3.0)[0]
    assert (found.set_number, found.best_before, found.dip, found.spike) == (1, None, None, False)

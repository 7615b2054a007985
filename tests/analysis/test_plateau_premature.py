"""D5 and D6: plateaus, and sets added while the network was still learning."""

import pytest
from analysis_builders import free, measure

from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Plateau, Premature, Scores
from pai_report.analysis.plateau import plateau, plateau_tolerance, premature
from pai_report.analysis.stability import noise_level

LEARNING = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0)
FLAT = (80.0, 80.2, 79.9, 80.1, 80.0, 80.2, 79.9, 80.1, 80.0, 80.1)


def flatness(scores: Scores, first: int, sets: int, yard: Measure) -> Plateau:
    """The plateau of a series with its own noise."""
    tolerance = plateau_tolerance(scores, sets, noise_level(scores, yard), yard)
    return plateau(scores, first, tolerance, yard)


def test_a_rising_series_is_no_plateau() -> None:
    """Eight rising epochs: slope 10 over 7 steps, Mann-Kendall p < 0.05."""
    found = flatness(LEARNING, 0, 0, measure())
    assert found.flat is False
    assert found.trend is not None
    assert (found.trend.epochs, found.trend.slope, found.trend.total) == ((0, 7), 10, 70)


def test_a_fluctuating_series_is_a_plateau() -> None:
    """No trend within the last ten epochs."""
    assert flatness((*LEARNING, *FLAT), 0, 0, measure()).flat is True


def test_a_rise_below_the_improvement_threshold_is_a_plateau() -> None:
    """A steady creep of 0.05 in total is below 0.001 * 80 = 0.08, although it is a significant trend."""
    creep = tuple(80 + 0.005 * i for i in range(11))
    found = flatness(creep, 0, 0, measure())
    assert found.flat is True
    assert found.tolerance == pytest.approx(0.08005)


def test_four_epochs_cannot_show_a_plateau() -> None:
    """Mann-Kendall needs five values to reach the level."""
    assert flatness((1.0, 2.0, 3.0, 4.0), 0, 0, measure()).flat is None


def test_the_window_is_the_patience_where_that_is_shorter() -> None:
    """With a patience of 6 the last 6 epochs are looked at, numbered from the phase's first."""
    found = flatness((*LEARNING, *FLAT), 100, 0, measure(n_epochs_to_switch=6))
    assert found.trend is not None
    assert found.trend.epochs == (112, 117)


def judged(goodness: tuple[float | None, ...], *, truncated: bool = False, interval: int | None = None) -> Premature:
    """D6 on a phase that starts at epoch 0."""
    return premature(goodness, 0, measure(), truncated=truncated, interval=interval)


def test_premature_by_both_signs() -> None:
    """Still climbing by ten points an epoch: by trend and by the last best, hence with high confidence."""
    found = judged(LEARNING)
    assert (found.fired, found.by_trend, found.by_last_best, found.confidence) == (True, True, True, "high")
    assert (found.before, found.after, found.rise_points, found.epochs) == (30.0, 80.0, 50.0, (3, 7))


def test_three_epochs_fire_with_low_confidence() -> None:
    """10.87, 19.06, 21.74: compared with the first epoch, +100 % (the requirements)."""
    found = judged((10.87, 19.06, 21.74))
    assert (found.fired, found.confidence, found.before, found.after) == (True, "low", 10.87, 21.74)
    assert found.rise_relative == pytest.approx(1.0)


def test_a_plateau_is_not_premature() -> None:
    """Ten epochs without improvement behind the best."""
    assert judged((*LEARNING, 80.1, *FLAT)).fired is False


def test_climbing_back_to_an_earlier_best_is_not_premature() -> None:
    """Ten epochs rise from 60 to 69, but the network had already reached 90 before them."""
    found = judged((50.0, 90.0, *(60.0 + step for step in range(10))))
    assert (found.fired, found.by_trend) == (False, False)


@pytest.mark.parametrize(("last", "fired"), [(82.0, True), (81.9, False)])
def test_two_points_are_the_limit_on_bounded_scores(last: float, fired: bool) -> None:
    """The best of the last five epochs against the 80 before them; points, not percent (C16)."""
    assert judged((79.0, 80.0, 79.5, 79.0, 79.8, 79.4, last)).fired is fired


@pytest.mark.parametrize(("last", "fired"), [(-0.49, True), (-0.491, False)])
def test_two_percent_are_the_limit_on_free_scores(last: float, fired: bool) -> None:
    """A loss that falls from 0.5: 2 % of 0.5 are 0.01."""
    losses = (-0.51, -0.5, -0.505, -0.51, -0.502, -0.506, last)
    assert premature(losses, 0, free(sign=-1), truncated=False, interval=None).fired is fired


def test_scores_are_told_in_the_metrics_own_sign() -> None:
    """A loss of 2.0 that fell to 1.0 is told as 2.0 and 1.0, a relative improvement of one half."""
    found = premature((-2.0, -1.5, -1.0), 0, free(sign=-1), truncated=False, interval=None)
    assert (found.before, found.after, found.rise_relative) == (2.0, 1.0, 0.5)


def test_without_snapshot_a_history_phase_cannot_be_tested() -> None:
    """It ends at its best epoch by construction (F1)."""
    found = judged(LEARNING, truncated=True)
    assert (found.fired, found.untestable) == (None, "no-snapshot-history")


@pytest.mark.parametrize(("interval", "untestable"), [(8, None), (12, "no-snapshot-fixed")])
def test_without_snapshot_a_fixed_phase_of_full_length_can_be_tested(interval: int, untestable: str | None) -> None:
    """Only a phase as long as its interval lost no epochs."""
    assert judged(LEARNING, truncated=True, interval=interval).untestable == untestable


def test_one_epoch_is_too_short() -> None:
    """There is nothing to compare with."""
    assert judged((50.0,), interval=1).untestable == "too-short"


@pytest.mark.parametrize(("interval", "short"), [(8, True), (None, False)])
def test_short_fixed(interval: int | None, short: bool) -> None:
    """A fixed switch after eight epochs leaves fewer than ten; history mode has no such rule."""
    assert judged(LEARNING, interval=interval).short_fixed is short


def test_missing_epochs_are_stepped_over() -> None:
    """The value before the last five epochs is the last recorded one."""
    assert judged((10.0, 20.0, None, None, 30.0, 40.0, 50.0, 60.0)).before == 20.0

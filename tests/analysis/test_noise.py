"""D9: the noise test of a gain, its classes, and what may move them."""

import pytest
from analysis_builders import extra, free, measure, network, phase, structure, track

from pai_report.analysis.gain_tests import held_out, held_out_column
from pai_report.analysis.model import Change
from pai_report.analysis.noise import (
    HeldOut,
    Sample,
    conditional_p,
    gain_class,
    moved,
    noise_test,
    null,
    plateau_draws,
    smallest_gain,
    tail,
)
from pai_report.limits import Limits

LIMITS = Limits()
NOISE = (0.0, 1.0, -1.0, 0.5, -0.5, 1.0, -1.0, 0.0, 0.5, -0.5)


def side(epochs: int = 20, values: tuple[float, ...] = NOISE) -> Sample:
    """A network whose tail fluctuates by about 0.75."""
    return Sample(epochs=epochs, draws=epochs, tails=(values,), truncated=False)


def change(absolute: float, samples: float | None = None) -> Change:
    """A gain."""
    return Change(absolute=absolute, relative=None, points=None, samples=samples)


def heard(absolute: float, samples: float | None = 9.0, sigma: float | None = 0.1) -> HeldOut:
    """The same step on a test column."""
    return HeldOut(change=change(absolute, samples), sigma=sigma)


def test_the_tail_starts_four_epochs_before_the_best() -> None:
    """Best at position 6 of 9: positions 2 to 8."""
    assert tail((0, 1, 2, 3, 4, 5, 9, 7, 8), LIMITS) == (2, 3, 4, 5, 9, 7, 8)


def test_learning_epochs_are_no_draws() -> None:
    """The tail from epoch 8 on has mean 90.8, reached first at epoch 9: the nine epochs before could not be the best."""
    assert plateau_draws((0, 10, 20, 30, 40, 50, 60, 70, 90, 91, 90, 91, 92, 91), LIMITS) == 5


def test_selection_alone_expects_nothing_of_equal_numbers_of_epochs() -> None:
    """The best of 20 against the best of 20 is expected to differ by nothing."""
    under = null(side(), side(), None, LIMITS)
    assert under is not None
    assert under.expected == pytest.approx(0)


def test_more_epochs_are_expected_to_find_a_better_best() -> None:
    """The best of 80 against the best of 20 is expected to be better by chance."""
    under = null(side(), side(80), None, LIMITS)
    assert under is not None
    assert under.expected > 0


def test_hardly_any_gain_has_a_p_near_one() -> None:
    """The test is conditional on a positive gain: the smallest one proves nothing."""
    under = null(side(), side(), None, LIMITS)
    assert under is not None
    assert conditional_p(1e-9, under) == pytest.approx(1)


def test_the_floor_is_the_gain_that_would_stand_out() -> None:
    """Expected gain + 1.645 deviations under equal means."""
    under = null(side(), side(80), None, LIMITS)
    assert under is not None
    assert smallest_gain(under) == pytest.approx(under.expected + 1.645 * under.deviation)


def test_sigma_is_at_least_the_rounding_of_one_sample() -> None:
    """A constant score that counts samples of 0.12 has rounding noise 0.12 / sqrt 12."""
    under = null(side(values=(5.0,) * 6), side(values=(5.0,) * 6), 0.12, LIMITS)
    assert under is not None
    assert under.sigma == pytest.approx(0.12 / 12**0.5)


def test_no_noise_and_no_step_leave_no_p() -> None:
    """Sigma 0 with an unknown number of samples: undefined."""
    assert null(side(values=(5.0,) * 6), side(values=(5.0,) * 6), None, LIMITS) is None


def test_fewer_than_three_epochs_leave_no_p() -> None:
    """Two epochs on one side are not enough."""
    assert null(side(2), side(), None, LIMITS) is None


@pytest.mark.parametrize(
    ("p", "samples", "expected"),
    [
        (0.04, 5.0, "real"),
        (0.04, None, "real"),
        (0.04, 4.0, "uncertain"),
        (0.06, 50.0, "uncertain"),
        (0.30, 50.0, "within-noise"),
        (None, 4.0, "within-noise"),
        (None, 6.0, "uncertain"),
        (None, None, "uncertain"),
    ],
)
def test_classes(p: float | None, samples: float | None, expected: str) -> None:
    """Real needs p < 0.05 and five samples, uncertain p < 0.20; without a p only the bound from samples is left (D9)."""
    assert gain_class(p, samples, LIMITS) == expected


def test_the_sign_test_bound() -> None:
    """Three net samples have at best p = 1/8."""
    found = noise_test(change(0.5, 3.0), side(), side(), measure(quantum=1 / 6), None)
    assert found.sign_p == 0.125


def test_a_gain_that_is_none_has_no_p_and_no_class() -> None:
    """A loss of one point cannot be called real or noise."""
    found = noise_test(change(-1.0), side(), side(), free(), None)
    assert (found.p, found.gain_class) == (None, None)


def test_a_test_score_that_did_not_rise_lowers_the_class() -> None:
    """Real becomes uncertain, within-noise stays."""
    assert moved("real", heard(0.0), LIMITS) == ("uncertain", "down")
    assert moved("within-noise", heard(-1.0), LIMITS) == ("within-noise", None)


def test_a_clear_rise_of_the_test_score_raises_the_class() -> None:
    """Nine net test samples, far beyond the test column's own fluctuation."""
    assert moved("uncertain", heard(1.5), LIMITS) == ("real", "up")


@pytest.mark.parametrize("step", [heard(1.5, samples=4.0), heard(1.5, samples=None), heard(1.5, sigma=1.0)])
def test_a_rise_of_the_test_score_that_could_be_chance_changes_nothing(step: HeldOut) -> None:
    """Fewer than five samples, an unknown number, or less than 1.645 sqrt 2 sigma of the test column."""
    assert moved("within-noise", step, LIMITS) == ("within-noise", None)


def test_a_copied_test_column_is_no_evidence() -> None:
    """'Max Test Scores' repeats validation in old versions (the library's file formats)."""
    rows = [network(90.0 + k, k, extras=(extra("Max Test Scores", "test", 90.0 + k, copy=True),)) for k in (0, 1)]
    whole = structure((phase((1.0, 2.0)), phase((2.0, 3.0), 1, 2)))
    assert held_out(rows[0], rows[1], held_out_column(whole, measure()), measure()) is None


def test_a_test_loss_beside_a_validation_accuracy_is_no_evidence() -> None:
    """A column on another scale cannot be held against the gain."""
    rows = [network(90.0, 0, extras=(extra("Test", "test", 0.3),)), network(91.0, 1, extras=(extra("Test", "test", 0.2),))]
    validation = (80.0, 85.0, 90.0, 91.0)
    column = (("Test", "test", (0.9, 0.5, 0.3, 0.2)),)
    whole = structure((phase(validation[:3]), phase(validation[3:], 1, 3)), track=track(validation, extras=column))
    assert held_out(rows[0], rows[1], held_out_column(whole, measure()), measure()) is None

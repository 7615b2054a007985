"""D11: what changes of the learning rate did to the score."""

import pytest
from analysis_builders import measure

from pai_report.analysis.learning_rate import RatedPhase, change_places, dropped_too_quickly, lr_changes, still_high
from pai_report.analysis.model import Scores
from pai_report.analysis.plateau import plateau_tolerance
from pai_report.analysis.stability import noise_level
from pai_report.limits import Limits

HIGH, LOW = 0.01, 0.001


def phase(goodness: Scores, rates: Scores, **changes: object) -> RatedPhase:
    """The first phase of a run."""
    sigma = noise_level(goodness, measure())
    plain: dict[str, object] = {
        "places": change_places(rates),
        "sigma": sigma,
        "tolerance": plateau_tolerance(goodness, 0, sigma, measure()),
        "first": 0,
        "before": (),
        "rate_before": None,
    }
    return RatedPhase(goodness=goodness, rates=rates, **{**plain, **changes})  # type: ignore[arg-type]


def test_a_drop_is_described_by_the_five_epochs_around_it() -> None:
    """Flat at 80, then 83 in the third epoch at the lower rate: due earlier, as more than one point and two sigma follow."""
    goodness = (80.0, 80.1, 79.9, 80.0, 80.1, 80.0, 81.0, 83.0, 83.1, 83.0, 82.9, 83.1, 83.0, 83.0, 82.9, 83.1)
    rates = (*[HIGH] * 5, *[LOW] * 11)
    (change,) = lr_changes(phase(goodness, rates), measure())
    assert (change.epoch, change.old, change.new, change.restart) == (5, HIGH, LOW, False)
    assert (change.best_before, change.best_after) == (80.1, 83.1)
    assert change.gain == pytest.approx(3.0)
    assert (change.improving_before, change.immediate_jump) == (False, True)


def test_a_small_step_of_a_curve_pays_nothing_off() -> None:
    """The same jump after a step from 0.01 to 0.0098, as a cosine makes them: nobody would say that it was due earlier."""
    goodness = (80.0, 80.1, 79.9, 80.0, 80.1, 80.0, 81.0, 83.0, 83.1, 83.0, 82.9, 83.1, 83.0, 83.0, 82.9, 83.1)
    (change,) = lr_changes(phase(goodness, (*[HIGH] * 5, *[0.98 * HIGH] * 11)), measure())
    assert change.immediate_jump is False


def test_scores_of_a_loss_keep_their_sign() -> None:
    """A loss that falls from 0.5 to 0.4 is told as 0.5 and 0.4, a gain of 0.1."""
    rates = (*[HIGH] * 5, *[LOW] * 5)
    (change,) = lr_changes(phase((-0.5,) * 5 + (-0.4,) * 5, rates), measure(sign=-1, points_per_unit=None))
    assert (change.best_before, change.best_after) == (0.5, 0.4)
    assert change.gain == pytest.approx(0.1)


def test_the_start_of_a_phase_is_a_restart_where_the_rate_changed() -> None:
    """From 0.001 back to 0.01 at epoch 30."""
    (change,) = lr_changes(phase((80.0, 81.0), (HIGH, HIGH), first=30, before=(82.0,), rate_before=LOW), measure())
    assert (change.epoch, change.restart, change.old, change.new, change.gain) == (30, True, LOW, HIGH, -1.0)


def test_a_curve_is_not_told_change_by_change() -> None:
    """Two hundred changes are a schedule, not a list."""
    rates = tuple(0.99**t for t in range(200))
    assert lr_changes(phase((80.0,) * 200, rates), measure()) == ()


def test_a_drop_that_ended_the_learning_came_too_quickly() -> None:
    """One point an epoch before the drop, nothing after it."""
    goodness = (*[70.0 + t for t in range(8)], *[77.0] * 8)
    rated = phase(goodness, (*[HIGH] * 8, *[LOW] * 8))
    changes = lr_changes(rated, measure())
    assert changes[0].improving_before is True
    assert changes[0].gain_rate_ratio == 0
    assert dropped_too_quickly(rated, changes, Limits()) is True


def test_a_drop_with_a_jump_did_not_end_the_learning() -> None:
    """The same rise before, a jump of five points right at the drop."""
    goodness = (*[70.0 + t for t in range(8)], *[82.0 + t for t in range(8)])
    rated = phase(goodness, (*[HIGH] * 8, *[LOW] * 8))
    assert dropped_too_quickly(rated, lr_changes(rated, measure()), Limits()) is False


@pytest.mark.parametrize(("best_late", "expected"), [(False, True), (True, False)])
def test_half_a_phase_without_rate_and_without_new_best(best_late: bool, expected: bool) -> None:
    """Ten of twenty epochs at a thousandth of the first rate; a new best among them shows that it still learned."""
    goodness = (*[80.0] * 9, 85.0, *[80.0] * 9, 86.0 if best_late else 80.0)
    rated = phase(goodness, (*[HIGH] * 10, *[HIGH / 1000] * 10))
    assert dropped_too_quickly(rated, (), Limits()) is expected


@pytest.mark.parametrize(("spread", "expected"), [(2.0, True), (0.1, False)])
def test_a_long_noisy_plateau_without_a_drop(spread: float, expected: bool) -> None:
    """Fifteen epochs behind the best: sigma of 2.8 of 80 is above 1 %, 0.14 is not."""
    goodness = (*[60.0, 70.0, 85.0], *[80 + spread * (-1) ** t for t in range(15)])
    assert still_high(phase(goodness, (HIGH,) * 18), measure()) is expected


def test_the_jump_after_a_drop_is_a_number() -> None:
    """The best of 80 before the drop and of 81.5 in the three epochs from it on differ by 1.5; 83 comes too late to count."""
    goodness = (*[80.0] * 8, 80.5, 81.5, 81.0, 83.0)
    changes = lr_changes(phase(goodness, (*[HIGH] * 8, *[LOW] * 4)), measure())
    assert changes[0].jump == 1.5

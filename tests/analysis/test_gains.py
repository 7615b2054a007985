"""D2, D4, D6b, D6c, D7, D9 on whole structures: gains, their classes, and what guards them."""

from dataclasses import replace

import pytest
from analysis_builders import extra, free, lifecycle, measure, network, phase, structure, track

from pai_report.analysis.analyse import with_best_scores
from pai_report.analysis.gains import gains
from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Gains, NoiseTest
from pai_report.analysis.phases import Switching, judged_phases
from pai_report.analysis.structure_model import PhaseSeries, Structure, Trial

WIGGLE = (0.0, 0.2, -0.2, 0.1, -0.3, 0.2, -0.1, 0.3, -0.2, 0.0, 0.1, -0.1)
HISTORY = Switching(first_interval=None, interval=None)


def level(height: float, sets: int = 0, first: int = 0) -> PhaseSeries:
    """A phase that rises quickly and then fluctuates by 0.2 around `height`."""
    return phase((height - 20, height - 5, *[height + w for w in WIGGLE]), sets, first)


def judged(whole: Structure, yard: Measure | None = None, switching: Switching = HISTORY) -> Gains:
    """The gains of a structure."""
    yard = yard or measure()
    return gains(whole, judged_phases(whole, yard, switching), yard)


def two(height: float) -> Structure:
    """A base network around 80 and one set around `height`."""
    return structure((level(80.0), level(height, 1, 10)), measure())


def test_a_gain_far_beyond_the_noise_is_real() -> None:
    """Five points at a fluctuation of 0.2."""
    found = judged(two(85.0))
    assert found.gain is not None
    assert found.gain.absolute == pytest.approx(5)
    assert (found.gain_class, found.baseline, found.best, found.best_sets) == ("real", 80.3, 85.3, 1)


def test_a_gain_of_a_tenth_is_within_noise() -> None:
    """A tenth at a fluctuation of 0.2."""
    assert judged(two(80.1)).gain_class == "within-noise"


def test_a_loss_has_no_class() -> None:
    """The set is a point worse than the base: the best network is the base, the gain is negative and has no class."""
    found = judged(two(79.0))
    assert (found.gain_class, found.best_sets) == (None, 0)
    assert found.gain is not None
    assert found.gain.absolute == pytest.approx(-1)
    assert found.architectures[1].test is not None
    assert found.architectures[1].test.gain_class is None


def test_the_way_from_epoch_0_is_told_apart() -> None:
    """60 to 85.3 is the whole training, 80.3 to 85.3 is the dendrites'."""
    found = judged(two(85.0))
    assert found.overall is not None
    assert found.initial == 60.0
    assert found.overall.points == pytest.approx(25.3)


def test_the_share_of_the_error_removed() -> None:
    """From 19.7 to 14.7 points of error."""
    assert judged(two(85.0)).error_removed == pytest.approx(5 / 19.7)


def test_a_base_network_that_still_climbed_confounds_the_gain() -> None:
    """Three points an epoch up to the switch."""
    climbing = phase(tuple(50.0 + 3 * t for t in range(10)))
    found = judged(structure((climbing, level(85.0, 1, 10)), measure()))
    assert (found.gain_class, found.architectures[1].test and found.architectures[1].test.gain_class) == ("confounded",) * 2


def test_a_fixed_switch_after_a_few_epochs_confounds_the_gain() -> None:
    """Eight epochs are fewer than ten."""
    short = phase((79.0, 80.0, 80.1, 79.9, 80.0, 80.1, 79.9, 80.0))
    found = judged(structure((short, level(85.0, 1, 8)), measure()), switching=Switching(first_interval=8, interval=8))
    assert found.gain_class == "confounded"


def test_every_epoch_with_a_set_was_a_draw() -> None:
    """A rejected try of 14 epochs adds to the 14 of the kept set."""
    whole = two(85.0)
    rejected = Trial(sets=2, kind="rejected", file="PAIScores.csv", first=20, series=level(84.0).series)
    found = judged(replace(whole, trials=(*whole.trials, rejected)))
    assert found.test is not None
    assert (found.test.epochs_before, found.test.epochs_after) == (14, 28)


def first_step(whole: Structure) -> NoiseTest:
    """The test of the first set alone."""
    test = judged(whole).architectures[1].test
    assert test is not None
    return test


def test_single_sets_are_judged_together() -> None:
    """A first set with a p between 2.5 and 5 % is real alone, but not beside a second test (Holm 1979)."""
    tried = (two(80 + step / 100) for step in range(20, 80))
    alone = next(whole for whole in tried if 0.025 < (first_step(whole).p or 0) < 0.05)
    last = alone.phases[1].best or 0.0
    beside = structure((*alone.phases, level(last - 0.25, 2, 20)), measure())
    assert [first_step(whole).gain_class for whole in (alone, beside)] == ["real", "uncertain"]
    assert first_step(alone).p == first_step(beside).p


def test_without_direction_there_are_no_gains() -> None:
    """Rows stay as the files hold them, everything else is None."""
    whole = two(85.0)
    found = gains(whole, judged_phases(whole, None, HISTORY), None)
    assert (found.baseline, found.gain, found.gain_class, found.optimal, found.architectures[1].gain) == (None,) * 5
    assert [row.best for row in found.architectures] == [80.3, 85.3]


def test_two_kept_sets_within_noise_are_too_many() -> None:
    """D6b."""
    whole = structure((level(80.0), level(80.02, 1, 10), level(80.04, 2, 20)), measure())
    assert judged(whole).too_frequent is True


def test_one_real_set_and_a_near_miss_are_too_few() -> None:
    """D6c: the rejected set beat the best score by less than the threshold."""
    whole = two(85.0)
    near = network(85.35, 2, outcome="rejected", shortfall=0.02)
    found = replace(whole, architectures=(*whole.architectures, near), lifecycle=lifecycle(ended_by="rejected"))
    assert judged(found).rare_but_helpful is True


def test_a_run_at_its_maximum_was_not_too_strict() -> None:
    """D6c does not ask for more sets where max_dendrites stopped the run."""
    whole = two(85.0)
    near = network(85.35, 2, outcome="rejected", shortfall=0.02)
    assert judged(replace(whole, architectures=(*whole.architectures, near))).rare_but_helpful is False


def test_the_most_impactful_set() -> None:
    """Gains of 2, 5 and 1."""
    whole = structure((level(70.0), level(72.0, 1, 10), level(77.0, 2, 20), level(78.0, 3, 30)), measure())
    assert (judged(whole).most_impactful, judged(whole).optimal) == (2, 3)


def test_an_unproven_last_set_does_not_end_the_course() -> None:
    """The run was stopped while the third set was still below: two sets, still gaining."""
    whole = structure((level(70.0), level(76.0, 1, 10), level(78.0, 2, 20), level(60.0, 3, 30)), measure())
    rows = (*whole.architectures[:3], replace(whole.architectures[3], outcome="unproven"))
    found = judged(replace(whole, architectures=rows))
    assert (found.optimal, found.course, found.best_sets) == (2, "still-gaining", 2)


def test_an_empty_cell_takes_the_best_recorded_score() -> None:
    """The library leaves the cell empty where an epoch was no number."""
    base = phase((60.0, None, 67.0))
    whole = replace(structure((base,), measure()), architectures=(network(None, 0),))
    filled = with_best_scores(whole, measure()).architectures[0]
    assert (filled.best, filled.epoch, filled.file) == (67.0, 2, "PAIScores.csv")


def test_the_gain_over_an_empty_cell_is_told_all_the_same() -> None:
    """From 67, taken from the scores, to 70."""
    whole = structure((phase((60.0, None, 67.0)), phase((68.0, 70.0), 1, 3)), measure())
    rows = (network(None, 0), network(70.0, 1, 4))
    filled = with_best_scores(replace(whole, architectures=rows), measure()).architectures[1]
    assert filled.gain is not None
    assert filled.gain.absolute == 3.0


def test_a_test_score_that_fell_lowers_the_class() -> None:
    """Five points in validation, but the test score lost one."""
    whole = two(85.0)
    rows = tuple(replace(row, extras=(extra("Test", "test", 80.0 - row.sets),)) for row in whole.architectures)
    column = tuple(None if score is None else score - 1 for score in whole.track.validation)
    tested = replace(whole, architectures=rows, track=track(whole.track.validation, extras=(("Test", "test", column),)))
    found = judged(tested)
    assert found.test is not None
    assert (found.gain_class, found.test.moved_by_test) == ("uncertain", "down")


def test_one_network_has_nothing_to_test() -> None:
    """No set was kept."""
    found = judged(structure((level(80.0),), measure()))
    assert (found.gain, found.test, found.optimal, found.course) == (None, None, None, None)


def test_a_free_score_has_no_points() -> None:
    """A gain of 5 on 80.3 without a scale: relative only."""
    found = judged(structure((level(80.0), level(85.0, 1, 10)), free()), free())
    assert found.gain is not None
    assert (found.gain.points, found.error_removed) == (None, None)
    assert found.gain.relative == pytest.approx(5 / 80.3)

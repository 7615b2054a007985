"""D13: did the last stretch converge, and was the patience longer than needed?"""

from analysis_builders import measure

from pai_report.analysis.convergence import Stretch, convergence, improvements, longest_wait, stops_at
from pai_report.analysis.model import Convergence, Scores

QUICK = (50.0, 70.0, 85.0, 90.0, *[89.9, 89.8, 90.0, 89.9, 89.7, 89.9, 90.0, 89.8, 89.9, 89.9])
CLIMBING = tuple(50.0 + 3 * t for t in range(12))


def stretch(goodness: Scores, *, sets: int = 0, truncated: bool = False) -> Stretch:
    """A full series from epoch 0 on."""
    return Stretch(goodness=goodness, first=0, sets=sets, file="PAIScores.csv", truncated=truncated)


def judged(goodness: Scores, *, history: bool = True, truncated: bool = False, scheduler: int | None = None) -> Convergence:
    """A run of one phase."""
    only = stretch(goodness, truncated=truncated)
    return convergence(only, [only], measure(), history=history, scheduler_patience=scheduler)


def test_a_flat_tail_has_converged() -> None:
    """Ten epochs without a trend."""
    found = judged(QUICK)
    assert (found.converged, found.still_improving) == (True, False)


def test_a_climbing_tail_is_still_improving() -> None:
    """Three points an epoch."""
    found = judged(CLIMBING)
    assert (found.converged, found.still_improving) == (False, True)


def test_a_truncated_tail_tells_nothing() -> None:
    """It ends at its best epoch by construction (F1)."""
    found = judged(CLIMBING, truncated=True)
    assert (found.converged, found.still_improving, found.epochs) == (None, False, None)


def test_improvements_must_pass_the_librarys_threshold() -> None:
    """0.1 % of the score: 90.05 is no improvement on 90, 90.2 is."""
    assert improvements(stretch((90.0, 90.05, 90.2)), measure()) == [0, 2]


def test_a_loss_must_fall_by_the_threshold() -> None:
    """The tracker asks new * 1.001 < old: 0.9995 is no improvement on 1, 0.998 is."""
    yard = measure(sign=-1, points_per_unit=None)
    assert improvements(stretch((-1.0, -0.9995, -0.998)), yard) == [0, 2]


def test_the_longest_wait() -> None:
    """Improvements at 0, 2, 7 and 8: five epochs passed between the second and the third."""
    assert longest_wait([0, 2, 7, 8]) == (2, 7)


def test_the_wait_is_found_where_it_was() -> None:
    """The first phase waits from epoch 1 to 4, the second, which starts at epoch 6, improves at 6 and 7 and never again."""
    first = Stretch(
        goodness=(50.0, 60.0, 59.0, 58.0, 70.0, 69.0), first=0, sets=0, file="PAI_beforeSwitch_0.csv", truncated=False
    )
    last = Stretch(goodness=(60.0, 75.0, 74.0, 73.0), first=6, sets=1, file="PAIbefore_final.csv", truncated=False)
    found = convergence(last, [first, last], measure(), history=True, scheduler_patience=None)

    assert (found.largest_wait, found.wait_file, found.wait_epochs) == (3, "PAI_beforeSwitch_0.csv", (1, 4))


def test_a_shorter_patience_stops_before_a_longer_wait() -> None:
    """With a patience of 4 the improvement at 7 is never seen."""
    assert (stops_at([0, 2, 7, 8], 4), stops_at([0, 2, 7, 8], 5)) == (2, 8)


def test_a_patience_longer_than_needed_can_be_lowered() -> None:
    """Every improvement came within one epoch: 1 + 3 epochs of patience would have done."""
    found = judged(QUICK)
    assert (found.converged_early, found.largest_wait, found.could_lower_to) == (True, 1, 4)


def test_the_schedulers_patience_is_respected() -> None:
    """A scheduler of patience 5 needs 7 epochs."""
    assert judged(QUICK, scheduler=5).could_lower_to == 7


def test_fixed_switches_have_no_patience_to_lower() -> None:
    """Only history mode waits for improvements."""
    found = judged(QUICK, history=False)
    assert (found.converged_early, found.could_lower_to) == (False, None)


def test_a_late_best_is_not_early() -> None:
    """The best epoch lies in the second half."""
    found = judged((*CLIMBING, 80.0))
    assert (found.converged_early, found.could_lower_to) == (False, None)

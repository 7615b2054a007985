"""D10: the gap between training and validation."""

from dataclasses import replace

import pytest
from analysis_builders import extra, free, identity, measure, network, phase, structure, track

from pai_report.analysis.generalization import generalization, level
from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Generalization, Scores
from pai_report.analysis.scale import mismatch
from pai_report.limits import Limits

LIMITS = Limits()
RISING = (60.0, 70.0, 75.0, 80.0, 81.0, 82.0)
TRAIN = (61.0, 72.0, 80.0, 88.0, 92.0, 95.0)


def judged(train: Scores, validation: Scores = RISING, yard: Measure | None = None) -> Generalization | None:
    """A run of one phase with a train column."""
    yard = yard or measure()
    whole = structure((replace(phase(validation), train=train),), yard)
    return generalization(replace(whole, track=track(validation, extras=(("Train", "train", train),))), yard)


def test_the_requirements_own_example() -> None:
    """95 against 82 are 13 points: overfitting (O8.2)."""
    found = judged(TRAIN)
    assert found is not None
    assert (found.points[0].gap, found.points[0].points, found.level) == (13.0, 13.0, "overfitting")


@pytest.mark.parametrize(("points", "expected"), [(5.0, "ok"), (5.1, "notice"), (10.0, "notice"), (10.1, "overfitting")])
def test_levels_in_points(points: float, expected: str) -> None:
    """Up to 5 points ok, up to 10 notice, above overfitting (A16)."""
    assert level(points, None, LIMITS, diverging=False) == expected


@pytest.mark.parametrize(
    ("relative", "diverging", "expected"), [(0.49, True, "ok"), (0.5, False, "notice"), (0.66, True, "overfitting")]
)
def test_levels_of_a_loss(relative: float, diverging: bool, expected: str) -> None:
    """Half of the validation loss is a notice; with a diverging tail it is overfitting."""
    assert level(None, relative, LIMITS, diverging=diverging) == expected


def test_a_loss_gap_is_positive_where_training_is_better() -> None:
    """Train loss 0.1 against 0.3 at the best epoch: a gap of 0.2, two thirds of the validation loss."""
    validation, train = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3), (1.0, 0.7, 0.4, 0.3, 0.2, 0.1)
    whole = structure((phase(validation, best=0.3, best_epoch=5, last=5, train=train),), free(sign=-1))
    found = generalization(replace(whole, track=track(validation, extras=(("Loss", "train", train),))), free(sign=-1))
    assert found is not None
    assert found.points[0].gap == pytest.approx(0.2)
    assert found.relative == pytest.approx(2 / 3)
    assert (found.points[0].points, found.level) == (None, "notice")


def test_the_columns_of_the_best_row_come_first() -> None:
    """The best row says 97 where the train series says 95 at that epoch; the gap grows from 13 to 15 points."""
    whole = structure((phase(RISING), phase((83.0, 84.0), 1, 6)), measure())
    rows = (
        network(82.0, 0, 5, extras=(extra("Train", "train", 95.0),)),
        network(84.0, 1, 7, extras=(extra("Train", "train", 99.0),)),
    )
    both = track((*RISING, 83.0, 84.0), extras=(("Train", "train", (*TRAIN, 97.0, 98.0)),))
    found = generalization(replace(whole, architectures=rows, track=both), measure())
    assert found is not None
    assert [point.train for point in found.points] == [95.0, 99.0]
    assert found.growth == 2.0


def test_an_unproven_set_is_not_judged() -> None:
    """The gap of 13 points at the base network counts, not that of the unfinished set."""
    whole = structure((phase(RISING), phase((80.0, 81.0), 1, 6)), measure())
    rows = (network(82.0, 0, 5), network(81.0, 1, 7, outcome="unproven"))
    both = track((*RISING, 80.0, 81.0), extras=(("Train", "train", (*TRAIN, 97.0, 99.0)),))
    found = generalization(replace(whole, architectures=rows, track=both), measure())
    assert found is not None
    assert (found.level, len(found.points)) == ("overfitting", 2)
    assert found.growth is None


def test_the_test_gap_stands_beside_it() -> None:
    """Train 95, validation 82, test 91: 13 points and 4 points."""
    whole = structure((phase(RISING),), measure())
    rows = (network(82.0, 0, 5, extras=(extra("Train", "train", 95.0), extra("Test", "test", 91.0))),)
    both = track(RISING, extras=(("Train", "train", TRAIN),))
    found = generalization(replace(whole, architectures=rows, track=both), measure())
    assert found is not None
    assert (found.points[0].test_gap, found.test_level) == (4.0, "ok")


def test_a_short_train_column_is_misaligned() -> None:
    """A series that began late cannot be aligned by epoch (the library's file formats)."""
    found = judged(TRAIN[1:])
    assert found is not None
    assert (found.comparable, found.not_comparable, found.points) == (False, "misaligned", ())


def test_a_train_loss_beside_an_accuracy_on_another_scale() -> None:
    """A loss of 1.5 beside 60 %: a ratio of 0.025."""
    assert mismatch("Train", (1.5, 1.0, 0.8), (60.0, 70.0, 75.0), 3, measure()) == "different-scale"


def test_a_train_loss_that_happens_to_be_on_the_scale() -> None:
    """A falling loss beside a rising accuracy in [0, 1]: opposite orders."""
    assert mismatch("Train", (0.9, 0.7, 0.5, 0.4, 0.3), (0.5, 0.6, 0.7, 0.8, 0.9), 5, measure()) == "train-looks-like-a-loss"


def test_a_later_divergence_is_no_difference_in_kind() -> None:
    """Both losses fall for six epochs, then the train loss goes on while validation rises: comparable."""
    validation = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, *[0.5 + 0.05 * t for t in range(20)])
    train = tuple(1.0 - 0.035 * t for t in range(26))
    assert mismatch("Train", train, validation, 6, measure(sign=-1)) is None


def test_a_diverging_tail() -> None:
    """After the best epoch the train loss falls steadily while the validation loss doubles."""
    validation = (1.0, 0.8, 0.6, 0.5, 0.4, *[0.42 + 0.04 * t for t in range(12)])
    train = tuple(1.0 - 0.05 * t for t in range(17))
    whole = structure((phase(validation, best=0.4, best_epoch=4, last=4, train=train),), free(sign=-1))
    extras = (("Train", "train", train),)
    found = generalization(replace(whole, track=track(validation, extras=extras), identity=identity()), free(sign=-1))
    assert found is not None
    assert found.diverging is True


def test_without_a_train_column_there_is_no_gap() -> None:
    """Nothing to compare."""
    assert generalization(structure((phase(RISING),)), measure()) is None

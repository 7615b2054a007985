"""X4: a score that is followed the wrong way; and dendrite phases that disturb the network."""

from dataclasses import replace

import pytest
from analysis_builders import free, measure, network, phase, structure

from pai_report.analysis.direction_check import dendrite_phase_broken, wrong_direction
from pai_report.analysis.model import Scores

FALLING = tuple(1.0 - 0.05 * t for t in range(15))


@pytest.mark.parametrize(
    ("train", "expected"),
    [(tuple(0.9 - 0.05 * t for t in range(15)), "wrong"), (tuple(0.5 + 0.03 * t for t in range(15)), None), (None, "hint")],
)
def test_a_loss_that_is_maximised(train: Scores | None, expected: str | None) -> None:
    """Validation falls: wrong where train falls too, only a hint without train, overfitting where train rises."""
    assert wrong_direction(structure((phase(FALLING, train=train),)), free()) == expected


def test_a_train_column_on_another_scale_proves_nothing() -> None:
    """A train accuracy of 50 beside a loss of 1: only a hint is left, in either direction."""
    train = tuple(50.0 + t for t in range(15))
    assert wrong_direction(structure((phase(FALLING, train=train),)), free()) == "hint"
    rising = FALLING[::-1]
    base = phase(rising, best=rising[0], best_epoch=0, last=0, train=train[::-1])
    whole = replace(structure((base,), free(sign=-1)), architectures=(network(rising[0], 0, 0),))
    assert wrong_direction(whole, free(sign=-1)) == "hint"


def test_an_opposed_train_column_speaks_for_overfitting_in_either_direction() -> None:
    """Minimised: validation rises while the train loss falls."""
    rising = FALLING[::-1]
    base = phase(rising, best=rising[0], best_epoch=0, last=0, train=FALLING)
    whole = replace(structure((base,), free(sign=-1)), architectures=(network(rising[0], 0, 0),))
    assert wrong_direction(whole, free(sign=-1)) is None


def test_a_rising_score_is_maximised_rightly() -> None:
    """No finding."""
    assert wrong_direction(structure((phase(FALLING[::-1]),)), free()) is None


def test_an_accuracy_that_is_minimised() -> None:
    """The same check the other way round: validation and train rise, the best row is the first and lowest."""
    rising = FALLING[::-1]
    base = phase(rising, best=rising[0], best_epoch=0, last=0, train=rising)
    whole = replace(structure((base,), free(sign=-1)), architectures=(network(rising[0], 0, 0),))
    assert wrong_direction(whole, free(sign=-1)) == "wrong"


def test_best_rows_that_are_not_the_extremes_speak_against_it() -> None:
    """A best row that is the smallest score says that the library minimised after all."""
    whole = replace(structure((phase(FALLING),)), architectures=(network(FALLING[-1], 0, 14),))
    assert wrong_direction(whole, free()) is None


@pytest.mark.parametrize(("level", "expected"), [(90.0, False), (85.0, True)])
def test_a_dendrite_phase_leaves_the_score_alone(level: float, expected: bool) -> None:
    """The median of the dendrite phase against the median of the last ten neuron epochs: five points lower is a notice."""
    neuron = phase(tuple(90 + 0.1 * (-1) ** t for t in range(12)))
    dendrite = replace(phase((level,) * 8, 0, 12), kind="dendrite")
    assert dendrite_phase_broken((neuron, dendrite), measure()) is expected

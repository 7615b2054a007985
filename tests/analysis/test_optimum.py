"""D7: after how many sets gains are no longer worth having."""

import pytest

from pai_report.analysis.set_counts import course, optimal_count
from pai_report.limits import Limits


@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        ([5, 3, 2, 0.1], 3),
        ([5, 3, 2, 0.1, 0.1], 3),
        ([5, 3, 2, 1, 0.1], 4),
        ([5, 0.1, 3, 0.1], 3),
        ([0.3] * 10, 10),
        ([5, 3, 2, -4], 3),
        ([-1], 0),
    ],
)
def test_golden_cases(gains: list[float], expected: int) -> None:
    """The cases of D7; the first is the requirements' own example (A21, O1.1)."""
    found = optimal_count(gains, (), Limits())
    assert found is not None
    assert found.sets == expected


def test_no_sets_have_no_optimum() -> None:
    """The eighth case of D7."""
    assert optimal_count([], (), Limits()) is None


def test_a_gain_below_the_noise_floor_establishes_nothing() -> None:
    """The ninth case of D7: a gain of 0.1 with a floor of 0.5."""
    found = optimal_count([0.1], [0.5], Limits())
    assert found is not None
    assert found.sets == 0


@pytest.mark.parametrize(
    ("gains", "sets", "expected"),
    [
        ([5, 3, 2, 0.1], 3, "diminishing"),
        ([0.3] * 10, 10, "equal"),
        ([5, 3, 2], 3, "still-gaining"),
        ([0.1], 0, None),
    ],
)
def test_course(gains: list[float], sets: int, expected: str | None) -> None:
    """Diminishing below the last set; equal where the smallest gain is half of the largest; nothing without an optimum."""
    assert course(gains, sets, Limits()) == expected

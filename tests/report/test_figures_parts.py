"""The parts of the pictures: thinned series, spread labels, numbers of the axes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pai_report.report.figures.axis import log_ticks, short_counts, tick_labels, ticks
from pai_report.report.figures.layout import spread
from pai_report.report.figures.series import decimated


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=300), st.integers(1, 50))
def test_decimation_keeps_the_extremes(values: list[float | None], bins: int) -> None:
    """However few points are drawn, the lowest and the highest of a series are among them, at their epochs."""
    held = np.array([np.nan if value is None else value for value in values], dtype=float)
    epochs, shown = decimated(7, held, bins)

    assert len(shown) <= max(2 * bins, min(len(held), 2 * bins))
    assert [held[int(epoch) - 7] for epoch in epochs] == pytest.approx(list(shown), nan_ok=True)
    if not np.isnan(held).all():
        assert (np.nanmin(held), np.nanmax(held)) == (np.nanmin(shown), np.nanmax(shown))


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(1, 10)), min_size=1, max_size=8))
def test_spread_labels_never_overlap(wanted: list[tuple[float, float]]) -> None:
    """Names at the ends of lines keep their distance and their place on the page."""
    sizes = [size for _, size in wanted]
    places = spread([place for place, _ in wanted], sizes, 0, 100)
    edges = sorted((place - size / 2, place + size / 2) for place, size in zip(places, sizes, strict=True))

    assert all(after[0] >= before[1] - 1e-6 for before, after in pairwise(edges))
    assert edges[0][0] >= -1e-6
    assert edges[-1][1] <= 100 + 1e-6


def test_spread_leaves_free_labels_alone() -> None:
    """A label with room around it stays where its line ends; two at the same height move apart by the same amount."""
    assert spread([10.0, 50.0, 50.0], [10.0, 10.0, 10.0], 0, 100) == [10.0, 45.0, 55.0]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([80.0, 85.0, 90.0], ["80", "85", "90"]),
        ([0.0, 2.5, 5.0], ["0.0", "2.5", "5.0"]),
        ([-0.5, 0.0, 0.5], ["\u22120.5", "0.0", "0.5"]),
        ([0.0, 1e-5, 2e-5], ["0.00000", "0.00001", "0.00002"]),
        ([0.0, 5e-12, 1e-11], ["0", "0.5e-11", "1.0e-11"]),
        ([0.0, 5e29, 1e30], ["0", "0.5e30", "1.0e30"]),
        ([1000.0, 2000.0], ["1,000", "2,000"]),
    ],
)
def test_axis_numbers_are_short_and_even(numbers: list[float], expected: list[str]) -> None:
    """Numbers of one axis have equally many decimals, as few as tell them apart; very large and small ones an exponent."""
    assert expected == tick_labels(numbers)


def test_ticks_are_round_and_inside() -> None:
    """Between 81 and 99 the round numbers are 85, 90 and 95; powers of ten on a logarithmic axis."""
    assert ticks((81, 99), 4) == [85.0, 90.0, 95.0]
    assert pytest.approx(log_ticks((0.0008, 0.2))) == [0.001, 0.01, 0.1]


def test_sizes_on_an_axis_name_their_unit_once_each() -> None:
    """Small counts stand in full, large ones in thousands or millions with the decimals that tell them apart."""
    assert short_counts([500, 1000]) == ["500", "1,000"]
    assert short_counts([0, 50_000]) == ["0", "50\u00a0k"]
    assert short_counts([63_800_000, 63_820_000]) == ["63.80\u00a0M", "63.82\u00a0M"]

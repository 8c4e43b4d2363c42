"""Curves of members on common steps, compared with NumPy."""

import numpy as np
import pytest

from engine.analysis.members.curves import Measured, align, band, common_steps

FIRST = Measured([0, 10, 20, 30], [4.0, 3.0, 2.0, 1.0])
SECOND = Measured([5, 15], [8.0, 6.0])
EMPTY = Measured([], [])


def test_the_common_steps_are_those_of_any_training() -> None:
    assert common_steps([FIRST, SECOND, EMPTY], 10).tolist() == [0, 5, 10, 15, 20, 30]
    assert common_steps([EMPTY], 10).tolist() == []
    assert common_steps([], 10).tolist() == []


def test_of_many_steps_some_are_chosen_with_the_first_and_the_last() -> None:
    steps = common_steps([Measured(range(0, 5000, 5), range(1000))], 100)
    assert (len(steps), steps[0], steps[-1]) == (100, 0, 4995)
    assert 45 <= np.diff(steps).min() <= np.diff(steps).max() <= 55


def test_values_are_the_last_measured_ones_and_are_not_extrapolated() -> None:
    aligned = align([FIRST, SECOND, EMPTY], np.array([0, 5, 12, 15, 20, 40]))
    nothing = np.nan
    expected = [
        [4, 4, 3, 3, 2, nothing],
        [nothing, 8, 8, 6, nothing, nothing],
        [nothing] * 6,
    ]
    np.testing.assert_array_equal(aligned, expected)


def test_the_band_has_median_and_quartiles_of_the_trainings_that_have_a_value() -> None:
    values = np.random.default_rng(2).lognormal(size=(7, 3))
    values[2:, 2] = np.nan
    values[4, 1] = np.nan
    found = band(values)
    assert found.n.tolist() == [7, 6, 2]
    for column in range(3):
        own = np.sort(values[np.isfinite(values[:, column]), column])
        low, high = (np.interp(share * (len(own) - 1), range(len(own)), own) for share in (0.25, 0.75))
        assert [found.low[column], found.median[column], found.high[column]] == pytest.approx(
            [low, np.median(own), high]
        )
    nobody = band(np.full((2, 2), np.nan))
    assert nobody.n.tolist() == [0, 0] and np.isnan(nobody.median).all()

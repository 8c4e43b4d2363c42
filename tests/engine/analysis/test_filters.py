"""Filters of time series compared with SciPy and with their definitions."""

import numpy as np
import pytest
from scipy.signal import savgol_filter

from engine.analysis.filters import (
    interpolate_gaps,
    moving_average,
    savitzky_golay,
    signal_to_noise,
    tuned_filters,
)


@pytest.mark.parametrize(("window", "degree"), [(5, 2), (7, 3), (15, 2), (31, 3)])
def test_savitzky_golay_equals_that_of_scipy(window: int, degree: int) -> None:
    rows = np.random.default_rng(3).standard_normal((4, 64))
    expected = savgol_filter(rows, window, degree, axis=1, mode="interp")
    np.testing.assert_allclose(savitzky_golay(64, window, degree).apply(rows), expected, atol=1e-10)


def test_a_moving_average_is_the_mean_of_its_window() -> None:
    row = np.random.default_rng(3).standard_normal((1, 20))
    smooth = moving_average(20, 5).apply(row)[0]
    assert smooth[9] == pytest.approx(row[0, 7:12].mean())
    assert smooth[1] == pytest.approx(row[0, :3].mean())
    assert smooth[0] == row[0, 0]


def test_tuned_filters_have_the_smallest_error_on_their_rows() -> None:
    rng = np.random.default_rng(5)
    clean = np.sin(2 * np.pi * (np.arange(64) / 32 + rng.random((50, 1))))
    noisy = clean + 0.5 * rng.standard_normal(clean.shape)
    average, polynomial = tuned_filters(noisy, clean)
    for window in range(3, 32, 2):
        error = ((average.apply(noisy) - clean) ** 2).sum()
        assert error <= ((moving_average(64, window).apply(noisy) - clean) ** 2).sum()
        if window > 3:
            other = savgol_filter(noisy, window, 2, axis=1)
            assert ((polynomial.apply(noisy) - clean) ** 2).sum() <= ((other - clean) ** 2).sum() + 1e-9


def test_missing_values_are_interpolated_linearly() -> None:
    rows = np.array([[0.0, 1.0, 99.0, 99.0, 4.0, 99.0]])
    missing = np.array([[False, False, True, True, False, True]])
    np.testing.assert_allclose(interpolate_gaps(rows, missing), [[0, 1, 2, 3, 4, 4]])


def test_signal_to_noise_is_ten_decibels_for_a_tenth_of_the_power() -> None:
    clean = np.tile([1.0, -1.0], (3, 10)) + 5
    assert signal_to_noise(clean, clean + np.sqrt(0.1)) == pytest.approx(10)

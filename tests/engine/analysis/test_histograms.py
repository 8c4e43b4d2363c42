"""Histograms of ranges of rows with extreme values."""

import numpy as np
import pytest

from engine.analysis.histograms import histograms


@pytest.mark.parametrize("size", [1e-34, 1e-30, 1.0, 3e38])
def test_values_of_any_size_are_counted(size: float) -> None:
    values = np.array([[-size, 0, size], [1, 1, 1], [size, size, size], [1, 1, 1]], np.float32)
    with np.errstate(all="ignore"):
        result = histograms(values, ((0, 1), (2, 3)), 4)
    assert result.counts.tolist() == [[1, 0, 1, 1], [3, 0, 0, 0]]
    assert result.high == pytest.approx([size, size]) and result.all_finite


def test_a_range_too_narrow_to_divide_counts_as_one_value() -> None:
    values = np.array([np.linspace(0, 1e-36, 8), np.ones(8)], np.float32)
    assert histograms(values, ((0, 1),), 4).counts.tolist() == [[8, 0, 0, 0]]

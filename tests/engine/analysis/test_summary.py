"""Summary statistics of values that are not finite or very large, and the effective rank."""

import math

import numpy as np
import pytest

from engine.analysis.summary import effective_rank, summary


def test_effective_rank_counts_independent_units() -> None:
    generator = np.random.default_rng(0)
    line = generator.standard_normal((1, 50))
    assert effective_rank(np.vstack([line, 2 * line, -line])) == pytest.approx(1)
    assert effective_rank(np.eye(7)) == pytest.approx(7)
    assert effective_rank(np.zeros((3, 5))) == 0
    assert math.isnan(effective_rank(np.array([[1.0, np.nan]])))
    tall = generator.standard_normal((40, 6))
    p = np.linalg.svd(tall, compute_uv=False)
    p /= p.sum()
    assert effective_rank(tall) == pytest.approx(math.exp(-(p * np.log(p)).sum()))


def test_summaries_leave_values_that_are_not_finite_out_of_the_bins() -> None:
    statistics = summary(np.array([1.0, 2.0, np.nan, np.inf, -np.inf, 3.0]), 4)
    assert math.isnan(statistics["mean"]) and (statistics["low"], statistics["high"]) == (1, 3)
    assert statistics["counts"].tolist() == [1, 0, 1, 1]
    assert summary(np.full(3, np.nan), 4)["counts"].sum() == 0
    assert summary(np.full(5, 7.0), 4)["counts"].tolist() == [5, 0, 0, 0]
    for values in (np.array([1.0, np.nextafter(1, 2)]), np.array([-1e308, 1e308])):
        assert summary(values, 4)["counts"].tolist() == [1, 0, 0, 1]
    single = np.array([-3e38, 3e38, 1e38, 1.2e38], np.float32)
    assert summary(single, 4)["counts"].tolist() == [1, 0, 2, 1]
    assert summary(single * np.float32(1e-45), 4)["counts"].sum() == 4

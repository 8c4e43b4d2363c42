"""Statistics of members, compared with SciPy."""

import numpy as np
import pytest
from scipy import stats

from engine.analysis.members.statistics import (
    describe,
    interquartile_mean,
    probability_of_improvement,
)

RANDOM = np.random.default_rng(3)
SAMPLES = [RANDOM.lognormal(size=count) for count in (2, 5, 24, 64)]


@pytest.mark.parametrize("values", SAMPLES, ids=len)
def test_median_quartiles_and_interquartile_mean_are_those_of_scipy(values: np.ndarray) -> None:
    found = describe(values.tolist())
    assert found["median"] == pytest.approx(np.median(values))
    assert found["quartiles"] == pytest.approx(stats.mstats.mquantiles(values, [0.25, 0.75], 1, 1).tolist())
    assert found["interquartile_mean"] == pytest.approx(stats.trim_mean(values, 0.25))


@pytest.mark.parametrize("values", SAMPLES[2:], ids=len)
def test_the_interval_is_that_of_the_percentile_bootstrap(values: np.ndarray) -> None:
    expected = stats.bootstrap(
        (values,), lambda sample, axis: interquartile_mean(sample), method="percentile", n_resamples=20_000,
        rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    width = expected.high - expected.low
    assert describe(values.tolist())["interval"] == pytest.approx(list(expected), abs=0.1 * width)


def test_one_value_has_no_interval() -> None:
    assert describe([0.5]) == {
        "median": 0.5, "quartiles": [0.5, 0.5], "interquartile_mean": 0.5, "interval": None,
    }  # fmt: skip


@pytest.mark.parametrize("higher", [False, True])
def test_the_probability_of_improvement_is_that_of_the_rank_sum_test(higher: bool) -> None:
    first, second = RANDOM.integers(0, 9, 24), RANDOM.integers(2, 11, 16)
    found, interval = probability_of_improvement(first.tolist(), second.tolist(), higher)
    statistic = stats.mannwhitneyu(first, second).statistic / (24 * 16)
    assert found == pytest.approx(statistic if higher else 1 - statistic)
    assert interval[0] < found < interval[1]


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # As the page says: 95 % hold for many values, and about 3 of 4 intervals of 3 contain the true one.
    [(24, 0.9, 0.98), (8, 0.87, 0.97), (3, 0.67, 0.83)],
)
def test_how_often_the_intervals_contain_the_true_value(count: int, low: float, high: float) -> None:
    better = stats.norm.cdf(1 / np.sqrt(2))  # of a normal value above another with a mean lower by 1
    random, means, probabilities = np.random.default_rng(1), 0, 0
    for _ in range(250):
        first, second = random.normal(1, 1, count).tolist(), random.normal(0, 1, count).tolist()
        interval = describe(first)["interval"]
        means += interval[0] <= 1 <= interval[1]
        interval = probability_of_improvement(first, second, higher_is_better=True)[1]
        probabilities += interval[0] <= better <= interval[1]
    assert low <= means / 250 <= high and low <= probabilities / 250 <= high


def test_statistics_are_the_same_in_every_call() -> None:
    first, second = SAMPLES[1].tolist(), SAMPLES[2].tolist()
    assert describe(first) == describe(first)
    assert probability_of_improvement(first, second, True) == probability_of_improvement(first, second, True)

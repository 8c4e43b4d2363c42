"""Statistics of one number of several trainings that differ in their seeds: level, spread and comparison.

The interquartile mean with its bootstrap interval and the probability of improvement are those of Agarwal et
al., "Deep Reinforcement Learning at the Edge of the Statistical Precipice" (2021), for one task.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 95  # percent of the bootstrap intervals


def describe(values: Sequence[float]) -> dict[str, float | list[float] | None]:
    """Returns median, quartiles, and interquartile mean of n >= 1 values with its interval (n = 1: null)."""
    array = np.asarray(values, np.float64)
    low, middle, high = np.percentile(array, [25, 50, 75])
    return {
        "median": float(middle),
        "quartiles": [float(low), float(high)],
        "interquartile_mean": float(interquartile_mean(array)),
        "interval": _interval(interquartile_mean(array[_resampled(len(array))])) if len(array) > 1 else None,
    }


def interquartile_mean(values: NDArray) -> NDArray:
    """Returns the mean of the values (..., n) without the lowest and the highest quarter, rounded down."""
    ordered = np.sort(values, axis=-1)
    cut = values.shape[-1] // 4
    return np.asarray(ordered[..., cut : values.shape[-1] - cut].mean(axis=-1))


def probability_of_improvement(
    first: Sequence[float], second: Sequence[float], higher_is_better: bool
) -> tuple[float, list[float]]:
    """Returns the probability that a value of `first` is better than one of `second`, with its interval.

    A tie counts half. The interval is that of the bootstrap, in which both are resampled.
    """
    a, b = np.asarray(first, np.float64)[:, None], np.asarray(second, np.float64)[None, :]
    wins = ((a > b) if higher_is_better else (a < b)) + 0.5 * (a == b)
    counts_a = _counts(_resampled(a.size, seed=1), a.size)
    counts_b = _counts(_resampled(b.size, seed=2), b.size)
    resampled = ((counts_a @ wins) * counts_b).sum(axis=1) / wins.size
    return float(wins.mean()), _interval(resampled)


# Not by `scipy.stats.bootstrap`: it gives the same intervals (a test compares them), takes up to 1.8 times as
# long, and its import keeps the process of the server, which answers all requests, busy for 1.4 s.
def _resampled(count: int, seed: int = 0) -> NDArray:
    """Indices (RESAMPLES, count) of samples with replacement, the same ones in every call."""
    return np.random.default_rng(seed).integers(0, count, (RESAMPLES, count))


def _counts(indices: NDArray, count: int) -> NDArray:
    """How often each index was drawn, (RESAMPLES, count)."""
    rows = np.arange(len(indices))[:, None] * count
    return np.bincount((rows + indices).ravel(), minlength=len(indices) * count).reshape(-1, count)


def _interval(values: NDArray) -> list[float]:
    rest = (100 - LEVEL) / 2
    return [float(value) for value in np.percentile(values, [rest, 100 - rest])]

"""Curves of several trainings on one common list of steps, and their median with the interquartile band."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Measured(NamedTuple):
    """The steps, or times in seconds, (ascending) at which a training was measured, with finite values."""

    steps: Sequence[float]
    values: Sequence[float]


class Band(NamedTuple):
    """Statistics at each step, (steps,); NaN where no training has a value."""

    n: NDArray
    low: NDArray  # the 25th percentile
    median: NDArray
    high: NDArray  # the 75th percentile


def common_steps(measured: Sequence[Measured], max_points: int) -> NDArray:
    """Returns the steps at which any training was measured; of more than `max_points`, evenly chosen ones.

    The first and the last step are always among them.
    """
    steps = np.unique(np.asarray([step for one in measured for step in one.steps], np.int64))
    if len(steps) <= max_points:
        return steps
    return np.asarray(steps[np.linspace(0, len(steps) - 1, max_points).round().astype(int)])


def common_times(measured: Sequence[Measured], max_points: int) -> NDArray:
    """Returns `max_points` evenly spaced times from 0 to the last one at which any training was measured."""
    last = max((one.steps[-1] for one in measured if len(one.steps)), default=None)
    return np.zeros(0) if last is None else np.linspace(0, last, max_points)


def align(measured: Sequence[Measured], steps: NDArray) -> NDArray:
    """Returns the values (trainings, steps): the last one measured up to each step.

    NaN before the first and after the last step at which a training was measured: nothing is extrapolated.
    """
    aligned = np.full((len(measured), len(steps)), np.nan)
    for row, one in zip(aligned, measured, strict=True):
        own = np.asarray(one.steps)
        if not len(own):
            continue
        inside = (steps >= own[0]) & (steps <= own[-1])
        index = np.searchsorted(own, steps[inside], side="right") - 1
        row[inside] = np.asarray(one.values, np.float64)[index]
    return aligned


def band(values: NDArray) -> Band:
    """Returns number, quartiles and median of the trainings (trainings, steps) that have a value, by step."""
    n = np.isfinite(values).sum(axis=0)
    quartiles = np.full((3, values.shape[1]), np.nan)
    if n.any():
        quartiles[:, n > 0] = np.nanpercentile(values[:, n > 0], [25, 50, 75], axis=0)
    return Band(n, *quartiles)

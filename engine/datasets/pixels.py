"""Pixels: statistics and scaling of inputs that are stored as bytes.

Rows are processed in blocks, so that the whole data set is never copied in double precision.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.datasets.features import compute

BLOCK = 2048  # rows


def are_bytes(raw: NDArray) -> bool:
    """Returns whether the inputs are stored as bytes."""
    return raw.dtype == np.uint8


def statistics(raw: NDArray[np.uint8], columns: Sequence[int]) -> tuple[NDArray, NDArray]:
    """Returns the mean of each column, and one scale for all: the root of their mean variance, or 1 if 0.

    With a scale per column, pixels that are almost always blank would get the largest values. The sums are
    exact.
    """
    total = np.zeros(raw.shape[1], np.int64)
    squares = np.zeros(raw.shape[1], np.int64)
    for start in range(0, len(raw), BLOCK):
        block = raw[start : start + BLOCK].astype(np.int64)
        total += block.sum(axis=0)
        squares += (block * block).sum(axis=0)
    count = len(raw)
    variance = (count * squares - total * total)[list(columns)] / count**2
    scale = float(np.sqrt(variance.mean())) or 1.0
    return total[list(columns)] / count, np.full(len(columns), scale)


def scale_rows(
    raw: NDArray[np.uint8], features: list[str], inputs: list[str], mean: NDArray, scale: NDArray, dtype: str
) -> NDArray:
    """Returns (feature - mean) / scale in the run's dtype, (n, f): the values of `Data.transform`."""
    result = np.empty((len(raw), len(features)), dtype)
    for start in range(0, len(raw), BLOCK):
        rows = slice(start, start + BLOCK)
        result[rows] = (compute(features, inputs, raw[rows]) - mean) / scale
    return result

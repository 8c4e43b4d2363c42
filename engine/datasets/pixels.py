"""Pixels: many bytes made into what a network sees, block by block, so that no copy in double precision is
needed of them all.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.datasets.features import compute

BLOCK = 2048  # pictures at a time


def are_bytes(raw: NDArray) -> bool:
    """Whether the inputs are kept as bytes."""
    return raw.dtype == np.uint8


def spread(raw: NDArray[np.uint8], chosen: Sequence[int]) -> tuple[NDArray, NDArray]:
    """The mean of each chosen pixel, and as scale for all the root of their mean variance, 1 if that is 0.

    One scale for all, since a pixel that is hardly ever inked would else count for more than any other.
    From exact sums.
    """
    total = np.zeros(raw.shape[1], np.int64)
    squares = np.zeros(raw.shape[1], np.int64)
    for start in range(0, len(raw), BLOCK):
        block = raw[start : start + BLOCK].astype(np.int64)
        total += block.sum(axis=0)
        squares += (block * block).sum(axis=0)
    count = len(raw)
    variance = (count * squares - total * total)[list(chosen)] / count**2
    scale = float(np.sqrt(variance.mean())) or 1.0
    return total[list(chosen)] / count, np.full(len(chosen), scale)


def scaled(
    raw: NDArray[np.uint8], features: list[str], inputs: list[str], mean: NDArray, scale: NDArray, dtype: str
) -> NDArray:
    """(feature - mean) / scale in the run's own precision, (n, f): the numbers `Data.transform` gives."""
    result = np.empty((len(raw), len(features)), dtype)
    for start in range(0, len(raw), BLOCK):
        rows = slice(start, start + BLOCK)
        result[rows] = (compute(features, inputs, raw[rows]) - mean) / scale
    return result

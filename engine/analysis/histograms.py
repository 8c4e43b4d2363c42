"""Histograms of several ranges of rows of one array, counted in one go."""

import math
from dataclasses import dataclass

import numpy as np

MIN_WIDTH = 1e-35  # of a range; what is narrower counts as one value
Ranges = tuple[tuple[int, int], ...]  # (start, stop) each


@dataclass(frozen=True)
class Histograms:
    """`counts` (ranges, bins); `low` and `high` (ranges,), the smallest and largest finite value of each, 0
    where there is none; `tops`, the largest value of every row of the ranges, NaN where there is one.
    `whole`: all is finite.
    """

    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tops: np.ndarray
    whole: bool


@dataclass(frozen=True)
class Workspace:
    """What depends on shapes alone, and space to work in: fresh arrays of this size would have to be fetched
    from the system every time, which takes longer than the counting.
    """

    rows: np.ndarray  # those of all ranges
    heights: np.ndarray  # how many rows each range has
    starts: np.ndarray  # where each begins among `rows`
    first: np.ndarray  # for every value the number of its range's first bin, int32
    values: np.ndarray
    whole: np.ndarray  # int32: floats become those three times as fast
    index: np.ndarray


def workspace(ranges: Ranges, samples: int, bins: int, dtype: np.dtype) -> Workspace:
    """Arrays for `histograms` of this shape. Every range has one bin more, for its upper edge."""
    rows = np.concatenate([np.arange(start, stop) for start, stop in ranges])
    heights = np.array([stop - start for start, stop in ranges])
    own = np.repeat(np.arange(len(ranges), dtype=np.int32) * (bins + 1), heights)
    first = np.repeat(own[:, None], samples, axis=1).astype(np.int32)
    values, index = np.empty(first.shape, dtype), np.empty(first.shape, np.intp)
    starts = np.cumsum(heights) - heights
    return Workspace(rows, heights, starts, first, values, np.empty_like(first), index)


def histograms(values: np.ndarray, ranges: Ranges, bins: int, places: Workspace | None = None) -> Histograms:
    """Of each range of rows of `values` (rows, samples), with one call that counts for all of them.

    Bins are equally wide from the smallest to the largest finite value; the last one includes its upper edge.
    """
    places = places or workspace(ranges, values.shape[1], bins, values.dtype)
    picked = values.take(places.rows, 0, places.values, "clip")
    low, tops = np.minimum.reduce(picked, 1), np.maximum.reduce(picked, 1)
    high, broken = tops, None
    if not math.isfinite(np.add.reduce(low) + np.add.reduce(high)):
        broken = ~np.isfinite(picked)
        low = np.where(broken, np.inf, picked).min(axis=1)
        high = np.where(broken, -np.inf, picked).max(axis=1)
    bottom, top = np.minimum.reduceat(low, places.starts), np.maximum.reduceat(high, places.starts)
    if broken is not None:
        empty = bottom > top  # nothing finite in the range
        bottom[empty] = top[empty] = 0
    _scale(picked, bottom, top, places.heights, bins)
    np.copyto(places.whole, picked, casting="unsafe")
    np.add(places.whole, places.first, places.whole)
    behind = len(ranges) * (bins + 1)
    if broken is not None:
        places.whole[broken] = behind
    np.copyto(places.index, places.whole)
    counted = np.zeros(behind + 1, np.int64)
    np.add.at(counted, places.index, 1)  # on whole numbers faster than `bincount`
    counts = counted[:behind].reshape(len(ranges), bins + 1)
    counts[:, -2] += counts[:, -1]
    return Histograms(counts[:, :-1], bottom, top, tops, broken is None or not broken.any())


def _scale(values: np.ndarray, bottom: np.ndarray, top: np.ndarray, heights: np.ndarray, bins: int) -> None:
    """Finite values from 0 at the bottom of their range to `bins` at its top, in place."""
    width = top - bottom
    if not math.isfinite(np.add.reduce(width)):  # too far apart for the difference
        np.divide(values, 4, values)
        bottom, width = bottom / 4, top / 4 - bottom / 4
    width[width < MIN_WIDTH] = np.inf
    factor = bins / width
    np.subtract(values, bottom.repeat(heights)[:, None], values)
    np.multiply(values, factor.repeat(heights)[:, None], values)

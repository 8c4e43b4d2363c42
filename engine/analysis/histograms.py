"""Histograms of several ranges of rows of one array, counted in one call."""

import math
from dataclasses import dataclass

import numpy as np

MIN_WIDTH = 1e-35  # of a range of values; narrower ones count as one value
Ranges = tuple[tuple[int, int], ...]  # (start, stop) of the rows of each histogram


@dataclass(frozen=True)
class Histograms:
    """`counts` (ranges, bins); `low` and `high` (ranges,), the smallest and largest finite value of each, 0
    if there is none; `row_maxima`, the largest value of every row of the ranges, NaN if the row has one.
    """

    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    row_maxima: np.ndarray
    all_finite: bool


@dataclass(frozen=True)
class Workspace:
    """Index arrays that depend on shapes only, and buffers: allocating arrays of this size in every call
    takes longer than the counting.
    """

    rows: np.ndarray  # the row indices of all ranges
    heights: np.ndarray  # the number of rows of each range
    starts: np.ndarray  # the index in `rows` of the first row of each range
    first_bins: np.ndarray  # int32 (rows, samples): the index of the first bin of the value's range
    values: np.ndarray
    bins: np.ndarray  # int32, because floats are converted to it three times as fast
    bin_indices: np.ndarray


def workspace(ranges: Ranges, samples: int, bins: int, dtype: np.dtype) -> Workspace:
    """Arrays for `histograms` of this shape. Every range has one more bin, for its upper edge."""
    rows = np.concatenate([np.arange(start, stop) for start, stop in ranges])
    heights = np.array([stop - start for start, stop in ranges])
    row_bins = np.repeat(np.arange(len(ranges), dtype=np.int32) * (bins + 1), heights)
    first_bins = np.repeat(row_bins[:, None], samples, axis=1).astype(np.int32)
    values, bin_indices = np.empty(first_bins.shape, dtype), np.empty(first_bins.shape, np.intp)
    starts = np.cumsum(heights) - heights
    return Workspace(rows, heights, starts, first_bins, values, np.empty_like(first_bins), bin_indices)


def histograms(values: np.ndarray, ranges: Ranges, bins: int, space: Workspace | None = None) -> Histograms:
    """The histogram of each range of rows of `values` (rows, samples).

    Bins are of equal width from the smallest to the largest finite value; the last one includes its upper
    edge.
    """
    space = space or workspace(ranges, values.shape[1], bins, values.dtype)
    selected = values.take(space.rows, 0, space.values, "clip")
    row_minima, row_maxima = np.minimum.reduce(selected, 1), np.maximum.reduce(selected, 1)
    finite_maxima, nonfinite = row_maxima, None
    if not math.isfinite(np.add.reduce(row_minima) + np.add.reduce(row_maxima)):
        nonfinite = ~np.isfinite(selected)
        row_minima = np.where(nonfinite, np.inf, selected).min(axis=1)
        finite_maxima = np.where(nonfinite, -np.inf, selected).max(axis=1)
    low = np.minimum.reduceat(row_minima, space.starts)
    high = np.maximum.reduceat(finite_maxima, space.starts)
    if nonfinite is not None:
        empty = low > high  # no finite value in the range
        low[empty] = high[empty] = 0
    _scale(selected, low, high, space.heights, bins)
    counts = _count(selected, nonfinite, len(ranges), bins, space)
    return Histograms(counts, low, high, row_maxima, nonfinite is None or not nonfinite.any())


def _scale(values: np.ndarray, low: np.ndarray, high: np.ndarray, heights: np.ndarray, bins: int) -> None:
    """Scale finite values in place: 0 at the lower end of their range, `bins` at the upper end."""
    width = high - low
    if not math.isfinite(np.add.reduce(width)):  # the difference overflows
        np.divide(values, 4, values)
        low, width = low / 4, high / 4 - low / 4
    width[width < MIN_WIDTH] = np.inf
    factor = bins / width
    np.subtract(values, low.repeat(heights)[:, None], values)
    np.multiply(values, factor.repeat(heights)[:, None], values)


def _count(
    scaled: np.ndarray, nonfinite: np.ndarray | None, ranges: int, bins: int, space: Workspace
) -> np.ndarray:
    """Counts (ranges, bins) of the scaled values; those that are not finite go into one more bin, dropped."""
    np.copyto(space.bins, scaled, casting="unsafe")
    np.add(space.bins, space.first_bins, space.bins)
    dropped = ranges * (bins + 1)
    if nonfinite is not None:
        space.bins[nonfinite] = dropped
    np.copyto(space.bin_indices, space.bins)
    flat = np.zeros(dropped + 1, np.int64)
    np.add.at(flat, space.bin_indices, 1)  # for integers faster than `bincount`
    counts = flat[:dropped].reshape(ranges, bins + 1)
    counts[:, -2] += counts[:, -1]
    return counts[:, :-1]

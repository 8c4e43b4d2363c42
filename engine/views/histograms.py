"""Histograms of several ranges of rows of one array, counted in one go."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LEAST_WIDTH = 1e-35  # of a range; what is narrower counts as one value
Ranges = tuple[tuple[int, int], ...]  # (start, stop) each, one row that is not counted behind every one


@dataclass(frozen=True)
class Histograms:
    """`counts` (ranges, bins); `low` and `high` (ranges,), the smallest and largest finite value of each, 0
    where there is none; `tops`, the largest value of every row, NaN where there is one. `whole`: all is
    finite.
    """

    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tops: np.ndarray
    whole: bool


@dataclass(frozen=True)
class _Places:
    """What depends on shapes alone, and space to work in: fresh arrays of this size would have to be fetched
    from the system every time, which takes longer than the counting.
    """

    edges: np.ndarray  # start and stop of every range
    between: np.ndarray  # the rows that are not counted: the stops
    heights: np.ndarray  # how many rows each range takes with that one
    first: np.ndarray  # for every value the number of its range's first bin, int32
    scaled: np.ndarray
    whole: np.ndarray  # int32: floats become those three times as fast
    index: np.ndarray


@lru_cache(maxsize=2)
def _places(ranges: Ranges, samples: int, bins: int, dtype: np.dtype) -> _Places:
    """Kept for the next call, for one thread at a time. Every range has a bin more, for its upper edge.

    What is not counted gets a place behind all bins, not the same for all: a processor waits when it adds to
    one place again and again.
    """
    starts, between = (np.array(column) for column in zip(*ranges, strict=True))
    heights = between + 1 - starts
    own = np.repeat(np.arange(len(ranges)) * (bins + 1), heights)
    first = np.repeat(own[:, None], samples, axis=1).astype(np.int32)
    first[between] = len(ranges) * (bins + 1) + np.arange(samples)
    scaled, index = np.empty(first.shape, dtype), np.empty(first.shape, np.intp)
    edges = np.array(ranges).ravel()
    return _Places(edges, between, heights, first, scaled, np.empty_like(first), index)


def histograms(values: np.ndarray, ranges: Ranges, bins: int) -> Histograms:
    """Of each range of rows of `values` (rows, samples), with one call that counts for all of them.

    Bins are equally wide from the smallest to the largest finite value; the last one includes its upper edge.
    """
    places = _places(ranges, values.shape[1], bins, values.dtype)
    low, tops = np.minimum.reduce(values, 1), np.maximum.reduce(values, 1)
    high, broken = tops, None
    if not math.isfinite(np.add.reduce(low) + np.add.reduce(high)):
        broken = ~np.isfinite(values)
        low = np.where(broken, np.inf, values).min(axis=1)
        high = np.where(broken, -np.inf, values).max(axis=1)
    bottom = np.minimum.reduceat(low, places.edges)[::2]
    top = np.maximum.reduceat(high, places.edges)[::2]
    if broken is not None:
        empty = bottom > top  # nothing finite in the range
        bottom[empty] = top[empty] = 0
    _scale(values, bottom, top, places, bins)
    np.copyto(places.whole, places.scaled, casting="unsafe")
    np.add(places.whole, places.first, places.whole)
    behind = len(ranges) * (bins + 1)
    if broken is not None:
        places.whole[broken] = behind
    np.copyto(places.index, places.whole)
    counted = np.zeros(behind + values.shape[1], np.int64)
    np.add.at(counted, places.index, 1)  # on whole numbers faster than `bincount`
    counts = counted[:behind].reshape(len(ranges), bins + 1)
    counts[:, -2] += counts[:, -1]
    return Histograms(counts[:, :-1], bottom, top, tops, broken is None or not broken.any())


def _scale(values: np.ndarray, bottom: np.ndarray, top: np.ndarray, places: _Places, bins: int) -> None:
    """Finite values from 0 at the bottom of their range to `bins` at its top, left in `places.scaled`."""
    width = top - bottom
    if not math.isfinite(np.add.reduce(width)):  # too far apart for the difference
        values, bottom, width = values / 4, bottom / 4, top / 4 - bottom / 4
    width[width < LEAST_WIDTH] = np.inf
    factor = (bins / width).repeat(places.heights)
    factor[places.between] = 0
    np.subtract(values, bottom.repeat(places.heights)[:, None], places.scaled)
    np.multiply(places.scaled, factor[:, None], places.scaled)

"""Levels: 256 values between the smallest and the largest value of an array, for sending it in one byte each.

Without a threshold the levels are evenly spaced. With one they are closer to each other near it, by a square
law on each side, so that the line where the values cross it stays where it is, and no value changes sides:

    v(c) = threshold - (threshold - low)  ((below - c) / below)²          for c < below
    v(c) = threshold + (high - threshold) ((c - below) / (255 - below))²  for c >= below

Rounding to the nearest level changes a value by at most 1/255 of the range of the values.
"""

from math import ceil
from typing import NamedTuple

import numpy as np

LAST = 255


class Levels(NamedTuple):
    """The level `low` of code 0 and `high` of code 255; with a `threshold`, that of the code `below`."""

    low: float
    high: float
    threshold: float | None = None
    below: int | None = None

    def table(self) -> np.ndarray:
        """Returns the values of the codes, float32 (256,)."""
        codes = np.arange(LAST + 1, dtype=np.float64)
        if self.threshold is None or self.below is None:
            return (self.low + (self.high - self.low) * codes / LAST).astype(np.float32)
        under, over = (self.below - codes) / self.below, (codes - self.below) / (LAST - self.below)
        lower = self.threshold - (self.threshold - self.low) * under * under
        upper = self.threshold + (self.high - self.threshold) * over * over
        return np.where(codes < self.below, lower, upper).astype(np.float32)


def to_levels(values: np.ndarray, threshold: float | None) -> tuple[Levels, np.ndarray] | None:
    """Returns levels for `values` (outputs, ...), and the code of each value (uint8, same shape).

    Decisions are kept: values >= threshold keep that relation; without a threshold the first largest of
    several outputs stays the first largest. None if that is impossible: values that are not finite, or too
    close to each other.
    """
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        return None
    if threshold is not None and low < threshold <= high:
        return _around(values.astype(np.float64), low, high, threshold)
    levels = Levels(low, high)
    scaled = (values.astype(np.float64) - low) * (LAST / (high - low))
    codes = np.rint(scaled).astype(np.int16)
    if len(values) > 1 and threshold is None:
        _keep_largest(values, scaled, codes)
    return (levels, codes.astype(np.uint8)) if _increases(levels.table()) else None


def _around(
    values: np.ndarray, low: float, high: float, threshold: float
) -> tuple[Levels, np.ndarray] | None:
    """Levels by the square law; as many on each side as its part of the range."""
    sides = (threshold - low, high - threshold)
    fewer = min(max(ceil(LAST * min(sides) / (high - low)), 1), LAST - 1)
    below = fewer if sides[0] < sides[1] else LAST - fewer
    counts = (below, LAST - below)
    # With a side that is nearly the whole range, the last spacing would be slightly too large.
    limit = (high - low) / LAST
    reaches = [
        side - limit / 2 if side * (2 * count - 1) > 2 * limit * count * count else side
        for side, count in zip(sides, counts, strict=True)
    ]
    levels = Levels(threshold - reaches[0], threshold + reaches[1], threshold, below)
    table = levels.table()
    if not (table[below - 1] < threshold <= table[below] and _increases(table[: below + 1])):
        return None
    codes = np.where(
        values >= threshold,
        below + _nearest(values - threshold, reaches[1], counts[1]),
        below - np.maximum(1, _nearest(threshold - values, reaches[0], counts[0])),
    )
    return levels, codes.astype(np.uint8)


def _nearest(distances: np.ndarray, reach: float, count: int) -> np.ndarray:
    """The number c of the nearest of the distances reach (c / count)², at most `count`."""
    if reach <= 0:
        return np.zeros_like(distances)
    squares = distances * (count * count / reach)
    return np.minimum(np.rint(np.sqrt(np.maximum(squares - 0.25, 0))), count)


def _keep_largest(values: np.ndarray, scaled: np.ndarray, codes: np.ndarray) -> None:
    """Moves codes by one where an earlier output has the code of the largest one, whose cell it would take.

    Of two values with the same code, the larger one moves up if it lies above its level; otherwise the
    smaller one lies below, and moves down: no value moves by more than one level from where it is.
    """
    largest = values.argmax(axis=0)
    indices = np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1))
    top = np.take_along_axis(codes, largest[None], axis=0)
    tied = (codes == top) & (indices < largest)
    any_tied = tied.any(axis=0)
    if not any_tied.any():
        return
    above = np.take_along_axis(scaled, largest[None], axis=0) >= top
    moves_up = any_tied & above[0] & (top[0] < LAST)
    codes[tied & ~moves_up] -= 1
    np.put_along_axis(codes, largest[None], top + moves_up, axis=0)


def _increases(table: np.ndarray) -> bool:
    """Whether the levels are different numbers in their precision."""
    return bool((np.diff(table) > 0).all())

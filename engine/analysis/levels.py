"""Levels: 256 values between the smallest and the largest value of an array, for sending it in one byte each.

Without a threshold the levels are evenly spaced. With one they are closer to each other near it, by a cubic
law on each side, so that the line where the values cross it stays where it is, and no value changes sides.
Code `below` is the threshold; of the n codes on a side that ends at the distance r, the one at the part
x = c / n of them has the distance

    r a x³                 for x < e, with the slope s there: a = s / (3 e²), e = 3/2 (1 - 1/s), at most 1
    r (1 - s (1 - x))      for the others
    s = 2 n (high - low) / (256 r), at most 3: the spacing of the levels is at most 2/256 of the range

and at least c |threshold| / 2²², which float32 can tell apart. Rounding to the nearest level changes a value
by at most 1/255 of the range of the values.
"""

from typing import NamedTuple

import numpy as np

LAST = 255
LEAST = 32  # codes on each side of a threshold
PRECISION = 2**22


class Levels(NamedTuple):
    """The level `low` of code 0 and `high` of code 255; with a `threshold`, that of the code `below`."""

    low: float
    high: float
    threshold: float | None = None
    below: int | None = None

    def table(self) -> np.ndarray:
        """Returns the values of the codes, float32 (256,)."""
        if self.threshold is None or self.below is None:
            return (self.low + (self.high - self.low) * np.arange(LAST + 1) / LAST).astype(np.float32)
        under = self._distances(self.threshold - self.low, self.below)
        over = self._distances(self.high - self.threshold, LAST - self.below)
        return np.concatenate([self.threshold - under[:0:-1], self.threshold + over]).astype(np.float32)

    def _distances(self, reach: float, count: int) -> np.ndarray:
        """The distances from the threshold of the codes 0 to `count` on a side, (count + 1,)."""
        codes = np.arange(count + 1, dtype=np.float64)
        if reach <= 0:
            return np.zeros_like(codes)
        slope = min(2 * count * (self.high - self.low) / ((LAST + 1) * reach), 3)
        end = 1.5 * (1 - 1 / slope)
        x = codes / count
        law = np.where(x < end, slope / (3 * end * end) * x * x * x, 1 - slope * (1 - x))
        return np.maximum(reach * law, codes * abs(self.threshold or 0) / PRECISION)


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
        return _around(values.astype(np.float64), low, high, float(np.float32(threshold)))
    levels = Levels(low, high)
    scaled = (values.astype(np.float64) - low) * (LAST / (high - low))
    codes = np.rint(scaled).astype(np.int16)
    if len(values) > 1 and threshold is None:
        _keep_largest(values, scaled, codes)
    return (levels, codes.astype(np.uint8)) if _increases(levels.table()) else None


def _around(
    values: np.ndarray, low: float, high: float, threshold: float
) -> tuple[Levels, np.ndarray] | None:
    """Levels by the cubic law; each side has its part of them, but at least LEAST."""
    if high - low < LAST * LAST * abs(threshold) / PRECISION:
        return None
    below = round(min(max(LAST * (threshold - low) / (high - low), LEAST), LAST - LEAST))
    levels = Levels(low, high, threshold, below)
    table = levels.table().astype(np.float64)
    if not table[below - 1] < threshold <= table[below]:
        return None
    codes = np.searchsorted((table[1:] + table[:-1]) / 2, values)
    codes = np.where(values >= threshold, np.maximum(codes, below), np.minimum(codes, below - 1))
    return levels, codes.astype(np.uint8)


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

"""Classical smoothing filters for noisy series, with their parameters tuned on the training part."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOWS = tuple(range(3, 32, 2))
DEGREES = (2, 3)


@dataclass(frozen=True)
class Filter:
    """A linear filter as a matrix (steps, steps): filtered rows are rows @ matrix.T."""

    name: str
    window: int
    degree: int  # of the polynomial; 0: a moving average
    matrix: NDArray

    def apply(self, rows: NDArray) -> NDArray:
        """The smoothed rows (n, steps)."""
        return np.asarray(rows @ self.matrix.T)


def moving_average(steps: int, window: int) -> Filter:
    """The mean of `window` neighbours; near the ends of the largest symmetric window that fits."""
    matrix = np.zeros((steps, steps))
    for step in range(steps):
        half_width = min(window // 2, step, steps - 1 - step)
        matrix[step, step - half_width : step + half_width + 1] = 1 / (2 * half_width + 1)
    return Filter("moving average", window, 0, matrix)


def savitzky_golay(steps: int, window: int, degree: int) -> Filter:
    """A polynomial of `degree` fitted to `window` neighbours by least squares, evaluated at the step
    (Savitzky & Golay 1964). Near the ends the polynomial of the first or last window is evaluated.
    """
    matrix = np.zeros((steps, steps))
    offsets = np.arange(window) - window // 2
    fit = np.linalg.pinv(np.vander(offsets, degree + 1))
    for step in range(steps):
        start = min(max(step - window // 2, 0), steps - window)
        offset = step - start - window // 2
        matrix[step, start : start + window] = np.vander([offset], degree + 1)[0] @ fit
    return Filter("Savitzky-Golay", window, degree, matrix)


def tuned_filters(noisy: NDArray, clean: NDArray) -> tuple[Filter, Filter]:
    """The moving average and the Savitzky-Golay filter with the smallest squared error on these rows, among
    all windows from 3 to 31 steps that fit, and degrees 2 and 3.
    """
    steps = noisy.shape[1]
    windows = [window for window in WINDOWS if window <= steps]
    polynomials = [(w, d) for w in windows for d in DEGREES if d < w]
    return (
        _best((moving_average(steps, window) for window in windows), noisy, clean),
        _best((savitzky_golay(steps, window, degree) for window, degree in polynomials), noisy, clean),
    )


def _best(filters: Iterable[Filter], noisy: NDArray, clean: NDArray) -> Filter:
    return min(filters, key=lambda candidate: float(((candidate.apply(noisy) - clean) ** 2).sum()))


def interpolate_gaps(rows: NDArray, lost: NDArray) -> NDArray:
    """`rows` (n, steps) with the steps in the mask `lost` interpolated linearly: filters need all steps."""
    filled = rows.copy()
    steps = np.arange(rows.shape[1])
    for row, gaps in zip(filled, lost, strict=True):
        if gaps.any() and not gaps.all():
            row[gaps] = np.interp(steps[gaps], steps[~gaps], row[~gaps])
    return filled


def signal_to_noise(clean: NDArray, estimate: NDArray) -> float:
    """10 log₁₀ of Σ (x - x̄)² / Σ (x̂ - x)², in dB, over all rows; x̄ is the mean of each row."""
    signal = ((clean - clean.mean(axis=1, keepdims=True)) ** 2).sum()
    noise = ((estimate - clean) ** 2).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(10 * np.log10(signal / noise))

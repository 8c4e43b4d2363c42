"""Filters: what smooths a noisy series without having learned anything, tuned on the training part."""

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
        """The rows (n, steps), smoothed."""
        return np.asarray(rows @ self.matrix.T)


def moving_average(steps: int, window: int) -> Filter:
    """The mean of `window` neighbours; towards the ends of as many as there are on both sides."""
    matrix = np.zeros((steps, steps))
    for step in range(steps):
        reach = min(window // 2, step, steps - 1 - step)
        matrix[step, step - reach : step + reach + 1] = 1 / (2 * reach + 1)
    return Filter("moving average", window, 0, matrix)


def savitzky_golay(steps: int, window: int, degree: int) -> Filter:
    """A polynomial of `degree` fitted to `window` neighbours by least squares, read off at the step (Savitzky
    & Golay 1964). Towards the ends the first and the last window's polynomial is read off.
    """
    matrix = np.zeros((steps, steps))
    places = np.arange(window) - window // 2
    fit = np.linalg.pinv(np.vander(places, degree + 1))
    for step in range(steps):
        begin = min(max(step - window // 2, 0), steps - window)
        place = step - begin - window // 2
        matrix[step, begin : begin + window] = np.vander([place], degree + 1)[0] @ fit
    return Filter("Savitzky-Golay", window, degree, matrix)


def tuned(noisy: NDArray, clean: NDArray) -> tuple[Filter, Filter]:
    """The moving average and the Savitzky-Golay filter with the least squared error on these rows, of all
    windows from 3 to 31 steps and degrees 2 and 3 that fit.
    """
    steps = noisy.shape[1]
    windows = [window for window in WINDOWS if window <= steps]
    polynomials = [(w, d) for w in windows for d in DEGREES if d < w]
    return (
        _best((moving_average(steps, window) for window in windows), noisy, clean),
        _best((savitzky_golay(steps, window, degree) for window, degree in polynomials), noisy, clean),
    )


def _best(filters: Iterable[Filter], noisy: NDArray, clean: NDArray) -> Filter:
    return min(filters, key=lambda each: float(((each.apply(noisy) - clean) ** 2).sum()))


def bridged(rows: NDArray, lost: NDArray) -> NDArray:
    """Lost steps filled by straight lines between their neighbours: these filters know no gaps."""
    filled = rows.copy()
    steps = np.arange(rows.shape[1])
    for row, gone in zip(filled, lost, strict=True):
        if gone.any() and not gone.all():
            row[gone] = np.interp(steps[gone], steps[~gone], row[~gone])
    return filled


def signal_to_noise(clean: NDArray, found: NDArray) -> float:
    """10 log₁₀ of Σ (x - x̄)² / Σ (x̂ - x)², in dB, over all rows; x̄ is the mean of each row."""
    signal = ((clean - clean.mean(axis=1, keepdims=True)) ** 2).sum()
    noise = ((found - clean) ** 2).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(10 * np.log10(signal / noise))

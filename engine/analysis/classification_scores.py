"""Scores of classifiers with numeric outputs: ROC curves, calibration, and threshold sweeps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Roc:
    """False and true positive rates as the threshold falls from infinity; equal scores give one point.

    `auc` is the area under the curve: NaN if a class is missing or a score is NaN.
    """

    false_positive_rate: NDArray
    true_positive_rate: NDArray
    thresholds: NDArray
    auc: float


def roc(positive: NDArray, scores: NDArray) -> Roc:
    """The ROC curve of `scores` (n,) for the true labels `positive` (n,), without points inside straight
    segments.
    """
    order = np.argsort(-scores, kind="stable")
    scores, positive = scores[order], positive[order].astype(bool)
    ends = np.append(np.flatnonzero(scores[1:] != scores[:-1]), len(scores) - 1)
    true_positives = np.concatenate([[0], np.cumsum(positive)[ends]])
    predicted = np.concatenate([[0], ends + 1])
    false_positives = predicted - true_positives
    thresholds = np.concatenate([[np.inf], scores[ends]])
    # Drop points midway between their neighbours on a straight line.
    corners = np.ones(len(true_positives), bool)
    corners[2:-1] = (np.diff(true_positives[1:], 2) != 0) | (np.diff(false_positives[1:], 2) != 0)
    true_positives, false_positives = true_positives[corners], false_positives[corners]
    with np.errstate(invalid="ignore", divide="ignore"):
        x, y = false_positives / false_positives[-1], true_positives / true_positives[-1]
    if np.isnan(scores).any():
        x, y = np.full_like(x, np.nan), np.full_like(y, np.nan)
    return Roc(x, y, thresholds[corners], float(((x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum() / 2))


@dataclass(frozen=True)
class Calibration:
    """Per bin of predicted probability its mean (`confidence`) and the fraction of positives (`frequency`),
    NaN in empty bins.

    `error` is the expected calibration error, Σ n_b/n |frequency - confidence| (Guo et al. 2017).
    """

    confidence: NDArray
    frequency: NDArray
    counts: NDArray
    edges: NDArray
    error: float


def calibration(positive: NDArray, probability: NDArray, bins: int = 10) -> Calibration:
    """Predicted probabilities (n,) in 0..1 against the true labels `positive` (n,), in bins of equal width.

    A bin includes its lower edge, the last bin also its upper edge. Probabilities that are not finite are
    left out of the bins, and make the error NaN.
    """
    finite = np.isfinite(probability)
    bin_indices = np.minimum((probability[finite] * bins).astype(int), bins - 1)
    counts = np.bincount(bin_indices, minlength=bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        confidence = np.bincount(bin_indices, probability[finite], bins) / counts
        frequency = np.bincount(bin_indices, positive[finite], bins) / counts
    gaps = np.abs(frequency - confidence)
    error = float((np.nan_to_num(gaps) * counts).sum() / len(probability)) if finite.all() else float("nan")
    return Calibration(confidence, frequency, counts, np.linspace(0, 1, bins + 1), error)


@dataclass(frozen=True)
class Sweep:
    """Precision, recall and F1 for each threshold; 0 where the denominator is 0."""

    thresholds: NDArray
    precision: NDArray
    recall: NDArray
    f1: NDArray


def sweep(positive: NDArray, scores: NDArray, thresholds: NDArray) -> Sweep:
    """Precision, recall and F1 if scores (n,) at or above each threshold are predicted positive; NaN never
    is.
    """
    sorted_scores = np.sort(scores[~np.isnan(scores)])
    positive_scores = np.sort(scores[~np.isnan(scores) & (positive == 1)])
    predicted = len(sorted_scores) - np.searchsorted(sorted_scores, thresholds)
    true_positives = len(positive_scores) - np.searchsorted(positive_scores, thresholds)
    support = int(np.count_nonzero(positive == 1))
    return Sweep(
        thresholds,
        _ratio(true_positives, predicted),
        _ratio(true_positives, np.full_like(true_positives, support)),
        _ratio(2 * true_positives, predicted + support),
    )


def _ratio(numerator: NDArray, denominator: NDArray) -> NDArray:
    return np.divide(numerator, denominator, out=np.zeros(len(numerator)), where=denominator > 0)

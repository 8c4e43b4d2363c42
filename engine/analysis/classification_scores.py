"""What is asked of answers with a degree: ROC curves, calibration, and what a threshold makes of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Roc:
    """The share of false and of true positives as the threshold falls from infinity; equal scores are one
    corner. `auc` is the area under it: NaN where a class is missing or a score is.
    """

    false_positive_rate: NDArray
    true_positive_rate: NDArray
    thresholds: NDArray
    auc: float


def roc(positive: NDArray, scores: NDArray) -> Roc:
    """The curve for scores (n,), of which `positive` (n,) says who should be called; corners only."""
    order = np.argsort(-scores, kind="stable")
    scores, positive = scores[order], positive[order].astype(bool)
    ends = np.append(np.flatnonzero(scores[1:] != scores[:-1]), len(scores) - 1)
    hits = np.concatenate([[0], np.cumsum(positive)[ends]])
    called = np.concatenate([[0], ends + 1])
    misses = called - hits
    thresholds = np.concatenate([[np.inf], scores[ends]])
    bends = np.ones(len(hits), bool)  # a point midway between two others tells nothing
    bends[2:-1] = (np.diff(hits[1:], 2) != 0) | (np.diff(misses[1:], 2) != 0)
    hits, misses, thresholds = hits[bends], misses[bends], thresholds[bends]
    with np.errstate(invalid="ignore", divide="ignore"):
        x, y = misses / misses[-1], hits / hits[-1]
    if np.isnan(scores).any():
        x, y = np.full_like(x, np.nan), np.full_like(y, np.nan)
    return Roc(x, y, thresholds, float(((x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum() / 2))


@dataclass(frozen=True)
class Calibration:
    """Per bin of said probability how sure the network was on average and how often it was right; NaN in
    empty bins.

    `error` is the expected calibration error, Σ n_b/n |frequency - confidence| (Guo et al. 2017).
    """

    confidence: NDArray
    frequency: NDArray
    counts: NDArray
    edges: NDArray
    error: float


def calibration(right: NDArray, probability: NDArray, bins: int = 10) -> Calibration:
    """For said probabilities (n,) in 0..1 and what came true (n,), in equally wide bins; the lower edge
    belongs to a bin, in the last one the upper too. Probabilities that are not numbers are left out, and make
    the error NaN.
    """
    known = np.isfinite(probability)
    place = np.minimum((probability[known] * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        confidence = np.bincount(place, probability[known], bins) / counts
        frequency = np.bincount(place, right[known], bins) / counts
    gaps = np.abs(frequency - confidence)
    error = float((np.nan_to_num(gaps) * counts).sum() / len(probability)) if known.all() else float("nan")
    return Calibration(confidence, frequency, counts, np.linspace(0, 1, bins + 1), error)


@dataclass(frozen=True)
class Sweep:
    """Precision, recall and F1 for each threshold; 0 where nothing is called or nothing is there."""

    thresholds: NDArray
    precision: NDArray
    recall: NDArray
    f1: NDArray


def sweep(positive: NDArray, scores: NDArray, thresholds: NDArray) -> Sweep:
    """What each threshold makes of the scores: called is who reaches it. Scores that are not numbers never
    do.
    """
    ranked = np.sort(scores[~np.isnan(scores)])
    hit = np.sort(scores[~np.isnan(scores) & (positive == 1)])
    called = len(ranked) - np.searchsorted(ranked, thresholds)
    found = len(hit) - np.searchsorted(hit, thresholds)
    there = int(np.count_nonzero(positive == 1))
    return Sweep(
        thresholds,
        _share(found, called),
        _share(found, np.full_like(found, there)),
        _share(2 * found, called + there),
    )


def _share(part: NDArray, whole: NDArray) -> NDArray:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)

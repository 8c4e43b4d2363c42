"""Metrics of predicted classes, labels, and values in the units of the data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config.task_names import CONTROL, NUMBERS
from engine.datasets.dataset import Data

UNDECIDED = -1  # prediction of a row with an output of NaN; always counted as wrong


@dataclass(frozen=True)
class Metric:
    """A value of `measure`, and the tasks it `applies_to`."""

    applies_to: tuple[str, ...]


_CLASSES, _LABELS, _NUMBERS = ("binary", "multiclass"), ("multilabel",), NUMBERS
_ANY_CLASS = _CLASSES + _LABELS

METRICS: dict[str, Metric] = {
    "accuracy": Metric(_CLASSES),
    "precision": Metric(
        _ANY_CLASS,
    ),
    "recall": Metric(
        _ANY_CLASS,
    ),
    "f1": Metric(
        _ANY_CLASS,
    ),
    "subset_accuracy": Metric(_LABELS),
    "hamming_loss": Metric(_LABELS),
    "rmse": Metric(_NUMBERS),
    "mae": Metric(_NUMBERS),
    "r2": Metric(
        _NUMBERS,
    ),
}


def decide(data: Data, outputs: NDArray) -> NDArray:
    """Returns predictions in the units of the data from network outputs (n, o).

    Regression: (n,) or (n, o) values. Binary: (n,) class 1 if the output is at least the mean of the two
    target values. Multiclass and control: (n,) the first class or action with the largest output. Multilabel:
    (n, o) 0 or 1, as for binary. `UNDECIDED` if an output is NaN.
    """
    if data.task in NUMBERS:
        values = outputs * data.target_scale + data.target_mean
        return values[:, 0] if data.outputs == 1 else values
    if data.task in ("multiclass", CONTROL):
        predicted = outputs.argmax(axis=1)
        # argmax returns the first NaN if there is one, so that it is enough to test this output.
        undecided = np.isnan(outputs[np.arange(len(outputs)), predicted])
    else:
        values = outputs[:, 0] if data.task == "binary" else outputs
        predicted = (values >= (data.target_low + data.target_high) / 2).astype(np.int64)
        undecided = np.isnan(values)
    if undecided.any():
        predicted[undecided] = UNDECIDED
    return predicted


def measure(
    task: str, truth: NDArray, predicted: NDArray, classes: Sequence[str] | None, positive: int = 1
) -> dict[str, float]:
    """Returns all metrics of `task` by name, or {} without rows. `positive` is the counted class if binary.

    truth, predicted: (n,) values, (n,) class indices or (n, k) labels, as in `Part.truth` and from `decide`.
    Regression metrics of values that are not finite are not finite either.
    """
    if not len(truth):
        return {}
    if task in NUMBERS:
        return _regression(truth, predicted)
    if task == "multilabel":
        return _multilabel(truth, predicted)
    assert classes is not None
    return _classification(truth, predicted, len(classes), positive if task == "binary" else None)


def measure_each(
    task: str, truth: NDArray, predicted: NDArray, classes: Sequence[str] | None, positive: int = 1
) -> list[dict[str, float]]:
    """Returns `measure` of each of several predictions of the same rows, (K, n) or (K, n, k).

    The confusion matrices of all of them are counted at once.
    """
    if task not in _CLASSES or not len(truth):
        return [measure(task, truth, each, classes, positive) for each in predicted]
    assert classes is not None
    k, counted = len(classes), positive if task == "binary" else None
    size = k * (k + 1)
    cells = truth * (k + 1) + (predicted + 1) + size * np.arange(len(predicted))[:, None]
    counts = np.bincount(cells.ravel(), minlength=size * len(predicted)).reshape(-1, size).tolist()
    return [_of_confusion(flat, k, len(truth), counted) for flat in counts]


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else 0.0


def _classification(truth: NDArray, predicted: NDArray, k: int, positive: int | None) -> dict[str, float]:
    flat = np.bincount(truth * (k + 1) + predicted + 1, minlength=k * (k + 1)).tolist()
    return _of_confusion(flat, k, len(truth), positive)


def _of_confusion(flat: list[int], k: int, n: int, positive: int | None) -> dict[str, float]:
    """Returns the metrics of the confusion matrix (k, k + 1) of n rows; its first column counts `UNDECIDED`.

    Precision, recall and F1 are those of the class `positive`; None: the macro average, the mean over the
    classes that occur in truth or predictions.
    """
    rows = [flat[i * (k + 1) : (i + 1) * (k + 1)] for i in range(k)]
    correct = [rows[i][i + 1] for i in range(k)]
    actual = [sum(row) for row in rows]
    predicted_counts = [sum(column) for column in zip(*rows, strict=True)][1:]
    averaged = [i for i in range(k) if actual[i] or predicted_counts[i]] if positive is None else [positive]
    return {"accuracy": sum(correct) / n, **_per_class(correct, actual, predicted_counts, averaged)}


def _per_class(
    correct: list[int], actual: list[int], predicted: list[int], averaged: Sequence[int]
) -> dict[str, float]:
    """TP / (TP + FP), TP / (TP + FN) and F1 = 2 TP / (2 TP + FP + FN), means over the `averaged` classes.

    A ratio with denominator 0 is 0.
    """
    n = len(averaged)
    return {
        "precision": sum(_ratio(correct[i], predicted[i]) for i in averaged) / n if n else 0.0,
        "recall": sum(_ratio(correct[i], actual[i]) for i in averaged) / n if n else 0.0,
        "f1": sum(_ratio(2 * correct[i], actual[i] + predicted[i]) for i in averaged) / n if n else 0.0,
    }


def _multilabel(truth: NDArray, predicted: NDArray) -> dict[str, float]:
    """Returns subset accuracy, Hamming loss, and the means of precision, recall and F1 over the labels."""
    wrong, positive = truth != predicted, predicted == 1
    counts = (np.count_nonzero(positive & (truth == 1), axis=0), np.count_nonzero(truth == 1, axis=0),
              np.count_nonzero(positive, axis=0))  # fmt: skip
    correct, actual, predicted_counts = (count.tolist() for count in counts)
    return {
        "subset_accuracy": 1.0 - int(np.count_nonzero(wrong.any(axis=1))) / len(truth),
        "hamming_loss": int(np.count_nonzero(wrong)) / wrong.size,
        **_per_class(correct, actual, predicted_counts, range(truth.shape[1])),
    }


def _regression(truth: NDArray, predicted: NDArray) -> dict[str, float]:
    """Returns RMSE and MAE of all values, and R² = 1 - Σ(y - p)² / Σ(y - mean y)², the mean over outputs."""
    with np.errstate(over="ignore", invalid="ignore"):
        error = (predicted - truth).reshape(len(truth), -1)
        deviation = (truth - truth.sum(axis=0) / len(truth)).reshape(error.shape)
        squares = np.einsum("ij,ij->j", error, error).tolist()
        variances = np.einsum("ij,ij->j", deviation, deviation).tolist()
        return {
            "rmse": math.sqrt(sum(squares) / error.size),
            "mae": float(np.abs(error).sum()) / error.size,
            "r2": sum(map(_r_squared, squares, variances)) / len(squares),
        }


def _r_squared(squares: float, variance: float) -> float:
    if variance:
        return 1.0 - squares / variance
    return squares if math.isnan(squares) else float(squares == 0.0)

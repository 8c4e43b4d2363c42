"""Results of a classification, per class: confusion, precision and recall, ROC, calibration, thresholds."""

from dataclasses import asdict
from typing import Any

import numpy as np

from engine.analysis.classification_scores import calibration, roc, sweep
from engine.analysis.output_ranges import OUTPUT_RANGES
from engine.datasets import Data
from engine.views.options import output_names

THRESHOLDS = 101
THRESHOLD_TASKS = ("binary", "multilabel")
# Activations whose outputs are probabilities, after scaling to 0..1.
PROBABILITIES = ("sigmoid", "softmax", "tanh")


def counts(data: Data, truth: np.ndarray, decisions: np.ndarray) -> dict[str, Any]:
    """The confusion matrix and the scores per class; for multi-label data a matrix (2, 2) per label."""
    answer: dict[str, Any] = {"confusion": None, "confusion_labels": None, "per_class": None}
    names = data.classes or []
    if data.task == "multilabel":
        matrices = [_confusion(truth[:, index], decisions[:, index], 2) for index in range(len(names))]
        answer["confusion_labels"] = [
            {"label": name, "counts": counts, "undecided": int(undecided.sum())}
            for name, (counts, undecided) in zip(names, matrices, strict=True)
        ]
        answer["per_class"] = [
            _per_class(name, counts, undecided, 1)
            for name, (counts, undecided) in zip(names, matrices, strict=True)
        ]
    elif names:
        counts, undecided = _confusion(truth, decisions, len(names))
        answer["confusion"] = {"labels": names, "counts": counts, "undecided": undecided}
        answer["per_class"] = [_per_class(name, counts, undecided, index) for index, name in enumerate(names)]
    return answer


def _confusion(truth: np.ndarray, decisions: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts (true, predicted), and the number of undecided points per true class (true,)."""
    pairs = truth.astype(np.int64) * (classes + 1) + decisions + 1
    flat = np.bincount(pairs, minlength=classes * (classes + 1)).reshape(classes, -1)
    return flat[:, 1:], flat[:, 0]


def _per_class(label: str, counts: np.ndarray, undecided: np.ndarray, index: int) -> dict[str, Any]:
    correct, predicted = int(counts[index, index]), int(counts[:, index].sum())
    support = int(counts[index].sum() + undecided[index])
    return {
        "label": label,
        "precision": correct / predicted if predicted else 0.0,
        "recall": correct / support if support else 0.0,
        "f1": 2 * correct / (predicted + support) if predicted + support else 0.0,
        "support": support,
        "predicted": predicted,
    }


def scores(data: Data, truth: np.ndarray, outputs: np.ndarray, activation: str) -> dict[str, Any]:
    """ROC curves, calibration and threshold sweeps of `outputs` (n, outputs); None if not applicable.

    Of two classes they count the data set's positive one. If that is class 0, it is the one predicted below a
    threshold; thresholds are always those of the output.
    """
    answer: dict[str, Any] = {"roc": None, "sweep": None, **_no_calibration()}
    if data.task == "regression":
        return answer
    names, positive = _counted(data, truth)
    sign = -1 if _below(data) else 1
    columns = list(zip(names, positive.T, outputs.T, strict=True))
    curves = [(name, asdict(roc(labels, sign * output))) for name, labels, output in columns]
    answer["roc"] = [
        {"label": name} | curve | {"thresholds": sign * curve["thresholds"]} for name, curve in curves
    ]
    if data.task in THRESHOLD_TASKS:
        answer["sweep"] = [_sweep(data, *column) for column in columns]
    if activation not in PROBABILITIES:
        return answer | _no_calibration(activation)
    if data.task == "multiclass":
        rows, best = np.arange(len(outputs)), outputs.argmax(axis=1)
        columns = [("predicted class", positive[rows, best], outputs[rows, best])]
    low, high = OUTPUT_RANGES[activation][::sign]
    answer["calibration"] = [
        _calibration(name, labels, (output - low) / (high - low)) for name, labels, output in columns
    ]
    return answer


def _below(data: Data) -> bool:
    """Whether the positive class is the one whose outputs are low."""
    return data.task == "binary" and data.positive == 0


def _counted(data: Data, truth: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The name of the class or label that each column counts, and whether each point has it (n, columns)."""
    names = output_names(data)
    if data.task == "multiclass":
        return names, truth[:, None] == np.arange(len(names))
    if data.task == "binary":
        return [(data.classes or names)[data.positive]], (truth == data.positive)[:, None]
    return names, (truth == 1).reshape(len(truth), -1)


def _sweep(data: Data, label: str, labels: np.ndarray, output: np.ndarray) -> dict[str, Any]:
    """Precision, recall and F1 of a class for thresholds of the output; `output < threshold` is class 0."""
    thresholds = np.linspace(data.target_low, data.target_high, THRESHOLDS)
    if not _below(data):
        return {"label": label} | asdict(sweep(labels, output, thresholds))
    curve = sweep(labels, -output, -np.nextafter(thresholds, -np.inf))
    return {"label": label} | asdict(curve) | {"thresholds": thresholds}


def _no_calibration(activation: str | None = None) -> dict[str, Any]:
    """Empty calibration fields, with the reason if outputs of `activation` are not probabilities."""
    answer = dict.fromkeys(
        ("calibration", "calibration_reason", "calibration_code", "calibration_parameters")
    )
    if activation is None:
        return answer
    return answer | {
        "calibration_reason": f"{activation} outputs are not probabilities",
        "calibration_code": "no_probabilities",
        "calibration_parameters": {"activation": activation},
    }


def _calibration(label: str, labels: np.ndarray, probability: np.ndarray) -> dict[str, Any]:
    curve = asdict(calibration(labels.astype(float), probability))
    return {"label": label, "expected_calibration_error": curve.pop("error"), **curve}

"""Results of a classification, per class: confusion, precision and recall, ROC, calibration, thresholds."""

from dataclasses import asdict
from typing import Any

import numpy as np

from engine.analysis.classification_scores import calibration, roc, sweep
from engine.datasets import Data
from engine.views.options import output_names

THRESHOLDS = 101
THRESHOLD_TASKS = ("binary", "multilabel")
PROBABILITIES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def counts(data: Data, truth: np.ndarray, decided: np.ndarray) -> dict[str, Any]:
    """Confusion matrices and the scores per class; for labels one matrix (2, 2) each."""
    answer: dict[str, Any] = {"confusion": None, "confusion_labels": None, "per_class": None}
    names = data.classes or []
    if data.task == "multilabel":
        matrices = [_confusion(truth[:, index], decided[:, index], 2) for index in range(len(names))]
        answer["confusion_labels"] = [
            {"label": name, "counts": counts, "undecided": int(undecided.sum())}
            for name, (counts, undecided) in zip(names, matrices, strict=True)
        ]
        answer["per_class"] = [
            _per_class(name, counts, undecided, 1)
            for name, (counts, undecided) in zip(names, matrices, strict=True)
        ]
    elif names:
        counts, undecided = _confusion(truth, decided, len(names))
        answer["confusion"] = {"labels": names, "counts": counts, "undecided": undecided}
        answer["per_class"] = [_per_class(name, counts, undecided, index) for index, name in enumerate(names)]
    return answer


def _confusion(truth: np.ndarray, decided: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts (true, predicted), and per true class how many were undecided."""
    flat = np.bincount(truth.astype(np.int64) * (k + 1) + decided + 1, minlength=k * (k + 1)).reshape(k, -1)
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
    """ROC curves, calibration and the sweep of thresholds, from `outputs` (samples, outputs)."""
    answer: dict[str, Any] = {"roc": None, "sweep": None, **_no_calibration()}
    if data.task == "regression":
        return answer
    names = output_names(data)
    positive = truth[:, None] == np.arange(len(names)) if data.task == "multiclass" else truth == 1
    positive = positive.reshape(len(outputs), -1)
    columns = list(zip(names, positive.T, outputs.T, strict=True))
    answer["roc"] = [{"label": name} | asdict(roc(true, output)) for name, true, output in columns]
    if data.task in THRESHOLD_TASKS:
        thresholds = np.linspace(data.target_low, data.target_high, THRESHOLDS)
        answer["sweep"] = [
            {"label": name} | asdict(sweep(true, output, thresholds)) for name, true, output in columns
        ]
    if activation not in PROBABILITIES:
        return answer | _no_calibration(activation)
    if data.task == "multiclass":
        rows, best = np.arange(len(outputs)), outputs.argmax(axis=1)
        columns = [("chosen class", positive[rows, best], outputs[rows, best])]
    low, high = PROBABILITIES[activation]
    answer["calibration"] = [
        _calibrated(name, true, (output - low) / (high - low)) for name, true, output in columns
    ]
    return answer


def _no_calibration(activation: str | None = None) -> dict[str, Any]:
    """Without `activation` there is no reason: the task has no classes, or the calibration follows."""
    answer = dict.fromkeys(
        ("calibration", "calibration_reason", "calibration_code", "calibration_parameters")
    )
    if activation is None:
        return answer
    return answer | {
        "calibration_reason": f"{activation} outputs are no probabilities",
        "calibration_code": "no_probabilities",
        "calibration_parameters": {"activation": activation},
    }


def _calibrated(label: str, correct: np.ndarray, probability: np.ndarray) -> dict[str, Any]:
    curve = asdict(calibration(correct.astype(float), probability))
    return {"label": label, "expected_calibration_error": curve.pop("error"), **curve}

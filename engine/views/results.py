"""Results: how good the answers are, class by class and point by point."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from engine.analysis.classification_scores import calibration, roc, sweep
from engine.analysis.summary import summary
from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import SUPERVISED
from engine.datasets import Data
from engine.datasets.dataset import Part
from engine.metrics import UNDECIDED, decide, measure
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import logits
from engine.training.compiled.plan import matched_loss
from engine.training.measured_points import SAMPLE, sample_losses
from engine.views.options import index_of, named, output_names, part_of
from engine.views.view import Tab, View

WORST = 20
THRESHOLDS = 101
BINS = 40
PROBABILITIES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0)}
YES_OR_NO = ("binary", "multilabel")


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """Confusion, precision and recall, ROC, calibration, residuals, the worst points, one sample's outputs.

    Over at most the first 2,000 points of the part, as in all measuring. What does not apply is null.
    """
    name, part = part_of(data, options["part"], fallback=True)
    config = checkpoint.config
    inputs = part.inputs[:SAMPLE].astype(config.dtype)
    with np.errstate(all="ignore"):
        z, a = logits(checkpoint.network, checkpoint.theta, inputs)
        targets = np.ascontiguousarray(part.targets[:SAMPLE].T, config.dtype)
        losses = sample_losses(config, matched_loss(config), z, a, targets)
        outputs = a.T.astype(np.float64)
        threshold = _threshold(data, options["threshold"])
        thresholds = _thresholds(data, threshold, options["thresholds"])
        decided = _decide(data, outputs, thresholds)
        truth = part.truth[: len(outputs)]
        answer = {
            "part": name,
            "samples": len(outputs),
            "task": data.task,
            "classes": data.classes,
            "threshold": threshold,
            "thresholds": thresholds,
            "metrics": measure(data.task, truth, decided, data.classes),
            **_counts(data, truth, decided),
            **_degrees(data, truth, outputs, config.output_activation),
            "residuals": _residuals(data, truth, decided) if data.task == "regression" else None,
            "worst": _worst(data, part, outputs, losses, decided),
            "sample": _sample(data, part, outputs, losses, decided, options["index"]),
        }
    return answer


def _threshold(data: Data, given: float | None) -> float | None:
    """Where a yes begins: as given, or the middle of the targets; None where the largest output decides."""
    if data.task in YES_OR_NO:
        return (data.target_low + data.target_high) / 2 if given is None else given
    if given is not None:
        raise ConfigError(
            "threshold", f"{data.task} has no threshold", given=given, limit=", ".join(YES_OR_NO)
        )
    return None


def _thresholds(data: Data, threshold: float | None, given: str) -> list[float] | None:
    """One for each output that answers yes or no: as listed, or all alike."""
    if not given:
        return None if threshold is None else [threshold] * data.outputs
    try:
        each = [float(number) for number in given.split(",")]
    except ValueError:
        each = []
    if threshold is None or len(each) != data.outputs or not np.isfinite(each).all():
        limit = f"{data.outputs} numbers, separated by commas"
        message = f"{data.task} has no thresholds" if threshold is None else f"must be {limit}"
        raise ConfigError("thresholds", message, given=given, limit=limit)
    return each


def _decide(data: Data, outputs: np.ndarray, thresholds: list[float] | None) -> np.ndarray:
    if thresholds is None:
        return decide(data, outputs)
    chosen = np.where(np.isnan(outputs), UNDECIDED, outputs >= np.array(thresholds)).astype(np.int64)
    return chosen[:, 0] if data.task == "binary" else chosen


# counts


def _counts(data: Data, truth: np.ndarray, decided: np.ndarray) -> dict[str, Any]:
    """Who was taken for what."""
    answer: dict[str, Any] = {"confusion": None, "confusion_labels": None, "per_class": None}
    names = data.classes or []
    if data.task == "multilabel":
        each = [_confusion(truth[:, index], decided[:, index], 2) for index in range(len(names))]
        answer["confusion_labels"] = [
            {"label": name, "counts": counts, "undecided": int(undecided.sum())}
            for name, (counts, undecided) in zip(names, each, strict=True)
        ]
        answer["per_class"] = [
            _per_class(name, counts, undecided, 1)
            for name, (counts, undecided) in zip(names, each, strict=True)
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
    right, called = int(counts[index, index]), int(counts[:, index].sum())
    there = int(counts[index].sum() + undecided[index])
    return {
        "label": label,
        "precision": right / called if called else 0.0,
        "recall": right / there if there else 0.0,
        "f1": 2 * right / (called + there) if called + there else 0.0,
        "support": there,
        "predicted": called,
    }


# degrees


def _degrees(data: Data, truth: np.ndarray, outputs: np.ndarray, activation: str) -> dict[str, Any]:
    """What the size of the outputs tells beyond the decision."""
    answer: dict[str, Any] = {"roc": None, "calibration": None, "calibration_reason": None, "sweep": None}
    if data.task == "regression":
        return answer
    names = output_names(data)
    positive = truth[:, None] == np.arange(len(names)) if data.task == "multiclass" else truth == 1
    positive = positive.reshape(len(outputs), -1)
    columns = list(zip(names, positive.T, outputs.T, strict=True))
    curves = [(name, asdict(roc(yes, said))) for name, yes, said in columns]
    answer["roc"] = [{"label": name} | curve for name, curve in curves]
    if data.task in YES_OR_NO:
        places = np.linspace(data.target_low, data.target_high, THRESHOLDS)
        answer["sweep"] = [{"label": name} | asdict(sweep(yes, said, places)) for name, yes, said in columns]
    if activation not in PROBABILITIES:
        answer["calibration_reason"] = f"{activation} outputs are no probabilities"
        return answer
    low, high = PROBABILITIES[activation]
    if data.task == "multiclass":
        chosen = outputs.argmax(axis=1)
        rows = np.arange(len(outputs))
        columns = [("chosen class", positive[rows, chosen], outputs[rows, chosen])]
    answer["calibration"] = [
        _calibrated(name, yes, (said - low) / (high - low)) for name, yes, said in columns
    ]
    return answer


def _calibrated(label: str, right: np.ndarray, probability: np.ndarray) -> dict[str, Any]:
    found = asdict(calibration(right.astype(float), probability))
    return {"label": label, "expected_calibration_error": found.pop("error"), **found}


# values and points


def _residuals(data: Data, truth: np.ndarray, decided: np.ndarray) -> list[dict[str, Any]]:
    """True minus predicted, the lecture's error, in the data's own units."""
    columns = zip(
        output_names(data),
        truth.reshape(len(truth), -1).T,
        decided.reshape(len(truth), -1).T,
        strict=True,
    )
    answer = []
    for label, true, predicted in columns:
        found = summary(true - predicted, BINS)
        answer.append(
            {
                "label": label,
                "predicted": predicted,
                "true": true,
                "histogram": {name: found[name] for name in ("counts", "low", "high")},
                "mean": found["mean"],
                "spread": found["spread"],
            }
        )
    return answer


def _worst(
    data: Data, part: Part, outputs: np.ndarray, losses: np.ndarray, decided: np.ndarray
) -> list[dict[str, Any]]:
    """The points with the largest losses first, of pictures their `pixels` too; what is not a number is
    worst of all.
    """
    badness = np.where(np.isnan(losses), np.inf, losses)
    rows = np.argsort(-badness, kind="stable")[:WORST]
    described = zip(rows.tolist(), named(data, part.truth[rows]), named(data, decided[rows]), strict=True)
    return [
        {
            "index": row,
            "loss": float(losses[row]),
            "outputs": outputs[row],
            "target": target,
            "prediction": prediction,
            **({"pixels": part.raw[row].astype(np.uint8)} if data.image else {}),
        }
        for row, target, prediction in described
    ]


def _sample(
    data: Data,
    part: Part,
    outputs: np.ndarray,
    losses: np.ndarray,
    decided: np.ndarray,
    index: int | None,
) -> dict[str, Any] | None:
    """One point's outputs by name: for softmax, the shares."""
    if index is None:
        return None
    row = index_of(part, index)
    if row >= len(outputs):
        limit = [0, len(outputs) - 1]
        raise ConfigError("index", f"results are over the first {len(outputs):,} points", row, limit)
    columns = zip(output_names(data), outputs[row].tolist(), part.targets[row].tolist(), strict=True)
    return {
        "index": row,
        "outputs": [{"label": label, "value": said, "target": target} for label, said, target in columns],
        "loss": float(losses[row]),
        "target": named(data, part.truth[row : row + 1])[0],
        "prediction": named(data, decided[row : row + 1])[0],
    }


RESULTS = View(
    compute,
    {
        "part": ("test", "train", "validation"),
        "threshold": Parameter(None, -1000, 1000),
        "thresholds": "",  # of each label, separated by commas, in place of one for all
        "index": Parameter(None, 0, 199_999, integer=True),
    },
    fps=2.0,
    applies_to=SUPERVISED,
    tab=Tab("right", 30),
)

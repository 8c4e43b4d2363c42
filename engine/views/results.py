"""Results: the quality of the predictions for a part, per class and per point."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import SUPERVISED
from engine.datasets import Data
from engine.datasets.dataset import Part
from engine.metrics import UNDECIDED, decide, measure
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import logits
from engine.training.compiled.plan import matched_loss
from engine.training.measured_points import MAX_MEASURED, sample_losses
from engine.views.class_results import THRESHOLD_TASKS, counts, scores
from engine.views.options import first_rows, select_part
from engine.views.point_results import EvaluatedPoints, residuals, sample, worst
from engine.views.view import Tab, View


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """Confusion matrix, precision and recall, ROC, calibration, residuals, the points with the largest
    losses, and one selected point.

    Over at most the first 2,000 points of the part, as all measurements. Fields that do not apply are None.
    """
    name, part = select_part(data, options["part"], fallback=True)
    threshold = _threshold(data, options["threshold"])
    thresholds = _thresholds(data, threshold, options["thresholds"])
    with np.errstate(all="ignore"):
        points = _evaluate(checkpoint, data, part, thresholds)
        return {
            **first_rows(name, part, len(points.outputs)),
            "task": data.task,
            "classes": data.classes,
            "positive": data.classes[data.positive] if data.task == "binary" and data.classes else None,
            "threshold": threshold,
            "thresholds": thresholds,
            "metrics": measure(data.task, points.truth, points.decisions, data.classes, data.positive),
            **counts(data, points.truth, points.decisions),
            **scores(data, points.truth, points.outputs, checkpoint.config.output_activation),
            "residuals": residuals(data, points) if data.task == "regression" else None,
            "worst": worst(data, points),
            "sample": sample(data, points, options["index"]),
        }


def _evaluate(
    checkpoint: Checkpoint, data: Data, part: Part, thresholds: list[float] | None
) -> EvaluatedPoints:
    """Outputs, losses and decisions of the first points of the part."""
    config = checkpoint.config
    z, a = logits(checkpoint.network, checkpoint.theta, part.inputs[:MAX_MEASURED].astype(config.dtype))
    targets = np.ascontiguousarray(part.targets[:MAX_MEASURED].T, config.dtype)
    losses = sample_losses(config, matched_loss(config), z, a, targets)
    outputs = a.T.astype(np.float64)
    return EvaluatedPoints(part, outputs, losses, _decide(data, outputs, thresholds))


def _threshold(data: Data, option: float | None) -> float | None:
    """The smallest output that counts as positive: the option, or the mean of the two target values; None for
    tasks without thresholds. Raises ConfigError if the option does not apply.
    """
    if data.task in THRESHOLD_TASKS:
        return (data.target_low + data.target_high) / 2 if option is None else option
    if option is not None:
        raise ConfigError(
            "threshold", f"{data.task} has no threshold", given=option, limit=", ".join(THRESHOLD_TASKS)
        )
    return None


def _thresholds(data: Data, threshold: float | None, option: str) -> list[float] | None:
    """A threshold per output: the numbers of the option, or `threshold` for all; None without thresholds.

    Raises ConfigError if the option does not apply or is invalid.
    """
    if not option:
        return None if threshold is None else [threshold] * data.outputs
    try:
        numbers = [float(number) for number in option.split(",")]
    except ValueError:
        numbers = []
    if threshold is None or len(numbers) != data.outputs or not np.isfinite(numbers).all():
        limit = f"{data.outputs} numbers, separated by commas"
        message = f"{data.task} has no thresholds" if threshold is None else f"must be {limit}"
        raise ConfigError("thresholds", message, given=option, limit=limit)
    return numbers


def _decide(data: Data, outputs: np.ndarray, thresholds: list[float] | None) -> np.ndarray:
    if thresholds is None:
        return decide(data, outputs)
    decided = np.where(np.isnan(outputs), UNDECIDED, outputs >= np.array(thresholds)).astype(np.int64)
    return decided[:, 0] if data.task == "binary" else decided


RESULTS = View(
    compute,
    {
        "part": ("test", "train", "validation"),
        "threshold": Parameter(None, -1000, 1000),
        "thresholds": "",  # one per label, separated by commas; replaces `threshold`
        "index": Parameter(None, 0, 199_999, integer=True),
    },
    fps=2.0,
    applies_to=SUPERVISED,
    tab=Tab("right", 30),
)

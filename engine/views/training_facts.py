"""The facts that the diagnoses check, from a pass over the training points."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.datasets import Data
from engine.diagnostics import Facts, LayerFacts, Trajectory
from engine.metrics import METRICS, decide
from engine.training.checkpoint import Checkpoint
from engine.training.reference import penalty_gradient
from engine.views import passes
from engine.views.activation_histograms import SATURATED


def training_facts(
    checkpoint: Checkpoint,
    data: Data,
    arrays: passes.PassArrays,
    gradient: np.ndarray,
    history: Sequence[dict[str, Any]] | None,
) -> Facts:
    """The facts of a checkpoint, from `passes.training_pass`, its `passes.gradient` and the recorded points.

    Values that are not finite are facts too: call it with NumPy's warnings off.
    """
    targets = passes.training_targets(checkpoint, data, arrays.inputs.shape[1])
    return Facts(
        checkpoint.config,
        data,
        tuple(_layer_facts(arrays, index) for index in range(len(arrays.network.layers))),
        float(passes.losses(checkpoint.config, arrays, targets).mean(dtype=np.float64)),
        None if history is None else Trajectory(history),
        _accuracy(arrays, data),
        _penalty_ratio(checkpoint, gradient),
    )


def norm(values: np.ndarray) -> float:
    """The Euclidean norm, summed in double precision."""
    return float(np.sqrt(np.square(values, dtype=np.float64).sum()))


def _accuracy(arrays: passes.PassArrays, data: Data) -> float | None:
    """The fraction of the points whose class is predicted correctly; None without classes."""
    if data.task not in METRICS["accuracy"].applies_to:
        return None
    outputs = arrays.a[-1].T
    return float((decide(data, outputs) == data.train.truth[: len(outputs)]).mean())


def _penalty_ratio(checkpoint: Checkpoint, gradient: np.ndarray) -> float:
    """The norm of the gradient of the penalties by the weights, divided by that of the loss."""
    penalty = norm(penalty_gradient(checkpoint.config, checkpoint.network, checkpoint.theta))
    loss = norm(gradient * checkpoint.network.weight_mask())
    return penalty / loss if loss else float("inf") if penalty else 0.0


def _layer_facts(arrays: passes.PassArrays, index: int) -> LayerFacts:
    layer = arrays.network.layers[index]
    unmasked, slopes = arrays.unmasked[index], arrays.slopes[index]
    if slopes is None:
        slopes = unmasked * (1 - unmasked)  # softmax: the diagonal of its Jacobian
    enabled = layer.enabled(unmasked.dtype)[:, 0] > 0
    deltas = arrays.deltas[index]
    return LayerFacts(
        layer.activation,
        layer.units,
        float((unmasked[enabled].max(axis=1) <= 0).mean()) if enabled.any() else 0.0,
        float((np.abs(slopes) < SATURATED).mean()),
        1 - float((np.isfinite(unmasked) & np.isfinite(arrays.z[index])).mean()),
        float(np.sqrt(np.square(deltas, dtype=np.float64).mean())),
        float(np.abs(layer.weights(arrays.theta)).max(initial=0.0)),
        bool((np.ptp(layer.matrix(arrays.theta)[:, enabled], axis=1) == 0).all()) if enabled.any() else False,
    )

"""The selected unit and weight of a sample trace: weighted sum, gradient, numeric gradient, next update."""

from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.reference import penalty_gradient
from engine.views import passes
from engine.views.chain_rule import MAX_TERMS, chain
from engine.views.next_update import missing_fields, next_learning_rate, next_update, update_terms
from engine.views.options import Weight

# By code: why there is no relative error of the numeric gradient.
NUMERIC_REASONS = {
    "slope_too_small": "the slope is smaller than the rounding error of the difference of two losses",
    "no_loss": "the perceptron rule does not minimise a loss, so there is no numeric gradient",
}


def weighted_sum(data: Data, arrays: passes.PassArrays, weight: Weight) -> dict[str, Any]:
    """The selected unit's weighted sum, term by term."""
    layer = arrays.network.layers[weight.layer]
    weights = layer.weights(arrays.theta)[:, weight.unit]
    inputs, slopes = arrays.layer_inputs(weight.layer), arrays.slopes[weight.layer]
    names = data.features if weight.layer == 0 else [f"unit {index}" for index in range(len(inputs))]
    return {
        "layer": weight.layer,
        "unit": weight.unit,
        "off": weight.unit in layer.disabled,
        "terms": {
            "sources": list(range(min(MAX_TERMS, len(weights)))),
            "names": names[:MAX_TERMS],
            "weights": weights[:MAX_TERMS],
            "inputs": inputs[:MAX_TERMS].T,
            "products": (weights[:MAX_TERMS, None] * inputs[:MAX_TERMS]).T,
            "omitted": max(0, len(weights) - MAX_TERMS),
        },
        "bias": float(layer.biases(arrays.theta)[weight.unit]),
        "z": arrays.z[weight.layer][weight.unit],
        "a": arrays.a[weight.layer][weight.unit],
        "slope": None if slopes is None else slopes[weight.unit],
        "delta": arrays.deltas[weight.layer][weight.unit],
    }


def weight_gradient(
    checkpoint: Checkpoint, arrays: passes.PassArrays, targets: np.ndarray, weight: Weight
) -> dict[str, Any]:
    """The gradient of the weight by the chain rule, with penalties, and numerically; and its next update."""
    config, network = checkpoint.config, checkpoint.network
    chain_result = chain(config, arrays, weight)
    penalty = float(penalty_gradient(config, network, arrays.theta)[weight.position])
    total = chain_result["gradient"] + penalty
    perceptron = OPTIMIZERS[config.optimizer.name].perceptron_rule
    numeric = None if perceptron else _numeric(config, arrays, targets, weight, chain_result["gradient"])
    unresolved = numeric is not None and numeric["relative_error"] is None
    code = "no_loss" if perceptron else "slope_too_small" if unresolved else None
    return {
        "chain": chain_result,
        "gradient": {"loss": chain_result["gradient"], "penalty": penalty, "total": total},
        "numeric": numeric,
        "numeric_reason": None if code is None else NUMERIC_REASONS[code],
        "numeric_code": code,
        "update": _update(checkpoint, arrays, weight),
        **missing_fields(checkpoint),
    }


def _numeric(
    config: ExamplesConfig, arrays: passes.PassArrays, targets: np.ndarray, weight: Weight, analytic: float
) -> dict[str, float | None]:
    """(E(w + h) - E(w - h)) / 2h, and its relative error: |difference| / the larger of the two gradients.

    The relative error is None if the gradient is below the rounding error of the losses divided by h.
    """
    h = passes.difference_step(float(arrays.theta[weight.position]))
    losses = []
    for sign in (1, -1):
        theta = arrays.theta.copy()
        theta[weight.position] += sign * h
        changed = passes.forward(arrays.network, theta, arrays.inputs.T)
        losses.append(float(passes.losses(config, changed, targets).mean()))
    estimate = (losses[0] - losses[1]) / (2 * h)
    larger = max(abs(analytic), abs(estimate))
    rounding_error = float(np.finfo(np.float64).eps) * max(map(abs, losses)) / h
    error = None if 0 < larger <= rounding_error else abs(analytic - estimate) / larger if larger else 0.0
    return {"estimate": estimate, "h": h, "relative_error": error}


def _update(checkpoint: Checkpoint, arrays: passes.PassArrays, weight: Weight) -> dict[str, Any] | None:
    update = next_update(checkpoint, passes.gradient(arrays))
    if update is None:
        return None
    before, change = float(arrays.theta[weight.position]), float(update.change[weight.position])
    frozen_weights = checkpoint.state.frozen
    frozen = checkpoint.network.layers[weight.layer].frozen or (
        frozen_weights is not None and frozen_weights[weight.position]
    )
    return {
        "optimizer": checkpoint.config.optimizer.name,
        "learning_rate": next_learning_rate(checkpoint),
        "before": before,
        "after": before + change,
        "change": change,
        "frozen": bool(frozen),
        "norm": float(np.linalg.norm(update.change)),
        "clipped": update.clipped,
        "terms": update_terms(checkpoint, update, weight.position),
    }

"""The selected unit and weight of a sample trace: weighted sum, gradient, numeric estimate, next update."""

from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.reference import penalty_gradient
from engine.views import passes
from engine.views.chain_rule import TERMS, chain
from engine.views.next_update import missing_fields, next_update, rate
from engine.views.options import Weight

SPACING = float(np.finfo(np.float64).eps) ** (1 / 3)  # the best step of a central difference
# Why there is no relative error of the numeric gradient, by code.
NUMERIC_REASONS = {
    "slope_too_small": "the slope is too small for a difference of two losses to show it",
    "no_loss": "the perceptron rule follows no loss, so there is nothing to compare with",
}


def unit(data: Data, passed: passes.Passed, weight: Weight) -> dict[str, Any]:
    """The selected unit's weighted sum, term by term."""
    layer = passed.network.layers[weight.layer]
    weights = layer.weights(passed.theta)[:, weight.unit]
    below, slopes = passed.below(weight.layer), passed.slopes[weight.layer]
    names = data.features if weight.layer == 0 else [f"unit {index}" for index in range(len(below))]
    return {
        "layer": weight.layer,
        "unit": weight.unit,
        "off": weight.unit in layer.disabled,
        "terms": {
            "sources": list(range(min(TERMS, len(weights)))),
            "names": names[:TERMS],
            "weights": weights[:TERMS],
            "inputs": below[:TERMS].T,
            "products": (weights[:TERMS, None] * below[:TERMS]).T,
            "omitted": max(0, len(weights) - TERMS),
        },
        "bias": float(layer.biases(passed.theta)[weight.unit]),
        "z": passed.z[weight.layer][weight.unit],
        "a": passed.a[weight.layer][weight.unit],
        "slope": None if slopes is None else slopes[weight.unit],
        "delta": passed.deltas[weight.layer][weight.unit],
    }


def backward(
    checkpoint: Checkpoint, passed: passes.Passed, targets: np.ndarray, weight: Weight
) -> dict[str, Any]:
    """The selected weight's gradient: by the chain rule, with penalties, estimated; and its next update."""
    config, network = checkpoint.config, checkpoint.network
    chained = chain(config, passed, weight)
    penalty = float(penalty_gradient(config, network, passed.theta)[weight.place])
    total = chained["gradient"] + penalty
    perceptron = OPTIMIZERS[config.optimizer.name].perceptron_rule
    numeric = None if perceptron else _numeric(config, passed, targets, weight, chained["gradient"])
    unresolved = numeric is not None and numeric["relative_error"] is None
    code = "no_loss" if perceptron else "slope_too_small" if unresolved else None
    return {
        "chain": chained,
        "gradient": {"loss": chained["gradient"], "penalty": penalty, "total": total},
        "numeric": numeric,
        "numeric_reason": None if code is None else NUMERIC_REASONS[code],
        "numeric_code": code,
        "update": _update(checkpoint, passed, weight),
        **missing_fields(checkpoint),
    }


def _numeric(
    config: ExamplesConfig, passed: passes.Passed, targets: np.ndarray, weight: Weight, analytic: float
) -> dict[str, float | None]:
    """(E(w + h) - E(w - h)) / 2h, and |difference| / the larger of the two.

    A slope below the rounding error of the losses divided by h has no relative error: None.
    """
    h = SPACING * max(1.0, abs(float(passed.theta[weight.place])))
    losses = []
    for sign in (1, -1):
        theta = passed.theta.copy()
        theta[weight.place] += sign * h
        moved = passes.forward(passed.network, theta, passed.inputs.T)
        losses.append(float(passes.losses(config, moved, targets).mean()))
    estimate = (losses[0] - losses[1]) / (2 * h)
    larger = max(abs(analytic), abs(estimate))
    visible = float(np.finfo(np.float64).eps) * max(map(abs, losses)) / h
    error = None if 0 < larger <= visible else abs(analytic - estimate) / larger if larger else 0.0
    return {"estimate": estimate, "h": h, "relative_error": error}


def _update(checkpoint: Checkpoint, passed: passes.Passed, weight: Weight) -> dict[str, Any] | None:
    update = next_update(checkpoint, passes.gradient(passed))
    if update is None:
        return None
    before, change = float(passed.theta[weight.place]), float(update.change[weight.place])
    single = checkpoint.state.frozen
    frozen = checkpoint.network.layers[weight.layer].frozen or (single is not None and single[weight.place])
    return {
        "optimizer": checkpoint.config.optimizer.name,
        "learning_rate": rate(checkpoint),
        "before": before,
        "after": before + change,
        "change": change,
        "frozen": bool(frozen),
        "norm": float(np.linalg.norm(update.change)),
        "clipped": update.clipped,
    }

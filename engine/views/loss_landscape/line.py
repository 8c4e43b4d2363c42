"""The loss as a function of one weight, with the next step of gradient descent."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.reference import penalty_gradient
from engine.views import passes
from engine.views.loss_landscape.batched_losses import BatchedLosses
from engine.views.loss_landscape.directions import weight_label, weight_range
from engine.views.loss_landscape.surface import GridSize
from engine.views.next_update import next_learning_rate
from engine.views.options import Weight

TANGENT = 0.15  # of the range of values, on each side


def line(
    checkpoint: Checkpoint,
    data: Data,
    weight: Weight,
    options: Mapping[str, Any],
    size: GridSize,
    differences: np.ndarray | None,
) -> dict[str, Any]:
    """The loss over the values of `weight`, in double precision, with its present value and the next step.

    `differences` (n, size) are the recorded parameters minus the present ones.
    """
    theta = passes.float64_parameters(checkpoint)
    value = float(theta[weight.position])
    low, high = weight_range(value, options["span"])
    values = np.linspace(low, high, options["points"])
    batched = BatchedLosses(checkpoint, data, size.samples, "float64")
    return {
        "weight": {
            "layer": weight.layer,
            "unit": weight.unit,
            "source": weight.source,
            "text": weight_label(checkpoint.network, weight),
        },
        "values": values,
        "loss": _losses_along(batched, theta, weight, values),
        **_tangent_and_step(checkpoint, batched, theta, weight, TANGENT * (high - low)),
        "walked": None if differences is None else {"values": differences[:, weight.position] + value},
        **size.describe(),
    }


def _tangent_and_step(
    checkpoint: Checkpoint, batched: BatchedLosses, theta: np.ndarray, weight: Weight, half_width: float
) -> dict[str, Any]:
    """The present value, the tangent by a central difference, and the next step of plain gradient descent,
    w - η (slope + penalty slope).
    """
    value = float(theta[weight.position])
    h = passes.difference_step(value)
    present, loss_above, loss_below = _losses_along(
        batched, theta, weight, np.array([value, value + h, value - h])
    ).tolist()
    slope = (loss_above - loss_below) / (2 * h)
    penalty = float(penalty_gradient(checkpoint.config, checkpoint.network, theta)[weight.position])
    eta = next_learning_rate(checkpoint)
    next_value = value - eta * (slope + penalty)
    return {
        "present": {"value": value, "loss": present},
        "slope": slope,
        "penalty_slope": penalty,
        "learning_rate": eta,
        "next": {
            "value": next_value,
            "loss": float(_losses_along(batched, theta, weight, np.array([next_value]))[0]),
        },
        "tangent": {
            "values": [value - half_width, value + half_width],
            "loss": [present - slope * half_width, present + slope * half_width],
        },
    }


def _losses_along(
    batched: BatchedLosses, theta: np.ndarray, weight: Weight, values: np.ndarray
) -> np.ndarray:
    losses = np.empty(len(values))
    for start in range(0, len(values), batched.count):
        block = values[start : start + batched.count]
        thetas = np.repeat(theta[None], len(block), axis=0)
        thetas[:, weight.position] = block
        losses[start : start + len(block)] = batched.losses(thetas)
    return losses

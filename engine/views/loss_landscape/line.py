"""The loss over one weight, with the next step of gradient descent."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.reference import penalty_gradient
from engine.views import passes
from engine.views.loss_landscape.batched_losses import BatchedLosses
from engine.views.loss_landscape.directions import reach, text
from engine.views.loss_landscape.surface import Size
from engine.views.next_update import rate
from engine.views.options import Weight

SPACING = float(np.finfo(np.float64).eps) ** (1 / 3)  # the best step of a central difference
TANGENT = 0.15  # of the drawn range, to each side


def line(
    checkpoint: Checkpoint,
    data: Data,
    weight: Weight,
    options: Mapping[str, Any],
    size: Size,
    moved: np.ndarray | None,
) -> dict[str, Any]:
    """The loss over the weight's value, in double precision, with its present value and the next step."""
    theta = passes.exact(checkpoint)
    value = float(theta[weight.place])
    low, high = reach(value, options["span"])
    values = np.linspace(low, high, options["points"])
    part, n = data.train, size.samples
    batched = BatchedLosses(
        checkpoint.network, checkpoint.config, part.inputs[:n], part.targets[:n], "float64"
    )
    named = {"layer": weight.layer, "unit": weight.unit, "source": weight.source}
    return {
        "weight": {**named, "text": text(checkpoint.network, weight)},
        "values": values,
        "loss": _along(batched, theta, weight, values),
        **_here(checkpoint, batched, theta, weight, TANGENT * (high - low)),
        "walked": None if moved is None else {"values": moved[:, weight.place] + value},
        **size.describe(),
    }


def _here(
    checkpoint: Checkpoint, batched: BatchedLosses, theta: np.ndarray, weight: Weight, half: float
) -> dict[str, Any]:
    """The present value, its tangent (by central difference), and the step that plain gradient descent,
    w - η (slope + penalty's slope), makes from here.
    """
    value = float(theta[weight.place])
    h = SPACING * max(1.0, abs(value))
    present, ahead, behind = _along(batched, theta, weight, np.array([value, value + h, value - h])).tolist()
    slope = (ahead - behind) / (2 * h)
    penalty = float(penalty_gradient(checkpoint.config, checkpoint.network, theta)[weight.place])
    eta = rate(checkpoint)
    following = value - eta * (slope + penalty)
    return {
        "present": {"value": value, "loss": present},
        "slope": slope,
        "penalty_slope": penalty,
        "learning_rate": eta,
        "next": {
            "value": following,
            "loss": float(_along(batched, theta, weight, np.array([following]))[0]),
        },
        "tangent": {
            "values": [value - half, value + half],
            "loss": [present - slope * half, present + slope * half],
        },
    }


def _along(batched: BatchedLosses, theta: np.ndarray, weight: Weight, values: np.ndarray) -> np.ndarray:
    losses = np.empty(len(values))
    for start in range(0, len(values), batched.count):
        block = values[start : start + batched.count]
        thetas = np.repeat(theta[None], len(block), axis=0)
        thetas[:, weight.place] = block
        losses[start : start + len(block)] = batched.losses(thetas)
    return losses

"""Unit numbers: bias, weights, gradients and outputs of one unit."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.datasets import Data
from engine.layers.dense import Dense
from engine.training.checkpoint import Checkpoint
from engine.views import passes
from engine.views.options import LAYER, UNIT, first_rows, layer_name, point_index, select_part, select_weight
from engine.views.view import View

MAX_SOURCES = 1024  # of a unit that are listed; the others are counted


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """Weights (sources,), bias, and the gradients of the mean training loss by them, without penalties.

    Over the first 2,000 training points (fewer for large networks, see `samples`), without dropout; `output`
    and `delta` (dE/dz) are their mean, minimum and maximum. `point` is one point of the part: its z, a, delta
    and inputs, and the gradient of its own loss by each weight, delta times input.
    """
    network = checkpoint.network
    bias = select_weight(network, options["layer"], options["unit"], -1)
    layer, unit = network.layers[bias.layer], bias.unit
    arrays = passes.training_pass(checkpoint, data)
    part_name, part = select_part(data, options["part"])
    theta = checkpoint.theta
    alpha = layer.alphas(theta)
    names = data.features if bias.layer == 0 else [f"unit {index}" for index in range(layer.inputs)]
    index = point_index(part, options["index"])
    return {
        "layer": bias.layer,
        "unit": unit,
        "name": layer_name(network, bias.layer),
        "activation": layer.activation,
        "alpha": float(alpha[unit, 0]) if isinstance(alpha, np.ndarray) else alpha,
        "off": unit in layer.disabled,
        "sources": names[:MAX_SOURCES],
        "omitted_sources": max(0, layer.inputs - MAX_SOURCES),
        **_parameters(layer, unit, theta, passes.gradient(arrays)),
        "output": _statistics(arrays.a[bias.layer][unit]),
        "delta": _statistics(arrays.deltas[bias.layer][unit]),
        **first_rows("train", data.train, arrays.inputs.shape[1]),
        "point": {
            "part": part_name,
            **_point(checkpoint, part.inputs, part.targets, index, bias.layer, unit),
        },
    }


def _parameters(layer: Dense, unit: int, theta: np.ndarray, gradient: np.ndarray) -> dict[str, Any]:
    """The unit's weights and bias, and the loss's gradients by them."""
    return {
        "weights": layer.weights(theta)[:MAX_SOURCES, unit],
        "bias": float(layer.biases(theta)[unit]),
        "weight_gradients": layer.weights(gradient)[:MAX_SOURCES, unit],
        "bias_gradient": float(layer.biases(gradient)[unit]),
    }


def _statistics(values: np.ndarray) -> dict[str, float]:
    with np.errstate(all="ignore"):
        return {
            "mean": float(values.mean(dtype=np.float64)),
            "low": float(values.min()),
            "high": float(values.max()),
        }


def _point(
    checkpoint: Checkpoint, inputs: np.ndarray, targets: np.ndarray, index: int, layer: int, unit: int
) -> dict[str, Any]:
    arrays = passes.forward(
        checkpoint.network, passes.float64_parameters(checkpoint), inputs[index : index + 1]
    )
    passes.backward(checkpoint.config, arrays, targets[index : index + 1].T.astype(np.float64))
    slopes, delta = arrays.slopes[layer], float(arrays.deltas[layer][unit, 0])
    unit_inputs = arrays.layer_inputs(layer)[:MAX_SOURCES, 0]
    with np.errstate(all="ignore"):
        gradients = delta * unit_inputs
    return {
        "index": index,
        "z": float(arrays.z[layer][unit, 0]),
        "a": float(arrays.a[layer][unit, 0]),
        "slope": None if slopes is None else float(slopes[unit, 0]),
        "delta": delta,
        "inputs": unit_inputs,
        "weight_gradients": gradients,
    }


UNIT_NUMBERS = View(
    compute,
    {
        "layer": LAYER,
        "unit": UNIT,
        "part": ("train", "validation", "test"),
        "index": Parameter(0, 0, 199_999, integer=True),
    },
    fps=10.0,
)

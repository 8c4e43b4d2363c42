"""Linear collapse: all layers multiplied into one, W x + b, beside the network itself."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import SUPERVISED
from engine.datasets import Data
from engine.layers.activations import value
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import logits, outputs
from engine.training.measured_points import MAX_MEASURED
from engine.views.cache import ViewCache
from engine.views.options import layer_name, output_names, part_of
from engine.views.plane import grid, plane_of
from engine.views.view import Tab, View

MAX_SHOWN = 200  # points of the comparison
MAX_WEIGHTS = 1024  # of a matrix that is listed
MAX_SLOPE = 1.76  # of all activations: that of SELU below 0


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """W = W[L] ··· W[1] and b, as if all hidden layers were linear, and the largest difference of outputs.

    The product is computed in double precision. Without a non-linear hidden layer the difference is rounding
    error alone and stays below `tolerance`: n ε Σ|W[L]|···|W[1]| |x| with n the number of roundings and ε of
    the run's dtype (Higham 2002, section 3.5). With one it is what the non-linearity adds.
    """
    network, theta = checkpoint.network, checkpoint.theta
    name, part = part_of(data, options["part"], fallback=True)
    inputs = part.inputs[:MAX_MEASURED].astype(checkpoint.config.dtype)
    with np.errstate(all="ignore"):
        weights, bias = collapsed(network, theta)
        compared = _comparison(network, theta, inputs, weights, bias)
        maps = _maps(checkpoint, data, weights, bias, options["resolution"], cache)
    listed = weights.size <= MAX_WEIGHTS
    return {
        **_non_linear(network),
        "layers": [_layer(network, theta, index) for index in range(len(network.layers))],
        "output_activation": network.layers[-1].activation,
        "weights": weights if listed else None,
        "bias": bias if listed else None,
        "features": data.features,
        "outputs": output_names(data),
        "part": name,
        "samples": len(inputs),
        **compared,
        "maps": maps,
    }


def _non_linear(network: Network) -> dict[str, Any]:
    """The hidden layers that are not linear; without any the network collapses."""
    layers = [
        {"layer": index, "name": layer_name(network, index), "activation": layer.activation}
        for index, layer in enumerate(network.layers[:-1])
        if layer.activation != "linear"
    ]
    return {"collapses": not layers, "bends": layers}


def _comparison(
    network: Network, theta: np.ndarray, inputs: np.ndarray, weights: np.ndarray, bias: np.ndarray
) -> dict[str, Any]:
    deep, single = _pair(network, theta, inputs, weights, bias)
    difference = float(np.abs(deep - single).max(initial=0.0))
    tolerance = _tolerance(network, theta, inputs)
    return {
        "compared": "weighted sums" if _has_step_output(network) else "outputs",
        "difference": difference if np.isfinite(difference) else None,
        "tolerance": tolerance if np.isfinite(tolerance) else None,
        "equal": bool(difference <= tolerance),
        "deep": deep[:, :MAX_SHOWN].T,
        "single": single[:, :MAX_SHOWN].T,
    }


def _maps(
    checkpoint: Checkpoint,
    data: Data,
    weights: np.ndarray,
    bias: np.ndarray,
    resolution: int,
    cache: ViewCache,
) -> dict[str, Any]:
    """The first output over the plane, of the network and of the single layer."""
    plane = plane_of(cache, data, checkpoint.problem)
    inputs = grid(cache, data, plane, resolution, checkpoint.config.dtype)
    rows = 1 if len(plane.axes) == 1 else resolution
    deep = outputs(checkpoint.network, checkpoint.theta, inputs)[0]
    single = answers(checkpoint.network, weights, bias, inputs)[0]
    return {
        "x": list(plane.x),
        "y": list(plane.y),
        "axes": list(plane.axes),
        "deep": deep.reshape(rows, -1).astype(np.float32),
        "single": single.reshape(rows, -1).astype(np.float32),
    }


def collapsed(network: Network, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """W (inputs, outputs) and b: the layers' matrices multiplied, activations left out.

    Disabled units contribute nothing.
    """
    weights, bias = np.eye(network.layers[0].inputs), np.zeros(network.layers[0].inputs)
    for layer in network.layers:
        own, b = (part(theta).astype(np.float64) for part in (layer.weights, layer.biases))
        mask = layer.enabled(np.dtype(np.float64))[:, 0]
        weights, bias = weights @ own * mask, (bias @ own + b) * mask
    return weights, bias


def answers(network: Network, weights: np.ndarray, bias: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """f(W x + b) with the output layer's activation, (outputs, samples)."""
    z = (inputs.astype(np.float64) @ weights + bias).T
    layer = network.layers[-1]
    return value(layer.activation, z, layer.alpha)


def _has_step_output(network: Network) -> bool:
    """Then weighted sums are compared: a step would turn rounding errors into differences of 1."""
    return network.layers[-1].activation == "step"


def _pair(
    network: Network, theta: np.ndarray, inputs: np.ndarray, weights: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The compared values (outputs, samples), of the network and of the single layer."""
    if _has_step_output(network):
        return logits(network, theta, inputs)[0].copy(), (inputs.astype(np.float64) @ weights + bias).T
    return outputs(network, theta, inputs), answers(network, weights, bias, inputs)


def _tolerance(network: Network, theta: np.ndarray, inputs: np.ndarray) -> float:
    """A bound of the rounding error of z, times the largest slope of an activation."""
    size = np.abs(inputs.astype(np.float64))
    roundings = 0
    for layer in network.layers:
        own, b = (np.abs(part(theta).astype(np.float64)) for part in (layer.weights, layer.biases))
        size = size @ own + b
        roundings += layer.inputs + 2
    slack = 4 * float(np.finfo(theta.dtype).eps)  # of the activation itself
    eps = float(np.finfo(theta.dtype).eps)
    return float(MAX_SLOPE * roundings * eps * size.max(initial=0.0) + slack)


def _layer(network: Network, theta: np.ndarray, index: int) -> dict[str, Any]:
    layer = network.layers[index]
    listed = layer.inputs * layer.units <= MAX_WEIGHTS
    return {
        "name": layer_name(network, index),
        "activation": layer.activation,
        "lecture_shape": [layer.units, layer.inputs],
        "weights": layer.weights(theta).copy() if listed else None,
        "biases": layer.biases(theta).copy() if listed else None,
    }


LINEAR_COLLAPSE = View(
    compute,
    {
        "part": ("test", "train", "validation"),
        "resolution": Parameter(50, 2, 100, integer=True),
    },
    applies_to=SUPERVISED,
    fps=15.0,
    uses_cache=True,
    tab=Tab("middle", 90),
)

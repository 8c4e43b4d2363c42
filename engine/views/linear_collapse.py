"""Linear collapse: the product of all layers as a single layer W x + b, compared with the network."""

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
from engine.views.options import first_rows, layer_name, output_names, select_part
from engine.views.plane import grid, plane_of
from engine.views.rounding_bound import forward_bound, product_bound
from engine.views.view import Tab, View

MAX_COMPARED = 200  # points whose outputs are returned
MAX_WEIGHTS = 1024  # of a matrix that is returned
# The largest |Δf| / max |Δz| of an output activation; that of the others is at most SELU's slope below 0.
MAX_SLOPES = {"sigmoid": 0.25, "softmax": 0.5, "linear": 1.0, "tanh": 1.0, "relu": 1.0}
MAX_SLOPE = 1.76


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """W = W[L] ··· W[1] and b, without the activations of the hidden layers, and the largest difference
    between the outputs of W x + b and of the network.

    The product is computed in double precision. `tolerance` is what rounding can explain of the difference
    (`engine.views.rounding_bound`), in the run's dtype. `equal` is true only if all hidden layers are linear
    and the difference is within it; otherwise the difference is the effect of the non-linear layers.
    """
    network, theta = checkpoint.network, checkpoint.theta
    name, part = select_part(data, options["part"], fallback=True)
    inputs = part.inputs[:MAX_MEASURED].astype(checkpoint.config.dtype)
    with np.errstate(all="ignore"):
        weights, bias = collapsed_layer(network, theta)
        comparison = _comparison(network, theta, inputs, weights, bias)
        maps = _maps(checkpoint, data, weights, bias, options["resolution"], cache)
    returns_weights = weights.size <= MAX_WEIGHTS
    return {
        "collapses": not _non_linear_layers(network),
        "bends": _non_linear_layers(network),
        "layers": [_layer(network, theta, index) for index in range(len(network.layers))],
        "output_activation": network.layers[-1].activation,
        "weights": weights if returns_weights else None,
        "bias": bias if returns_weights else None,
        "features": data.features,
        "outputs": output_names(data),
        **first_rows(name, part, len(inputs)),
        **comparison,
        "maps": maps,
    }


def _non_linear_layers(network: Network) -> list[dict[str, Any]]:
    """The hidden layers that are not linear; without any the network equals a single layer."""
    return [
        {"layer": index, "name": layer_name(network, index), "activation": layer.activation}
        for index, layer in enumerate(network.layers[:-1])
        if layer.activation != "linear"
    ]


def _comparison(
    network: Network, theta: np.ndarray, inputs: np.ndarray, weights: np.ndarray, bias: np.ndarray
) -> dict[str, Any]:
    deep, single = _compared_values(network, theta, inputs, weights, bias)
    difference = float(np.abs(deep - single).max(initial=0.0))
    tolerance = _tolerance(network, theta, inputs, deep)
    return {
        "compared": "weighted sums" if _has_step_output(network) else "outputs",
        "difference": difference if np.isfinite(difference) else None,
        "tolerance": tolerance if np.isfinite(tolerance) else None,
        "equal": not _non_linear_layers(network) and bool(difference <= tolerance),
        "deep": deep[:, :MAX_COMPARED].T,
        "single": single[:, :MAX_COMPARED].T,
    }


def _maps(
    checkpoint: Checkpoint,
    data: Data,
    weights: np.ndarray,
    bias: np.ndarray,
    resolution: int,
    cache: ViewCache,
) -> dict[str, Any]:
    """The first output over the plane, of the network (`deep`) and of the single layer."""
    plane = plane_of(cache, data, checkpoint.problem)
    inputs = grid(cache, data, plane, resolution, checkpoint.config.dtype)
    deep = outputs(checkpoint.network, checkpoint.theta, inputs)[0]
    single = collapsed_outputs(checkpoint.network, weights, bias, inputs)[0]
    return {
        **plane.description(),
        "deep": deep.reshape(plane.shape(resolution)).astype(np.float32),
        "single": single.reshape(plane.shape(resolution)).astype(np.float32),
    }


def collapsed_layer(network: Network, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """W (inputs, outputs) and b (outputs,), the product of the layers without activations; disabled units
    contribute 0.
    """
    weights, bias = np.eye(network.layers[0].inputs), np.zeros(network.layers[0].inputs)
    for layer in network.layers:
        layer_weights, b = (part(theta).astype(np.float64) for part in (layer.weights, layer.biases))
        mask = layer.enabled(np.dtype(np.float64))[:, 0]
        weights, bias = weights @ layer_weights * mask, (bias @ layer_weights + b) * mask
    return weights, bias


def collapsed_outputs(
    network: Network, weights: np.ndarray, bias: np.ndarray, inputs: np.ndarray
) -> np.ndarray:
    """f(W x + b) with the output layer's activation, (outputs, samples)."""
    z = (inputs.astype(np.float64) @ weights + bias).T
    layer = network.layers[-1]
    return value(layer.activation, z, layer.alpha)


def _has_step_output(network: Network) -> bool:
    """If so, weighted sums are compared: a step function turns rounding errors into differences of 1."""
    return network.layers[-1].activation == "step"


def _compared_values(
    network: Network, theta: np.ndarray, inputs: np.ndarray, weights: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The compared values (outputs, samples), of the network and of the single layer."""
    if _has_step_output(network):
        return logits(network, theta, inputs)[0].copy(), (inputs.astype(np.float64) @ weights + bias).T
    return outputs(network, theta, inputs), collapsed_outputs(network, weights, bias, inputs)


def _tolerance(network: Network, theta: np.ndarray, inputs: np.ndarray, deep: np.ndarray) -> float:
    """How far rounding can move the compared values `deep`: the bound of z times the largest slope of an
    output activation, and the error of evaluating that activation.
    """
    bound = forward_bound(network, theta, inputs) + product_bound(network, theta, inputs)
    activation = network.layers[-1].activation
    if activation in ("linear", "step"):
        return bound
    evaluation = 4 * float(np.finfo(theta.dtype).eps) * float(np.abs(deep).max(initial=1.0))
    return MAX_SLOPES.get(activation, MAX_SLOPE) * bound + evaluation


def _layer(network: Network, theta: np.ndarray, index: int) -> dict[str, Any]:
    layer = network.layers[index]
    returns_weights = layer.inputs * layer.units <= MAX_WEIGHTS
    return {
        "name": layer_name(network, index),
        "activation": layer.activation,
        "lecture_shape": [layer.units, layer.inputs],
        "weights": layer.weights(theta).copy() if returns_weights else None,
        "biases": layer.biases(theta).copy() if returns_weights else None,
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
    tab=Tab("middle", 90, fits=("layers.*.activation", "linear")),
)

"""Sample trace: all values of the forward and backward pass of one point."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.config.parameter import Parameter
from engine.datasets import Data
from engine.datasets.dataset import Part
from engine.metrics import decide
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.plan import matched_loss
from engine.views import passes
from engine.views.chain_rule import MAX_TERMS
from engine.views.options import (
    LAYER,
    SOURCE,
    UNIT,
    display_values,
    layer_name,
    point_index,
    select_part,
    select_weight,
)
from engine.views.traced_weight import weight_gradient, weighted_sum
from engine.views.view import Tab, View

MAX_WEIGHTS = 4096  # of a layer whose weights are returned
# Of a layer, for one sample and for a batch; the others are counted in `omitted_units`.
MAX_UNITS = 256
MAX_BATCH_UNITS = 32


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """Forward: z and a of every layer, and the loss; backward: delta of every unit, and the chain rule for
    the selected weight.

    In double precision, without dropout, for the point `index` or the first `batch` points of the part; the
    loss and its gradients by weights are the mean over them. Arrays are (samples, units), `lecture_shapes`
    those of the convention with samples as columns.
    """
    network, config = checkpoint.network, checkpoint.config
    weight = select_weight(network, options["layer"], options["unit"], options["source"])
    part_name, part = select_part(data, options["part"])
    batch = options["batch"]
    rows = [point_index(part, options["index"])] if batch is None else list(range(min(batch, len(part))))
    arrays = passes.forward(network, passes.float64_parameters(checkpoint), part.inputs[rows])
    targets = np.ascontiguousarray(part.targets[rows].T, np.float64)
    passes.backward(config, arrays, targets)
    gradient = passes.gradient(arrays)
    return {
        "part": part_name,
        "index": rows[0] if batch is None else None,
        "indices": rows,
        "samples": len(rows),
        "part_size": len(part),
        "task": data.task,
        "inputs": _inputs(data, part, rows),
        "layers": [
            _layer(arrays, gradient, index, batch is not None) for index in range(len(network.layers))
        ],
        **_outcome(config, data, part, rows, arrays, targets),
        "output_delta": _output_delta(config, arrays),
        "unit": weighted_sum(data, arrays, weight),
        **weight_gradient(checkpoint, arrays, targets, weight),
        "steps": _steps(len(network.layers)),
    }


def _inputs(data: Data, part: Part, rows: list[int]) -> dict[str, Any]:
    features = part.inputs[rows]
    return {
        "names": data.inputs,
        "raw": part.raw[rows],
        "features": data.features,
        "seen": features,
        "shape": list(features.shape),
        "lecture_shape": list(features.shape[::-1]),
    }


def _layer(arrays: passes.PassArrays, gradient: np.ndarray, index: int, batch: bool) -> dict[str, Any]:
    network, layer = arrays.network, arrays.network.layers[index]
    theta, alpha = arrays.theta, layer.alphas(arrays.theta)
    max_units, samples = MAX_BATCH_UNITS if batch else MAX_UNITS, arrays.inputs.shape[1]
    with_weights = layer.inputs * layer.units <= MAX_WEIGHTS
    slopes = arrays.slopes[index]
    return {
        "layer": index,
        "name": layer_name(network, index),
        "activation": layer.activation,
        "alpha": _alphas(alpha, max_units),
        "units": layer.units,
        "omitted_units": max(0, layer.units - max_units),
        "off": list(layer.disabled),
        "weights": layer.weights(theta) if with_weights else None,
        "biases": layer.biases(theta) if with_weights else None,
        "weight_gradients": layer.weights(gradient) if with_weights else None,
        "bias_gradients": layer.biases(gradient) if with_weights else None,
        "shapes": {"weights": [layer.inputs, layer.units], "z": [samples, layer.units]},
        "lecture_shapes": {"weights": [layer.units, layer.inputs], "z": [layer.units, samples]},
        "z": arrays.z[index][:max_units].T,
        "a": arrays.a[index][:max_units].T,
        "slopes": None if slopes is None else slopes[:max_units].T,
        "upstream": arrays.upstream[index][:max_units].T,
        "deltas": arrays.deltas[index][:max_units].T,
    }


def _alphas(alpha: np.ndarray | float | None, max_units: int) -> np.ndarray | list[float] | None:
    """The activation's parameters: one per unit if they are learned."""
    if isinstance(alpha, np.ndarray):
        return alpha[:max_units, 0]
    return None if alpha is None else [alpha]


def _outcome(
    config: ExamplesConfig,
    data: Data,
    part: Part,
    rows: list[int],
    arrays: passes.PassArrays,
    targets: np.ndarray,
) -> dict[str, Any]:
    outputs, losses = arrays.a[-1], passes.losses(config, arrays, targets)
    perceptron = OPTIMIZERS[config.optimizer.name].perceptron_rule
    return {
        "outputs": outputs.T,
        "targets": targets.T,
        "prediction": display_values(data, decide(data, outputs.T)),
        "target": display_values(data, part.truth[rows]),
        "error": {"target_minus_output": (targets - outputs).T, "output_minus_target": (outputs - targets).T},
        "loss": {"name": config.loss.name, "value": float(losses.mean()), "samples": losses},
        "rule": "perceptron" if perceptron else "gradient",
    }


def _output_delta(config: ExamplesConfig, arrays: passes.PassArrays) -> dict[str, Any]:
    """dE/dz of the outputs: as a product of factors, and simplified to output minus target where the loss
    matches the activation.
    """
    upstream, slopes, deltas = arrays.upstream[-1], arrays.slopes[-1], arrays.deltas[-1]
    perceptron, matched = OPTIMIZERS[config.optimizer.name].perceptron_rule, matched_loss(config)
    form = "factored" if slopes is not None else "jacobian"
    note = "dE/da times the slope" if slopes is not None else "dE/da through the softmax's Jacobian"
    if perceptron:
        form, note = "perceptron", "output minus target: the rule uses neither loss nor slope"
    elif matched:
        form, note = "matched", "for this loss and activation the product is output minus target"
    jacobian = None
    if slopes is None:
        s = arrays.unmasked[-1][:MAX_TERMS, 0]
        jacobian = np.diag(s) - np.outer(s, s)
    return {
        "form": form,
        "upstream": upstream.T,
        "slopes": None if slopes is None else slopes.T,
        "jacobian": jacobian,
        "factored": passes.pull_back(arrays, len(arrays.a) - 1, upstream).T,
        "simplified": deltas.T if perceptron or matched else None,
        "note": note,
    }


def _steps(layers: int) -> list[dict[str, Any]]:
    """The steps of the trace, in the order of display."""
    forward = [{"name": name, "layer": i} for i in range(layers) for name in ("weighted_sum", "activation")]
    deltas = [{"name": "delta", "layer": index} for index in range(layers - 2, -1, -1)]
    weight = [{"name": name} for name in ("chain", "numeric", "update")]
    return [{"name": "inputs"}, *forward, {"name": "loss"}, {"name": "output_delta"}, *deltas, *weight]


SAMPLE_TRACE = View(
    compute,
    {
        "part": ("train", "validation", "test"),
        "index": Parameter(0, 0, 199_999, integer=True),
        "batch": Parameter(None, 1, 100, integer=True),
        "layer": LAYER,
        "unit": UNIT,
        "source": SOURCE,
    },
    needs=("slots",),
    fps=5.0,
    tab=Tab("middle", 50),
)

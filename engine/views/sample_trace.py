"""Sample trace: the forward and backward pass of one point, with every number."""

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
from engine.views.chain_rule import TERMS
from engine.views.options import LAYER, SOURCE, UNIT, index_of, layer_name, named, part_of, weight_of
from engine.views.traced_weight import backward, unit
from engine.views.view import Tab, View

MAX_WEIGHTS = 4096  # of a layer are listed one by one; above, only their shape
MAX_UNITS = 256  # of a layer, and
MAX_UNITS_OF_BATCH = 32  # where several samples are shown: what is beyond is counted in `omitted_units`


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """Forward: z and a of every layer, loss; backward: delta of every unit, and the selected weight's chain.

    In double precision, without dropout. One point (`index`), or the first `batch` of the part: then E is
    their mean, and so are the gradients by weights. Arrays are (samples, units); the lecture's stack
    samples as columns.
    """
    network, config = checkpoint.network, checkpoint.config
    weight = weight_of(network, options["layer"], options["unit"], options["source"])
    part_name, part = part_of(data, options["part"])
    batch = options["batch"]
    rows = [index_of(part, options["index"])] if batch is None else list(range(min(batch, len(part))))
    passed = passes.forward(network, passes.exact(checkpoint), part.inputs[rows])
    targets = np.ascontiguousarray(part.targets[rows].T, np.float64)
    passes.backward(config, passed, targets)
    gradient = passes.gradient(passed)
    return {
        "part": part_name,
        "index": rows[0] if batch is None else None,
        "indices": rows,
        "samples": len(rows),
        "task": data.task,
        "inputs": _inputs(data, part, rows),
        "layers": [
            _layer(passed, gradient, index, batch is not None) for index in range(len(network.layers))
        ],
        **_outcome(config, data, part, rows, passed, targets),
        "output_delta": _output_delta(config, passed),
        "unit": unit(data, passed, weight),
        **backward(checkpoint, passed, targets, weight),
        "steps": _steps(len(network.layers)),
    }


def _inputs(data: Data, part: Part, rows: list[int]) -> dict[str, Any]:
    seen = part.inputs[rows]
    return {
        "names": data.inputs,
        "raw": part.raw[rows],
        "features": data.features,
        "seen": seen,
        "shape": list(seen.shape),
        "lecture_shape": list(seen.shape[::-1]),
    }


def _layer(passed: passes.Passed, gradient: np.ndarray, index: int, batch: bool) -> dict[str, Any]:
    network, layer = passed.network, passed.network.layers[index]
    theta, alpha = passed.theta, layer.alphas(passed.theta)
    most, samples = MAX_UNITS_OF_BATCH if batch else MAX_UNITS, passed.inputs.shape[1]
    listed = layer.inputs * layer.units <= MAX_WEIGHTS
    slopes = passed.slopes[index]
    return {
        "layer": index,
        "name": layer_name(network, index),
        "activation": layer.activation,
        "alpha": _alphas(alpha, most),
        "units": layer.units,
        "omitted_units": max(0, layer.units - most),
        "off": list(layer.disabled),
        "weights": layer.weights(theta) if listed else None,
        "biases": layer.biases(theta) if listed else None,
        "weight_gradients": layer.weights(gradient) if listed else None,
        "bias_gradients": layer.biases(gradient) if listed else None,
        "shapes": {"weights": [layer.inputs, layer.units], "z": [samples, layer.units]},
        "lecture_shapes": {"weights": [layer.units, layer.inputs], "z": [layer.units, samples]},
        "z": passed.z[index][:most].T,
        "a": passed.a[index][:most].T,
        "slopes": None if slopes is None else slopes[:most].T,
        "upstream": passed.upstream[index][:most].T,
        "deltas": passed.deltas[index][:most].T,
    }


def _alphas(alpha: np.ndarray | float | None, most: int) -> np.ndarray | list[float] | None:
    """The activation's parameters: one per unit where they are learned."""
    if isinstance(alpha, np.ndarray):
        return alpha[:most, 0]
    return None if alpha is None else [alpha]


def _outcome(
    config: ExamplesConfig,
    data: Data,
    part: Part,
    rows: list[int],
    passed: passes.Passed,
    targets: np.ndarray,
) -> dict[str, Any]:
    outputs, losses = passed.a[-1], passes.losses(config, passed, targets)
    perceptron = OPTIMIZERS[config.optimizer.name].perceptron_rule
    return {
        "outputs": outputs.T,
        "targets": targets.T,
        "prediction": named(data, decide(data, outputs.T)),
        "target": named(data, part.truth[rows]),
        "error": {"target_minus_output": (targets - outputs).T, "output_minus_target": (outputs - targets).T},
        "loss": {"name": config.loss.name, "value": float(losses.mean()), "samples": losses},
        "rule": "perceptron" if perceptron else "gradient",
    }


def _output_delta(config: ExamplesConfig, passed: passes.Passed) -> dict[str, Any]:
    """dE/dz of the outputs: from the factors, and in the simple form that some pairs of loss and activation
    have.
    """
    upstream, slopes, deltas = passed.upstream[-1], passed.slopes[-1], passed.deltas[-1]
    perceptron, matched = OPTIMIZERS[config.optimizer.name].perceptron_rule, matched_loss(config)
    form = "factored" if slopes is not None else "jacobian"
    note = "dE/da times the slope" if slopes is not None else "dE/da through the softmax's Jacobian"
    if perceptron:
        form, note = "perceptron", "output minus target: the rule needs neither loss nor slope"
    elif matched:
        form, note = "matched", "this loss and this activation together: the product is output minus target"
    jacobian = None
    if slopes is None:
        s = passed.bare[-1][:TERMS, 0]
        jacobian = np.diag(s) - np.outer(s, s)
    return {
        "form": form,
        "upstream": upstream.T,
        "slopes": None if slopes is None else slopes.T,
        "jacobian": jacobian,
        "factored": passes.pull_back(passed, len(passed.a) - 1, upstream).T,
        "simplified": deltas.T if perceptron or matched else None,
        "note": note,
    }


def _steps(layers: int) -> list[dict[str, Any]]:
    """The steps of the trace, in the order of display."""
    there = [{"name": name, "layer": i} for i in range(layers) for name in ("weighted_sum", "activation")]
    back = [{"name": "delta", "layer": index} for index in range(layers - 2, -1, -1)]
    ends = [{"name": name} for name in ("chain", "numeric", "update")]
    return [{"name": "inputs"}, *there, {"name": "loss"}, {"name": "output_delta"}, *back, *ends]


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

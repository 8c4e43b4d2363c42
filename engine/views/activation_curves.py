"""Activation curves: f and f' of any activation, and of every layer with the live values beneath it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.analysis.summary import summary
from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import EVERY
from engine.datasets import Data
from engine.layers.activations import ACTIVATIONS, derivative, value
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import Buffers, block_size, prepared
from engine.training.measured_points import MAX_MEASURED
from engine.views.activation_histograms import SATURATED
from engine.views.options import layer_name, part_of
from engine.views.view import Tab, View

FIRST = "tanh"
CURVES = "the activation f(z) and its slope f'(z)"
MIXES = "softmax mixes the units of its layer: one unit's value depends on all the others, so it has no curve"
Curves = tuple[np.ndarray | None, np.ndarray | None]


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """f and f' over `points` places from `low` to `high`: of the chosen activation with its parameter, and
    per layer of its own, with the histogram of z over at most 2,000 points of the part.

    `flat` is the share of z with |f'(z)| < 0.05, where next to nothing flows back. Learned parameters are
    drawn at their mean.
    """
    if not options["low"] < options["high"]:
        raise ConfigError("high", "must be above low", given=options["high"], limit=options["low"])
    z = np.linspace(options["low"], options["high"], options["points"])
    name, part = part_of(data, options["part"], fallback=True)
    inputs = part.inputs[:MAX_MEASURED]
    inputs = inputs[: block_size(checkpoint.network, len(inputs))]
    forward = prepared(checkpoint.network, len(inputs), checkpoint.config.dtype, keep_z=True)
    buffers = forward.run(checkpoint.theta, inputs)
    with np.errstate(all="ignore"):
        layers = _layers(checkpoint, buffers, z, options["bins"])
    return {
        "z": z,
        "activation": _chosen(options["activation"], options["alpha"], z),
        "bound": SATURATED,
        "layers": layers,
        "samples": len(inputs),
        "part": name,
    }


def _chosen(name: str, alpha: float | None, z: np.ndarray) -> dict[str, Any]:
    entry = ACTIVATIONS[name]
    parameter = entry.parameters.get("alpha")
    if parameter is None and alpha is not None:
        raise ConfigError("alpha", f"{name} has no such parameter", given=alpha)
    if parameter is not None:
        alpha = parameter.default if alpha is None else alpha
        assert alpha is not None
        if not parameter.minimum <= alpha <= parameter.maximum:
            limit = [parameter.minimum, parameter.maximum]
            raise ConfigError("alpha", f"must be from {limit[0]} to {limit[1]}", given=alpha, limit=limit)
    f, slope = _curves(name, alpha, z)
    note, code = (MIXES, "mixes_units") if f is None else (CURVES, "curves")
    return {"name": name, "title": name, "alpha": alpha, "f": f, "slope": slope, "note": note, "code": code}


def _curves(name: str, alpha: float | None, z: np.ndarray) -> Curves:
    if ACTIVATIONS[name].pullback:
        return None, None
    return value(name, z[None], alpha)[0], derivative(name, z[None], alpha)[0]


def _single(curves: Curves) -> Curves:
    """In single precision: enough to draw, and half the size on the wire."""
    f, slope = curves
    return (None, None) if f is None or slope is None else (f.astype(np.float32), slope.astype(np.float32))


def _layers(checkpoint: Checkpoint, buffers: Buffers, z: np.ndarray, bins: int) -> list[dict[str, Any]]:
    network = checkpoint.network
    answer, known = [], {}
    for index, layer in enumerate(network.layers):
        alpha = layer.alphas(checkpoint.theta)
        alphas = alpha[:, 0].tolist() if isinstance(alpha, np.ndarray) else [] if alpha is None else [alpha]
        key = (layer.activation, sum(alphas) / len(alphas) if alphas else None)
        if key not in known:
            known[key] = _single(_curves(*key, z))
        live = buffers.preactivation(index)
        histogram = summary(live, bins)
        slopes = derivative(layer.activation, live, alpha)
        f, slope = known[key]
        answer.append(
            {
                "layer": index,
                "name": layer_name(network, index),
                "activation": layer.activation,
                "alpha": alphas,
                "f": f,
                "slope": slope,
                "histogram": histogram,
                "flat": np.count_nonzero(np.abs(slopes) < SATURATED) / live.size,
                "nonfinite": 1 - int(histogram["counts"].sum()) / live.size,
            }
        )
    return answer


ACTIVATION_CURVES = View(
    compute,
    {
        "activation": (FIRST, *(name for name in ACTIVATIONS if name != FIRST)),
        "alpha": Parameter(None, -10, 10),
        "low": Parameter(-6, -1000, 1000),
        "high": Parameter(6, -1000, 1000),
        "points": Parameter(241, 2, 2001, integer=True),
        "bins": Parameter(40, 2, 200, integer=True),
        "part": ("train", "test", "validation"),
    },
    applies_to=EVERY,
    tab=Tab("middle", 100),
)

"""Activation curves: f and f' of an activation, and of every layer with the histogram of its z."""

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
from engine.training.compiled.forward import Buffers
from engine.views.activation_histograms import SATURATED
from engine.views.options import first_rows, layer_name, select_part
from engine.views.passes import sample_buffers
from engine.views.view import Tab, View

DEFAULT = "tanh"
CURVE_NOTE = "the activation f(z) and its slope f'(z)"
OTHERS = (5.1, 2.2, 0.7, 1.1)  # z of the other units of the lecture's example of softmax, z = (1.3, ...)
SOFTMAX_NOTE = "softmax has no curve, because each unit's value depends on all units of its layer"
Curves = tuple[np.ndarray | None, np.ndarray | None]


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """f and f' (points,) from `low` to `high`, of the selected activation with its parameter and of each
    layer's activation, with the histogram of the layer's z over at most 2,000 points of the part.

    An activation of several units has no f of one z: its `example` is one unit over its own z, beside units
    whose z are `others`. `flat` is the fraction of z with |f'(z)| < 0.05, where gradients almost vanish.
    Learned parameters are replaced by their mean.
    """
    if not options["low"] < options["high"]:
        raise ConfigError("high", "must be above low", given=options["high"], limit=options["low"])
    z = np.linspace(options["low"], options["high"], options["points"])
    name, part = select_part(data, options["part"], fallback=True)
    buffers = sample_buffers(checkpoint, part)
    with np.errstate(all="ignore"):
        layers = _layers(checkpoint, buffers, z, options["bins"])
    return {
        "z": z,
        "activation": _selected_activation(options["activation"], options["alpha"], z),
        "bound": SATURATED,
        "layers": layers,
        **first_rows(name, part, buffers.samples),
    }


def _selected_activation(name: str, alpha: float | None, z: np.ndarray) -> dict[str, Any]:
    parameter = ACTIVATIONS[name].parameters.get("alpha")
    if parameter is None and alpha is not None:
        raise ConfigError("alpha", f"{name} has no such parameter", given=alpha)
    if parameter is not None:
        alpha = parameter.default if alpha is None else alpha
        assert alpha is not None
        if not parameter.minimum <= alpha <= parameter.maximum:
            limit = [parameter.minimum, parameter.maximum]
            raise ConfigError("alpha", f"must be from {limit[0]} to {limit[1]}", given=alpha, limit=limit)
    f, slope = _curves(name, alpha, z)
    note, code = (SOFTMAX_NOTE, "mixes_units") if f is None else (CURVE_NOTE, "curves")
    return {
        "name": name, "title": name, "alpha": alpha, "f": f, "slope": slope, "note": note, "code": code,
        "example": _example(name, z) if f is None else None,
    }  # fmt: skip


def _example(name: str, z: np.ndarray) -> dict[str, Any]:
    """f and f' of the first of several units over its z; those of the others stay."""
    column = np.repeat(np.array(OTHERS)[:, None], z.size, axis=1)
    units = np.vstack([z, column])
    return {"others": list(OTHERS), "f": value(name, units)[0], "slope": derivative(name, units)[0]}


def _curves(name: str, alpha: float | None, z: np.ndarray) -> Curves:
    if ACTIVATIONS[name].pullback:
        return None, None
    return value(name, z[None], alpha)[0], derivative(name, z[None], alpha)[0]


def _float32(curves: Curves) -> Curves:
    """In single precision: accurate enough for a plot, and half the bytes to send."""
    f, slope = curves
    return (None, None) if f is None or slope is None else (f.astype(np.float32), slope.astype(np.float32))


def _layers(checkpoint: Checkpoint, buffers: Buffers, z: np.ndarray, bins: int) -> list[dict[str, Any]]:
    network = checkpoint.network
    results, curves = [], {}
    for index, layer in enumerate(network.layers):
        alpha = layer.alphas(checkpoint.theta)
        alphas = alpha[:, 0].tolist() if isinstance(alpha, np.ndarray) else [] if alpha is None else [alpha]
        key = (layer.activation, sum(alphas) / len(alphas) if alphas else None)
        if key not in curves:
            curves[key] = _float32(_curves(*key, z))
        layer_z = buffers.preactivation(index)
        histogram = summary(layer_z, bins)
        slopes = derivative(layer.activation, layer_z, alpha)
        f, slope = curves[key]
        results.append(
            {
                "layer": index,
                "name": layer_name(network, index),
                "activation": layer.activation,
                "alpha": alphas,
                "f": f,
                "slope": slope,
                "histogram": histogram,
                "flat": np.count_nonzero(np.abs(slopes) < SATURATED) / layer_z.size,
                "nonfinite": 1 - int(histogram["counts"].sum()) / layer_z.size,
            }
        )
    return results


ACTIVATION_CURVES = View(
    compute,
    {
        "activation": (DEFAULT, *(name for name in ACTIVATIONS if name != DEFAULT)),
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

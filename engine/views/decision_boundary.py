"""Decision boundary: the network's outputs over a plane."""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np

from engine.analysis.output_ranges import OUTPUT_RANGES
from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL, SUPERVISED
from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.cache import ViewCache
from engine.views.options import layer_index
from engine.views.plane import Plane, grid, plane_of
from engine.views.view import Slices, Tab, View

CHUNK_PRODUCTS = 5e8  # multiplications per chunk, which take some hundredths of a second
MAX_POINTS = 4000  # of a part that are projected onto the plane


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache) -> Slices:
    """Outputs over a grid: `values` (outputs, rows, columns), row 0 at the smallest y; for regression in the
    units of the data.

    With `layer` and `unit` the activations of that unit instead. One input gives one row. With more than two
    inputs the plane is that of the first two principal components of at most 2,000 training inputs, and
    `points` are the projections of the first 4,000 points of each part.
    """
    resolution, unit = options["resolution"], options["unit"]
    plane = plane_of(cache, data, checkpoint.problem, options["axes"], options["held"])
    layer = layer_index(checkpoint.network, options["layer"])
    inputs = grid(cache, data, plane, resolution, checkpoint.config.dtype)
    activations = yield from _activations(checkpoint, inputs, layer)
    hidden = layer < len(checkpoint.network.layers) - 1
    values = _selected(data, activations, unit, hidden)
    return {
        **plane.description(),
        "projected": plane.projected,
        "held": plane.fixed_inputs,
        "values": values.reshape(-1, *plane.shape(resolution)).astype(np.float32),
        **_scale(checkpoint, data, layer, hidden),
        **_points(data, plane),
    }


def _activations(
    checkpoint: Checkpoint, inputs: np.ndarray, layer: int
) -> Generator[float, None, np.ndarray]:
    """The layer's activations (units, points); for large networks in chunks, so that other views can be
    computed between them.
    """
    network, theta = checkpoint.network, checkpoint.theta
    size = max(1, int(CHUNK_PRODUCTS / network.size))
    if size >= len(inputs):
        return outputs(network, theta, inputs, layer)
    chunks = []
    for start in range(0, len(inputs), size):
        yield start / len(inputs)
        chunks.append(outputs(network, theta, inputs[start : start + size], layer))
    return np.concatenate(chunks, axis=1)


def _selected(data: Data, activations: np.ndarray, unit: int | None, hidden: bool) -> np.ndarray:
    """The activations of `unit`, or of all outputs; outputs of a regression in the units of the data.

    Raises ConfigError if there is no such unit, or for a hidden layer without `unit`.
    """
    count = len(activations)
    if unit is None and hidden:
        raise ConfigError("unit", "is required for a hidden layer", limit=[0, count - 1])
    if unit is not None and unit >= count:
        raise ConfigError("unit", f"must be from 0 to {count - 1}", given=unit, limit=[0, count - 1])
    rows = slice(None) if unit is None else slice(unit, unit + 1)
    values = activations[rows]
    if data.task == "regression" and not hidden:
        values = values * data.target_scale[rows, None] + data.target_mean[rows, None]
    return values


def _scale(checkpoint: Checkpoint, data: Data, layer: int, hidden: bool) -> dict[str, Any]:
    """`threshold`, above which outputs count as positive, and the activation's bounds `low` and `high`; None
    if there are none.
    """
    has_threshold = not hidden and data.task in ("binary", "multilabel")
    low, high = OUTPUT_RANGES.get(checkpoint.network.layers[layer].activation, (None, None))
    return {
        "threshold": (data.target_low + data.target_high) / 2 if has_threshold else None,
        "low": low,
        "high": high,
    }


def _points(data: Data, plane: Plane) -> dict[str, Any]:
    """The projections of the points, if they lie outside the plane."""
    if not plane.projected:
        return {}
    parts = ("train", "validation", "test")
    points = {name: plane.project(getattr(data, name).raw[:MAX_POINTS]).astype(np.float32) for name in parts}
    return {"points": points}


DECISION_BOUNDARY = View(
    compute,
    {
        "resolution": Parameter(100, 2, 400, integer=True),
        "axes": "auto",
        "held": "",
        "layer": Parameter(None, 0, 128, integer=True),
        "unit": Parameter(None, 0, 1023, integer=True),
    },
    applies_to=(*SUPERVISED, CONTROL),
    uses_cache=True,
    tab=Tab("output", 10),
)

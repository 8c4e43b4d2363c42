"""Decision boundary: what the network says everywhere on a plane."""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL, SUPERVISED
from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.cache import ViewCache
from engine.views.plane import grid, plane_of
from engine.views.view import Slices, Tab, View

PIECE = 5e8  # of work in one slice, in products: some hundredths of a second


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache) -> Slices:
    """Outputs over a grid: `values` (outputs, rows, columns), row 0 at the lowest y, in the data's own units
    for regression.

    With `layer` and `unit` the activation of that unit instead. One input gives one row. More than two
    inputs: the plane of the first two principal components of (at most 2,000 of) the training inputs, with
    the first 4,000 points of each part projected onto it.
    """
    network, resolution = checkpoint.network, options["resolution"]
    plane = plane_of(cache, data, checkpoint.problem, options["axes"], options["held"])
    layer = _layer(options["layer"], len(network.layers))
    seen = grid(cache, data, plane, resolution, checkpoint.config.dtype)
    values = yield from _outputs(checkpoint, seen, layer)
    hidden = options["layer"] is not None and layer < len(network.layers) - 1
    if options["unit"] is not None:
        _check_unit(options["unit"], len(values))
        values = values[options["unit"]][None]
    elif hidden:
        raise ConfigError("unit", "which unit of the layer?", limit=[0, len(values) - 1])
    if data.task == "regression" and not hidden:
        unit = slice(None) if options["unit"] is None else slice(options["unit"], options["unit"] + 1)
        values = values * data.target_scale[unit, None] + data.target_mean[unit, None]
    rows = 1 if len(plane.axes) == 1 else resolution
    answer = {
        "x": list(plane.x),
        "y": list(plane.y),
        "axes": list(plane.axes),
        "projected": plane.projected,
        "held": plane.held,
        "values": values.reshape(-1, rows, resolution).astype(np.float32),
    }
    answer |= _scale(checkpoint, data, layer, hidden)
    if plane.projected:
        answer["points"] = {
            name: plane.project(getattr(data, name).raw[:MOST_POINTS]).astype(np.float32)
            for name in ("train", "validation", "test")
        }
    return answer


def _outputs(checkpoint: Checkpoint, seen: np.ndarray, layer: int) -> Generator[float, None, np.ndarray]:
    """The layer's activations, of a large network in pieces, so that others need not wait for all of it."""
    network, theta = checkpoint.network, checkpoint.theta
    size = max(1, int(PIECE / network.size))
    if size >= len(seen):
        return outputs(network, theta, seen, layer)
    parts = []
    for start in range(0, len(seen), size):
        yield start / len(seen)
        parts.append(outputs(network, theta, seen[start : start + size], layer))
    return np.concatenate(parts, axis=1)


MOST_POINTS = 4000  # of a part
RANGES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "step": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def _scale(checkpoint: Checkpoint, data: Data, layer: int, hidden: bool) -> dict[str, Any]:
    """`threshold`: where a yes begins; `low`, `high`: the activation's bounds; null where there is none."""
    decides = not hidden and data.task in ("binary", "multilabel")
    low, high = RANGES.get(checkpoint.network.layers[layer].activation, (None, None))
    return {
        "threshold": (data.target_low + data.target_high) / 2 if decides else None,
        "low": low,
        "high": high,
    }


def _layer(chosen: int | None, count: int) -> int:
    if chosen is None:
        return count - 1
    if chosen >= count:
        raise ConfigError("layer", f"must be from 0 to {count - 1}", given=chosen, limit=[0, count - 1])
    return chosen


def _check_unit(unit: int, count: int) -> None:
    if unit >= count:
        raise ConfigError("unit", f"must be from 0 to {count - 1}", given=unit, limit=[0, count - 1])


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

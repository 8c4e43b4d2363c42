"""Network: weights and biases, and a map of every unit's output over the plane."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import EVERY
from engine.datasets import Data
from engine.datasets.features import compute as compute_features
from engine.datasets.features import offered_features
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import Buffers, block_size, prepared
from engine.views.cache import ViewCache
from engine.views.plane import Plane, grid, plane_of
from engine.views.view import Tab, View

# The result counts what exceeds these limits and is omitted.
MAX_UNITS = 32  # of a layer
MAX_INPUTS = 64  # features
MAX_LAYERS = 16  # hidden layers and the output layer
MAX_UNUSED = 16  # features that the data offer and the network does not use
UNUSED_RESOLUTION = 10  # points along each side of their maps, which are drawn small


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """Per layer `weights` (inputs, units), `biases`, and `maps` (units, m, m) as bytes from 0 at `low` to
    255 at `high`.

    Of the first 32 units of the first 15 hidden layers and the output layer; `units` is the number of units
    of the layer, `omitted_units` and `omitted_layers` are those left out. Maps are scaled per layer; values
    that are not finite are replaced by `low` and counted in `nonfinite`. `inputs` are such maps of up to 64
    features, unless these are pixels or series; `unused` are maps of the features that the data offer beside
    them. For pixels the first layer has `pictures` of its weights.
    """
    network, resolution = checkpoint.network, options["resolution"]
    plane = plane_of(cache, data, checkpoint.problem)
    inputs = grid(cache, data, plane, resolution, checkpoint.config.dtype)
    shape = plane.shape(resolution)
    count = len(network.layers)
    layer_indices = list(range(min(count, MAX_LAYERS - 1))) + ([count - 1] if count >= MAX_LAYERS else [])
    size = block_size(network, len(inputs))
    maps: dict[int, list[np.ndarray]] = {index: [] for index in layer_indices}
    for start in range(0, len(inputs), size):
        chunk = inputs[start : start + size]
        buffers: Buffers = prepared(network, len(chunk), checkpoint.config.dtype).run(checkpoint.theta, chunk)
        for index in layer_indices:
            maps[index].append(buffers.output(index)[:MAX_UNITS].copy())
    layers = [
        _layer(checkpoint, index, np.concatenate(maps[index], axis=1), shape) for index in layer_indices
    ]
    if data.image and data.features == data.inputs:
        layers[0] |= _pictures(checkpoint, (data.image.rows, data.image.columns))
    answer: dict[str, Any] = {
        "layers": layers,
        "omitted_layers": [i for i in range(count) if i not in layer_indices],
    }
    if not (data.image or data.series) and len(data.features) <= MAX_INPUTS:
        features = np.ascontiguousarray(inputs.T)
        answer["inputs"] = {"names": data.features, **_bytes(features, shape)}
        answer |= _unused(cache, data, plane)
    return answer


def _unused(cache: ViewCache, data: Data, plane: Plane) -> dict[str, Any]:
    key = (data.digest, *data.features, plane.axes, plane.key)
    return cache.get("unused", key, lambda: _maps_of_unused(data, plane))


def _maps_of_unused(data: Data, plane: Plane) -> dict[str, Any]:
    """`unused`: names and maps of the features that the network could have as inputs and has not.

    Each is divided by its largest |value| in the map, after subtraction of its mean over the training part if
    the inputs are standardised. Empty if there are none, or more than 16.
    """
    names = [name for name in offered_features(data.inputs) if name not in data.features]
    if not 0 < len(names) <= MAX_UNUSED:
        return {}
    values = compute_features(names, data.inputs, plane.raw(UNUSED_RESOLUTION))
    if data.feature_mean.any():
        values -= compute_features(names, data.inputs, data.train.raw).mean(axis=0)
    reach = np.abs(values).max(axis=0)
    values /= np.where(reach > 0, reach, 1.0)
    return {"unused": {"names": names, **_bytes(values.T, plane.shape(UNUSED_RESOLUTION))}}


def _layer(checkpoint: Checkpoint, index: int, values: np.ndarray, shape: tuple[int, int]) -> dict[str, Any]:
    network = checkpoint.network
    layer = network.layers[index]
    weights, biases = layer.weights(checkpoint.theta), layer.biases(checkpoint.theta)
    return {
        "index": index,
        "units": layer.units,
        "omitted_units": max(0, layer.units - MAX_UNITS),
        "activation": layer.activation,
        "weights": weights[: MAX_UNITS if index else MAX_INPUTS, :MAX_UNITS].astype(np.float32),
        "biases": biases[:MAX_UNITS].astype(np.float32),
        **_bytes(values, shape),
    }


def _pictures(checkpoint: Checkpoint, shape: tuple[int, int]) -> dict[str, Any]:
    """The weights of each unit as an image: `pictures` (units, rows, columns) as i1, where 127 is the unit's
    `reach` (units,), its largest finite |weight|. Weights that are not finite are 0.
    """
    network = checkpoint.network
    weights = network.layers[0].weights(checkpoint.theta)[:, :MAX_UNITS].T
    weights = np.where(np.isfinite(weights), weights, 0.0)
    reach = np.abs(weights).max(axis=1)
    scaled = np.rint(weights / np.where(reach > 0, reach, 1.0)[:, None] * 127)
    return {"pictures": scaled.astype(np.int8).reshape(-1, *shape), "reach": reach.astype(np.float32)}


def _bytes(values: np.ndarray, shape: tuple[int, int]) -> dict[str, Any]:
    """`maps` (k, rows, columns) as u1, with `low`, `high` and `nonfinite`."""
    low, high = float(values.min()), float(values.max())
    nonfinite = 0
    if not (np.isfinite(low) and np.isfinite(high)):
        finite = np.isfinite(values)
        nonfinite = int(values.size - np.count_nonzero(finite))
        low = float(values[finite].min()) if finite.any() else 0.0
        high = float(values[finite].max()) if finite.any() else 0.0
        values = np.where(finite, values, low)
    scaled = (values - low) * (255 / (high - low) if high > low else 0.0) + 0.5
    return {
        "maps": scaled.astype(np.uint8).reshape(-1, *shape),
        "low": low,
        "high": high,
        "nonfinite": nonfinite,
    }


NETWORK = View(
    compute,
    {"resolution": Parameter(20, 2, 64, integer=True)},
    applies_to=EVERY,
    uses_cache=True,
    tab=Tab("network", 10),
)

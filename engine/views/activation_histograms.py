"""Activation histograms: how the values of each layer are spread over the points."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from engine.analysis.histograms import histograms, workspace
from engine.config.parameter import Parameter
from engine.config.task_names import EVERY
from engine.datasets import Data
from engine.layers.activations import slope
from engine.layers.dense import Dense
from engine.layers.network import Network, activation_groups
from engine.operations import EAGER
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import Buffers, block_size, prepared
from engine.training.measured_points import MAX_MEASURED
from engine.views.cache import ViewCache
from engine.views.options import part_of
from engine.views.view import Tab, View

SHARES = np.linspace(0, 1, 65)  # positions of a curve between the smallest and the largest z
SATURATED = 0.05  # an output is saturated on a point where |f'(z)| is below this


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """Per layer the histograms of z and f(z) over at most 2,000 points of a part, and three shares.

    `dead`: units with no output above 0 on any point. `saturated`: values with |f'(z)| < 0.05, also a
    ReLU's negative side. `curve`: f over that range. `nonfinite`: values that are not numbers, which no bin
    holds. Bins are equally wide from `low` to `high`, the smallest and largest finite value; the last one
    includes its upper edge.
    """
    name, part = part_of(data, options["part"], fallback=True)
    inputs = part.inputs[:MAX_MEASURED]
    network, bins = checkpoint.network, options["bins"]
    size = block_size(network, len(inputs))
    forward = prepared(network, min(size, len(inputs)), checkpoint.config.dtype, keep_z=True)
    buffers = forward.run(checkpoint.theta, inputs[:size])
    with np.errstate(all="ignore"):
        layers = _describe(buffers, checkpoint, bins, cache)
    return {
        "part": name,
        "samples": min(size, len(inputs)),
        "layers": layers,
    }


def _describe(buffers: Buffers, checkpoint: Checkpoint, bins: int, cache: ViewCache) -> list[dict[str, Any]]:
    count = len(buffers.rows)
    shape = (buffers.ranges, buffers.samples, bins, buffers.both.dtype)
    space = cache.get("histogram workspace", shape, lambda: workspace(*shape), 2)
    found = histograms(buffers.both, buffers.ranges, bins, space)
    bins_of_ranges = [
        {"counts": counts, "low": low, "high": high}
        for counts, low, high in zip(found.counts, found.low.tolist(), found.high.tolist(), strict=True)
    ]
    curves = _curves(checkpoint, found.low[:count], found.high[:count])
    saturated = _saturated(buffers, checkpoint)
    silent = (found.row_maxima[len(found.row_maxima) // 2 :] <= 0).tolist()
    dead = [sum(silent[rows.start - index : rows.stop - index]) for index, rows in enumerate(buffers.rows)]
    layers = []
    for index, layer in enumerate(checkpoint.network.layers):
        size = layer.units * buffers.samples
        layers.append(
            {
                "name": "output" if index == count - 1 else f"hidden {index + 1}",
                "units": layer.units,
                "activation": layer.activation,
                "preactivations": bins_of_ranges[index],
                "curve": curves[index],
                "activations": bins_of_ranges[count + index],
                "dead": dead[index] / layer.units,
                "saturated": saturated[index] / size,
                "nonfinite": 0.0 if found.all_finite else 1 - int(found.counts[index].sum()) / size,
            }
        )
    return layers


@lru_cache(maxsize=64)
def _runs(network: Network) -> tuple[tuple[slice, Dense, bool], ...]:
    """Neighbouring layers that one call serves, the first of them, and whether a unit of theirs is off."""
    runs = activation_groups(network.layers, lambda layer: layer.activation_function.learned)
    parts = [slice(first, last + 1) for first, last in runs]
    return tuple(
        (part, network.layers[part.start], any(layer.disabled for layer in network.layers[part]))
        for part in parts
    )


def _curves(checkpoint: Checkpoint, low: np.ndarray, high: np.ndarray) -> list[np.ndarray | None]:
    """f over the range of each layer's pre-activations, at 65 places; a learned alpha at its mean.

    Softmax has no curve: each unit's value depends on all the others.
    """
    bottom, top = low.astype(np.float64)[:, None], high.astype(np.float64)[:, None]
    z = (bottom + (top - bottom) * SHARES).astype(np.float32)
    curves = np.empty_like(z)
    network = checkpoint.network
    for run, layer, _ in _runs(network):
        alpha = layer.alphas(checkpoint.theta)
        mean = float(alpha.mean()) if isinstance(alpha, np.ndarray) else alpha
        aside = np.empty_like(z[run]) if layer.activation_function.leaves_slope else None
        layer.activation_function.forward(EAGER, z[run], curves[run], aside, mean)
    pairs = zip(network.layers, curves, strict=True)
    return [None if layer.activation_function.pullback else curve for layer, curve in pairs]


def _saturated(buffers: Buffers, checkpoint: Checkpoint) -> list[int]:
    """How many values of each layer have a small |f'|; neighbouring layers of one activation in one call."""
    counts = []
    for run, layer, masked in _runs(checkpoint.network):
        alpha = layer.alphas(checkpoint.theta)
        own = buffers.rows[run]
        start, rows = own[0].start, slice(own[0].start, own[-1].stop)
        if layer.activation_function.derivative is None and layer.activation_function.pullback is None:
            counts += [0] * len(own)
            continue
        slopes = slope(layer.activation_function, buffers.z[rows], alpha, None if masked else buffers.a[rows])
        small = np.abs(slopes, slopes) < SATURATED
        counts += [int(np.count_nonzero(small[block.start - start : block.stop - start])) for block in own]
    return counts


ACTIVATION_HISTOGRAMS = View(
    compute,
    {"part": ("test", "train", "validation"), "bins": Parameter(40, 2, 200, integer=True)},
    applies_to=EVERY,
    uses_cache=True,
    tab=Tab("middle", 10),
)

"""Activation histograms: the distribution of z and f(z) of each layer over the points."""

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
from engine.training.compiled.forward import Buffers
from engine.views.cache import ViewCache
from engine.views.options import first_rows, layer_name, select_part
from engine.views.passes import sample_buffers
from engine.views.view import Tab, View

POSITIONS = np.linspace(0, 1, 65)  # of the points of a curve, from the smallest to the largest z
SATURATED = 0.05  # outputs with a smaller |f'(z)| are saturated


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """Per layer the histograms of z and f(z) over at most 2,000 points of a part, and `curve`, f over the
    range of z.

    Fractions: `dead` of units with no output above 0 for any point, `saturated` of values with
    |f'(z)| < 0.05, also for a ReLU below 0, `nonfinite` of values that are not finite and in no bin. Bins are
    of equal width from `low` to `high`, the smallest and largest finite value; the last one includes its
    upper edge.
    """
    name, part = select_part(data, options["part"], fallback=True)
    buffers = sample_buffers(checkpoint, part)
    with np.errstate(all="ignore"):
        layers = _layers(buffers, checkpoint, options["bins"], cache)
    return {**first_rows(name, part, buffers.samples), "layers": layers}


def _layers(buffers: Buffers, checkpoint: Checkpoint, bins: int, cache: ViewCache) -> list[dict[str, Any]]:
    count = len(buffers.rows)
    shape = (buffers.ranges, buffers.samples, bins, buffers.both.dtype)
    space = cache.get("histogram workspace", shape, lambda: workspace(*shape), 2)
    result = histograms(buffers.both, buffers.ranges, bins, space)
    bins_of_ranges = [
        {"counts": counts, "low": low, "high": high}
        for counts, low, high in zip(result.counts, result.low.tolist(), result.high.tolist(), strict=True)
    ]
    curves = _curves(checkpoint, result.low[:count], result.high[:count])
    saturated = _saturated(buffers, checkpoint)
    inactive = (result.row_maxima[len(result.row_maxima) // 2 :] <= 0).tolist()
    dead = [sum(inactive[rows.start - index : rows.stop - index]) for index, rows in enumerate(buffers.rows)]
    layers = []
    for index, layer in enumerate(checkpoint.network.layers):
        size = layer.units * buffers.samples
        layers.append(
            {
                "name": layer_name(checkpoint.network, index),
                "units": layer.units,
                "activation": layer.activation,
                "preactivations": bins_of_ranges[index],
                "curve": curves[index],
                "activations": bins_of_ranges[count + index],
                "dead": dead[index] / layer.units,
                "saturated": saturated[index] / size,
                "nonfinite": 0.0 if result.all_finite else 1 - int(result.counts[index].sum()) / size,
            }
        )
    return layers


@lru_cache(maxsize=64)
def _groups(network: Network) -> tuple[tuple[slice, Dense, bool], ...]:
    """Groups of neighbouring layers that one call can compute: the slice of layers, the first layer, and
    whether units are disabled.
    """
    groups = activation_groups(network.layers, lambda layer: layer.activation_function.learned)
    slices = [slice(first, last + 1) for first, last in groups]
    return tuple(
        (group, network.layers[group.start], any(layer.disabled for layer in network.layers[group]))
        for group in slices
    )


def _curves(checkpoint: Checkpoint, low: np.ndarray, high: np.ndarray) -> list[np.ndarray | None]:
    """f at 65 points over the range of each layer's pre-activations, with the mean of a learned alpha.

    None for softmax, whose units depend on each other.
    """
    bottom, top = low.astype(np.float64)[:, None], high.astype(np.float64)[:, None]
    z = (bottom + (top - bottom) * POSITIONS).astype(np.float32)
    curves = np.empty_like(z)
    network = checkpoint.network
    for group, layer, _ in _groups(network):
        alpha = layer.alphas(checkpoint.theta)
        mean = float(alpha.mean()) if isinstance(alpha, np.ndarray) else alpha
        slopes = np.empty_like(z[group]) if layer.activation_function.leaves_slope else None
        layer.activation_function.forward(EAGER, z[group], curves[group], slopes, mean)
    pairs = zip(network.layers, curves, strict=True)
    return [None if layer.activation_function.pullback else curve for layer, curve in pairs]


def _saturated(buffers: Buffers, checkpoint: Checkpoint) -> list[int]:
    """The number of saturated values of each layer, computed per group of layers."""
    counts = []
    for group, layer, masked in _groups(checkpoint.network):
        alpha = layer.alphas(checkpoint.theta)
        blocks = buffers.rows[group]
        start, rows = blocks[0].start, slice(blocks[0].start, blocks[-1].stop)
        if layer.activation_function.derivative is None and layer.activation_function.pullback is None:
            counts += [0] * len(blocks)
            continue
        slopes = slope(layer.activation_function, buffers.z[rows], alpha, None if masked else buffers.a[rows])
        small = np.abs(slopes, slopes) < SATURATED
        counts += [int(np.count_nonzero(small[block.start - start : block.stop - start])) for block in blocks]
    return counts


ACTIVATION_HISTOGRAMS = View(
    compute,
    {"part": ("test", "train", "validation"), "bins": Parameter(40, 2, 200, integer=True)},
    applies_to=EVERY,
    uses_cache=True,
    tab=Tab("middle", 10),
)

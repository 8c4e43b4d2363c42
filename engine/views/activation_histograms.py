"""Activation histograms: how the values of each layer are spread over the points."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS, value
from engine.checkpoint import Checkpoint
from engine.datasets import Data
from engine.forward import Buffers, block_size, prepared
from engine.measure import SAMPLE
from engine.ops import EAGER
from engine.parameters import Parameter
from engine.views.chosen import part_of
from engine.views.view import View

SHARES = np.linspace(0, 1, 65)  # places of a curve between the smallest and the largest z
SATURATED = 0.05  # an output is saturated on a point where |f'(z)| is below this


def draw(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """Per layer the histograms of z and f(z) over at most 2,000 points of a part, and three shares.

    `dead`: units with no output above 0 on any point. `saturated`: values with |f'(z)| < 0.05, a ReLU's
    silent side too. `curve`: f over that range. `nonfinite`: values that are not numbers, which no bin
    holds. Bins are equally wide from `low` to `high`, the smallest and largest finite value; the last one
    includes its upper edge.
    """
    name, part = part_of(data, options["part"], fallback=True)
    inputs = part.inputs[:SAMPLE]
    network, bins = checkpoint.network, options["bins"]
    size = block_size(network, len(inputs))
    forward = prepared(network, min(size, len(inputs)), checkpoint.config.dtype, keep_z=True)
    buffers = forward.run(checkpoint.theta, inputs[:size])
    with np.errstate(all="ignore"):
        layers = _describe(buffers, checkpoint, bins)
    return {
        "part": name,
        "samples": min(size, len(inputs)),
        "layers": layers,
    }


def _describe(buffers: Buffers, checkpoint: Checkpoint, bins: int) -> list[dict[str, Any]]:
    count, height = len(buffers.rows), len(buffers.z)
    below = [slice(rows.start + height, rows.stop + height) for rows in buffers.rows]
    both = histograms(buffers.both, [*buffers.rows, *below], bins)
    z, a = both[:count], both[count:]
    curves = _curves(checkpoint, z)
    layers = []
    for index, layer in enumerate(checkpoint.network.layers):
        rows = buffers.rows[index]
        outputs = buffers.a[rows]
        slopes = _slopes(
            layer.activation, buffers.z[rows], outputs, checkpoint.network.alpha(checkpoint.theta, layer)
        )
        layers.append(
            {
                "name": "output" if index == len(buffers.rows) - 1 else f"hidden {index + 1}",
                "units": layer.units,
                "activation": layer.activation,
                "preactivations": z[index],
                "curve": curves[index],
                "activations": a[index],
                "dead": float((outputs.max(axis=1) <= 0).mean()),
                "saturated": 0.0
                if slopes is None
                else np.count_nonzero(np.abs(slopes) < SATURATED) / outputs.size,
                "nonfinite": 1 - int(z[index]["counts"].sum()) / outputs.size,
            }
        )
    return layers


def _curves(checkpoint: Checkpoint, z: list[dict[str, Any]]) -> list[np.ndarray | None]:
    """f over the range of each layer's pre-activations, at 65 places; a learned alpha at its mean.

    Layers with the same activation and alpha are rows of one call. Softmax has no curve: each unit's value
    depends on all the others.
    """
    alike: dict[tuple[str, float | None], list[int]] = {}
    for index, layer in enumerate(checkpoint.network.layers):
        if not layer.entry.pullback:
            alpha = checkpoint.network.alpha(checkpoint.theta, layer)
            single = float(alpha.mean()) if isinstance(alpha, np.ndarray) else alpha
            alike.setdefault((layer.activation, single), []).append(index)
    curves: list[np.ndarray | None] = [None] * len(z)
    for (name, alpha), indices in alike.items():
        low = np.array([[z[index]["low"]] for index in indices])
        width = np.array([[z[index]["high"]] for index in indices]) - low
        values = value(name, low + width * SHARES, alpha).astype(np.float32)
        for index, curve in zip(indices, values, strict=True):
            curves[index] = curve
    return curves


def _slopes(name: str, z: np.ndarray, a: np.ndarray, alpha: Any) -> np.ndarray | None:
    entry = ACTIVATIONS[name]
    if entry.pullback:
        return a * (1 - a)
    if entry.derivative is None:
        return None
    slopes = np.empty_like(a)
    entry.derivative(EAGER, z, a, slopes, alpha)
    return slopes


@lru_cache(maxsize=64)
def _places(
    rows: tuple[tuple[int, int], ...], bins: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Indices for ranges (start, stop) of rows with one row between them.

    The starts, the rows between, how many rows each range takes with the one behind it, and for every row the
    number of its range's first bin.
    """
    starts = np.array([start for start, _ in rows])
    between = np.array([stop for _, stop in rows])
    heights = between + 1 - starts
    return starts, between, heights, np.repeat(np.arange(len(rows)) * (bins + 1), heights)[:, None]


def histograms(values: np.ndarray, rows: list[slice], bins: int) -> list[dict[str, Any]]:
    """`counts`, `low` and `high` of each range of rows of `values`, with one `bincount` for all of them.

    One row (of ones) lies between the ranges. Each value becomes the number of its bin, counted on from
    range to range; an extra bin per range takes the row between and what is not finite.
    """
    starts, between, heights, first = _places(tuple((r.start, r.stop) for r in rows), bins)
    low, high = values.min(axis=1), values.max(axis=1)
    broken = None
    if not np.isfinite(low.sum() + high.sum()):
        broken = ~np.isfinite(values)
        low = np.where(broken, np.inf, values).min(axis=1)
        high = np.where(broken, -np.inf, values).max(axis=1)
    low[between], high[between] = np.inf, -np.inf
    bottom, top = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    empty = bottom > top  # nothing finite in the range
    bottom[empty] = top[empty] = 0
    factor = np.divide(bins, top - bottom, out=np.zeros_like(top), where=top > bottom)
    scaled = values - bottom.repeat(heights)[:, None]
    scaled *= factor.repeat(heights)[:, None]
    np.minimum(scaled, bins - 1, out=scaled)  # the largest value belongs to the last bin
    scaled[between] = bins
    if broken is not None:
        scaled[broken] = bins
    scaled += first
    counts = np.bincount(scaled.astype(np.intp).ravel(), minlength=len(rows) * (bins + 1)).reshape(
        len(rows), -1
    )
    limits = zip(bottom.tolist(), top.tolist(), strict=True)
    return [{"counts": c[:bins], "low": b, "high": t} for c, (b, t) in zip(counts, limits, strict=True)]


ACTIVATION_HISTOGRAMS = View(
    "Activation histograms",
    "How far apart, how dead and how saturated the units of each layer are",
    draw,
    {"part": ("test", "train", "validation"), "bins": Parameter("number of bins", 40, 2, 200, integer=True)},
)

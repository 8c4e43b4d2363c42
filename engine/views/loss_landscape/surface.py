"""The loss over a plane through weight space, block by block."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from engine.datasets import Data
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.views.loss_landscape.batched_losses import SideBySide
from engine.views.loss_landscape.directions import Plane

SAMPLES = 500
BUDGET = 5e9  # of work in one surface, in products: about half a second
ACTIVATION, CALL = 8, 40_000  # what an activation, and what reaching NumPy once per layer, counts for
FEWEST_SAMPLES, LOWEST_RESOLUTION = 100, 9


@dataclass(frozen=True)
class Size:
    """How finely a surface is computed; `reduced` says what a large network costs it."""

    samples: int
    resolution: int
    reduced: str | None


def affordable(network: Network, samples: int, resolution: int, axes: int = 2) -> Size:
    """The wished resolution on at most 500 samples; for large networks first fewer samples, then fewer
    places along each of the two axes (along one axis they stay as wished).
    """
    wished = samples = min(samples, SAMPLES)
    each = network.size + ACTIVATION * sum(layer.units for layer in network.layers)
    fixed = CALL * len(network.layers)
    excess = (each * samples + fixed) * resolution**axes / BUDGET
    if excess <= 1:
        return Size(samples, resolution, None)
    samples = min(samples, max(FEWEST_SAMPLES, int(samples / excess)))
    finest, what = resolution, ""
    if axes == 2:
        places = int((BUDGET / (each * samples + fixed)) ** 0.5)
        finest = min(resolution, max(LOWEST_RESOLUTION, places))
    if finest < resolution:
        finest -= 1 - finest % 2  # odd: the present weights are one of the places
        what = f"{finest} × {finest} places, "
    what += f"{samples} of {wished} points: the network has {network.size:,} parameters"
    return Size(samples, finest, what)


def surface(
    checkpoint: Checkpoint, data: Data, plane: Plane, size: Size
) -> Generator[float, None, tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """x (c,), y (r,), the loss (r, c), row 0 at the lowest y, and the loss of the present weights.

    In the run's own precision. Yields the share done after each block of networks.
    """
    part, n = data.train, size.samples
    beside = SideBySide(
        checkpoint.network, checkpoint.config, part.inputs[:n], part.targets[:n], checkpoint.config.dtype
    )
    theta = checkpoint.theta.astype(np.float64)
    x, y = np.linspace(*plane.x, size.resolution), np.linspace(*plane.y, size.resolution)
    across = np.tile(x - plane.origin[0], len(y))
    up = np.repeat(y - plane.origin[1], len(x))
    steps = np.stack([across, up], axis=1)
    loss = np.empty(len(steps))
    for start in range(0, len(steps), beside.count):
        block = steps[start : start + beside.count]
        loss[start : start + len(block)] = beside.losses(theta + block @ plane.directions)
        yield min(1.0, (start + len(block)) / len(steps))
    return x, y, loss.reshape(len(y), len(x)), float(beside.losses(theta[None])[0])

"""The loss over a plane through weight space, block by block."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.datasets import Data
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.views.loss_landscape.batched_losses import BatchedLosses
from engine.views.loss_landscape.directions import Plane

SAMPLES = 500
BUDGET = 5e9  # of work in one surface, in products: about half a second
ACTIVATION, CALL = (
    8,
    40_000,
)  # products that take as long as one activation, and as the NumPy calls of a layer
MIN_SAMPLES, MIN_RESOLUTION = 100, 9


@dataclass(frozen=True)
class Size:
    """Samples and resolution of a surface; `reduced` is an English sentence if a large network has less than
    the requested ones, with the numbers in `parameters`.
    """

    samples: int
    resolution: int
    reduced: str | None
    parameters: dict[str, int] | None

    def describe(self) -> dict[str, Any]:
        """The fields of the view answer about the size."""
        return {"samples": self.samples, "reduced": self.reduced, "reduced_parameters": self.parameters}


def affordable(network: Network, samples: int, resolution: int, axes: int = 2) -> Size:
    """The requested resolution on at most 500 samples; for large networks first fewer samples, then fewer
    points along each of the two axes (along one axis all of them).
    """
    available = samples = min(samples, SAMPLES)
    work = network.size + ACTIVATION * sum(layer.units for layer in network.layers)
    fixed = CALL * len(network.layers)
    excess = (work * samples + fixed) * resolution**axes / BUDGET
    if excess <= 1:
        return Size(samples, resolution, None, None)
    samples = min(samples, max(MIN_SAMPLES, int(samples / excess)))
    finest, text = resolution, ""
    if axes == 2:
        affordable_points = int((BUDGET / (work * samples + fixed)) ** 0.5)
        finest = min(resolution, max(MIN_RESOLUTION, affordable_points))
    if finest < resolution:
        finest -= 1 - finest % 2  # odd: the present weights are one of the points
        text = f"{finest} × {finest} grid points, "
    text += f"{samples} of {available} samples: the network has {network.size:,} parameters"
    numbers = {"resolution": finest, "samples": samples, "available": available, "parameters": network.size}
    return Size(samples, finest, text, numbers)


def surface(
    checkpoint: Checkpoint, data: Data, plane: Plane, size: Size
) -> Generator[float, None, tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """x (c,), y (r,), the loss (r, c), row 0 at the lowest y, and the loss of the present weights.

    In the run's own precision. Yields the fraction done after each block of networks.
    """
    part, n = data.train, size.samples
    batched = BatchedLosses(
        checkpoint.network, checkpoint.config, part.inputs[:n], part.targets[:n], checkpoint.config.dtype
    )
    theta = checkpoint.theta.astype(np.float64)
    x, y = np.linspace(*plane.x, size.resolution), np.linspace(*plane.y, size.resolution)
    across = np.tile(x - plane.origin[0], len(y))
    up = np.repeat(y - plane.origin[1], len(x))
    steps = np.stack([across, up], axis=1)
    loss = np.empty(len(steps))
    for start in range(0, len(steps), batched.count):
        block = steps[start : start + batched.count]
        loss[start : start + len(block)] = batched.losses(theta + block @ plane.directions)
        yield min(1.0, (start + len(block)) / len(steps))
    return x, y, loss.reshape(len(y), len(x)), float(batched.losses(theta[None])[0])

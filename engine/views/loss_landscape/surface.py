"""The loss over a plane through weight space, computed in blocks of networks."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.datasets import Data
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.views.loss_landscape.batched_losses import BatchedLosses
from engine.views.loss_landscape.directions import WeightPlane

MAX_SAMPLES = 500
MAX_PRODUCTS = 5e9  # multiplications of one surface: about half a second
ACTIVATION_PRODUCTS = 8  # multiplications that take as long as one activation
LAYER_PRODUCTS = 40_000  # multiplications that take as long as the NumPy calls of a layer
MIN_SAMPLES, MIN_RESOLUTION = 100, 9


@dataclass(frozen=True)
class GridSize:
    """Samples and resolution of a surface; `reduced` is an English description with the numbers `parameters`
    if they are smaller than requested.
    """

    samples: int
    resolution: int
    reduced: str | None
    parameters: dict[str, int] | None

    def describe(self) -> dict[str, Any]:
        """The fields of the view answer about the size."""
        return {"samples": self.samples, "reduced": self.reduced, "reduced_parameters": self.parameters}


def affordable_size(network: Network, samples: int, resolution: int, axes: int = 2) -> GridSize:
    """The requested resolution with at most 500 samples; for large networks fewer samples, and with two axes
    then a smaller resolution.
    """
    available = samples = min(samples, MAX_SAMPLES)
    products = network.size + ACTIVATION_PRODUCTS * sum(layer.units for layer in network.layers)
    overhead = LAYER_PRODUCTS * len(network.layers)
    excess = (products * samples + overhead) * resolution**axes / MAX_PRODUCTS
    if excess <= 1:
        return GridSize(samples, resolution, None, None)
    samples = min(samples, max(MIN_SAMPLES, int(samples / excess)))
    grid_points, text = resolution, ""
    if axes == 2:
        affordable = int((MAX_PRODUCTS / (products * samples + overhead)) ** 0.5)
        grid_points = min(resolution, max(MIN_RESOLUTION, affordable))
    if grid_points < resolution:
        grid_points -= 1 - grid_points % 2  # odd, so that the present weights are a grid point
        text = f"{grid_points} × {grid_points} grid points, "
    text += f"{samples} of {available} samples: the network has {network.size:,} parameters"
    numbers = {
        "resolution": grid_points,
        "samples": samples,
        "available": available,
        "parameters": network.size,
    }
    return GridSize(samples, grid_points, text, numbers)


def surface(
    checkpoint: Checkpoint, data: Data, plane: WeightPlane, size: GridSize
) -> Generator[float, None, tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """x (c,), y (r,), the loss (r, c), row 0 at the smallest y, and the loss of the present weights.

    In the run's precision. Yields the fraction done after each block of networks.
    """
    batched = BatchedLosses(checkpoint, data, size.samples, checkpoint.config.dtype)
    theta = checkpoint.theta.astype(np.float64)
    x, y = np.linspace(*plane.x, size.resolution), np.linspace(*plane.y, size.resolution)
    x_steps = np.tile(x - plane.origin[0], len(y))
    y_steps = np.repeat(y - plane.origin[1], len(x))
    steps = np.stack([x_steps, y_steps], axis=1)
    loss = np.empty(len(steps))
    for start in range(0, len(steps), batched.count):
        block = steps[start : start + batched.count]
        loss[start : start + len(block)] = batched.losses(theta + block @ plane.directions)
        yield min(1.0, (start + len(block)) / len(steps))
    return x, y, loss.reshape(len(y), len(x)), float(batched.losses(theta[None])[0])

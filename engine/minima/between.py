"""The training loss between ends: along the straight line of two, and over the plane of all.

The loss is the mean over the first training points of the first end's data, without dropout and penalty.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from engine.analysis.directions import with_determined_signs
from engine.minima.alignment import align
from engine.minima.ends import Ends
from engine.minima.normal_form import parameters
from engine.training.measured_points import MAX_MEASURED
from engine.views.loss_landscape.batched_losses import BatchedLosses
from engine.views.loss_landscape.surface import GridSize, affordable_size
from engine.views.plane import padded_range

MARGIN = 0.2  # on each side of the plane, relative to the range of the ends


@dataclass(frozen=True)
class Line:
    """The loss at `values` from 0 (the first end) to 1 (the second).

    `loss` is that between the aligned ends, `unaligned` that between their weights as they were trained.
    """

    values: np.ndarray
    loss: np.ndarray
    unaligned: np.ndarray
    distance: float
    unaligned_distance: float
    samples: int


@dataclass(frozen=True)
class Map:
    """The loss (r, c) over the plane through the ends, row 0 at the lowest y, and the ends' positions (K, 2).

    `losses` (K,) are those of the ends themselves, which lie `beside` (K,) the plane at this distance.
    `explained` are the fractions of the variance of the ends along x and y.
    """

    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    positions: np.ndarray
    losses: np.ndarray
    beside: np.ndarray
    explained: list[float]
    size: GridSize


def line(ends: Ends, points: int) -> Generator[float, None, Line]:
    """Returns the loss along the straight line from the first end to the second at so many points."""
    network, data = ends.network, ends.data[0]
    aligned = align(network, ends.thetas[0], ends.thetas[1])
    batched = BatchedLosses(ends.checkpoints[0], data, min(len(data.train), MAX_MEASURED), "float64")
    values = np.linspace(0.0, 1.0, points)
    trained = [checkpoint.theta.astype(np.float64) for checkpoint in ends.checkpoints[:2]]
    pairs = (parameters(network, np.stack([ends.thetas[0], aligned])), np.stack(trained))
    losses = []
    for number, (first, second) in enumerate(pairs):
        steps = (1 - values)[:, None] * first + values[:, None] * second
        losses.append((yield from _losses(batched, steps, number / 2, 1 / 2)))
    distance = float(np.linalg.norm(aligned - ends.thetas[0]))
    unaligned = float(np.linalg.norm(trained[1] - trained[0]))
    return Line(values, losses[0], losses[1], distance, unaligned, batched.samples)


def map_of(ends: Ends, resolution: int) -> Generator[float, None, Map | None]:
    """Returns the loss over the plane of the first two principal components of the ends.

    All are aligned with the first. None if they do not determine a plane.
    """
    network, data = ends.network, ends.data[0]
    aligned = ends.thetas.copy()
    for theta in aligned[1:]:
        theta[:] = align(network, ends.thetas[0], theta)
        yield 0.0
    middle = aligned.mean(axis=0)
    plane = principal_plane(aligned - middle)
    if plane is None:
        return None
    directions, explained = plane
    positions = (aligned - middle) @ directions.T
    beside = np.linalg.norm(aligned - middle - positions @ directions, axis=1)
    size = affordable_size(network, len(data.train), resolution)
    x, y = (np.linspace(*padded_range(positions[:, axis], MARGIN), size.resolution) for axis in (0, 1))
    batched = BatchedLosses(ends.checkpoints[0], data, size.samples, "float64")
    places = np.stack([np.tile(x, len(y)), np.repeat(y, len(x))], axis=1)
    losses = yield from _losses(batched, parameters(network, aligned), 0.0, 0.0)
    rows = []
    for start in range(0, len(places), len(x)):
        thetas = parameters(network, middle + places[start : start + len(x)] @ directions)
        rows.append((yield from _losses(batched, thetas, start / len(places), len(x) / len(places))))
    return Map(x, y, np.stack(rows), positions, losses, beside, explained, size)


def principal_plane(differences: np.ndarray) -> tuple[np.ndarray, list[float]] | None:
    """Returns two orthonormal rows (2, size), and the fraction of the variance of each.

    `differences` (K, size) are those from the mean; the directions are the eigenvectors of their Gram matrix,
    because there are fewer rows than columns. None if they lie on a line.
    """
    eigenvalues, eigenvectors = np.linalg.eigh(differences @ differences.T)
    eigenvalues, eigenvectors = eigenvalues[::-1], eigenvectors[:, ::-1]
    if len(differences) < 3 or not eigenvalues[1] > 1e-12 * eigenvalues[0]:
        return None
    directions = eigenvectors[:, :2].T @ differences
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return with_determined_signs(directions), (eigenvalues[:2] / eigenvalues.sum()).tolist()


def _losses(
    batched: BatchedLosses, thetas: np.ndarray, done: float, share: float
) -> Generator[float, None, np.ndarray]:
    """Returns the losses (n,); yields the fraction done, which grows from `done` by `share`."""
    losses = np.empty(len(thetas))
    for start in range(0, len(thetas), batched.count):
        block = thetas[start : start + batched.count]
        losses[start : start + len(block)] = batched.losses(block)
        yield done + share * (start + len(block)) / len(thetas)
    return losses

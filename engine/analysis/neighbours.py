"""Nearest neighbours: how much the classes of points that lie beside each other agree."""

import numpy as np

NEIGHBOURS = 10
BLOCK = 500  # rows whose distances are computed at once


def neighbour_purity(points: np.ndarray, labels: np.ndarray, neighbours: int = NEIGHBOURS) -> float | None:
    """The mean, over the points (n, d), of the share of a point's nearest others that have its label (n,).

    Distances are Euclidean. Every point has `neighbours` nearest ones, or all others if there are fewer. It
    is 1 where only points of one class lie beside each other; if the classes do not depend on the position,
    about the sum of their squared shares. None for fewer than two points, or if a coordinate is not finite.
    """
    count = len(points)
    if count < 2 or not np.isfinite(points).all():
        return None
    nearest = min(neighbours, count - 1)
    squares = (points**2).sum(axis=1)
    agreeing = 0
    for first in range(0, count, BLOCK):
        rows = np.arange(first, min(first + BLOCK, count))
        distances = squares[rows, None] + squares - 2 * points[rows] @ points.T
        distances[np.arange(len(rows)), rows] = np.inf
        found = np.argpartition(distances, nearest - 1, axis=1)[:, :nearest]
        agreeing += int((labels[found] == labels[rows, None]).sum())
    return agreeing / (count * nearest)

"""The plane through weight space of a loss landscape: two directions from the present weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.config.errors import ConfigError
from engine.layers.network import Network
from engine.views.options import Weight, layer_name

MAX_NUMBERS = 20_000_000  # of the recorded weights; longer histories are thinned evenly
MARGIN = 0.25  # around the trajectory, of its extent
FILTER = (
    "two random directions; in each, a unit's incoming weights have the length of the unit's own (filter "
    "normalisation, Li et al. 2018); biases and learned slopes stay"
)
PRINCIPAL = "the two directions along which the weights moved most (principal components, as Li et al. 2018)"


@dataclass(frozen=True)
class Plane:
    """Weights `theta + (x - origin[0]) · directions[0] + (y - origin[1]) · directions[1]` for x and y in the
    ranges.

    `axes` and `variant` are English; `code` names the variant, `axes_parameters` describe each axis.
    """

    directions: np.ndarray  # (2, size)
    origin: tuple[float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    axes: list[str]
    axes_parameters: list[dict[str, int]]
    variant: str
    code: str
    explained: list[float] | None = None

    def project(self, moved: np.ndarray) -> np.ndarray:
        """The coordinates (n, 2) of the differences `moved` (n, size) from the present weights."""
        gram = self.directions @ self.directions.T
        if not np.linalg.det(gram) > 1e-12 * gram[0, 0] * gram[1, 1]:  # NaN too
            return np.full((len(moved), 2), np.nan)
        return moved @ self.directions.T @ np.linalg.inv(gram) + np.array(self.origin)


def text(network: Network, weight: Weight) -> str:
    """`hidden 1, unit 2, weight 0`, units and weights from 0; or its bias."""
    parameter = "bias" if weight.source < 0 else f"weight {weight.source}"
    return f"{layer_name(network, weight.layer)}, unit {weight.unit}, {parameter}"


def reach(value: float, span: float | None) -> tuple[float, float]:
    """The range of one weight: `span` to both sides of it, by default enough to see its sign change."""
    size = max(2.0, 1.5 * abs(value)) if span is None else span
    return value - size, value + size


def two_weights(network: Network, theta: np.ndarray, pair: Sequence[Weight], span: float | None) -> Plane:
    """The plane of two weights, on their own scales."""
    directions = np.zeros((2, network.size))
    directions[[0, 1], [weight.place for weight in pair]] = 1.0
    first, second = (float(theta[weight.place]) for weight in pair)
    axes = [text(network, weight) for weight in pair]
    parameters = [{"layer": weight.layer, "unit": weight.unit, "source": weight.source} for weight in pair]
    x, y = reach(first, span), reach(second, span)
    variant = "two weights, all others unchanged"
    return Plane(directions, (first, second), x, y, axes, parameters, variant, "two_weights")


def random_directions(network: Network, theta: np.ndarray, seed: int, span: float | None) -> Plane:
    """Two directions drawn from `seed`, normalised per unit."""
    generator = np.random.Generator(np.random.PCG64(seed))
    directions = np.zeros((2, network.size))
    for direction in directions:
        for layer in network.layers:
            drawn = generator.standard_normal((layer.inputs, layer.units))
            lengths = np.linalg.norm(layer.weights(theta), axis=0)
            layer.weights(direction)[:] = drawn * (lengths / np.linalg.norm(drawn, axis=0))
    size = 1.0 if span is None else span
    axes, numbers = ["random direction 1", "random direction 2"], [{"number": 1}, {"number": 2}]
    window = (-size, size)
    return Plane(directions, (0.0, 0.0), window, window, axes, numbers, FILTER, "filter_normalised")


def principal(moved: np.ndarray | None, span: float | None) -> Plane:
    """The two leading principal directions of the recorded weights, given as differences from the present."""
    if moved is None or len(moved) < 2:
        limit = "at least three recorded points with different weights"
        raise ConfigError("kind", f"path needs {limit}: train some more", given="path", limit=limit)
    directions, shares = _principal_directions(np.vstack([moved, np.zeros((1, moved.shape[1]))]))
    positions = moved @ directions.T
    furthest = positions[np.abs(positions[:, 1]).argmax(), 1]
    # The sign of a direction is arbitrary: training starts on the left, and goes furthest upwards.
    directions *= np.array([[-1.0 if positions[0, 0] > 0 else 1.0], [-1.0 if furthest < 0 else 1.0]])
    positions = np.vstack([moved @ directions.T, np.zeros((1, 2))])
    axes = [f"principal direction {number} of the recorded weights" for number in (1, 2)]
    numbers = [{"number": 1}, {"number": 2}]
    x, y = (_around(positions[:, index], span) for index in range(2))
    return Plane(directions, (0.0, 0.0), x, y, axes, numbers, PRINCIPAL, "principal", shares)


def _principal_directions(weights: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """Two orthonormal rows (2, size), and the share of the variance of each; of few rows with many columns,
    so from the eigenvectors of the rows' products.
    """
    centred = weights - weights.mean(axis=0)
    if not np.isfinite(centred).all():
        raise ConfigError("kind", "the recorded weights are not all finite", given="path", limit=None)
    powers, mixtures = np.linalg.eigh(centred @ centred.T)
    powers, mixtures = powers[::-1], mixtures[:, ::-1]
    if not powers[1] > 1e-12 * powers[0]:
        raise ConfigError("kind", "the weights moved along a straight line so far", given="path", limit=None)
    directions = mixtures[:, :2].T @ centred / np.sqrt(powers[:2, None])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return directions, (powers[:2] / powers.sum()).tolist()


def differences(theta: np.ndarray, path: Sequence[np.ndarray] | None) -> np.ndarray | None:
    """The recorded weights minus the present ones, (n, size); weights of other shapes are left out."""
    if path is None:
        return None
    fitting = [weights for weights in path if weights.shape == theta.shape]
    limit = max(2, MAX_NUMBERS // len(theta))
    if len(fitting) > limit:
        fitting = [fitting[index] for index in np.linspace(0, len(fitting) - 1, limit).round().astype(int)]
    return np.array(fitting, np.float64).reshape(len(fitting), len(theta)) - theta


def _around(values: np.ndarray, span: float | None) -> tuple[float, float]:
    if span is not None:
        return -span, span
    low, high = float(values.min()), float(values.max())
    pad = MARGIN * (high - low) or 1.0
    return low - pad, high + pad

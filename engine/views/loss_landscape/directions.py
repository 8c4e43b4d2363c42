"""The plane of a loss landscape: two directions in weight space from the present weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.config.errors import ConfigError
from engine.layers.network import Network
from engine.views.options import Weight, layer_name
from engine.views.plane import padded_range

MAX_VALUES = 20_000_000  # of the recorded weights; longer histories are thinned evenly
MARGIN = 0.25  # on each side, relative to the range of the recorded positions
FILTER_VARIANT = (
    "two random directions in which the incoming weights of each unit have the norm of the unit's present "
    "weights (filter normalisation, Li et al. 2018); biases and learned slopes are unchanged"
)
PRINCIPAL_VARIANT = "the first two principal components of the recorded weights (as in Li et al. 2018)"


@dataclass(frozen=True)
class WeightPlane:
    """Weights `theta + (x - origin[0]) · directions[0] + (y - origin[1]) · directions[1]` for x and y in the
    ranges.

    `axes` and `variant` are English descriptions, `code` and `axes_parameters` the same for programs.
    `explained` is the fraction of the variance of principal directions.
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

    def project(self, differences: np.ndarray) -> np.ndarray:
        """The coordinates (n, 2) of weights with these `differences` (n, size) from the present ones."""
        gram = self.directions @ self.directions.T
        if not np.linalg.det(gram) > 1e-12 * gram[0, 0] * gram[1, 1]:  # also for NaN
            return np.full((len(differences), 2), np.nan)
        return differences @ self.directions.T @ np.linalg.inv(gram) + np.array(self.origin)


def weight_label(network: Network, weight: Weight) -> str:
    """Such as `hidden 1, unit 2, weight 0` or `hidden 1, unit 2, bias`; units and weights count from 0."""
    parameter = "bias" if weight.source < 0 else f"weight {weight.source}"
    return f"{layer_name(network, weight.layer)}, unit {weight.unit}, {parameter}"


def weight_range(value: float, span: float | None) -> tuple[float, float]:
    """The range of one weight: `span` on both sides, by default wide enough to include 0."""
    half_width = max(2.0, 1.5 * abs(value)) if span is None else span
    return value - half_width, value + half_width


def two_weights(
    network: Network, theta: np.ndarray, pair: Sequence[Weight], span: float | None
) -> WeightPlane:
    """The plane of the values of two weights."""
    directions = np.zeros((2, network.size))
    directions[[0, 1], [weight.position for weight in pair]] = 1.0
    first, second = (float(theta[weight.position]) for weight in pair)
    axes = [weight_label(network, weight) for weight in pair]
    parameters = [{"layer": weight.layer, "unit": weight.unit, "source": weight.source} for weight in pair]
    x, y = weight_range(first, span), weight_range(second, span)
    variant = "two weights, all others unchanged"
    return WeightPlane(directions, (first, second), x, y, axes, parameters, variant, "two_weights")


def random_directions(network: Network, theta: np.ndarray, seed: int, span: float | None) -> WeightPlane:
    """Two random directions from `seed` with filter normalisation (Li et al. 2018)."""
    generator = np.random.Generator(np.random.PCG64(seed))
    directions = np.zeros((2, network.size))
    for direction in directions:
        for layer in network.layers:
            random = generator.standard_normal((layer.inputs, layer.units))
            lengths = np.linalg.norm(layer.weights(theta), axis=0)
            layer.weights(direction)[:] = random * (lengths / np.linalg.norm(random, axis=0))
    half_width = 1.0 if span is None else span
    axes, numbers = ["random direction 1", "random direction 2"], [{"number": 1}, {"number": 2}]
    limits = (-half_width, half_width)
    return WeightPlane(
        directions, (0.0, 0.0), limits, limits, axes, numbers, FILTER_VARIANT, "filter_normalised"
    )


def principal_directions(differences: np.ndarray | None, span: float | None) -> WeightPlane:
    """The first two principal directions of the recorded weights; `differences` (n, size) from the present.

    Raises ConfigError if they do not determine two directions.
    """
    if differences is None or len(differences) < 2:
        limit = "at least three recorded points with different weights"
        raise ConfigError("kind", f"path needs {limit}: train more steps", given="path", limit=limit)
    directions, shares = _principal_components(np.vstack([differences, np.zeros((1, differences.shape[1]))]))
    positions = differences @ directions.T
    furthest = positions[np.abs(positions[:, 1]).argmax(), 1]
    # Signs are arbitrary: the recorded weights start at negative x, and their largest |y| is positive.
    directions *= np.array([[-1.0 if positions[0, 0] > 0 else 1.0], [-1.0 if furthest < 0 else 1.0]])
    positions = np.vstack([differences @ directions.T, np.zeros((1, 2))])
    axes = [f"principal direction {number} of the recorded weights" for number in (1, 2)]
    numbers = [{"number": 1}, {"number": 2}]
    x, y = (_limits(positions[:, index], span) for index in range(2))
    return WeightPlane(directions, (0.0, 0.0), x, y, axes, numbers, PRINCIPAL_VARIANT, "principal", shares)


def _principal_components(weights: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """Two orthonormal rows (2, size), and the fraction of the variance of each.

    From the eigenvectors of the Gram matrix of the rows, because there are fewer rows than columns.
    """
    centred = weights - weights.mean(axis=0)
    if not np.isfinite(centred).all():
        raise ConfigError("kind", "the recorded weights are not all finite", given="path", limit=None)
    eigenvalues, eigenvectors = np.linalg.eigh(centred @ centred.T)
    eigenvalues, eigenvectors = eigenvalues[::-1], eigenvectors[:, ::-1]
    if not eigenvalues[1] > 1e-12 * eigenvalues[0]:
        raise ConfigError("kind", "the recorded weights lie on a straight line", given="path", limit=None)
    directions = eigenvectors[:, :2].T @ centred / np.sqrt(eigenvalues[:2, None])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return directions, (eigenvalues[:2] / eigenvalues.sum()).tolist()


def weight_differences(theta: np.ndarray, history: Sequence[np.ndarray] | None) -> np.ndarray | None:
    """The recorded weights minus the present ones, (n, size), without weights of other shapes."""
    if history is None:
        return None
    matching = [weights for weights in history if weights.shape == theta.shape]
    limit = max(2, MAX_VALUES // len(theta))
    if len(matching) > limit:
        matching = [matching[index] for index in np.linspace(0, len(matching) - 1, limit).round().astype(int)]
    return np.array(matching, np.float64).reshape(len(matching), len(theta)) - theta


def _limits(values: np.ndarray, span: float | None) -> tuple[float, float]:
    if span is not None:
        return -span, span
    return padded_range(values, MARGIN)

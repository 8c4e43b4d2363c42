"""Alignment of two networks of one shape: the order and the signs of hidden units that bring them nearest.

Both are in normal form (`engine.minima.normal_form`). For one hidden layer the nearest order is an assignment
problem: unit i of one network matched with unit j of the other adds -2 g_ij to the squared distance, where
g_ij is the inner product of all their weights; |g_ij| where the sign is free. Of several hidden layers one
after another is assigned, until none changes ("weight matching" of Ainsworth et al., "Git Re-Basin", 2023).
Each assignment brings the networks nearer, but the end depends on the beginning, and finding the nearest is
NP-hard; so it begins in several ways, and the best end counts. A network that is the other one with units in
another order has the distance 0, as the way that begins at the inputs finds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from engine.layers.network import Network

MAX_SWEEPS = 50
RANDOM_STARTS = 6  # beside those at the inputs, at the outputs, and as they are
FEW_UNITS = 12  # hidden units up to which there are random starts
WIDE = 64  # units of a layer from which on the only start is at the inputs, as an assignment takes long


@dataclass(frozen=True)
class Matching:
    """For each hidden layer the units (units,) of the other network in the order of this one, and signs."""

    units: list[np.ndarray]
    signs: list[np.ndarray]


def align(network: Network, reference: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Returns `theta` (size,) with its hidden units in the order, and of the signs, nearest to `reference`.

    Both are in normal form.
    """
    hidden = len(network.layers) - 1
    if hidden == 0:
        return theta.copy()
    if hidden == 1:
        return apply(network, _assigned(network, reference, theta, _identity(network), 0), theta)
    ends = [
        apply(network, _descend(network, reference, theta, start), theta)
        for start in _starts(network, reference, theta)
    ]
    return min(ends, key=lambda end: float(np.linalg.norm(end - reference)))


def apply(network: Network, matching: Matching, theta: np.ndarray) -> np.ndarray:
    """Returns the parameters (size,) with the hidden units in another order and with other signs."""
    changed = theta.copy()
    for index, (units, signs) in enumerate(zip(matching.units, matching.signs, strict=True)):
        layer, following = network.layers[index], network.layers[index + 1]
        layer.matrix(changed)[:] = layer.matrix(changed)[:, units] * signs
        following.weights(changed)[:] = following.weights(changed)[units] * signs[:, None]
        alphas = layer.learned_alphas(changed)
        if alphas is not None:
            alphas[:] = alphas[units]
    return changed


def _identity(network: Network) -> Matching:
    sizes = [layer.units for layer in network.layers[:-1]]
    return Matching([np.arange(size) for size in sizes], [np.ones(size) for size in sizes])


def _starts(network: Network, reference: np.ndarray, theta: np.ndarray) -> Iterator[Matching]:
    """Yields matchings: by incoming weights from the inputs on, by outgoing ones from the outputs on, as it
    is, and in random orders, the same ones in every call. Of large networks only the first ones.
    """
    hidden = range(len(network.layers) - 1)
    sizes = [network.layers[index].units for index in hidden]
    for order, part in ((hidden, "incoming"), (reversed(hidden), "outgoing")):
        matching = _identity(network)
        for index in order:
            matching = _assigned(network, reference, theta, matching, index, part)
        yield matching
        if max(sizes) > WIDE:
            return
    yield _identity(network)
    if sum(sizes) > FEW_UNITS:
        return
    generator = np.random.Generator(np.random.PCG64(0))
    for _ in range(RANDOM_STARTS):
        units = [generator.permutation(size) for size in sizes]
        yield Matching(units, [np.ones(len(order)) for order in units])


def _descend(network: Network, reference: np.ndarray, theta: np.ndarray, matching: Matching) -> Matching:
    """Assigns one layer after another until none is changed."""
    for _ in range(MAX_SWEEPS):
        before = matching
        for index in range(len(network.layers) - 1):
            matching = _assigned(network, reference, theta, matching, index)
        if all(np.array_equal(a, b) for a, b in zip(before.units, matching.units, strict=True)) and all(
            np.array_equal(a, b) for a, b in zip(before.signs, matching.signs, strict=True)
        ):
            break
    return matching


def _assigned(
    network: Network,
    reference: np.ndarray,
    theta: np.ndarray,
    matching: Matching,
    index: int,
    part: str = "both",
) -> Matching:
    """Returns the matching with the nearest units and signs of layer `index`, given those of the others.

    `part` is the weights that count: `incoming`, `outgoing` or `both`.
    """
    layer, following = network.layers[index], network.layers[index + 1]
    units, signs = list(matching.units), list(matching.signs)
    units[index], signs[index] = np.arange(layer.units), np.ones(layer.units)
    changed = apply(network, Matching(units, signs), theta)
    gains = np.zeros((layer.units, layer.units))
    if part != "outgoing":
        gains += layer.matrix(reference).T @ layer.matrix(changed)
    if part != "incoming":
        gains += following.weights(reference) @ following.weights(changed).T
    alphas = layer.learned_alphas(reference), layer.learned_alphas(changed)
    if alphas[0] is not None and alphas[1] is not None:
        gains += alphas[0] @ alphas[1].T
    has_free_signs = layer.activation_function.centre is not None
    rows, columns = linear_sum_assignment(np.abs(gains) if has_free_signs else gains, maximize=True)
    units[index] = columns
    if has_free_signs:
        signs[index] = np.where(gains[rows, columns] < 0, -1.0, 1.0)
    return Matching(units, signs)

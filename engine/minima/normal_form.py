"""Normal form of the parameters of a network: what can be chosen freely without another function is fixed.

These changes of a hidden unit leave the function of a network as it is:

- its output counts from the centre c of its activation, f(-z) = 2c - f(z): c times its outgoing weights is
  part of the biases of the next layer. From there, changing the signs of all its weights and of its bias
  changes nothing (tanh and linear: c = 0, sigmoid: c = 1/2; Sussmann 1992 for tanh).
- its incoming weights and its bias times a factor > 0, its outgoing weights divided by it, if f(az) = a f(z)
  (relu, leaky_relu, prelu, linear; Neyshabur et al. 2015, "Path-SGD"). Chosen is the factor of least Σw².

The order of the units and their signs remain free; `engine.minima.alignment` chooses these for two networks.
Layers of linear units can be changed by any invertible matrix: only factors, signs and order are undone.
"""

from itertools import pairwise

import numpy as np

from engine.layers.dense import Dense
from engine.layers.network import Network

MAX_SWEEPS = 500
TOLERANCE = 1e-13  # of the logarithm of a factor


def normal_form(network: Network, theta: np.ndarray) -> np.ndarray:
    """Returns the parameters (size,), float64, of the same function, from which they are determined.

    Biases are those of centred outputs: `parameters` gives those of the network itself.
    """
    theta = theta.astype(np.float64)
    _move_centres(network, theta, 1)
    _balance(network, theta)
    return theta


def parameters(network: Network, theta: np.ndarray) -> np.ndarray:
    """Returns the parameters (..., size) of networks whose parameters with centred outputs are `theta`."""
    theta = theta.copy()
    _move_centres(network, theta, -1)
    return theta


def without_disabled(network: Network, theta: np.ndarray) -> np.ndarray:
    """Returns the parameters (size,) of the same function with all units enabled."""
    theta = theta.copy()
    for layer, following in pairwise(network.layers):
        following.weights(theta)[list(layer.disabled)] = 0
    return theta


def _move_centres(network: Network, theta: np.ndarray, sign: int) -> None:
    """Adds the centre of each hidden unit times its outgoing weights to the biases, or subtracts it."""
    for layer, following in pairwise(network.layers):
        centre = layer.activation_function.centre
        if centre:
            following.biases(theta)[:] += sign * centre * following.weights(theta).sum(axis=-2)


def _balance(network: Network, theta: np.ndarray) -> None:
    """Scales the homogeneous units until incoming and outgoing weights have equal norms.

    That is the minimum of Σw² over the factors, a convex function of their logarithms, one unit at a time. A
    unit with only zeros on one side contributes nothing, and has only zeros on both.
    """
    pairs = [pair for pair in pairwise(network.layers) if pair[0].activation_function.homogeneous]
    for _ in range(MAX_SWEEPS):
        changes = [_balance_layer(layer, following, theta) for layer, following in pairs]
        if max(changes, default=0.0) <= TOLERANCE:
            return


def _balance_layer(layer: Dense, following: Dense, theta: np.ndarray) -> float:
    """Returns the largest absolute logarithm of the factors; infinite if a unit was set to zeros."""
    incoming, outgoing = layer.matrix(theta), following.weights(theta)
    norms = np.linalg.norm(incoming, axis=0), np.linalg.norm(outgoing, axis=1)
    used = (norms[0] > 0) & (norms[1] > 0)
    factors = np.ones(layer.units)
    factors[used] = np.sqrt(norms[1][used] / norms[0][used])
    incoming *= factors * used
    outgoing *= (used / factors)[:, None]
    if ((norms[0] > 0) ^ (norms[1] > 0)).any():
        return float("inf")
    return float(np.abs(np.log(factors)).max())

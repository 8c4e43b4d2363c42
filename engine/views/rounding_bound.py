"""Rounding bound: how far rounding in the forward pass can move the weighted sums of the output layer."""

import numpy as np

from engine.layers.activations import derivative, value
from engine.layers.dense import Dense
from engine.layers.network import Network

MAX_PRODUCTS = 1e8  # multiplications per evaluation; larger non-linear networks are bounded over fewer points


def forward_bound(network: Network, theta: np.ndarray, inputs: np.ndarray) -> float:
    """The largest bound of the rounding error of z[L] over `inputs` (samples, features), to first order.

    z[L] computed in the precision of `theta` differs from its exact value by at most

        Σ_l |J_l| γ_l (|W[l]| |a[l-1]| + |b[l]|),   γ = n u / (1 - n u) with n = inputs of the layer + 2

    (Higham 2002, sections 3.1 and 3.4), where u is half the machine epsilon and J_l = dz[L]/dz[l] the
    Jacobian of the layers behind: with linear layers the product of their weights, and the bound is exact.
    The absolute value is taken of the product, so that the bound does not grow faster than the network
    itself. Infinite if a value is not finite.
    """
    is_linear = all(layer.activation == "linear" for layer in network.layers[:-1])
    if not is_linear:
        outputs = network.layers[-1].units
        inputs = inputs[: max(1, int(MAX_PRODUCTS / (network.size * outputs)))]
    sources, slopes = _values(network, theta.astype(np.float64), inputs.astype(np.float64))
    total = np.zeros((len(inputs), network.layers[-1].units))
    jacobian = np.eye(network.layers[-1].units)[None]  # (1 or samples, units, outputs)
    for index in range(len(network.layers) - 1, -1, -1):
        weights, local = _local_errors(network, theta, index, sources[index])
        total += _moved(np.abs(jacobian), local)
        if index and is_linear:
            jacobian = (weights * slopes[index - 1][0][:, None]) @ jacobian
        elif index:
            jacobian = _before_activation(network.layers[index - 1], weights @ jacobian, slopes[index - 1])
    largest = float(np.max(total, initial=0.0))
    return largest if np.isfinite(largest) else float("inf")


def _before_activation(layer: Dense, jacobian: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """dz[L]/dz of a layer from `jacobian`, dz[L]/da, (samples, units, outputs)."""
    pulled = jacobian * slopes[:, :, None]
    if layer.activation != "softmax":
        return pulled
    return np.asarray(pulled - slopes[:, :, None] * pulled.sum(axis=1, keepdims=True))


def _moved(jacobian: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """|J| e for each sample, (samples, outputs); `jacobian` is (1 or samples, units, outputs)."""
    return errors @ jacobian[0] if len(jacobian) == 1 else (errors[:, None, :] @ jacobian)[:, 0]


def _values(
    network: Network, theta: np.ndarray, inputs: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The input of each layer, and f' (of softmax: f) of each hidden layer, (samples, units)."""
    sources, slopes = [inputs], []
    for layer in network.layers[:-1]:
        z, alpha = (sources[-1] @ layer.weights(theta) + layer.biases(theta)).T, layer.alphas(theta)
        mask = layer.enabled(z.dtype)
        sources.append((value(layer.activation, z, alpha) * mask).T)
        is_softmax = layer.activation == "softmax"
        slopes.append(sources[-1] if is_softmax else (derivative(layer.activation, z, alpha) * mask).T)
    return sources, slopes


def _local_errors(
    network: Network, theta: np.ndarray, index: int, source: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The weights of a layer, and the bound of the rounding error of its own z, (samples, units)."""
    layer = network.layers[index]
    weights, biases = (part(theta).astype(np.float64) for part in (layer.weights, layer.biases))
    return weights, _gamma(layer.inputs, theta.dtype) * (np.abs(source) @ np.abs(weights) + np.abs(biases))


def product_bound(network: Network, theta: np.ndarray, inputs: np.ndarray) -> float:
    """The bound of the rounding error of W x + b, whose matrix W is multiplied in double precision."""
    magnitude, gamma = np.abs(inputs.astype(np.float64)).max(axis=0, initial=0.0), 0.0
    for layer in network.layers:
        weights, biases = (np.abs(part(theta).astype(np.float64)) for part in (layer.weights, layer.biases))
        magnitude = magnitude @ weights + biases
        gamma += _gamma(layer.inputs, np.dtype(np.float64))
    return gamma * float(magnitude.max(initial=0.0))


def _gamma(inputs: int, dtype: np.dtype) -> float:
    rounding = (inputs + 2) * float(np.finfo(dtype).eps) / 2
    return rounding / (1 - rounding)

"""The training step in textbook form, in plain NumPy, for one network without dropout.

Training uses the faster `engine.training.compiled`, and tests compare it with this module; views compute
single updates with `update`. No argument is changed in place.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.activations import derivative, value
from engine.layers.dense import Dense
from engine.layers.network import Network
from engine.losses import LOSSES
from engine.operations import EAGER
from engine.optimizers import OPTIMIZERS
from engine.training.compiled.plan import matched_loss
from engine.training.compiled.rates import learning_rates

Vectors = Sequence[np.ndarray]


def step(
    config: ExamplesConfig, network: Network, theta: np.ndarray, optimizer_state: Vectors,
    inputs: np.ndarray, targets: np.ndarray, t: int, frozen: np.ndarray | None = None,
) -> tuple[np.ndarray, list[np.ndarray]]:  # fmt: skip
    """Returns parameters and optimizer state after step t = 0, 1, ... on one batch.

    The optimizer updates θ with dE/dθ of `gradient_of`.

    Shapes: as of `gradient_of`; each optimizer state vector (size,), `frozen` (size,) True for parameters
    that do not change.
    """
    gradient = gradient_of(config, network, theta, inputs, targets)
    return update(config, network, theta, optimizer_state, gradient, t, frozen)


def gradient_of(
    config: ExamplesConfig, network: Network, theta: np.ndarray, inputs: np.ndarray, targets: np.ndarray
) -> np.ndarray:
    """Returns dE/dθ of one batch, with penalties, before it is clipped.

    Every layer computes z = Wᵀx + b and a = f(z). E is the mean over the batch of the loss of (a, y), plus
    l1 Σ|w| + ½ l2 Σw².

    Shapes: `theta` and the result (size,), `inputs` (samples, features), `targets` (samples, outputs); in
    layers (units, samples).
    """
    z, a = forward(network, theta, inputs.T)
    gradient = penalty_gradient(config, network, theta)
    delta = output_error(config, network, z[-1], a[-1], targets.T) / len(inputs)  # dE/dz of the output
    for index in reversed(range(len(network.layers))):
        layer, x = network.layers[index], a[index]
        layer.weights(gradient)[:] += x @ delta.T
        layer.biases(gradient)[:] += delta.sum(axis=1)
        if index > 0:
            upstream = layer.weights(theta) @ delta  # dE/da of the previous layer
            delta = pull_back(network.layers[index - 1], theta, z[index - 1], upstream, gradient)
    return gradient


def forward(network: Network, theta: np.ndarray, x: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Returns z of all layers, and x followed by a of all layers; disabled units have a = 0."""
    z, a = [], [x]
    for layer in network.layers:
        z.append(layer.weights(theta).T @ a[-1] + layer.biases(theta)[:, None])
        a.append(value(layer.activation, z[-1], layer.alphas(theta)) * layer.enabled(theta.dtype))
    return z, a


def output_error(
    config: ExamplesConfig, network: Network, z: np.ndarray, a: np.ndarray, y: np.ndarray
) -> np.ndarray:
    """Returns dE/dz of the output layer: a - y if loss and activation match, else dE/da · f'(z).

    The perceptron rule, which has no loss, uses a - y, too.
    """
    if OPTIMIZERS[config.optimizer.name].perceptron_rule or matched_loss(config):
        return a - y
    loss, gradient = LOSSES[config.loss.name], np.empty_like(a)
    loss.gradient(EAGER, a, y, gradient, config.loss.delta)
    return through_activation(network.layers[-1], z, loss.factor * gradient, network.layers[-1].alpha)


def pull_back(
    layer: Dense, theta: np.ndarray, z: np.ndarray, upstream: np.ndarray, gradient: np.ndarray
) -> np.ndarray:
    """Returns dE/dz of a hidden layer from dE/da; adds dE/dα = Σ dE/da · min(z, 0) to `gradient`."""
    upstream = upstream * layer.enabled(theta.dtype)
    alphas = layer.learned_alphas(gradient)
    if alphas is not None:
        alphas[:, 0] += (upstream * np.minimum(z, 0)).sum(axis=1)
    return through_activation(layer, z, upstream, layer.alphas(theta))


def through_activation(layer: Dense, z: np.ndarray, upstream: np.ndarray, alpha: Any) -> np.ndarray:
    """Returns dE/dz = dE/da · f'(z); for softmax s_i (g_i - Σ_j g_j s_j)."""
    if layer.activation == "softmax":
        s = value("softmax", z)
        return s * (upstream - (upstream * s).sum(axis=0))
    return upstream * derivative(layer.activation, z, alpha)


def penalty_gradient(config: ExamplesConfig, network: Network, theta: np.ndarray) -> np.ndarray:
    """Returns the gradient of l1 Σ|w| + ½ l2 Σw² over the weights; 0 for biases and alphas."""
    return (config.l1 * np.sign(theta) + config.l2 * theta) * network.weight_mask()


def frozen_parameters(network: Network, frozen: np.ndarray | None) -> np.ndarray:
    """Returns True for the parameters of frozen layers and for single `frozen` parameters."""
    mask = network.frozen_mask()
    return mask if frozen is None else mask | frozen


def update(
    config: ExamplesConfig, network: Network, theta: np.ndarray, optimizer_state: Vectors,
    gradient: np.ndarray, t: int, frozen: np.ndarray | None, optimizer_start: int = 0,
) -> tuple[np.ndarray, list[np.ndarray]]:  # fmt: skip
    """Returns parameters and optimizer state after an update with a gradient that includes penalties.

    The gradient is clipped to the norm `clip_norm`; frozen parameters do not change. Before the step
    `optimizer_start` the optimizer state was 0.
    """
    fixed = frozen_parameters(network, frozen)
    gradient = np.where(fixed, 0.0, gradient)
    if config.optimizer.clip_norm is not None:
        gradient *= min(1.0, config.optimizer.clip_norm / max(float(np.linalg.norm(gradient)), 1e-300))
    optimizer, rate = OPTIMIZERS[config.optimizer.name], learning_rates(config, np.array([t]))
    numbers: dict[str, Any] = {k: v for k, v in config.optimizer.model_dump().items() if isinstance(v, float)}
    numbers["ascent"] = config.optimizer.ascent
    numbers["weights"] = network.weight_mask().astype(theta.dtype)
    rates = optimizer.rates(np.array([float(t - optimizer_start)]), rate, numbers)
    updated, state = theta.copy(), [vector.copy() for vector in optimizer_state]
    scaled = gradient * rate if optimizer.rate_in_gradient else gradient
    optimizer.update(EAGER, updated, scaled, state, numbers, rates)
    return np.where(fixed, theta, updated), state

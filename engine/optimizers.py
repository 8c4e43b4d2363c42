"""Optimizers: update rules for all parameters as one flat vector.

`update(xp, theta, g, state, numbers, rates)` changes `theta` in place for the gradient `g`, both (size,); it
may overwrite `g`. `xp` is a namespace of NumPy calls (see `engine.operations`), `state` the optimizer state:
vectors (size,), initially 0. `numbers` are the parameters by name, `ascent`, and `weights`: 1 for weights
and 0 for biases. `rates(t, learning_rate, numbers)` returns the values that depend on t, the number of steps
since the optimizer state was 0, in float64: in float32 the bias correction of Adam has an error of 7e-4.

If `rate_in_gradient` is true, `g` is the gradient times the learning rate η: η is a factor of the error of
the output, which saves a pass over the parameters. In the formulas g is the gradient without it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import CLASSIFICATION, EVERY

Numbers = Mapping[str, float]


def _no_rates(t: np.ndarray, learning_rate: np.ndarray, numbers: Numbers) -> tuple[np.ndarray, ...]:
    return ()


@dataclass(frozen=True)
class Optimizer:
    """One catalogue entry; `rate_count` is the number of arrays that `rates` returns."""

    update: Callable[..., None]
    rates: Callable[[np.ndarray, np.ndarray, Numbers], tuple[np.ndarray, ...]] = _no_rates
    rate_count: int = 0
    state_vectors: int = 0
    rate_in_gradient: bool = False
    counts_steps: bool = False  # `rates` depends on the steps since the optimizer state was 0
    perceptron_rule: bool = False  # the error is output - target, without loss and derivative
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    applies_to: tuple[str, ...] = EVERY


def sgd(xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]) -> None:
    """w ← w - η g: stochastic gradient descent; with `ascent` w ← w + η g, the step with the wrong sign."""
    change = xp.add if numbers.get("ascent") else xp.subtract
    change(theta, g, theta)


def momentum(
    xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]
) -> None:
    """v ← μ v + η g; w ← w - v (Polyak 1964; as in Keras, v contains η)."""
    (velocity,) = state
    xp.multiply(velocity, numbers["momentum"], velocity)
    xp.add(velocity, g, velocity)
    xp.subtract(theta, velocity, theta)


def nesterov(
    xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]
) -> None:
    """v ← μ v + η g; w ← w - (μ v + η g) with the new v (Sutskever et al. 2013, as in Keras)."""
    (velocity,) = state
    xp.multiply(velocity, numbers["momentum"], velocity)
    xp.add(velocity, g, velocity)
    xp.subtract(theta, g, theta)
    xp.multiply(velocity, numbers["momentum"], g)
    xp.subtract(theta, g, theta)


def rmsprop(
    xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]
) -> None:
    """s ← ρ s + (1 - ρ) g²; w ← w - η g / (√s + ε) (Tieleman & Hinton 2012, ε outside the root).

    The state vector is s / (1 - ρ), which saves a pass; the rate is η / √(1 - ρ).
    """
    (square,) = state
    root = xp.temp(theta)
    xp.multiply(g, g, root)
    xp.multiply(square, numbers["rho"], square)
    xp.add(square, root, square)
    xp.sqrt(square, root)
    xp.add(root, numbers["epsilon"] / (1 - numbers["rho"]) ** 0.5, root)
    _descend(xp, theta, g, root, rates[0])


def rmsprop_rates(t: np.ndarray, learning_rate: np.ndarray, numbers: Numbers) -> tuple[np.ndarray, ...]:
    """Returns η / √(1 - ρ), the rate for the scaled average of RMSprop."""
    return (learning_rate / (1 - numbers["rho"]) ** 0.5,)


def adagrad(
    xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]
) -> None:
    """s ← s + g²; w ← w - η g / (√s + ε) (Duchi et al. 2011, initially s = 0)."""
    (square,) = state
    root = xp.temp(theta)
    xp.multiply(g, g, root)
    xp.add(square, root, square)
    xp.sqrt(square, root)
    xp.add(root, numbers["epsilon"], root)
    _descend(xp, theta, g, root, rates[0])


def plain_rate(t: np.ndarray, learning_rate: np.ndarray, numbers: Numbers) -> tuple[np.ndarray, ...]:
    """Returns η."""
    return (learning_rate,)


def adam(xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]) -> None:
    """m ← β1 m + (1 - β1) g; v ← β2 v + (1 - β2) g²; w ← w - η m̂ / (√v̂ + ε) (Kingma & Ba 2015).

    m̂ = m / (1 - β1^(t+1)) and v̂ = v / (1 - β2^(t+1)) are the bias-corrected averages at step t = 0, 1, ...
    The state vectors are m / (1 - β1) and v / (1 - β2); `rates` are the corrected rate and epsilon.
    """
    first, second = state
    rate, epsilon = rates[:2]
    xp.multiply(first, numbers["beta_1"], first)
    xp.add(first, g, first)
    xp.multiply(g, g, g)
    xp.multiply(second, numbers["beta_2"], second)
    xp.add(second, g, second)
    xp.sqrt(second, g)
    xp.add(g, epsilon, g)
    _descend(xp, theta, first, g, rate)


def adam_rates(t: np.ndarray, learning_rate: np.ndarray, numbers: Numbers) -> tuple[np.ndarray, ...]:
    """Returns the corrected rate and epsilon for the scaled averages of Adam at step t = 0, 1, ..."""
    beta_1, beta_2 = numbers["beta_1"], numbers["beta_2"]
    root = np.sqrt((1 - beta_2 ** (t + 1)) / (1 - beta_2))
    rate = learning_rate * root * (1 - beta_1) / (1 - beta_1 ** (t + 1))
    return rate, numbers["epsilon"] * root


def adamw(xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]) -> None:
    """w ← w - η λ w for weights, not biases; then Adam (Loshchilov & Hutter 2019)."""
    decay = xp.temp(theta)
    xp.multiply(theta, numbers["weights"], decay)  # 1 for weights, 0 for biases
    xp.multiply(decay, rates[2], decay)
    xp.subtract(theta, decay, theta)
    adam(xp, theta, g, state, numbers, rates)


def adamw_rates(t: np.ndarray, learning_rate: np.ndarray, numbers: Numbers) -> tuple[np.ndarray, ...]:
    """Returns the rates of Adam, and η λ."""
    return (*adam_rates(t, learning_rate, numbers), learning_rate * numbers["weight_decay"])


def perceptron(
    xp: Any, theta: Any, g: Any, state: Sequence[Any], numbers: Numbers, rates: Sequence[Any]
) -> None:
    """w ← w - η g with g the mean over the batch of (output - target) x (Rosenblatt 1958).

    The state vector is Σ |g|. Of a bias, whose x is 1, it is the number of mistakes if a step has one sample.
    Checkpoints of earlier versions have no state vector; their mistakes are not counted.
    """
    for mistakes in state:
        size = xp.temp(g)
        xp.absolute(g, size)
        xp.add(mistakes, size, mistakes)
    xp.multiply(g, rates[0], g)
    xp.subtract(theta, g, theta)


def _descend(xp: Any, theta: Any, direction: Any, root: Any, rate: Any) -> None:
    """w ← w - rate · direction / root; `root` is overwritten."""
    xp.divide(direction, root, root)
    xp.multiply(root, rate, root)
    xp.subtract(theta, root, theta)


def _rate(default: float) -> dict[str, Parameter]:
    return {"learning_rate": Parameter(default, 1e-8, 1000.0, scale="log", slider=(1e-5, 3.0))}


_MOMENTUM = {"momentum": Parameter(0.9, 0.0, 0.9999)}
_EPSILON = {"epsilon": Parameter(1e-7, 1e-12, 1.0)}
_BETAS = {
    "beta_1": Parameter(0.9, 0.0, 0.9999),
    "beta_2": Parameter(0.999, 0.0, 0.999999),
}

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(sgd, rate_in_gradient=True, parameters=_rate(0.03)),
    "momentum": Optimizer(
        momentum,
        state_vectors=1,
        rate_in_gradient=True,
        parameters=_rate(0.03) | _MOMENTUM,
    ),
    "nesterov": Optimizer(
        nesterov,
        state_vectors=1,
        rate_in_gradient=True,
        parameters=_rate(0.03) | _MOMENTUM,
    ),
    "rmsprop": Optimizer(
        rmsprop,
        rmsprop_rates,
        1,
        1,
        parameters=_rate(0.01) | {"rho": Parameter(0.9, 0.0, 0.9999)} | _EPSILON,
    ),
    "adagrad": Optimizer(
        adagrad,
        plain_rate,
        1,
        1,
        parameters=_rate(0.05) | _EPSILON,
    ),
    "adam": Optimizer(
        adam,
        adam_rates,
        2,
        2,
        counts_steps=True,
        parameters=_rate(0.01) | _BETAS | _EPSILON,
    ),
    "adamw": Optimizer(
        adamw,
        adamw_rates,
        3,
        2,
        counts_steps=True,
        parameters=_rate(0.01)
        | _BETAS
        | _EPSILON
        | {
            "weight_decay": Parameter(
                0.01,
                0.0,
                10.0,
                scale="log",
                slider=(0.0, 0.3),
            )
        },
    ),
    "perceptron": Optimizer(
        perceptron,
        plain_rate,
        1,
        1,
        perceptron_rule=True,
        parameters=_rate(1.0),
        applies_to=CLASSIFICATION,
    ),
}

"""Losses and their gradients: E is a sum over the outputs of a sample; a run minimises the mean over samples.

`value(a, y, delta)` returns E of each sample, (..., samples), for outputs `a` and targets `y`, both
(..., outputs, samples). `gradient(xp, a, y, g, delta)` writes dE/da divided by the constant `factor` to `g`,
an array like `a`. `xp` is a namespace of NumPy calls (see `engine.operations`), `delta` Huber's threshold.

If the output activation matches the loss, `Matched` computes value and gradient from the logits z instead,
which is exact if the outputs saturate, and needs fewer calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import CLASSIFICATION, FROM_EXAMPLES
from engine.layers.activation_functions import softmax

# Cross-entropies of outputs that are not logits clip probabilities to [EPSILON, 1 - EPSILON].
EPSILON = 1e-7


def _unchanged(y: np.ndarray) -> np.ndarray:
    return y


@dataclass(frozen=True)
class Matched:
    """A loss combined with its matching output activation.

    `value(z, y)` returns E of each sample from the logits; `gradient(xp, z, y, g)` writes dE/dz / `factor` to
    `g`, for targets changed by `prepare`.
    """

    activation: str
    value: Callable[[np.ndarray, np.ndarray], np.ndarray]
    gradient: Callable[..., None]
    factor: float = 1.0
    prepare: Callable[[np.ndarray], np.ndarray] = _unchanged  # converts targets for the gradient
    tasks: tuple[str, ...] = FROM_EXAMPLES  # for which the gradient is correct


@dataclass(frozen=True)
class Loss:
    """One catalogue entry; `value`, `gradient` and `factor` are described at the top of this module."""

    value: Callable[..., np.ndarray]
    gradient: Callable[..., None]
    factor: float = 1.0
    matched: Matched | None = None
    applies_to: tuple[str, ...] = FROM_EXAMPLES
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def squared_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """dE/da = a - y, of the half squared error."""
    xp.subtract(a, y, g)


def half_squared_error(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = ½ Σ (y - a)²."""
    return 0.5 * ((a - y) ** 2).sum(axis=-2)


def mean_squared_error(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ (y - a)², a sum over the outputs (in Keras: the mean)."""
    return ((a - y) ** 2).sum(axis=-2)


def mean_absolute_error(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ |y - a|."""
    return np.abs(a - y).sum(axis=-2)


def absolute_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """dE/da = sign(a - y), 0 where a = y."""
    xp.subtract(a, y, g)
    xp.sign(g, g)


def huber(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ ½e² if |e| <= delta, else delta (|e| - ½ delta), with e = a - y (Huber 1964)."""
    assert delta is not None
    error = np.abs(a - y)
    small = np.minimum(error, delta)
    return (small * (error - 0.5 * small)).sum(axis=-2)


def huber_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """dE/da = a - y, clipped to [-delta, delta]."""
    xp.subtract(a, y, g)
    xp.minimum(g, delta, g)
    xp.maximum(g, -delta, g)


def hinge(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ max(0, 1 - y a) with targets -1 and +1; one-vs-rest for several classes."""
    return np.maximum(0, 1 - y * a).sum(axis=-2)


def hinge_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """dE/da = -y where y a < 1, else 0; the sign is in `factor`."""
    xp.multiply(a, y, g)
    xp.subtract(1.0, g, g)
    xp.sign(g, g)
    xp.maximum(g, 0.0, g)
    xp.multiply(g, y, g)


def binary_crossentropy(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = -Σ y ln p + (1 - y) ln(1 - p), p = a clipped to [1e-7, 1 - 1e-7]."""
    p = np.clip(a, EPSILON, 1 - EPSILON)
    return -(y * np.log(p) + (1 - y) * np.log1p(-p)).sum(axis=-2)


def binary_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """dE/da = (p - y) / (p (1 - p)), 0 where a was clipped."""
    p, slope, inside = xp.temp(a), xp.temp(a), xp.temp(a)
    _clip(xp, a, p, inside)
    xp.subtract(1.0, p, slope)
    xp.multiply(slope, p, slope)
    xp.subtract(p, y, g)
    xp.divide(g, slope, g)
    xp.multiply(g, inside, g)


def binary_from_logits(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """E = Σ max(z, 0) - z y + ln(1 + e^-|z|): the binary cross-entropy of sigmoid(z)."""
    return (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=-2)


def binary_logit_gradient(xp: Any, z: Any, y: Any, g: Any) -> None:
    """dE/dz = sigmoid(z) - y = ½ (tanh(z/2) - (2y - 1)); three calls, with targets -1 and +1."""
    xp.multiply(z, 0.5, g)
    xp.tanh(g, g)
    xp.subtract(g, y, g)


def categorical_crossentropy(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = -Σ y ln p, p = a clipped to [1e-7, 1 - 1e-7]; unlike Keras, p is not normalised to a sum of 1."""
    return -(y * np.log(np.clip(a, EPSILON, 1 - EPSILON))).sum(axis=-2)


def categorical_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """dE/da = -y / p, 0 where a was clipped; the sign is in `factor`."""
    p, inside = xp.temp(a), xp.temp(a)
    _clip(xp, a, p, inside)
    xp.divide(y, p, g)
    xp.multiply(g, inside, g)


def categorical_from_logits(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """E = Σ y (ln Σ e^z - z): the cross-entropy of softmax(z). The maximum is subtracted first."""
    shifted = z - z.max(axis=-2, keepdims=True)
    return (y * (np.log(np.exp(shifted).sum(axis=-2, keepdims=True)) - shifted)).sum(axis=-2)


def categorical_logit_gradient(xp: Any, z: Any, y: Any, g: Any) -> None:
    """dE/dz = softmax(z) - y, for targets that sum to 1."""
    softmax(xp, z, g)
    xp.subtract(g, y, g)


def _clip(xp: Any, a: Any, p: Any, inside: Any) -> None:
    """p = a clipped to [EPSILON, 1 - EPSILON]; inside = 1 - |sign(p - a)|: 1 where p = a, else 0."""
    xp.maximum(a, EPSILON, p)
    xp.minimum(p, 1 - EPSILON, p)
    xp.subtract(p, a, inside)
    xp.sign(inside, inside)
    xp.abs(inside, inside)
    xp.subtract(1.0, inside, inside)


_DELTA = {"delta": Parameter(1.0, 1e-6, 1e6, scale="log")}

LOSSES: dict[str, Loss] = {
    "half_squared_error": Loss(half_squared_error, squared_gradient),
    "mean_squared_error": Loss(mean_squared_error, squared_gradient, factor=2.0),
    "mean_absolute_error": Loss(mean_absolute_error, absolute_gradient),
    "huber": Loss(
        huber,
        huber_gradient,
        parameters=_DELTA,
    ),
    "binary_crossentropy": Loss(
        binary_crossentropy,
        binary_gradient,
        matched=Matched("sigmoid", binary_from_logits, binary_logit_gradient, 0.5, lambda y: 2 * y - 1),
        applies_to=CLASSIFICATION,
    ),
    "categorical_crossentropy": Loss(
        categorical_crossentropy,
        categorical_gradient,
        factor=-1.0,
        matched=Matched(
            "softmax", categorical_from_logits, categorical_logit_gradient, tasks=("multiclass",)
        ),
        applies_to=CLASSIFICATION,
    ),
    "hinge": Loss(
        hinge,
        hinge_gradient,
        factor=-1.0,
        applies_to=CLASSIFICATION,
    ),
}

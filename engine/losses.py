"""Losses: each a sum over outputs and a mean over samples, with its gradient.

Arrays are feature-major, (..., outputs, samples); `a` are the outputs, `y` the targets. `value(a, y, delta)`
returns the loss of each sample; `gradient(xp, a, y, g, delta)` writes dE/da of each sample to `g`, up to the
constant `factor`. Where the output activation is the matching one, `Matched` gives value and gradient from
the logits z instead: exact where the outputs saturate, and cheaper.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import CLASSIFICATION, FROM_EXAMPLES
from engine.layers.activation_functions import softmax

# Cross-entropies that are not computed from logits cut probabilities to [EPSILON, 1 - EPSILON].
EPSILON = 1e-7


def _unchanged(y: np.ndarray) -> np.ndarray:
    return y


@dataclass(frozen=True)
class Matched:
    """A loss and an output activation whose joint gradient is simple: dE/dz = factor · residual."""

    activation: str
    value: Callable[[np.ndarray, np.ndarray], np.ndarray]
    gradient: Callable[..., None]
    factor: float = 1.0
    prepare: Callable[[np.ndarray], np.ndarray] = _unchanged  # targets in the form the gradient wants
    tasks: tuple[str, ...] = FROM_EXAMPLES  # where the joint gradient holds


@dataclass(frozen=True)
class Loss:
    """One catalogue entry."""

    value: Callable[..., np.ndarray]
    gradient: Callable[..., None]
    factor: float = 1.0
    matched: Matched | None = None
    applies_to: tuple[str, ...] = FROM_EXAMPLES
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def squared_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """a - y."""
    xp.subtract(a, y, g)


def half_squared_error(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = ½ Σ (y - a)², the lecture's."""
    return 0.5 * ((a - y) ** 2).sum(axis=-2)


def mean_squared_error(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ (y - a)² over the outputs; the mean is the one over samples."""
    return ((a - y) ** 2).sum(axis=-2)


def mean_absolute_error(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ |y - a|."""
    return np.abs(a - y).sum(axis=-2)


def absolute_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """sign(a - y), 0 at the corner."""
    xp.subtract(a, y, g)
    xp.sign(g, g)


def huber(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ ½e² for |e| <= delta, delta (|e| - ½ delta) beyond (Huber 1964)."""
    assert delta is not None
    error = np.abs(a - y)
    small = np.minimum(error, delta)
    return (small * (error - 0.5 * small)).sum(axis=-2)


def huber_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """a - y, cut to [-delta, delta]."""
    xp.subtract(a, y, g)
    xp.minimum(g, delta, g)
    xp.maximum(g, -delta, g)


def hinge(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = Σ max(0, 1 - y a) with targets -1/+1; several classes one against the rest."""
    return np.maximum(0, 1 - y * a).sum(axis=-2)


def hinge_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """-y where y a < 1, else 0 (the factor carries the minus)."""
    xp.multiply(a, y, g)
    xp.subtract(1.0, g, g)
    xp.sign(g, g)
    xp.maximum(g, 0.0, g)
    xp.multiply(g, y, g)


def binary_crossentropy(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = -Σ y ln a + (1 - y) ln(1 - a), a cut to [1e-7, 1 - 1e-7]."""
    p = np.clip(a, EPSILON, 1 - EPSILON)
    return -(y * np.log(p) + (1 - y) * np.log1p(-p)).sum(axis=-2)


def binary_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """(p - y) / (p (1 - p)), 0 where a was cut."""
    p, slope, inside = xp.temp(a), xp.temp(a), xp.temp(a)
    _cut(xp, a, p, inside)
    xp.subtract(1.0, p, slope)
    xp.multiply(slope, p, slope)
    xp.subtract(p, y, g)
    xp.divide(g, slope, g)
    xp.multiply(g, inside, g)


def binary_from_logits(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """E = Σ max(z, 0) - z y + ln(1 + e^-|z|)."""
    return (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=-2)


def binary_logit_gradient(xp: Any, z: Any, y: Any, g: Any) -> None:
    """sigmoid(z) - y = ½ (tanh(z/2) - (2y - 1)): with targets as -1/+1 it takes three calls."""
    xp.multiply(z, 0.5, g)
    xp.tanh(g, g)
    xp.subtract(g, y, g)


def categorical_crossentropy(a: np.ndarray, y: np.ndarray, delta: float | None) -> np.ndarray:
    """E = -Σ y ln a, a cut to [1e-7, 1 - 1e-7] and not normalised."""
    return -(y * np.log(np.clip(a, EPSILON, 1 - EPSILON))).sum(axis=-2)


def categorical_gradient(xp: Any, a: Any, y: Any, g: Any, delta: Any) -> None:
    """-y / p, 0 where a was cut (the factor carries the minus)."""
    p, inside = xp.temp(a), xp.temp(a)
    _cut(xp, a, p, inside)
    xp.divide(y, p, g)
    xp.multiply(g, inside, g)


def categorical_from_logits(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """E = Σ y (ln Σ e^z - z), shifted by the largest z."""
    shifted = z - z.max(axis=-2, keepdims=True)
    return (y * (np.log(np.exp(shifted).sum(axis=-2, keepdims=True)) - shifted)).sum(axis=-2)


def categorical_logit_gradient(xp: Any, z: Any, y: Any, g: Any) -> None:
    """softmax(z) - y, for targets that sum to 1."""
    softmax(xp, z, g)
    xp.subtract(g, y, g)


def _cut(xp: Any, a: Any, p: Any, inside: Any) -> None:
    """p = a cut to [EPSILON, 1 - EPSILON]; inside = 1 where nothing was cut: 1 - |sign(p - a)|."""
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

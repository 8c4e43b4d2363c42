"""Initializers: distributions of the initial weights of a layer, (inputs, outputs)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.config.parameter import Parameter


@dataclass(frozen=True)
class Initializer:
    """One catalogue entry; `draw(generator, inputs, outputs, scale)` returns float64 weights."""

    draw: Callable[[np.random.Generator, int, int, float], np.ndarray]
    scale: Parameter | None = None


def zeros(generator: np.random.Generator, inputs: int, outputs: int, scale: float) -> np.ndarray:
    """w = 0; all units of a layer remain equal in training."""
    return np.zeros((inputs, outputs))


def uniform(generator: np.random.Generator, inputs: int, outputs: int, scale: float) -> np.ndarray:
    """w ~ U(-scale, scale)."""
    return generator.uniform(
        -abs(scale), abs(scale), (inputs, outputs)
    )  # abs: -0.0 is refused as an upper bound


def normal(generator: np.random.Generator, inputs: int, outputs: int, scale: float) -> np.ndarray:
    """w ~ N(0, scale²)."""
    return generator.normal(0.0, abs(scale), (inputs, outputs))


def orthogonal(generator: np.random.Generator, inputs: int, outputs: int, scale: float) -> np.ndarray:
    """scale · Q, with orthonormal columns, or rows if there are more outputs than inputs (Saxe et al. 2014).

    Q is from the QR decomposition of a normal matrix. Multiplied by the signs of the diagonal of R, it is
    uniformly distributed over the orthogonal matrices.
    """
    q, r = np.linalg.qr(generator.normal(size=(max(inputs, outputs), min(inputs, outputs))))
    q *= np.sign(np.diag(r))
    return scale * (q if inputs >= outputs else q.T)


def scaled_uniform(fan: Callable[[int, int], float]) -> Callable[..., np.ndarray]:
    """w ~ U(-l, l), l = scale · sqrt(3 v), so the variance is scale² v; v = fan(inputs, outputs)."""

    def draw(generator: np.random.Generator, inputs: int, outputs: int, scale: float) -> np.ndarray:
        return uniform(generator, inputs, outputs, scale * np.sqrt(3 * fan(inputs, outputs)))

    return draw


def scaled_normal(fan: Callable[[int, int], float]) -> Callable[..., np.ndarray]:
    """w ~ N(0, scale² v), not truncated; v = fan(inputs, outputs)."""

    def draw(generator: np.random.Generator, inputs: int, outputs: int, scale: float) -> np.ndarray:
        return normal(generator, inputs, outputs, scale * np.sqrt(fan(inputs, outputs)))

    return draw


def glorot(inputs: int, outputs: int) -> float:
    """Variance 2 / (inputs + outputs) (Glorot & Bengio 2010)."""
    return 2 / (inputs + outputs)


def he(inputs: int, outputs: int) -> float:
    """Variance 2 / inputs (He et al. 2015)."""
    return 2 / inputs


def lecun(inputs: int, outputs: int) -> float:
    """Variance 1 / inputs (LeCun et al. 1998)."""
    return 1 / inputs


_GAIN = Parameter(1.0, 0.0, 100.0)

INITIALIZERS: dict[str, Initializer] = {
    "zeros": Initializer(zeros),
    "uniform": Initializer(uniform, Parameter(0.5, 0.0, 100.0)),
    "normal": Initializer(normal, Parameter(0.05, 0.0, 100.0)),
    "glorot_uniform": Initializer(scaled_uniform(glorot), _GAIN),
    "glorot_normal": Initializer(scaled_normal(glorot), _GAIN),
    "he_uniform": Initializer(scaled_uniform(he), _GAIN),
    "he_normal": Initializer(scaled_normal(he), _GAIN),
    "lecun_uniform": Initializer(scaled_uniform(lecun), _GAIN),
    "lecun_normal": Initializer(scaled_normal(lecun), _GAIN),
    "orthogonal": Initializer(orthogonal, _GAIN),
}

_HE = {"relu", "leaky_relu", "prelu", "elu", "swish", "softplus", "gelu"}


def default_for(activation: str) -> str:
    """Returns the initializer for `auto` if the first layer has this activation."""
    if activation in _HE:
        return "he_normal"
    return "lecun_normal" if activation == "selu" else "glorot_uniform"

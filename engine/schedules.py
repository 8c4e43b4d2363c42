"""Learning-rate schedules: the factor of the learning rate at each optimizer step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.config.models import OptimizerConfig
from engine.config.parameter import Parameter


@dataclass(frozen=True)
class Schedule:
    """One catalogue entry.

    `factor(t, numbers)` returns the factor at steps t = 0, 1, ..., a float64 array of the same shape;
    `numbers` are the parameters by name.
    """

    factor: Callable[[np.ndarray, Mapping[str, float]], np.ndarray]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def constant(t: np.ndarray, numbers: Mapping[str, float]) -> np.ndarray:
    """f(t) = 1."""
    return np.ones(t.shape)


def step(t: np.ndarray, numbers: Mapping[str, float]) -> np.ndarray:
    """f(t) = decay_rate ^ floor(t / decay_steps)."""
    return numbers["decay_rate"] ** np.floor(t / numbers["decay_steps"])


def exponential(t: np.ndarray, numbers: Mapping[str, float]) -> np.ndarray:
    """f(t) = decay_rate ^ (t / decay_steps)."""
    return numbers["decay_rate"] ** (t / numbers["decay_steps"])


def cosine(t: np.ndarray, numbers: Mapping[str, float]) -> np.ndarray:
    """f(t) = alpha + (1 - alpha) ½ (1 + cos(π min(t, T) / T)), T = decay_steps.

    Cosine annealing of Loshchilov & Hutter (2017), without restarts.
    """
    progress = np.minimum(t, numbers["decay_steps"]) / numbers["decay_steps"]
    return numbers["alpha"] + (1 - numbers["alpha"]) * 0.5 * (1 + np.cos(np.pi * progress))


def linear_warmup(t: np.ndarray, numbers: Mapping[str, float]) -> np.ndarray:
    """f(t) = min(1, (t + 1) / warmup_steps)."""
    return np.minimum(1.0, (t + 1) / numbers["warmup_steps"])


_STEPS = Parameter(1000, 1, 1e9, integer=True, scale="log")
_RATE = Parameter(0.5, 1e-6, 1.0, scale="log")

SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(constant),
    "step": Schedule(
        step,
        {"decay_steps": _STEPS, "decay_rate": _RATE},
    ),
    "exponential": Schedule(
        exponential,
        {"decay_steps": _STEPS, "decay_rate": _RATE},
    ),
    "cosine": Schedule(
        cosine,
        {"decay_steps": _STEPS, "alpha": Parameter(0.0, 0.0, 1.0)},
    ),
    "linear_warmup": Schedule(
        linear_warmup,
        {"warmup_steps": Parameter(100, 1, 1e9, integer=True, scale="log")},
    ),
}


def initial_rate(optimizer: OptimizerConfig) -> float:
    """Returns the learning rate of a resolved configuration, before the factor of its schedule."""
    assert optimizer.learning_rate is not None, "the configuration is not resolved"
    return optimizer.learning_rate

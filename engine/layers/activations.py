"""The catalogue of activation functions (see `engine.layers.activation_functions`).

`forward(xp, z, a, d, alpha)` writes f(z) to `a`, `derivative(xp, z, a, d, alpha)` f'(z) to `d`; all arrays
are (..., units, samples).

- If `keeps_z` is false, `a` may be the same array as `z`: `derivative` then reads only `a`.
- If `leaves_slope` is true, `forward` writes to `d` an intermediate result that `derivative` needs; other
  functions do not use `d` in `forward`. `forward` does not read `d` after it has written to `a`, so that `a`
  may be passed as `d` if the derivative is not needed.
- An activation of several units (softmax) has `pullback(xp, a, g)` instead of a derivative: it replaces dE/da
  in `g` by dE/dz.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.layers import activation_functions as functions
from engine.operations import EAGER


@dataclass(frozen=True)
class Activation:
    """One catalogue entry; `derivative` None means f' = 1, `learned` one trained alpha per unit.

    `centre` is c if f(-z) = 2c - f(z) for every z, `homogeneous` whether f(az) = a f(z) for every a > 0.
    """

    forward: Callable[..., None]
    derivative: Callable[..., None] | None = None
    pullback: Callable[..., None] | None = None
    keeps_z: bool = False
    leaves_slope: bool = False
    learned: bool = False
    centre: float | None = None
    homogeneous: bool = False
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def _alpha(default: float, minimum: float, maximum: float) -> dict[str, Parameter]:
    return {"alpha": Parameter(default, minimum, maximum)}


ACTIVATIONS: dict[str, Activation] = {
    "step": Activation(
        functions.step_forward,
        functions.step_derivative,
    ),
    "linear": Activation(functions.linear_forward, centre=0.0, homogeneous=True),
    "sigmoid": Activation(
        functions.sigmoid_forward,
        functions.sigmoid_derivative,
        centre=0.5,
    ),
    "tanh": Activation(functions.tanh_forward, functions.tanh_derivative, centre=0.0),
    "relu": Activation(functions.relu_forward, functions.relu_derivative, homogeneous=True),
    "leaky_relu": Activation(
        functions.leaky_relu_forward,
        functions.leaky_relu_derivative,
        homogeneous=True,
        parameters=_alpha(0.01, 0.0, 1.0),
    ),
    "prelu": Activation(
        functions.prelu_forward,
        functions.prelu_derivative,
        keeps_z=True,
        learned=True,
        homogeneous=True,
        parameters=_alpha(0.25, -10.0, 10.0),
    ),
    "elu": Activation(
        functions.elu_forward,
        functions.elu_derivative,
        leaves_slope=True,
        parameters=_alpha(1.0, 0.01, 10.0),
    ),
    "softmax": Activation(
        functions.softmax_forward,
        pullback=functions.softmax_pullback,
    ),
    "swish": Activation(
        functions.swish_forward,
        functions.swish_derivative,
        leaves_slope=True,
        keeps_z=True,
    ),
    "softplus": Activation(
        functions.softplus_forward,
        functions.softplus_derivative,
        leaves_slope=True,
    ),
    "gelu": Activation(
        functions.gelu_forward,
        functions.gelu_derivative,
        leaves_slope=True,
        keeps_z=True,
    ),
    "selu": Activation(
        functions.selu_forward,
        functions.selu_derivative,
        leaves_slope=True,
    ),
}


def value(name: str, z: np.ndarray, alpha: float | np.ndarray | None = None) -> np.ndarray:
    """Returns f(z) as a new array; z is (units, samples)."""
    a = np.empty_like(z)
    with np.errstate(all="ignore"):
        ACTIVATIONS[name].forward(EAGER, z, a, np.empty_like(z), alpha)
    return a


def slope(entry: Activation, z: np.ndarray, alpha: Any, a: np.ndarray | None = None) -> np.ndarray:
    """Returns f'(z) as a new array; for softmax the diagonal of the Jacobian, s_i (1 - s_i).

    `a` is f(z) without the mask of disabled units, if it has been computed.
    """
    d = np.empty_like(z)
    if a is None or entry.leaves_slope:
        a = np.empty_like(z)
        entry.forward(EAGER, z, a, d, alpha)
    if entry.pullback:
        np.subtract(a, a * a, d)
    elif entry.derivative is None:
        d.fill(1)
    else:
        entry.derivative(EAGER, z, a, d, alpha)
    return d


def derivative(name: str, z: np.ndarray, alpha: float | np.ndarray | None = None) -> np.ndarray:
    """Returns f'(z) as a new array; for softmax the diagonal of the Jacobian, s_i (1 - s_i)."""
    with np.errstate(all="ignore"):
        return slope(ACTIVATIONS[name], z, alpha)

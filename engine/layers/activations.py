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
    `formula` is f and `slope_formula` f' in TeX; abbreviations follow after `,\\quad `.
    """

    forward: Callable[..., None]
    formula: str
    slope_formula: str
    derivative: Callable[..., None] | None = None
    pullback: Callable[..., None] | None = None
    keeps_z: bool = False
    leaves_slope: bool = False
    learned: bool = False
    centre: float | None = None
    homogeneous: bool = False
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def _cases(positive: str, otherwise: str, condition: str = "z>0", opposite: str = r"z\le 0") -> str:
    return rf"\begin{{cases}}{positive} & {condition}\\ {otherwise} & {opposite}\end{{cases}}"


_RAMP_SLOPE = _cases("1", r"\alpha")
_LOGISTIC = r"\frac{1}{1+e^{-z}}"
_GELU_U = r"u=\sqrt{\frac{2}{\pi}}\,(z+0.044715\,z^{3})"


def _alpha(default: float, minimum: float, maximum: float) -> dict[str, Parameter]:
    return {"alpha": Parameter(default, minimum, maximum)}


ACTIVATIONS: dict[str, Activation] = {
    "step": Activation(
        functions.step_forward,
        _cases("1", "0", r"z\ge 0", "z<0"),
        "0",
        functions.step_derivative,
    ),
    "linear": Activation(functions.linear_forward, "z", "1", centre=0.0, homogeneous=True),
    "sigmoid": Activation(
        functions.sigmoid_forward,
        _LOGISTIC,
        r"f(z)\,(1-f(z))",
        functions.sigmoid_derivative,
        centre=0.5,
    ),
    "tanh": Activation(
        functions.tanh_forward,
        r"\frac{e^{z}-e^{-z}}{e^{z}+e^{-z}}",
        r"1-f(z)^{2}",
        functions.tanh_derivative,
        centre=0.0,
    ),
    "relu": Activation(
        functions.relu_forward,
        r"\max(0,\,z)",
        _cases("1", "0"),
        functions.relu_derivative,
        homogeneous=True,
    ),
    "leaky_relu": Activation(
        functions.leaky_relu_forward,
        r"\max(\alpha z,\,z)",
        _RAMP_SLOPE,
        functions.leaky_relu_derivative,
        homogeneous=True,
        parameters=_alpha(0.01, 0.0, 1.0),
    ),
    "prelu": Activation(
        functions.prelu_forward,
        _cases("z", r"\alpha z"),
        _RAMP_SLOPE,
        functions.prelu_derivative,
        keeps_z=True,
        learned=True,
        homogeneous=True,
        parameters=_alpha(0.25, -10.0, 10.0),
    ),
    "elu": Activation(
        functions.elu_forward,
        _cases("z", r"\alpha\,(e^{z}-1)"),
        _cases("1", r"\alpha\,e^{z}"),
        functions.elu_derivative,
        leaves_slope=True,
        parameters=_alpha(1.0, 0.01, 10.0),
    ),
    "softmax": Activation(
        functions.softmax_forward,
        r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
        r"f_i\,(\delta_{ij}-f_j)",
        pullback=functions.softmax_pullback,
    ),
    "swish": Activation(
        functions.swish_forward,
        r"\frac{z}{1+e^{-z}}",
        r"f(z)+\frac{1-f(z)}{1+e^{-z}}",
        functions.swish_derivative,
        leaves_slope=True,
        keeps_z=True,
    ),
    "softplus": Activation(
        functions.softplus_forward,
        r"\ln(1+e^{z})",
        _LOGISTIC,
        functions.softplus_derivative,
        leaves_slope=True,
    ),
    "gelu": Activation(
        functions.gelu_forward,
        rf"\frac{{z}}{{1+e^{{-2u}}}},\quad {_GELU_U}",
        r"s+f(z)\,(1-s)\,2\sqrt{\frac{2}{\pi}}\,(1+0.134145\,z^{2}),\quad s=\frac{1}{1+e^{-2u}}"
        rf",\quad {_GELU_U}",
        functions.gelu_derivative,
        leaves_slope=True,
        keeps_z=True,
    ),
    "selu": Activation(
        functions.selu_forward,
        _cases(r"1.0507\,z", r"1.7581\,(e^{z}-1)"),
        _cases("1.0507", r"1.7581\,e^{z}"),
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

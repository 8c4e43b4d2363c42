"""Activation functions and their derivatives as NumPy calls, finite for any finite z.

`xp` is a namespace of NumPy calls (see `engine.operations`); all arrays are (..., units, samples).
`*_forward(xp, z, a, d, alpha)` writes f(z) to `a`; `*_derivative(xp, z, a, d, alpha)` writes f'(z) to `d`.
Some forward functions write an intermediate result for the derivative to `d`, which saves calls.
"""

from typing import Any

MIN_LOGIT = -60.0  # adding e^-60 to 1 changes nothing; smaller values are denormals, 100 times slower
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772
GELU_CUBIC = 0.044715
GELU_SLOPE = 0.7978845608028654  # sqrt(2 / pi)


def step_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = 1 if z >= 0 else 0 (Heaviside); 1 at 0, as in the perceptron."""
    xp.heaviside(z, 1.0, a)


def step_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 0; at z = 0 too, where f has no derivative."""
    xp.multiply(a, 0.0, d)


def linear_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = z."""
    if a is not z:
        xp.copyto(a, z)


def sigmoid_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = 1 / (1 + e^-z), computed as (1 + tanh(z/2)) / 2, which does not overflow."""
    xp.multiply(z, 0.5, a)
    xp.tanh(a, a)
    xp.multiply(a, 0.5, a)
    xp.add(a, 0.5, a)


def sigmoid_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = f (1 - f)."""
    xp.subtract(1.0, a, d)
    xp.multiply(d, a, d)


def tanh_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = (e^z - e^-z) / (e^z + e^-z)."""
    xp.tanh(z, a)


def tanh_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = 1 - f²."""
    xp.multiply(a, a, d)
    xp.subtract(1.0, d, d)


def relu_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = max(0, z)."""
    xp.maximum(z, xp.zeros(z), a)


def relu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else 0; 0 at z = 0, by convention."""
    xp.ceil(a, d)  # ceil and minimum together take two thirds of the time of sign
    xp.minimum(d, xp.ones(a), d)


def leaky_relu_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = max(alpha z, z) for 0 <= alpha <= 1 (Maas et al. 2013)."""
    scaled = xp.temp(z)
    xp.multiply(z, alpha, scaled)
    xp.maximum(z, scaled, a)


def leaky_relu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else alpha: the larger of sign(f) and alpha."""
    xp.sign(a, d)
    xp.maximum(d, alpha, d)


def prelu_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = z if z > 0 else alpha z, one learned alpha per unit, of any sign (He et al. 2015)."""
    negative = xp.temp(z)
    xp.minimum(z, xp.zeros(z), negative)
    xp.multiply(negative, alpha, negative)
    xp.maximum(z, xp.zeros(z), a)
    xp.add(a, negative, a)


def prelu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else alpha, computed as p + (1 - p) alpha with p = 1 if z > 0 else 0."""
    positive = xp.temp(z)
    xp.sign(z, positive)
    xp.maximum(positive, xp.zeros(z), positive)
    xp.subtract(1.0, positive, d)
    xp.multiply(d, alpha, d)
    xp.add(d, positive, d)


def elu_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = z if z > 0 else alpha (e^z - 1) (Clevert et al. 2016). Sets `d` to alpha e^min(z, 0)."""
    negative = xp.temp(z)
    _scaled_exponential(xp, z, d, alpha)
    xp.subtract(d, alpha, negative)
    if alpha <= 1.0:  # then alpha (e^z - 1) >= z for z < 0, and <= z for z > 0: the maximum is f(z)
        xp.maximum(z, negative, a)
    else:
        xp.maximum(z, xp.zeros(z), a)
        xp.add(a, negative, a)


def elu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else alpha e^z, which `d` contains; with alpha = 1 it is complete."""
    if alpha != 1.0:
        _where_positive(xp, a, d, 1.0, alpha)


def selu_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = s z if z > 0 else s alpha (e^z - 1), s = 1.0507, alpha = 1.6733 (Klambauer et al. 2017).
    Sets `d` to s alpha e^min(z, 0).
    """
    negative = xp.temp(z)
    _scaled_exponential(xp, z, d, SELU_SCALE * SELU_ALPHA)
    xp.subtract(d, SELU_SCALE * SELU_ALPHA, negative)
    xp.maximum(z, xp.zeros(z), a)
    xp.multiply(a, SELU_SCALE, a)
    xp.add(a, negative, a)


def selu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = s if z > 0 else s alpha e^z, which `d` contains."""
    _where_positive(xp, a, d, SELU_SCALE, SELU_SCALE * SELU_ALPHA)


def _scaled_exponential(xp: Any, z: Any, d: Any, scale: float) -> None:
    """d = scale · e^min(z, 0)."""
    xp.minimum(z, xp.zeros(z), d)
    xp.exp(d, d)
    if scale != 1.0:
        xp.multiply(d, scale, d)


def _where_positive(xp: Any, a: Any, d: Any, slope: float, maximum: float) -> None:
    """Sets d to `slope` where a > 0. On entry, d is `maximum` there and from 0 to `maximum` elsewhere.

    Uses minimum and maximum: a boolean mask is slower, because its branches are mispredicted.
    """
    bound = xp.temp(a)
    xp.sign(a, bound)
    if slope >= maximum:
        if slope != 1.0:
            xp.multiply(bound, slope, bound)
        xp.maximum(d, bound, d)
        return
    xp.multiply(bound, slope - maximum, bound)
    xp.add(bound, maximum, bound)  # slope where a > 0, elsewhere at least `maximum`
    xp.minimum(d, bound, d)


def softmax_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z)_i = e^{z_i} / Σ_j e^{z_j} over the units, as `softmax`."""
    softmax(xp, z, a)


def softmax(xp: Any, z: Any, a: Any) -> None:
    """a = softmax(z) over the units. The maximum is subtracted first, so that no exponential overflows."""
    common = xp.temp(z)
    xp.max_over_units(z, common)
    xp.subtract(z, common, a)
    xp.maximum(a, xp.full(a, MIN_LOGIT), a)
    xp.exp(a, a)
    xp.sum_over_units(a, common)
    xp.divide(a, common, a)


def softmax_pullback(xp: Any, a: Any, g: Any) -> None:
    """dE/dz_i = s_i (g_i - Σ_j g_j s_j), from the Jacobian s_i (δ_ij - s_j)."""
    product, common = xp.temp(a), xp.temp(a)
    xp.multiply(a, g, product)
    xp.sum_over_units(product, common)
    xp.subtract(g, common, g)
    xp.multiply(g, a, g)


def swish_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = z sigmoid(z) = z / (1 + e^-z) (SiLU; beta = 1). Sets `d` to 1 + e^-z."""
    xp.negative(z, d)
    xp.exp(d, d)
    xp.add(d, 1.0, d)
    xp.divide(z, d, a)


def swish_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = s + f (1 - s) = (1 + z - f) / (1 + e^-z) with s = sigmoid(z), because f / s = z."""
    numerator = xp.temp(z)
    xp.subtract(z, a, numerator)
    xp.add(numerator, 1.0, numerator)
    xp.divide(numerator, d, d)


def softplus_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = ln(1 + e^z); for z >= 40 it equals z in float64. Sets `d` to e^min(z, 40)."""
    logarithm = xp.temp(z)
    xp.minimum(z, xp.full(z, 40.0), d)
    xp.exp(d, d)
    xp.add(d, 1.0, logarithm)
    xp.log(logarithm, logarithm)
    xp.maximum(z, logarithm, a)  # ln(1 + e^z) > z below 40


def softplus_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = sigmoid(z) = e^z / (1 + e^z)."""
    divisor = xp.temp(d)
    xp.add(d, 1.0, divisor)
    xp.divide(d, divisor, d)


def gelu_forward(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f(z) = z/2 (1 + tanh u) = z / (1 + e^-2u), u = sqrt(2/π) (z + 0.044715 z³).

    The tanh approximation of Hendrycks & Gimpel (2016). The second form is precise where f(z) is close to 0.
    Sets `d` to 1 + e^-2u.
    """
    xp.multiply(z, z, d)
    xp.multiply(d, -2 * GELU_CUBIC * GELU_SLOPE, d)
    xp.subtract(d, 2 * GELU_SLOPE, d)
    xp.multiply(d, z, d)
    xp.exp(d, d)
    xp.add(d, 1.0, d)
    xp.divide(z, d, a)


def gelu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = s + f (1 - s) 2u' = s (1 + (z - f) 2u') with s = 1 / (1 + e^-2u), because f / s = z;
    u' = sqrt(2/π) (1 + 3·0.044715 z²).

    To avoid inf · 0, s is multiplied first and z² is limited to 100, where f' is 1 or 0 to the last digit.
    """
    slope, difference = xp.temp(z), xp.temp(z)
    xp.multiply(z, z, slope)
    xp.minimum(slope, xp.full(z, 100.0), slope)
    xp.multiply(slope, 6 * GELU_CUBIC * GELU_SLOPE, slope)
    xp.add(slope, 2 * GELU_SLOPE, slope)
    xp.reciprocal(d, d)
    xp.multiply(slope, d, slope)
    xp.subtract(z, a, difference)
    xp.multiply(difference, slope, difference)
    xp.add(difference, d, d)

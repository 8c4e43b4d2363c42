"""The activation functions themselves: value and derivative of each, as NumPy calls, safe at any |z|.

Each works on a namespace `xp` (see `engine.ops`) and on feature-major arrays, (..., units, samples).
`forward(xp, z, a, alpha)` writes f(z) to `a`; `derivative(xp, z, a, d, alpha)` writes f'(z) to `d`.
"""

from typing import Any

LEAST_LOGIT = -60.0  # e^-60 is nothing beside 1; what lies below would be a denormal, a hundred times slower
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772
GELU_CUBIC = 0.044715
GELU_SLOPE = 0.7978845608028654  # sqrt(2 / pi)


def step_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = 1 if z >= 0 else 0; the value at 0 is the perceptron's."""
    xp.heaviside(z, 1.0, a)


def step_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 0: nothing flows back through a step."""
    xp.multiply(a, 0.0, d)


def linear_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = z."""
    if a is not z:
        xp.copyto(a, z)


def sigmoid_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = 1 / (1 + e^-z), computed as (1 + tanh(z/2)) / 2, which cannot overflow."""
    xp.multiply(z, 0.5, a)
    xp.tanh(a, a)
    xp.multiply(a, 0.5, a)
    xp.add(a, 0.5, a)


def sigmoid_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = f (1 - f)."""
    xp.subtract(1.0, a, d)
    xp.multiply(d, a, d)


def tanh_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = (e^z - e^-z) / (e^z + e^-z)."""
    xp.tanh(z, a)


def tanh_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = 1 - f²."""
    xp.multiply(a, a, d)
    xp.subtract(1.0, d, d)


def relu_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = max(0, z)."""
    xp.maximum(z, xp.zeros(z), a)


def relu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else 0; at z = 0 we choose 0, so that a silent unit stays silent."""
    xp.ceil(a, d)  # ceil and minimum together take two thirds of the time of sign
    xp.minimum(d, xp.ones(a), d)


def leaky_relu_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = max(alpha z, z) for 0 <= alpha <= 1."""
    scaled = xp.temp(z)
    xp.multiply(z, alpha, scaled)
    xp.maximum(z, scaled, a)


def leaky_relu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else alpha: the larger of sign(f) and alpha."""
    xp.sign(a, d)
    xp.maximum(d, alpha, d)


def prelu_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = z if z > 0 else alpha z, one learned alpha per unit, of any sign and size (He et al. 2015)."""
    negative = xp.temp(z)
    xp.minimum(z, xp.zeros(z), negative)
    xp.multiply(negative, alpha, negative)
    xp.maximum(z, xp.zeros(z), a)
    xp.add(a, negative, a)


def prelu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else alpha."""
    positive = xp.mask(z)
    xp.greater(z, xp.zeros(z), positive)
    xp.copyto(d, alpha)
    xp.putmask(d, positive, 1.0)


def elu_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = z if z > 0 else alpha (e^z - 1)."""
    _exponential_linear(xp, z, a, 1.0, alpha)


def elu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = 1 if z > 0 else alpha e^z = f + alpha."""
    _exponential_linear_derivative(xp, a, d, 1.0, alpha)


def selu_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = s z if z > 0 else s alpha (e^z - 1), s = 1.0507, alpha = 1.6733 (Klambauer et al. 2017)."""
    _exponential_linear(xp, z, a, SELU_SCALE, SELU_ALPHA)


def selu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f'(z) = s if z > 0 else s alpha e^z = f + s alpha."""
    _exponential_linear_derivative(xp, a, d, SELU_SCALE, SELU_ALPHA)


def _exponential_linear(xp: Any, z: Any, a: Any, scale: float, alpha: float) -> None:
    negative = xp.temp(z)
    xp.minimum(z, xp.zeros(z), negative)
    xp.exp(negative, negative)
    xp.subtract(negative, 1.0, negative)
    if alpha != 1.0:
        xp.multiply(negative, alpha, negative)
    if (
        alpha <= 1.0
    ):  # then alpha (e^z - 1) >= z for z < 0, and it is 0 < z otherwise: the larger is the value
        xp.maximum(z, negative, a)
    else:
        xp.maximum(z, xp.zeros(z), a)
        xp.add(a, negative, a)
    if scale != 1.0:
        xp.multiply(a, scale, a)


def _exponential_linear_derivative(xp: Any, a: Any, d: Any, scale: float, alpha: float) -> None:
    if scale * (1.0 - alpha) == 0.0:  # both branches meet with the same slope: no need to tell them apart
        xp.minimum(a, xp.zeros(a), d)
        xp.add(d, scale, d)
        return
    positive = xp.temp(a)
    xp.sign(a, positive)
    xp.maximum(positive, xp.zeros(a), positive)
    xp.multiply(positive, scale * (1.0 - alpha), positive)
    xp.minimum(a, xp.zeros(a), d)
    xp.add(d, scale * alpha, d)
    xp.add(d, positive, d)


def softmax_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z)_i = e^{z_i} / Σ_j e^{z_j} over the units, shifted by the largest z so that no exponential
    overflows.
    """
    shares(xp, z, a)


def shares(xp: Any, z: Any, a: Any) -> None:
    """Softmax itself, which a matched loss computes too."""
    common = xp.temp(z)
    xp.largest(z, common)
    xp.subtract(z, common, a)
    xp.maximum(a, xp.full(a, LEAST_LOGIT), a)
    xp.exp(a, a)
    xp.total(a, common)
    xp.divide(a, common, a)


def softmax_pullback(xp: Any, a: Any, g: Any) -> None:
    """dE/dz_i = s_i (g_i - Σ_j g_j s_j), from the Jacobian s_i (δ_ij - s_j)."""
    product, common = xp.temp(a), xp.temp(a)
    xp.multiply(a, g, product)
    xp.total(product, common)
    xp.subtract(g, common, g)
    xp.multiply(g, a, g)


def swish_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = z sigmoid(z) (SiLU; beta = 1)."""
    half = xp.temp(z)
    xp.multiply(z, 0.5, half)
    xp.tanh(half, a)
    xp.multiply(a, half, a)
    xp.add(a, half, a)


def swish_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = f + sigmoid(z) (1 - f)."""
    complement = xp.temp(z)
    sigmoid_forward(xp, z, d, None)
    xp.subtract(1.0, a, complement)
    xp.multiply(d, complement, d)
    xp.add(d, a, d)


def softplus_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = ln(1 + e^z); from z = 30 on, where the 1 no longer counts, z itself."""
    bounded = xp.temp(z)
    xp.minimum(z, xp.full(z, 30.0), bounded)
    xp.exp(bounded, bounded)
    xp.add(bounded, 1.0, bounded)
    xp.log(bounded, bounded)
    xp.maximum(z, bounded, a)  # ln(1 + e^z) > z below 30


def softplus_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = sigmoid(z) = 1 - e^-f."""
    xp.negative(a, d)
    xp.exp(d, d)
    xp.subtract(1.0, d, d)


def gelu_forward(xp: Any, z: Any, a: Any, alpha: Any) -> None:
    """f(z) = z/2 (1 + tanh u) = z / (1 + e^-2u), u = sqrt(2/π) (z + 0.044715 z³): the tanh form of
    Hendrycks & Gimpel 2016, written so that it keeps its digits where it is close to 0.
    """
    xp.multiply(z, z, a)
    _gelu_divisor(xp, z, a, a)
    xp.divide(z, a, a)


def gelu_derivative(xp: Any, z: Any, a: Any, d: Any, alpha: Any) -> None:
    """f' = s + f (1 - s) 2u' with s = 1 / (1 + e^-2u) and u' = sqrt(2/π) (1 + 3·0.044715 z²).

    z² is cut at 100, where f' is 1 or 0 to the last digit: beyond, it could be inf · 0.
    """
    square, complement = xp.temp(z), xp.temp(z)
    xp.multiply(z, z, square)
    xp.minimum(square, xp.full(z, 100.0), square)
    _gelu_divisor(xp, z, square, d)
    xp.reciprocal(d, d)
    xp.multiply(square, 6 * GELU_CUBIC * GELU_SLOPE, square)
    xp.add(square, 2 * GELU_SLOPE, square)
    xp.subtract(1.0, d, complement)
    xp.multiply(complement, square, complement)
    xp.multiply(complement, a, complement)
    xp.add(d, complement, d)


def _gelu_divisor(xp: Any, z: Any, square: Any, out: Any) -> None:
    """1 + e^-2u from z and z²."""
    xp.multiply(square, -2 * GELU_CUBIC * GELU_SLOPE, out)
    xp.subtract(out, 2 * GELU_SLOPE, out)
    xp.multiply(out, z, out)
    xp.exp(out, out)
    xp.add(out, 1.0, out)

"""Activation functions compared with textbook formulas and central differences, and large inputs."""

import math

import numpy as np
import pytest

from engine.layers.activations import ACTIVATIONS, derivative, value
from engine.operations import EAGER, LoopVariable, Recorder, aligned

SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772


def gelu(z: float) -> float:
    return 0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


# Textbook formulas for single numbers.
FORMULAS = {
    "step": lambda z, a: 1.0 if z >= 0 else 0.0,
    "linear": lambda z, a: z,
    "sigmoid": lambda z, a: 1 / (1 + math.exp(-z)),
    "tanh": lambda z, a: math.tanh(z),
    "relu": lambda z, a: max(0.0, z),
    "leaky_relu": lambda z, a: z if z > 0 else a * z,
    "prelu": lambda z, a: z if z > 0 else a * z,
    "elu": lambda z, a: z if z > 0 else a * math.expm1(z),
    "swish": lambda z, a: z / (1 + math.exp(-z)),
    "softplus": lambda z, a: math.log1p(math.exp(z)),
    "gelu": lambda z, a: gelu(z),
    "selu": lambda z, a: SCALE * (z if z > 0 else ALPHA * math.expm1(z)),
}
POINTS = np.array([-5.0, -2.3, -1.0, -0.2, 0.0, 0.3, 1.0, 2.7, 6.0])
NONZERO_POINTS = np.array([-5.0, -2.3, -1.0, -0.2, 0.3, 1.0, 2.7, 6.0])
VALID = [
    (name, alpha)
    for name in ACTIVATIONS
    for alpha in (0.3, 1.0, 2.0)
    if name != "softmax" and (name, alpha) != ("leaky_relu", 2.0)
]


@pytest.mark.parametrize(("name", "alpha"), VALID)
def test_every_activation_equals_its_formula(name: str, alpha: float) -> None:
    expected = [FORMULAS[name](z, alpha) for z in POINTS]
    assert value(name, POINTS[None], alpha)[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("name", "alpha"), VALID)
def test_every_derivative_equals_central_differences(name: str, alpha: float) -> None:
    h = 1e-6
    slope = (value(name, NONZERO_POINTS[None] + h, alpha) - value(name, NONZERO_POINTS[None] - h, alpha)) / (
        2 * h
    )
    assert derivative(name, NONZERO_POINTS[None], alpha) == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_value_and_derivative_are_finite_for_very_large_inputs(name: str, dtype: type) -> None:
    large = 1e37 if dtype == np.float32 else 1e307
    z = np.array([[-1e4, -100.0, 0.0, 100.0, 1e4, large], [1e4, -1e4, 0.0, 1.0, 1e4, -large]], dtype)
    for result in (value(name, z, 0.5), derivative(name, z, 0.5)):
        assert np.isfinite(result).all() and result.dtype == dtype


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_recorded_calls_give_the_same_bits_as_eager_calls(name: str) -> None:
    z = np.random.default_rng(1).normal(size=(4, 6)) * 3
    xp, a, d = Recorder(np.dtype(float)), np.empty((4, 6)), np.ones((4, 6))
    entry = ACTIVATIONS[name]
    entry.forward(xp, z, a, d, 0.5)
    if entry.derivative:
        entry.derivative(xp, z, a, d, 0.5)
    xp.compile((LoopVariable("iteration").name,))((0,))
    assert a.tobytes() == value(name, z, 0.5).tobytes()
    assert entry.pullback or d.tobytes() == derivative(name, z, 0.5).tobytes()


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "swish", "gelu"])
def test_the_derivative_of_a_smooth_activation_equals_its_limit_for_large_inputs(name: str) -> None:
    assert derivative(name, np.array([[45.0, 60.0]])) == pytest.approx(
        0.0 if name == "sigmoid" else 1.0, abs=1e-15
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("alpha", [0.3, 1.0, 2.0])
def test_single_precision_equals_double_precision_up_to_rounding(name: str, alpha: float) -> None:
    z = np.linspace(-40, 40, 4001, dtype=np.float32)[None]
    exact = z.astype(float)
    assert value(name, z, alpha) == pytest.approx(value(name, exact, alpha), rel=3e-7, abs=3e-7)
    assert derivative(name, z, alpha) == pytest.approx(derivative(name, exact, alpha), rel=1e-6, abs=4e-6)


@pytest.mark.parametrize("shape", [(1, 4), (40, 6), (3, 5, 6), (2, 40, 6)], ids=str)
def test_recorded_sums_and_maxima_over_units_equal_those_of_numpy(shape: tuple[int, ...]) -> None:
    xp, z = Recorder(np.dtype(float)), aligned(shape, np.dtype(float))
    z[...] = np.random.default_rng(3).normal(size=shape)
    total, maximum = aligned(shape, np.dtype(float)), aligned(shape, np.dtype(float))
    xp.sum_over_units(z, total)
    xp.max_over_units(z, maximum)
    xp.compile((LoopVariable("iteration").name,))((0,))
    assert total == pytest.approx(np.broadcast_to(z.sum(axis=-2, keepdims=True), shape), abs=1e-12)
    assert np.array_equal(maximum, np.broadcast_to(z.max(axis=-2, keepdims=True), shape))


@pytest.mark.parametrize("name", [n for n, entry in ACTIVATIONS.items() if not entry.keeps_z])
def test_an_activation_without_keeps_z_can_overwrite_z(name: str) -> None:
    z = np.random.default_rng(2).normal(size=(3, 5))
    expected = value(name, z, 0.5)
    ACTIVATIONS[name].forward(EAGER, z, z, np.empty_like(z), 0.5)
    assert z == pytest.approx(expected, abs=1e-15)


def test_softmax_reproduces_the_worked_example_of_the_lecture() -> None:
    z = np.array([[1.3], [5.1], [2.2], [0.7], [1.1]])
    assert np.exp(z).sum() == pytest.approx(181.73, abs=0.005)
    assert value("softmax", z)[:, 0] == pytest.approx([0.0202, 0.9025, 0.0497, 0.0111, 0.0165], abs=5e-5)


def test_softmax_pullback_is_the_product_with_its_jacobian() -> None:
    rng = np.random.default_rng(3)
    z, g = rng.normal(size=(4, 1)), rng.normal(size=(4, 1))
    s = value("softmax", z)
    jacobian = np.diag(s[:, 0]) - s @ s.T
    gradient = g.copy()
    ACTIVATIONS["softmax"].pullback(EAGER, s, gradient)  # type: ignore[misc]
    assert gradient == pytest.approx(jacobian @ g)


def test_step_is_one_at_zero() -> None:
    assert value("step", np.zeros((1, 1)))[0, 0] == 1


def test_the_derivative_of_relu_at_zero_is_zero() -> None:
    assert derivative("relu", np.zeros((1, 1)))[0, 0] == 0


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_as_input_gives_nan(name: str) -> None:
    assert np.isnan(value(name, np.full((2, 1), np.nan), 0.5)).all()

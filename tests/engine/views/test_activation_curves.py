"""Activation curves: values and slopes against formulas and differences, and the histograms of z."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.layers.activations import ACTIVATIONS, derivative
from engine.queries import weights
from engine.training.trainer import Trainer
from engine.views import VIEWS

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
FORMULAS: dict[str, Callable[[float], float]] = {
    "step": lambda z: 1.0 if z >= 0 else 0.0,
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(0.0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.1 * z,
    "prelu": lambda z: z if z > 0 else 0.1 * z,
    "elu": lambda z: z if z > 0 else 0.1 * (math.exp(z) - 1),
    "swish": lambda z: z / (1 + math.exp(-z)),
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "gelu": lambda z: z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "selu": lambda z: SELU_SCALE * (z if z > 0 else SELU_ALPHA * (math.exp(z) - 1)),
}


def compute(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["activation_curves"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_the_curve_and_slope_of_every_activation_match_its_formula(make: Any, name: str) -> None:
    alpha = {"alpha": 0.1} if ACTIVATIONS[name].parameters else {}
    result = compute(make(), activation=name, low=-4, high=5, points=46, **alpha)
    f = FORMULAS[name]
    assert result["z"] == pytest.approx([-4 + 0.2 * index for index in range(46)])
    assert result["activation"]["f"] == pytest.approx([f(z) for z in result["z"]], abs=1e-12)
    for z, slope in zip(result["z"], result["activation"]["slope"], strict=True):
        if abs(z) > 1e-9:  # the slope may be undefined at 0
            assert slope == pytest.approx((f(z + 1e-6) - f(z - 1e-6)) / 2e-6, abs=1e-8)
    assert result["activation"]["alpha"] == alpha.get("alpha")


def test_softmax_has_no_curve_but_a_reason(make: Any) -> None:
    result = compute(make(dataset={"name": "iris"}), activation="softmax")
    assert result["activation"]["f"] is None and result["activation"]["code"] == "mixes_units"
    assert result["layers"][-1]["f"] is None and result["layers"][-1]["histogram"]["counts"].sum() > 0


@pytest.mark.parametrize("part", ["train", "test"])
def test_every_layer_has_the_histogram_of_its_z_and_the_curve_of_its_mean_alpha(make: Any, part: str) -> None:
    layers = [{"units": 5, "activation": "prelu"}, {"units": 4, "activation": "sigmoid"}, {"units": 3}]
    trainer = make(layers=layers, dtype="float64")
    trainer.advance(30)
    result = compute(trainer, part=part, bins=9)
    layers_of_weights = weights(trainer.checkpoint(), trainer.data)["layers"]
    a = getattr(trainer.data, part).inputs
    for layer, spec in zip(result["layers"], layers_of_weights, strict=True):
        z = a @ spec["weights"] + spec["biases"]
        alpha = np.array(spec["alpha"])[:, None] if "alpha" in spec else None
        expected = np.histogram(z, 9, (layer["histogram"]["low"], layer["histogram"]["high"]))[0]
        assert np.abs(layer["histogram"]["counts"] - expected).sum() <= 2
        assert layer["flat"] == np.mean(np.abs(derivative(spec["activation"], z.T, alpha)) < 0.05)
        assert layer["alpha"] == pytest.approx(spec.get("alpha", []))
        rows = [
            [_f(spec["activation"], x, spec.get("alpha"), unit) for unit, x in enumerate(row)] for row in z
        ]
        a = np.array(rows)
    mean = np.mean(layers_of_weights[0]["alpha"])
    assert result["layers"][0]["f"] == pytest.approx([z if z > 0 else mean * z for z in result["z"]])


def _f(name: str, z: float, alphas: list[float] | None, unit: int) -> float:
    if alphas is not None:
        return z if z > 0 else alphas[unit] * z
    return FORMULAS[name](z)


def test_the_fraction_of_values_that_are_not_finite_is_returned(make: Any) -> None:
    trainer = make(dtype="float64")
    trainer.network.layers[0].matrix(trainer.state.theta)[-1, :2] = np.nan
    assert compute(trainer)["layers"][0]["nonfinite"] == 0.25


def test_every_one_of_a_hundred_layers_has_a_curve(make: Any) -> None:
    result = compute(make(layers=[{"units": 4, "activation": "sigmoid"}] * 100))
    assert len(result["layers"]) == 101 and all(len(layer["f"]) == 241 for layer in result["layers"])

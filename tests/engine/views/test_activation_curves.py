"""Activation curves: values and slopes written out, differences, and what lies beneath them counted."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.layers.activations import ACTIVATIONS, derivative
from engine.queries import weights
from engine.training.trainer import Trainer
from engine.views import VIEWS

SELU, A = 1.0507009873554805, 1.6732632423543772
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
    "selu": lambda z: SELU * (z if z > 0 else A * (math.exp(z) - 1)),
}


def draw(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["activation_curves"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_curve_and_slope_of_every_activation(make: Any, name: str) -> None:
    alpha = {"alpha": 0.1} if ACTIVATIONS[name].parameters else {}
    drawn = draw(make(), activation=name, low=-4, high=5, points=46, **alpha)
    f = FORMULAS[name]
    assert drawn["z"] == pytest.approx([-4 + 0.2 * index for index in range(46)])
    assert drawn["activation"]["f"] == pytest.approx([f(z) for z in drawn["z"]], abs=1e-12)
    for z, slope in zip(drawn["z"], drawn["activation"]["slope"], strict=True):
        if abs(z) > 1e-9:  # a kink has no slope to compare with
            assert slope == pytest.approx((f(z + 1e-6) - f(z - 1e-6)) / 2e-6, abs=1e-8)
    assert drawn["activation"]["alpha"] == alpha.get("alpha")


def test_softmax_has_no_curve_and_says_why(make: Any) -> None:
    drawn = draw(make(dataset={"name": "iris"}), activation="softmax")
    assert drawn["activation"]["f"] is None and drawn["activation"]["code"] == "mixes_units"
    assert drawn["layers"][-1]["f"] is None and drawn["layers"][-1]["histogram"]["counts"].sum() > 0


@pytest.mark.parametrize("part", ["train", "test"])
def test_live_values_lie_beneath_every_layers_curve(make: Any, part: str) -> None:
    layers = [{"units": 5, "activation": "prelu"}, {"units": 4, "activation": "sigmoid"}, {"units": 3}]
    trainer = make(layers=layers, dtype="float64")
    trainer.advance(30)
    drawn = draw(trainer, part=part, bins=9)
    told = weights(trainer.checkpoint(), trainer.data)["layers"]
    a = getattr(trainer.data, part).inputs
    for layer, spec in zip(drawn["layers"], told, strict=True):
        z = a @ spec["weights"] + spec["biases"]
        alpha = np.array(spec["alpha"])[:, None] if "alpha" in spec else None
        expected = np.histogram(z, 9, (layer["histogram"]["low"], layer["histogram"]["high"]))[0]
        assert np.abs(layer["histogram"]["counts"] - expected).sum() <= 2
        assert layer["flat"] == np.mean(np.abs(derivative(spec["activation"], z.T, alpha)) < 0.05)
        assert layer["alpha"] == pytest.approx(spec.get("alpha", []))
        a = np.array([[_f(spec["activation"], v, spec.get("alpha"), j) for j, v in enumerate(r)] for r in z])
    mean = np.mean(told[0]["alpha"])
    assert drawn["layers"][0]["f"] == pytest.approx([v if v > 0 else mean * v for v in drawn["z"]])


def _f(name: str, z: float, alphas: list[float] | None, unit: int) -> float:
    if alphas is not None:
        return z if z > 0 else alphas[unit] * z
    return FORMULAS[name](z)


def test_values_that_are_not_finite_are_counted_apart(make: Any) -> None:
    trainer = make(dtype="float64")
    trainer.network.layers[0].matrix(trainer.state.theta)[-1, :2] = np.nan
    assert draw(trainer)["layers"][0]["nonfinite"] == 0.25


def test_a_hundred_layers_have_a_hundred_curves(make: Any) -> None:
    drawn = draw(make(layers=[{"units": 4, "activation": "sigmoid"}] * 100))
    assert len(drawn["layers"]) == 101 and all(len(layer["f"]) == 241 for layer in drawn["layers"])


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"activation": "cosine"}, "activation"),
        ({"alpha": 0.1}, "alpha"),
        ({"activation": "leaky_relu", "alpha": 1.5}, "alpha"),
        ({"low": 6}, "high"),
        ({"points": 1}, "points"),
        ({"part": "validation"}, "part"),
    ],
)
def test_a_bad_option_is_refused_by_its_name(make: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        draw(make(), **options)
    assert caught.value.field == field

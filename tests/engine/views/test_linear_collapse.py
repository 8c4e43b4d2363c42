"""Linear collapse: the product of all layers against sums of products."""

from typing import Any

import numpy as np
import pytest

from engine.queries import weights
from engine.training.compiled.forward import outputs
from engine.training.trainer import Trainer
from engine.views import VIEWS

DEEP: dict[str, Any] = {"layers": [{"units": n, "activation": "linear"} for n in (6, 4, 5)]}


def compute(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["linear_collapse"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def product_of_layers(trainer: Trainer) -> tuple[list[list[float]], list[float]]:
    """W and b of z = W x + b, by sums of products."""
    layers = weights(trainer.checkpoint(), trainer.data)["layers"]
    inputs = len(layers[0]["weights"])
    rows: list[list[float]] = [[1.0 if i == j else 0.0 for j in range(inputs)] for i in range(inputs)] + [
        [0.0] * inputs
    ]
    for layer in layers:
        w, b = layer["weights"].astype(float).tolist(), layer["biases"].astype(float).tolist()
        rows = [
            [sum(row[k] * w[k][j] for k in range(len(w))) + b[j] * (i == inputs) for j in range(len(b))]
            for i, row in enumerate(rows)
        ]
    return rows[:-1], rows[-1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("dataset", ["plane", "gauss", "blobs", "discs", "sine", "wine"])
def test_a_deep_linear_network_equals_the_product_of_its_layers(make: Any, dataset: str, dtype: str) -> None:
    trainer = make({**DEEP, "dataset": {"name": dataset}, "dtype": dtype})
    trainer.advance(50)
    result = compute(trainer)
    w, b = product_of_layers(trainer)
    assert result["collapses"] and result["bends"] == []
    assert result["weights"] == pytest.approx(np.array(w), rel=1e-9, abs=1e-12)
    assert result["bias"] == pytest.approx(np.array(b), rel=1e-9, abs=1e-12)
    assert result["difference"] <= result["tolerance"] and result["equal"]
    assert result["tolerance"] < (1e-2 if dtype == "float32" else 1e-10)
    assert result["deep"] == pytest.approx(result["single"], abs=result["tolerance"])
    assert result["maps"]["deep"] == pytest.approx(result["maps"]["single"], abs=1e-3)


def test_a_non_linear_layer_is_named_and_causes_a_difference(make: Any) -> None:
    trainer = make({"layers": [{"units": 6, "activation": "linear"}, {"units": 6, "activation": "relu"}]})
    trainer.advance(200)
    result = compute(trainer)
    assert result["collapses"] is False and result["bends"] == [
        {"layer": 1, "name": "hidden 2", "activation": "relu"}
    ]
    assert result["difference"] > 100 * result["tolerance"] and result["equal"] is False


@pytest.mark.parametrize("activation", ["tanh", "relu", "softmax"])
@pytest.mark.parametrize("layers", [1, 6])
def test_a_network_with_non_linear_layers_is_never_equal_and_rounding_explains_little(
    make: Any, activation: str, layers: int
) -> None:
    trainer = make(dataset={"name": "spiral"}, layers=[{"units": 8, "activation": activation}] * layers,
                   optimizer={"learning_rate": 0.1})  # fmt: skip
    for _ in range(4):
        result = compute(trainer)
        assert result["equal"] is False and result["tolerance"] < 0.01
        trainer.advance(200)


@pytest.mark.parametrize("dataset", ["gauss", "plane", "digits"])
def test_ten_linear_layers_are_equal_within_a_hundredth(make: Any, dataset: str) -> None:
    trainer = make(dataset={"name": dataset}, layers=[{"units": 8, "activation": "linear"}] * 9)
    trainer.advance(300)
    result = compute(trainer)
    assert result["equal"] and result["difference"] < 1e-5 and result["tolerance"] <= 0.01


@pytest.mark.parametrize("activation", ["linear", "tanh", "softmax"])
def test_the_tolerance_bounds_the_rounding_of_the_outputs(make: Any, activation: str) -> None:
    trainer = make(dataset={"name": "spiral"}, layers=[{"units": 6, "activation": activation}] * 3)
    trainer.advance(200)
    checkpoint = trainer.checkpoint()
    inputs = trainer.data.test.inputs.astype(np.float32)
    exact = outputs(checkpoint.network, checkpoint.theta.astype(np.float64), inputs.astype(np.float64))
    error = np.abs(outputs(checkpoint.network, checkpoint.theta, inputs) - exact).max()
    assert 0 < error <= compute(trainer)["tolerance"]


def test_an_error_of_a_thousandth_in_the_weights_exceeds_the_tolerance(make: Any) -> None:
    trainer = make({**DEEP, "dataset": {"name": "plane", "samples": 60}, "dtype": "float64"})
    trainer.advance(50)
    result = compute(trainer)
    shifted = trainer.data.test.inputs @ (result["weights"] + 1e-3) + result["bias"]
    assert np.abs(shifted - result["deep"]).max() > 1000 * result["tolerance"]


def test_disabled_units_are_left_out_of_the_product(make: Any) -> None:
    trainer = make({**DEEP, "dataset": {"name": "plane", "samples": 60}})
    trainer.apply_edits({"units": [{"layer": 1, "unit": 2, "action": "off"}]})
    assert compute(trainer)["equal"]


def test_weighted_sums_are_compared_for_step_outputs(make: Any) -> None:
    trainer = make({"dataset": {"name": "gate_and"}, "layers": [], "optimizer": {"name": "perceptron"}})
    trainer.advance(20)
    result = compute(trainer)
    assert result["compared"] == "weighted sums" and result["equal"]


def test_large_matrices_are_not_returned(make: Any) -> None:
    layers = [{"units": units, "activation": "linear"} for units in (600, 3)]
    result = compute(make({"layers": layers}))
    assert result["layers"][0]["weights"] is None and result["layers"][0]["lecture_shape"] == [600, 2]
    assert result["weights"].shape == (2, 1)

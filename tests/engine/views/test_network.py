"""Network: weights, and maps of units against the decision boundary of each unit."""

from typing import Any

import numpy as np
import pytest

from engine.layers.activations import value
from engine.queries import weights
from engine.training.trainer import Trainer


def map_values(part: dict[str, Any]) -> np.ndarray:
    """The values (units, points) that the bytes of maps stand for."""
    steps = part["maps"].reshape(len(part["maps"]), -1) / 255
    return np.asarray(part["low"] + steps * (part["high"] - part["low"]))


def test_weights_and_maps_are_those_of_every_unit(trained: Trainer, compute_view: Any) -> None:
    result = compute_view(trained, "network", resolution=6)
    parameters = weights(trained.checkpoint(), trained.data)["layers"]
    for layer, expected in zip(result["layers"], parameters, strict=True):
        assert layer["weights"] == pytest.approx(expected["weights"], abs=1e-6)
        assert layer["biases"] == pytest.approx(expected["biases"], abs=1e-6)
    if trained.data.inputs != ["x1", "x2"]:
        return
    last = len(parameters) - 1
    for index in range(len(parameters)):
        for unit in range(result["layers"][index]["units"]):
            options = {} if index == last else {"layer": index}
            fine = compute_view(trained, "decision_boundary", resolution=6, unit=unit, **options)["values"][0]
            layer = result["layers"][index]
            values = layer["low"] + layer["maps"][unit] / 255 * (layer["high"] - layer["low"])
            assert values == pytest.approx(fine, abs=(layer["high"] - layer["low"]) / 255)


def test_maps_of_the_first_layer_follow_from_its_weights_and_the_maps_of_the_inputs(
    trained: Trainer, compute_view: Any
) -> None:
    result, layer = compute_view(trained, "network", resolution=6), trained.network.layers[0]
    inputs, first = result["inputs"], result["layers"][0]
    assert inputs["names"] == trained.data.features and len(inputs["maps"]) == layer.inputs
    z = first["weights"].T @ map_values(inputs) + first["biases"][:, None]
    alpha = layer.alphas(trained.state.theta)
    rounded = sum(
        (part["high"] - part["low"]) / 510 * factor
        for part, factor in ((inputs, 1.2 * np.abs(first["weights"]).sum(axis=0).max()), (first, 1.0))
    )
    assert map_values(first) == pytest.approx(value(layer.activation, z, alpha), abs=rounded + 1e-6)


@pytest.mark.parametrize("name", ["digits", "light_curves"])
def test_pixels_and_series_have_no_maps_of_inputs(make: Any, name: str, compute_view: Any) -> None:
    assert "inputs" not in compute_view(
        make({"dataset": {"name": name, "samples": 60}}), "network", resolution=4
    )


def test_a_large_network_counts_what_is_left_out(make: Any, compute_view: Any) -> None:
    trainer = make(layers=[{"units": 40}] + [{"units": 4}] * 30)
    result = compute_view(trainer, "network")
    assert result["layers"][0]["omitted_units"] == 8 and result["layers"][0]["maps"].shape == (32, 20, 20)
    assert len(result["layers"]) + len(result["omitted_layers"]) == 32
    assert result["layers"][-1]["index"] == 31


@pytest.mark.parametrize("standardize", [True, False])
def test_features_that_the_data_offer_and_the_network_does_not_use_have_maps(
    make: Any, compute_view: Any, standardize: bool
) -> None:
    dataset = {"name": "circle", "samples": 60, "standardize": standardize}
    features = ["x2", "x1^2", "x1*x2", "sin(x1)", "sin(x2)"]
    trainer = make({"dataset": dataset, "features": features})
    unused = compute_view(trainer, "network")["unused"]
    assert unused["names"] == ["x1", "x2^2"] and unused["maps"].shape == (2, 10, 10)
    axis, mean = np.linspace(-6, 6, 10), trainer.data.train.raw.mean(axis=0) * standardize
    squares = np.repeat(axis**2 - (trainer.data.train.raw[:, 1] ** 2).mean() * standardize, 10)
    expected = [np.tile(axis - mean[0], 10), squares]
    for values, exact in zip(map_values(unused), expected, strict=True):
        assert values == pytest.approx(exact / np.abs(exact).max(), abs=2 / 255)


def test_a_network_that_uses_every_feature_has_no_maps_of_unused_ones(make: Any, compute_view: Any) -> None:
    assert "unused" not in compute_view(make({"dataset": {"name": "iris"}}), "network", resolution=4)

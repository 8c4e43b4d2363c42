"""Activation histograms: counts against NumPy's histograms of values by sums of products."""

from typing import Any

import numpy as np
import pytest

from engine.layers.activations import derivative
from engine.queries import weights
from engine.training.trainer import Trainer


@pytest.mark.parametrize("part", ["train", "test"])
def test_histograms_count_every_value_of_every_layer(
    trained: Trainer, part: str, compute_view: Any, layer_values: Any
) -> None:
    result = compute_view(trained, "activation_histograms", part=part, bins=12)
    values_of_layers = layer_values(trained, getattr(trained.data, part).inputs)
    for layer, (z, a), spec in zip(result["layers"], values_of_layers, trained.network.layers, strict=True):
        for histogram, values in ((layer["preactivations"], z), (layer["activations"], a)):
            assert (histogram["low"], histogram["high"]) == pytest.approx(
                (values.min(), values.max()), abs=1e-9
            )
            expected = np.histogram(values, bins=12, range=(histogram["low"], histogram["high"]))[0]
            assert histogram["counts"].sum() == values.size
            assert (
                np.abs(histogram["counts"] - expected).sum() <= 2
            )  # a value on an edge may fall to either side
        assert layer["dead"] == np.mean([column.max() <= 0 for column in a.T])
        alpha = (
            np.array(weights(trained.checkpoint(), trained.data)["layers"][0]["alpha"])[:, None]
            if spec.alpha_start
            else None
        )
        slopes = derivative(spec.activation, z.T, alpha)
        assert layer["saturated"] == pytest.approx(np.mean(np.abs(slopes) < 0.05))
        assert layer["nonfinite"] == 0


def test_values_that_are_not_finite_are_in_no_bin(make: Any, compute_view: Any) -> None:
    trainer = make(layers=[{"units": 4, "activation": "relu"}], dtype="float64")
    trainer.network.layers[0].matrix(trainer.state.theta)[-1, 0] = np.nan
    trainer.network.layers[0].matrix(trainer.state.theta)[-1, 1] = np.inf
    layer = compute_view(trainer, "activation_histograms")["layers"][0]
    assert layer["nonfinite"] == 0.5
    assert layer["preactivations"]["counts"].sum() == 2 * 30
    assert np.isfinite([layer["preactivations"]["low"], layer["preactivations"]["high"]]).all()


@pytest.mark.parametrize("activation", ["tanh", "elu", "selu", "swish", "gelu", "softplus", "prelu"])
def test_disabled_units_count_as_saturated_if_their_slope_is_small(
    make: Any, activation: str, compute_view: Any
) -> None:
    trainer = make(layers=[{"units": 2, "activation": activation}], dtype="float64")
    trainer.apply_edits({"units": [{"layer": 0, "unit": 1, "action": "off"}]})
    trainer.network.layers[0].matrix(trainer.state.theta)[:] = [[0, 0], [0, 0], [0.5, 6]]
    slopes = derivative(activation, np.array([[0.5, 6.0]]), 0.25)
    result = compute_view(trainer, "activation_histograms")["layers"][0]
    assert result["saturated"] == np.count_nonzero(np.abs(slopes) < 0.05) / 2

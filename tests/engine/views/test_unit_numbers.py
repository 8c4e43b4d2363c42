"""Unit numbers: gradients against differences of losses, outputs against sums of products."""

from typing import Any

import pytest

from engine.training.trainer import Trainer
from engine.views import VIEWS

CASES: list[dict[str, Any]] = [
    {"layers": [{"units": 4, "activation": "swish"}, {"units": 3}], "loss": {"name": "half_squared_error"}},
    {"dataset": {"name": "sine", "samples": 40}, "layers": [{"units": 4, "activation": "prelu"}]},
    {"dataset": {"name": "blobs", "samples": 40}, "layers": [{"units": 4}]},
]


@pytest.fixture(params=CASES, ids=["circle", "sine", "blobs"])
def trained(request: pytest.FixtureRequest, make: Any) -> Trainer:
    trainer: Trainer = make({**request.param, "dtype": "float64"})
    trainer.advance(15)
    return trainer


def compute(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["unit_numbers"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


@pytest.mark.parametrize("layer", [0, None])
def test_gradients_are_differences_of_losses(trained: Trainer, layer: int | None, mean_loss: Any) -> None:
    result = compute(trained, layer=layer, unit=0, index=3)
    index = len(trained.network.layers) - 1 if layer is None else layer
    dense = trained.network.layers[index]
    for source in range(dense.inputs + 1):
        mean_gradient, point_gradient = (
            result["bias_gradient"] if source == dense.inputs else result["weight_gradients"][source],
            result["point"]["delta"]
            if source == dense.inputs
            else result["point"]["weight_gradients"][source],
        )
        for rows, gradient in ((slice(None), mean_gradient), (slice(3, 4), point_gradient)):
            losses = []
            for h in (1e-6, -1e-6):
                theta = trained.state.theta.copy()
                dense.matrix(theta)[source, 0] += h
                losses.append(mean_loss(trained, theta, rows))
            assert gradient == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-4, abs=1e-8)


def test_weights_and_outputs_are_those_of_the_network(trained: Trainer, layer_values: Any) -> None:
    result = compute(trained, layer=0, unit=2, index=5)
    block = trained.network.layers[0].matrix(trained.state.theta)
    assert result["weights"].tolist() == block[:-1, 2].tolist() and result["bias"] == block[-1, 2]
    a = layer_values(trained, trained.data.train.inputs)[0][1][:, 2]
    assert result["output"] == pytest.approx({"mean": a.mean(), "low": a.min(), "high": a.max()})
    assert result["point"]["inputs"].tolist() == trained.data.train.inputs[5].tolist()
    assert result["point"]["a"] == pytest.approx(a[5]) and result["samples"] == len(a)
    assert result["sources"] == trained.data.features


def test_a_unit_of_a_large_network_is_measured_on_fewer_points(make: Any) -> None:
    trainer = make(
        {"layers": [{"units": 1024}, {"units": 1024}], "dataset": {"name": "circle", "samples": 2000}}
    )
    result = compute(trainer, layer=1, unit=7)
    assert 100 <= result["samples"] < len(trainer.data.train)
    assert len(result["weights"]) == 1024 and result["omitted_sources"] == 0  # fmt: skip


def test_a_disabled_unit_has_no_output_and_no_gradient(make: Any) -> None:
    trainer = make({"layers": [{"units": 4}]})
    trainer.apply_edits({"units": [{"layer": 0, "unit": 1, "action": "off"}]})
    result = compute(trainer, layer=0, unit=1)
    assert result["off"] and result["output"]["high"] == 0 == result["point"]["a"]
    assert not result["weight_gradients"].any()

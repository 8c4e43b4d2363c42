"""Unit numbers: gradients against differences of the loss, outputs against plain sums, what is left out."""

from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.layers.activations import value
from engine.losses import LOSSES
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


def draw(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["unit_numbers"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def outputs(trainer: Trainer, theta: np.ndarray, inputs: np.ndarray) -> list[np.ndarray]:
    """a of each layer, (samples, units), summed product by product."""
    a, through = inputs, []
    for layer in trainer.network.layers:
        block = layer.matrix(theta)
        z = np.array(
            [[sum(x * w for x, w in zip(row, column, strict=True)) for column in block[:-1].T] for row in a]
        )
        a = value(layer.activation, (z + block[-1]).T, layer.alphas(theta)).T
        through.append(a)
    return through  # fmt: skip


def mean_loss(trainer: Trainer, theta: np.ndarray, rows: slice) -> float:
    part, config = trainer.data.train, trainer.config
    a = outputs(trainer, theta, part.inputs[rows])[-1]
    return float(LOSSES[config.loss.name].value(a.T, part.targets[rows].T, config.loss.delta).mean())


@pytest.mark.parametrize("layer", [0, None])
def test_gradients_are_slopes_of_the_loss(trained: Trainer, layer: int | None) -> None:
    answer = draw(trained, layer=layer, unit=0, index=3)
    index = len(trained.network.layers) - 1 if layer is None else layer
    owner = trained.network.layers[index]
    for source in range(owner.inputs + 1):
        whole, alone = (
            answer["bias_gradient"] if source == owner.inputs else answer["weight_gradients"][source],
            answer["point"]["delta"]
            if source == owner.inputs
            else answer["point"]["weight_gradients"][source],
        )
        for rows, told in ((slice(None), whole), (slice(3, 4), alone)):
            losses = []
            for h in (1e-6, -1e-6):
                theta = trained.state.theta.copy()
                owner.matrix(theta)[source, 0] += h
                losses.append(mean_loss(trained, theta, rows))
            assert told == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-4, abs=1e-8)


def test_weights_and_outputs_are_those_of_the_network(trained: Trainer) -> None:
    answer = draw(trained, layer=0, unit=2, index=5)
    block = trained.network.layers[0].matrix(trained.state.theta)
    assert answer["weights"].tolist() == block[:-1, 2].tolist() and answer["bias"] == block[-1, 2]
    a = outputs(trained, trained.state.theta, trained.data.train.inputs)[0][:, 2]
    assert answer["output"] == pytest.approx({"mean": a.mean(), "low": a.min(), "high": a.max()})
    assert answer["point"]["inputs"].tolist() == trained.data.train.inputs[5].tolist()
    assert answer["point"]["a"] == pytest.approx(a[5]) and answer["samples"] == len(a)
    assert answer["sources"] == trained.data.features


def test_a_unit_of_a_large_network_is_looked_at_on_fewer_points_and_inputs(make: Any) -> None:
    trainer = make(
        {"layers": [{"units": 1024}, {"units": 1024}], "dataset": {"name": "circle", "samples": 2000}}
    )
    answer = draw(trainer, layer=1, unit=7)
    assert 100 <= answer["samples"] < len(trainer.data.train)
    assert len(answer["weights"]) == 1024 and answer["omitted_sources"] == 0  # fmt: skip


def test_a_silent_unit_is_said_to_be_off_and_answers_nothing(make: Any) -> None:
    trainer = make({"layers": [{"units": 4}]})
    trainer.apply_edits({"units": [{"layer": 0, "unit": 1, "action": "off"}]})
    answer = draw(trainer, layer=0, unit=1)
    assert answer["off"] and answer["output"]["high"] == 0 == answer["point"]["a"]
    assert not answer["weight_gradients"].any()


@pytest.mark.parametrize(
    ("options", "field"), [({"unit": 9}, "unit"), ({"layer": 5}, "layer"), ({"index": 10_000}, "index")]
)
def test_a_bad_option_is_refused_by_its_name(make: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as refused:
        draw(make(), **options)
    assert refused.value.field == field

"""Layer health: statistics against loops, gradients against differences, update ratios against a step."""

import math
from typing import Any

import numpy as np
import pytest

from engine.layers.activations import derivative, value
from engine.losses import LOSSES
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer
from engine.views import VIEWS

CASES: list[dict[str, Any]] = [
    {
        "dataset": {"name": "circle", "samples": 40},
        "layers": [{"units": 4, "activation": "relu"}, {"units": 3}],
        "loss": {"name": "half_squared_error"},
    },
    {
        "dataset": {"name": "sine", "samples": 40},
        "layers": [{"units": 4, "activation": "prelu"}],
        "loss": {"name": "huber"},
    },
    {
        "dataset": {"name": "blobs", "samples": 40},
        "layers": [{"units": 4, "activation": "swish"}],
        "loss": {"name": "half_squared_error"},
    },
]


@pytest.fixture(params=CASES, ids=[case["dataset"]["name"] for case in CASES])
def trained(request: pytest.FixtureRequest, make: Any) -> Trainer:
    trainer: Trainer = make({**request.param, "dtype": "float64", "batch_size": 1000})
    trainer.advance(20)
    return trainer


def compute(trainer: Trainer, history: Any = None, **options: Any) -> dict[str, Any]:
    view = VIEWS["layer_health"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options), history)


def forward(trainer: Trainer, theta: np.ndarray) -> tuple[float, list[Any]]:
    """The mean loss and (z, a) of each layer, (samples, units)."""
    part, a, values = trainer.data.train, trainer.data.train.inputs, []
    for layer in trainer.network.layers:
        block = layer.matrix(theta)
        z = np.array([[sum(row * column) for column in block[:-1].T] for row in a]) + block[-1]
        a = value(layer.activation, z.T, layer.alphas(theta)).T
        values.append((z, a))
    loss = LOSSES[trainer.config.loss.name].value(a.T, part.targets.T, trainer.config.loss.delta)
    return float(loss.mean()), values


def gradient(trainer: Trainer) -> np.ndarray:
    """dE/dtheta of the mean loss, by central differences."""
    theta, slopes = trainer.state.theta, np.empty(trainer.network.size)
    for index in range(len(theta)):
        losses = []
        for sign in (1e-6, -1e-6):
            changed = theta.copy()
            changed[index] += sign
            losses.append(forward(trainer, changed)[0])
        slopes[index] = (losses[0] - losses[1]) / 2e-6
    return slopes


def assert_summary(statistics: dict[str, Any], values: np.ndarray) -> None:
    assert (statistics["mean"], statistics["spread"]) == pytest.approx(
        (values.mean(), values.std()), rel=1e-4, abs=1e-8
    )
    assert (statistics["low"], statistics["high"]) == pytest.approx(
        (values.min(), values.max()), rel=1e-4, abs=1e-8
    )
    assert statistics["counts"].sum() == values.size
    expected = np.histogram(values, len(statistics["counts"]), (statistics["low"], statistics["high"]))[0]
    assert np.abs(statistics["counts"] - expected).sum() <= 4  # a value on an edge may fall to either side


def test_statistics_of_values_and_weights_match_those_of_every_layer(trained: Trainer) -> None:
    result = compute(trained, bins=8)
    loss, values = forward(trained, trained.state.theta)
    assert result["loss"] == pytest.approx(loss)
    for layer, spec, (z, a) in zip(result["layers"], trained.network.layers, values, strict=True):
        weights = spec.matrix(trained.state.theta)[:-1]
        assert_summary(layer["preactivations"], z)
        assert_summary(layer["activations"], a)
        assert_summary(layer["weights"], weights)
        assert layer["weight_norm"] == pytest.approx(math.sqrt(sum(w * w for w in weights.ravel())))
        slopes = derivative(spec.activation, z.T, spec.alphas(trained.state.theta))
        if spec.activation != "softmax":
            assert layer["saturated"] == pytest.approx(np.mean(np.abs(slopes) < 0.05))
        assert layer["dead"] == np.mean([max(column) <= 0 for column in a.T])
        p = np.linalg.svd(a, compute_uv=False)
        p = p[p > 1e-12] / p.sum()
        assert layer["effective_rank"] == pytest.approx(math.exp(-sum(q * math.log(q) for q in p)), rel=1e-5)


def test_weight_gradients_are_differences_of_the_mean_loss(trained: Trainer) -> None:
    result, slopes = compute(trained), gradient(trained)
    assert result["gradient_norm"] == pytest.approx(np.linalg.norm(slopes), rel=1e-5)
    total = 0.0
    for layer, spec in zip(result["layers"], trained.network.layers, strict=True):
        assert layer["weight_gradients"]["mean"] == pytest.approx(
            spec.matrix(slopes)[:-1].mean(), rel=1e-4, abs=1e-9
        )
        total += layer["gradient_norm"] ** 2
    assert total == pytest.approx(slopes @ slopes, rel=1e-5)


def test_activation_gradients_are_differences_of_each_points_loss(trained: Trainer) -> None:
    result, samples = compute(trained), len(trained.data.train)
    for index, spec in enumerate(trained.network.layers):
        gradients = np.empty((samples, spec.units))
        for sample in range(samples):
            for unit in range(spec.units):
                position = (index, sample, unit)
                losses = [loss_with_changed_activation(trained, position, h) for h in (1e-6, -1e-6)]
                gradients[sample, unit] = (losses[0] - losses[1]) / 2e-6 * samples
        statistics = result["layers"][index]["activation_gradients"]
        assert (statistics["mean"], statistics["spread"]) == pytest.approx(
            (gradients.mean(), gradients.std()), rel=1e-3, abs=1e-6
        )


def loss_with_changed_activation(trainer: Trainer, position: tuple[int, int, int], h: float) -> float:
    """The mean loss if `h` is added to the activation of a layer, sample and unit."""
    changed_layer, sample, unit = position
    part, a = trainer.data.train, trainer.data.train.inputs
    for index, layer in enumerate(trainer.network.layers):
        block = layer.matrix(trainer.state.theta)
        z = a @ block[:-1] + block[-1]
        a = value(layer.activation, z.T, layer.alphas(trainer.state.theta)).T
        if index == changed_layer:
            a[sample, unit] += h
    loss = LOSSES[trainer.config.loss.name].value(a.T, part.targets.T, trainer.config.loss.delta)
    return float(loss.mean())


def test_the_update_ratio_is_that_of_the_next_full_batch_step(trained: Trainer) -> None:
    result, before = compute(trained), trained.state.theta.copy()
    trained.advance(1)
    for layer, spec in zip(result["layers"], trained.network.layers, strict=True):
        old = spec.matrix(before)[:-1]
        step = spec.matrix(trained.state.theta)[:-1] - old
        assert layer["update_norm"] == pytest.approx(np.linalg.norm(step), rel=1e-6)
        assert layer["update_ratio"] == pytest.approx(np.linalg.norm(step) / np.linalg.norm(old), rel=1e-6)


def test_without_an_optimizer_state_there_is_a_reason_instead_of_an_update_ratio(make: Any) -> None:
    trainer, view = make(), VIEWS["layer_health"]
    result = view.compute(trainer.snapshot(), trainer.data, view.parse({}))
    assert result["layers"][0]["update_ratio"] is None and result["update_code"] == "no_optimizer_state"


def test_disabled_units_do_not_count_as_dead(make: Any) -> None:
    trainer = make(layers=[{"units": 4, "activation": "softplus"}])
    trainer.state.disabled = ((1, 2),)
    trainer = Trainer(trainer.config, trainer.data, trainer.checkpoint())
    layer = compute(trainer)["layers"][0]
    assert layer["dead"] == 0 and layer["effective_rank"] <= 2 + 1e-6


def test_large_networks_are_measured_on_fewer_points(make: Any) -> None:
    deep = compute(make(layers=[{"units": 4}] * 100))
    assert len(deep["layers"]) == 101
    wide = compute(make(dataset={"name": "digits"}, layers=[{"units": 1024}, {"units": 512}]))
    assert 100 <= wide["samples"] < 898 and np.isfinite(wide["layers"][0]["effective_rank"])


def test_a_stored_checkpoint_gives_the_same_result(trained: Trainer) -> None:
    stored = Checkpoint.from_bytes(trained.checkpoint().to_bytes())
    view = VIEWS["layer_health"]
    assert repr(view.compute(stored, trained.data, view.parse({}))) == repr(compute(trained))

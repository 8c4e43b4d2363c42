"""Layer health: statistics against loops, gradients against differences, the ratio against a real step."""

import math
from typing import Any

import numpy as np
import pytest

from engine.analysis.summary import effective_rank, summary
from engine.config.errors import ConfigError
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


def draw(trainer: Trainer, path: Any = None, **options: Any) -> dict[str, Any]:
    view = VIEWS["layer_health"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options), path)


def passed(trainer: Trainer, theta: np.ndarray, nudge: Any = None) -> tuple[float, list[Any]]:
    """The mean loss and (z, a) of each layer, (samples, units); `nudge(layer, a)` may change activations."""
    part, a, through = trainer.data.train, trainer.data.train.inputs, []
    for index, layer in enumerate(trainer.network.layers):
        block = layer.matrix(theta)
        z = np.array([[sum(r * c) for c in block[:-1].T] for r in a]) + block[-1]
        a = value(layer.activation, z.T, layer.alphas(theta)).T
        a = nudge(index, a) if nudge else a
        through.append((z, a))
    loss = LOSSES[trainer.config.loss.name].value(a.T, part.targets.T, trainer.config.loss.delta)
    return float(loss.mean()), through


def gradient(trainer: Trainer) -> np.ndarray:
    """dE/dtheta of the mean loss, one difference after the other."""
    theta, slopes = trainer.state.theta, np.empty(trainer.network.size)
    for place in range(len(theta)):
        ends = []
        for sign in (1e-6, -1e-6):
            moved = theta.copy()
            moved[place] += sign
            ends.append(passed(trainer, moved)[0])
        slopes[place] = (ends[0] - ends[1]) / 2e-6
    return slopes


def check(told: dict[str, Any], values: np.ndarray) -> None:
    assert (told["mean"], told["spread"]) == pytest.approx((values.mean(), values.std()), rel=1e-4, abs=1e-8)
    assert (told["low"], told["high"]) == pytest.approx((values.min(), values.max()), rel=1e-4, abs=1e-8)
    assert told["counts"].sum() == values.size
    expected = np.histogram(values, len(told["counts"]), (told["low"], told["high"]))[0]
    assert np.abs(told["counts"] - expected).sum() <= 4  # a value on an edge may fall to either side


def test_values_and_weights_of_every_layer(trained: Trainer) -> None:
    drawn = draw(trained, bins=8)
    loss, through = passed(trained, trained.state.theta)
    assert drawn["loss"] == pytest.approx(loss)
    for layer, spec, (z, a) in zip(drawn["layers"], trained.network.layers, through, strict=True):
        weights = spec.matrix(trained.state.theta)[:-1]
        check(layer["preactivations"], z)
        check(layer["activations"], a)
        check(layer["weights"], weights)
        assert layer["weight_norm"] == pytest.approx(math.sqrt(sum(w * w for w in weights.ravel())))
        slopes = derivative(spec.activation, z.T, spec.alphas(trained.state.theta))
        if spec.activation != "softmax":
            assert layer["saturated"] == pytest.approx(np.mean(np.abs(slopes) < 0.05))
        assert layer["dead"] == np.mean([max(column) <= 0 for column in a.T])
        p = np.linalg.svd(a, compute_uv=False)
        p = p[p > 1e-12] / p.sum()
        assert layer["effective_rank"] == pytest.approx(math.exp(-sum(q * math.log(q) for q in p)), rel=1e-5)


def test_gradients_of_every_layer(trained: Trainer) -> None:
    drawn, slopes = draw(trained), gradient(trained)
    assert drawn["gradient_norm"] == pytest.approx(np.linalg.norm(slopes), rel=1e-5)
    total = 0.0
    for layer, spec in zip(drawn["layers"], trained.network.layers, strict=True):
        assert layer["weight_gradients"]["mean"] == pytest.approx(
            spec.matrix(slopes)[:-1].mean(), rel=1e-4, abs=1e-9
        )
        total += layer["gradient_norm"] ** 2
    assert total == pytest.approx(slopes @ slopes, rel=1e-5)


def test_gradients_by_activations_are_those_of_each_point(trained: Trainer) -> None:
    drawn, samples = draw(trained), len(trained.data.train)
    for index, spec in enumerate(trained.network.layers):
        found = np.empty((samples, spec.units))
        for sample in range(samples):
            for unit in range(spec.units):
                ends = []
                for sign in (1e-6, -1e-6):

                    def nudge(layer: int, a: np.ndarray, at: Any = (index, sample, unit, sign)) -> np.ndarray:
                        if layer == at[0]:
                            a[at[1], at[2]] += at[3]
                        return a

                    ends.append(passed_quick(trained, nudge))
                found[sample, unit] = (ends[0] - ends[1]) / 2e-6 * samples
        told = drawn["layers"][index]["activation_gradients"]
        assert (told["mean"], told["spread"]) == pytest.approx(
            (found.mean(), found.std()), rel=1e-3, abs=1e-6
        )


def passed_quick(trainer: Trainer, nudge: Any) -> float:
    """The mean loss with changed activations."""
    part, a = trainer.data.train, trainer.data.train.inputs
    for index, layer in enumerate(trainer.network.layers):
        block = layer.matrix(trainer.state.theta)
        z = a @ block[:-1] + block[-1]
        a = nudge(index, value(layer.activation, z.T, layer.alphas(trainer.state.theta)).T)
    loss = LOSSES[trainer.config.loss.name].value(a.T, part.targets.T, trainer.config.loss.delta)
    return float(loss.mean())


def test_the_ratio_is_that_of_the_next_full_batch_step(trained: Trainer) -> None:
    drawn, before = draw(trained), trained.state.theta.copy()
    trained.advance(1)
    for layer, spec in zip(drawn["layers"], trained.network.layers, strict=True):
        old = spec.matrix(before)[:-1]
        step = spec.matrix(trained.state.theta)[:-1] - old
        assert layer["update_norm"] == pytest.approx(np.linalg.norm(step), rel=1e-6)
        assert layer["update_ratio"] == pytest.approx(np.linalg.norm(step) / np.linalg.norm(old), rel=1e-6)


def test_a_light_checkpoint_says_why_there_is_no_ratio(make: Any) -> None:
    trainer, view = make(), VIEWS["layer_health"]
    told = view.compute(trainer.snapshot(), trainer.data, view.parse({}))
    assert told["layers"][0]["update_ratio"] is None and "earlier gradients" in told["update_reason"]


def test_effective_rank_counts_independent_units() -> None:
    generator = np.random.default_rng(0)
    line = generator.standard_normal((1, 50))
    assert effective_rank(np.vstack([line, 2 * line, -line])) == pytest.approx(1)
    assert effective_rank(np.eye(7)) == pytest.approx(7)
    assert effective_rank(np.zeros((3, 5))) == 0
    assert math.isnan(effective_rank(np.array([[1.0, np.nan]])))
    tall = generator.standard_normal((40, 6))
    p = np.linalg.svd(tall, compute_uv=False)
    p /= p.sum()
    assert effective_rank(tall) == pytest.approx(math.exp(-(p * np.log(p)).sum()))


def test_summaries_leave_what_is_not_finite_out_of_the_bins_only() -> None:
    told = summary(np.array([1.0, 2.0, np.nan, np.inf, -np.inf, 3.0]), 4)
    assert math.isnan(told["mean"]) and (told["low"], told["high"]) == (1, 3)
    assert told["counts"].tolist() == [1, 0, 1, 1]
    assert summary(np.full(3, np.nan), 4)["counts"].sum() == 0
    assert summary(np.full(5, 7.0), 4)["counts"].tolist() == [5, 0, 0, 0]
    for far in (np.array([1.0, np.nextafter(1, 2)]), np.array([-1e308, 1e308])):
        assert summary(far, 4)["counts"].tolist() == [1, 0, 0, 1]
    single = np.array([-3e38, 3e38, 1e38, 1.2e38], np.float32)
    assert summary(single, 4)["counts"].tolist() == [1, 0, 2, 1]
    assert summary(single * np.float32(1e-45), 4)["counts"].sum() == 4


def test_units_switched_off_are_not_called_dead(make: Any) -> None:
    trainer = make(layers=[{"units": 4, "activation": "softplus"}])
    trainer.state.disabled = ((1, 2),)
    trainer = Trainer(trainer.config, trainer.data, trainer.checkpoint())
    layer = draw(trainer)["layers"][0]
    assert layer["dead"] == 0 and layer["effective_rank"] <= 2 + 1e-6


def test_large_networks_are_looked_at_on_fewer_points(make: Any) -> None:
    deep = draw(make(layers=[{"units": 4}] * 100))
    assert len(deep["layers"]) == 101
    wide = draw(make(dataset={"name": "digits"}, layers=[{"units": 1024}, {"units": 512}]))
    assert 100 <= wide["samples"] < 898 and np.isfinite(wide["layers"][0]["effective_rank"])


def test_a_stored_checkpoint_gives_the_same(trained: Trainer) -> None:
    stored = Checkpoint.from_bytes(trained.checkpoint().to_bytes())
    view = VIEWS["layer_health"]
    assert repr(view.compute(stored, trained.data, view.parse({}))) == repr(draw(trained))


@pytest.mark.parametrize(("options", "field"), [({"bins": 1}, "bins"), ({"layer": 0}, "layer")])
def test_a_bad_option_is_refused_by_its_name(make: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        draw(make(), **options)
    assert caught.value.field == field

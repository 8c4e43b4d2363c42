"""Loss landscape: losses against sums of products of single networks, directions against scikit-learn."""

import math
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA

from engine.config.errors import ConfigError
from engine.training.trainer import Trainer
from engine.views import VIEWS

CASES: list[dict[str, Any]] = [
    {"dataset": {"name": "circle", "samples": 60}, "layers": [{"units": 4}, {"units": 3}], "l2": 0.01},
    {"dataset": {"name": "blobs", "samples": 60}, "layers": [{"units": 4, "activation": "swish"}]},
    {"dataset": {"name": "discs", "samples": 60}, "layers": [{"units": 4, "activation": "prelu"}]},
    {
        "dataset": {"name": "sine", "samples": 60},
        "layers": [{"units": 4, "activation": "softmax"}],
        "loss": {"name": "huber"},
    },
]


@pytest.fixture(params=CASES, ids=[case["dataset"]["name"] for case in CASES])
def trained(request: pytest.FixtureRequest, make: Any) -> Trainer:
    trainer: Trainer = make({**request.param, "dtype": "float64"})
    trainer.advance(40)
    return trainer


def compute(trainer: Trainer, history: Any = None, **options: Any) -> dict[str, Any]:
    view = VIEWS["loss_landscape"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options), history)


def recorded_weights(trainer: Trainer, count: int = 8) -> list[np.ndarray]:
    """The weights after every fifth step."""
    history = []
    for _ in range(count):
        history.append(trainer.state.theta.copy())
        trainer.advance(5)
    return history


def test_the_loss_over_one_weight_is_that_of_the_changed_network(trained: Trainer, mean_loss: Any) -> None:
    layer = trained.network.layers[0]
    result = compute(trained, kind="weight", layer=0, unit=2, source=0, points=7)
    theta, position = trained.state.theta, layer.start + 2
    for w, loss in zip(result["values"], result["loss"], strict=True):
        changed = theta.copy()
        changed[position] = w
        assert loss == pytest.approx(mean_loss(trained, changed))
    assert result["present"]["value"] == theta[position]
    assert result["present"]["loss"] == pytest.approx(mean_loss(trained, theta))
    assert result["values"][3] == pytest.approx(theta[position])


def test_the_tangent_and_the_next_step_follow_the_gradient(trained: Trainer, mean_loss: Any) -> None:
    selected = {"layer": 0, "unit": 1, "source": 0}
    result = compute(trained, kind="weight", **selected)
    view = VIEWS["sample_trace"]
    trace = view.compute(trained.checkpoint(), trained.data, view.parse({**selected, "batch": 100}))
    assert result["slope"] == pytest.approx(trace["gradient"]["loss"], rel=1e-5, abs=1e-9)
    assert result["penalty_slope"] == pytest.approx(trace["gradient"]["penalty"])
    (low, high), (left, right) = result["tangent"]["values"], result["tangent"]["loss"]
    assert (right - left) / (high - low) == pytest.approx(result["slope"])
    assert (left + right) / 2 == pytest.approx(result["present"]["loss"])
    rate = trained.config.optimizer.learning_rate
    next_value = result["present"]["value"] - rate * trace["gradient"]["total"]
    assert result["next"]["value"] == pytest.approx(next_value)
    changed = trained.state.theta.copy()
    changed[trained.network.layers[0].start + 1] = next_value
    assert result["next"]["loss"] == pytest.approx(mean_loss(trained, changed))


def test_the_surface_over_two_weights_is_that_of_the_changed_networks(
    trained: Trainer, mean_loss: Any
) -> None:
    last = len(trained.network.layers) - 1
    history = recorded_weights(trained)
    result = compute(
        trained, history, kind="weights", layer=0, unit=1, source=0, layer_2=last, unit_2=0, source_2=-1,
        resolution=5, span=1.5,
    )  # fmt: skip
    spec = trained.network.layers[last]
    first, second = trained.network.layers[0].start + 1, spec.start + spec.inputs * spec.units
    assert result["x"] == pytest.approx(trained.state.theta[first] + np.linspace(-1.5, 1.5, 5))
    for row, y in enumerate(result["y"]):
        for column, x in enumerate(result["x"]):
            changed = trained.state.theta.copy()
            changed[first], changed[second] = x, y
            assert result["loss"][row, column] == pytest.approx(mean_loss(trained, changed))
    assert result["loss"][2, 2] == pytest.approx(result["present"]["loss"])
    assert result["walked"]["x"] == pytest.approx([theta[first] for theta in history])
    assert result["walked"]["y"] == pytest.approx([theta[second] for theta in history])


def test_random_directions_have_the_norm_of_each_units_weights(trained: Trainer, mean_loss: Any) -> None:
    from engine.views.loss_landscape.directions import random_directions

    theta, network = trained.state.theta, trained.network
    plane = random_directions(network, theta, 3, None)
    for direction in plane.directions:
        for layer in network.layers:
            random, present = layer.matrix(direction), layer.matrix(theta)
            for unit in range(layer.units):
                assert math.dist(random[:-1, unit], [0] * layer.inputs) == pytest.approx(
                    math.dist(present[:-1, unit], [0] * layer.inputs)
                )
            assert (random[-1] == 0).all()
            if layer.alpha_start is not None:
                assert (direction[layer.alpha_start : layer.alpha_start + layer.units] == 0).all()
    result = compute(trained, kind="random", seed=3, resolution=3)
    for row, y in enumerate((-1, 0, 1)):
        for column, x in enumerate((-1, 0, 1)):
            changed = theta + x * plane.directions[0] + y * plane.directions[1]
            assert result["loss"][row, column] == pytest.approx(mean_loss(trained, changed))
    assert result["variant_code"] == "filter_normalised"
    assert (compute(trained, kind="random", seed=4, resolution=3)["loss"] != result["loss"]).any()


def test_principal_directions_are_those_of_scikit_learn(trained: Trainer, mean_loss: Any) -> None:
    history = recorded_weights(trained)
    result = compute(trained, history, kind="path", resolution=3)
    all_weights = np.array([*history, trained.state.theta])
    pca = PCA(2).fit(all_weights)
    assert result["explained"] == pytest.approx(pca.explained_variance_ratio_)
    walked = np.stack([result["walked"]["x"], result["walked"]["y"]], axis=1)
    expected = (np.array(history) - trained.state.theta) @ pca.components_.T
    assert np.abs(walked) == pytest.approx(np.abs(expected), abs=1e-9)
    assert walked[0, 0] < 0
    for values, axis in ((result["walked"]["x"], "x"), (result["walked"]["y"], "y")):
        assert result[axis][0] < min(values.min(), 0) and result[axis][-1] > max(values.max(), 0)
    signs = np.sign((walked * expected).sum(axis=0))
    corner = trained.state.theta + (np.array([result["x"][0], result["y"][2]]) * signs) @ pca.components_
    assert result["loss"][2, 0] == pytest.approx(mean_loss(trained, corner))


def test_disabled_units_stay_disabled(make: Any, mean_loss: Any) -> None:
    trainer = make(dtype="float64")
    trainer.state.disabled = ((1, 3),)
    trainer = Trainer(trainer.config, trainer.data, trainer.checkpoint())
    result = compute(trainer, resolution=3)
    assert result["present"]["loss"] == pytest.approx(mean_loss(trainer, trainer.state.theta))


def test_the_landscape_is_computed_in_slices(make: Any) -> None:
    trainer, view = make(layers=[{"units": 8}, {"units": 8}]), VIEWS["loss_landscape"]
    slices = view.slices(trainer.checkpoint(), trainer.data, view.parse({}))
    progress = []
    while True:
        try:
            progress.append(next(slices))
        except StopIteration as stop:
            result = stop.value
            break
    assert len(progress) > 20 and progress == sorted(progress) and progress[-1] == 1.0
    assert repr(result) == repr(compute(trainer))


def test_single_precision_gives_the_same_landscape(make: Any) -> None:
    double, single = (make(dtype=dtype) for dtype in ("float64", "float32"))
    assert compute(single, resolution=9)["loss"] == pytest.approx(
        compute(double, resolution=9)["loss"], rel=1e-4
    )


def test_large_networks_have_fewer_samples_and_grid_points_and_a_description(make: Any) -> None:
    deep = compute(make(layers=[{"units": 4}] * 100), resolution=21)
    assert deep["loss"].shape == (deep["resolution"],) * 2 and np.isfinite(deep["loss"]).all()
    wide = compute(make(dataset={"name": "digits"}, layers=[{"units": 512}, {"units": 128}]))
    assert wide["resolution"] % 2 == 1 and f"{wide['resolution']} × {wide['resolution']}" in wide["reduced"]
    assert wide["samples"] == 100
    middle = wide["resolution"] // 2
    assert wide["loss"][middle, middle] == pytest.approx(wide["present"]["loss"], rel=1e-5)


def test_the_loss_of_weights_that_are_not_finite_is_nan(make: Any) -> None:
    trainer = make(dtype="float64")
    trainer.state.theta[0] = np.nan
    for kind in ("random", "weight", "weights"):
        assert np.isnan(compute(trainer, kind=kind, resolution=3, layer=0, source=1)["loss"]).all()
    with pytest.raises(ConfigError):
        compute(trainer, [trainer.state.theta] * 3, kind="path")


def test_a_history_without_two_directions_is_refused(make: Any) -> None:
    trainer = make(dtype="float64")
    theta = trainer.state.theta
    for history in ([], [theta], [theta - 1, theta + 1], [np.zeros(3)] * 5):
        with pytest.raises(ConfigError) as refusal:
            compute(trainer, history, kind="path")
        assert refusal.value.field == "kind"

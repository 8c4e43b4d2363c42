"""Loss landscape: losses against a pass of that one network, written out; directions against scikit-learn."""

import math
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA

from engine.config.errors import ConfigError
from engine.layers.activations import value
from engine.losses import LOSSES
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


def draw(trainer: Trainer, path: Any = None, **options: Any) -> dict[str, Any]:
    view = VIEWS["loss_landscape"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options), path)


def loss_of(trainer: Trainer, theta: np.ndarray) -> float:
    """The mean loss over the training part, from sums written out."""
    total, part = 0.0, trainer.data.train
    for row, target in zip(part.inputs, part.targets, strict=True):
        a = row
        for layer in trainer.network.layers:
            block = layer.matrix(theta)
            z = [
                sum(a[i] * block[i, j] for i in range(layer.inputs)) + block[-1, j]
                for j in range(layer.units)
            ]
            a = value(layer.activation, np.array(z)[:, None], layer.alphas(theta))[:, 0]
            a = np.where(np.isin(np.arange(layer.units), layer.disabled), 0.0, a)
        total += loss_of_outputs(trainer, np.array(z), a, target)
    return total / len(part)


def loss_of_outputs(trainer: Trainer, z: np.ndarray, a: np.ndarray, target: np.ndarray) -> float:
    """Cross-entropies from the logits, so that nothing is cut where outputs saturate."""
    name, activation = trainer.config.loss.name, trainer.config.output_activation
    if (name, activation) == ("binary_crossentropy", "sigmoid"):
        return sum(math.log(1 + math.exp(-x if y else x)) for x, y in zip(z, target, strict=True))
    if (name, activation) == ("categorical_crossentropy", "softmax"):
        return math.log(sum(math.exp(x) for x in z)) - float(z[target.argmax()])
    return float(LOSSES[name].value(a[:, None], target[:, None], trainer.config.loss.delta)[0])


def walk(trainer: Trainer, moments: int = 8) -> list[np.ndarray]:
    path = []
    for _ in range(moments):
        path.append(trainer.state.theta.copy())
        trainer.advance(5)
    return path


def test_the_loss_over_one_weight(trained: Trainer) -> None:
    layer = trained.network.layers[0]
    drawn = draw(trained, kind="weight", layer=0, unit=2, source=0, points=7)
    theta, place = trained.state.theta, layer.start + 2
    for w, loss in zip(drawn["values"], drawn["loss"], strict=True):
        moved = theta.copy()
        moved[place] = w
        assert loss == pytest.approx(loss_of(trained, moved))
    assert drawn["present"]["value"] == theta[place]
    assert drawn["present"]["loss"] == pytest.approx(loss_of(trained, theta))
    assert drawn["values"][3] == pytest.approx(theta[place])


def test_the_tangent_and_the_next_step(trained: Trainer) -> None:
    asked = {"layer": 0, "unit": 1, "source": 0}
    drawn = draw(trained, kind="weight", **asked)
    view = VIEWS["sample_trace"]
    trace = view.compute(trained.checkpoint(), trained.data, view.parse({**asked, "batch": 100}))
    assert drawn["slope"] == pytest.approx(trace["gradient"]["loss"], rel=1e-5, abs=1e-9)
    assert drawn["penalty_slope"] == pytest.approx(trace["gradient"]["penalty"])
    (low, high), (left, right) = drawn["tangent"]["values"], drawn["tangent"]["loss"]
    assert (right - left) / (high - low) == pytest.approx(drawn["slope"])
    assert (left + right) / 2 == pytest.approx(drawn["present"]["loss"])
    rate = trained.config.optimizer.learning_rate
    following = drawn["present"]["value"] - rate * trace["gradient"]["total"]
    assert drawn["next"]["value"] == pytest.approx(following)
    moved = trained.state.theta.copy()
    moved[trained.network.layers[0].start + 1] = following
    assert drawn["next"]["loss"] == pytest.approx(loss_of(trained, moved))


def test_the_surface_over_two_weights(trained: Trainer) -> None:
    last = len(trained.network.layers) - 1
    path = walk(trained)
    drawn = draw(
        trained, path, kind="weights", layer=0, unit=1, source=0, layer_2=last, unit_2=0, source_2=-1,
        resolution=5, span=1.5,
    )  # fmt: skip
    spec = trained.network.layers[last]
    first, second = trained.network.layers[0].start + 1, spec.start + spec.inputs * spec.units
    assert drawn["x"] == pytest.approx(trained.state.theta[first] + np.linspace(-1.5, 1.5, 5))
    for row, y in enumerate(drawn["y"]):
        for column, x in enumerate(drawn["x"]):
            moved = trained.state.theta.copy()
            moved[first], moved[second] = x, y
            assert drawn["loss"][row, column] == pytest.approx(loss_of(trained, moved))
    assert drawn["loss"][2, 2] == pytest.approx(drawn["present"]["loss"])
    assert drawn["walked"]["x"] == pytest.approx([theta[first] for theta in path])
    assert drawn["walked"]["y"] == pytest.approx([theta[second] for theta in path])


def test_random_directions_have_each_units_own_length(trained: Trainer) -> None:
    from engine.views.loss_landscape.directions import random_directions

    theta, network = trained.state.theta, trained.network
    plane = random_directions(network, theta, 3, None)
    for direction in plane.directions:
        for layer in network.layers:
            drawn, own = layer.matrix(direction), layer.matrix(theta)
            for unit in range(layer.units):
                assert math.dist(drawn[:-1, unit], [0] * layer.inputs) == pytest.approx(
                    math.dist(own[:-1, unit], [0] * layer.inputs)
                )
            assert (drawn[-1] == 0).all()
            if layer.alpha_start is not None:
                assert (direction[layer.alpha_start : layer.alpha_start + layer.units] == 0).all()
    drawn = draw(trained, kind="random", seed=3, resolution=3)
    for row, y in enumerate((-1, 0, 1)):
        for column, x in enumerate((-1, 0, 1)):
            moved = theta + x * plane.directions[0] + y * plane.directions[1]
            assert drawn["loss"][row, column] == pytest.approx(loss_of(trained, moved))
    assert "Li et al. 2018" in drawn["variant"] and "biases" in drawn["variant"]
    assert (draw(trained, kind="random", seed=4, resolution=3)["loss"] != drawn["loss"]).any()


def test_principal_directions_are_those_of_the_way(trained: Trainer) -> None:
    path = walk(trained)
    drawn = draw(trained, path, kind="path", resolution=3)
    everything = np.array([*path, trained.state.theta])
    pca = PCA(2).fit(everything)
    assert drawn["explained"] == pytest.approx(pca.explained_variance_ratio_)
    walked = np.stack([drawn["walked"]["x"], drawn["walked"]["y"]], axis=1)
    expected = (np.array(path) - trained.state.theta) @ pca.components_.T
    assert np.abs(walked) == pytest.approx(np.abs(expected), abs=1e-9)
    assert walked[0, 0] < 0
    for values, axis in ((drawn["walked"]["x"], "x"), (drawn["walked"]["y"], "y")):
        assert drawn[axis][0] < min(values.min(), 0) and drawn[axis][-1] > max(values.max(), 0)
    signs = np.sign((walked * expected).sum(axis=0))
    corner = trained.state.theta + (np.array([drawn["x"][0], drawn["y"][2]]) * signs) @ pca.components_
    assert drawn["loss"][2, 0] == pytest.approx(loss_of(trained, corner))


def test_units_switched_off_stay_off(make: Any) -> None:
    trainer = make(dtype="float64")
    trainer.state.disabled = ((1, 3),)
    trainer = Trainer(trainer.config, trainer.data, trainer.checkpoint())
    drawn = draw(trainer, resolution=3)
    assert drawn["present"]["loss"] == pytest.approx(loss_of(trainer, trainer.state.theta))


def test_it_is_computed_in_slices(make: Any) -> None:
    trainer, view = make(layers=[{"units": 8}, {"units": 8}]), VIEWS["loss_landscape"]
    working = view.slices(trainer.checkpoint(), trainer.data, view.parse({}))
    shares = []
    while True:
        try:
            shares.append(next(working))
        except StopIteration as ended:
            answer = ended.value
            break
    assert len(shares) > 20 and shares == sorted(shares) and shares[-1] == 1.0
    assert repr(answer) == repr(draw(trainer))


def test_single_precision_tells_the_same_landscape(make: Any) -> None:
    exact, single = (make(dtype=dtype) for dtype in ("float64", "float32"))
    assert draw(single, resolution=9)["loss"] == pytest.approx(draw(exact, resolution=9)["loss"], rel=1e-4)


def test_large_networks_say_what_was_cut_down(make: Any) -> None:
    deep = draw(make(layers=[{"units": 4}] * 100), resolution=21)
    assert deep["loss"].shape == (deep["resolution"],) * 2 and np.isfinite(deep["loss"]).all()
    wide = draw(make(dataset={"name": "digits"}, layers=[{"units": 512}, {"units": 128}]))
    assert wide["resolution"] % 2 == 1 and f"{wide['resolution']} × {wide['resolution']}" in wide["reduced"]
    assert wide["samples"] == 100
    middle = wide["resolution"] // 2
    assert wide["loss"][middle, middle] == pytest.approx(wide["present"]["loss"], rel=1e-5)


def test_numbers_that_are_not_finite_stay_so(make: Any) -> None:
    trainer = make(dtype="float64")
    trainer.state.theta[0] = np.nan
    for kind in ("random", "weight", "weights"):
        assert np.isnan(draw(trainer, kind=kind, resolution=3, layer=0, source=1)["loss"]).all()
    with pytest.raises(ConfigError):
        draw(trainer, [trainer.state.theta] * 3, kind="path")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"kind": "volume"}, "kind"),
        ({"kind": "path"}, "kind"),
        ({"layer": 2}, "layer"),
        ({"unit": 1}, "unit"),
        ({"kind": "weights", "layer_2": 5}, "layer_2"),
        ({"kind": "weights", "layer_2": 0, "unit_2": 8}, "unit_2"),
        ({"kind": "weights", "source_2": 8}, "source_2"),
        ({"kind": "weights", "source_2": 0}, "source_2"),
        ({"resolution": 102}, "resolution"),
        ({"span": 0}, "span"),
        ({"span": "wide"}, "span"),
        ({"points": 2}, "points"),
    ],
)
def test_a_bad_option_is_refused_by_its_name(make: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        draw(make(), **options)
    assert caught.value.field == field


def test_a_way_too_short_or_straight_is_refused_with_the_reason(make: Any) -> None:
    trainer = make(dtype="float64")
    theta = trainer.state.theta
    for path in ([], [theta], [theta - 1, theta + 1], [np.zeros(3)] * 5):
        with pytest.raises(ConfigError) as caught:
            draw(trainer, path, kind="path")
        assert caught.value.field == "kind"

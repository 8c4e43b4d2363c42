"""Sample trace: forward and backward numbers against loops, differences, and a step of the real training."""

import copy
import math
from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.layers.activations import value
from engine.losses import LOSSES
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer
from engine.views import VIEWS

HIDDEN = [{"units": 4}, {"units": 3, "activation": "swish"}]
CASES: list[dict[str, Any]] = [
    {"dataset": {"name": "circle", "samples": 60}, "layers": HIDDEN, "l1": 0.01, "l2": 0.02},
    {"dataset": {"name": "blobs", "samples": 60}, "layers": HIDDEN},
    {"dataset": {"name": "blobs", "samples": 60}, "layers": HIDDEN, "loss": {"name": "half_squared_error"}},
    {"dataset": {"name": "discs", "samples": 60}, "layers": [{"units": 4, "activation": "softmax"}]},
    {"dataset": {"name": "sine", "samples": 60}, "layers": [{"units": 5, "activation": "prelu"}]},
    {
        "dataset": {"name": "sine", "samples": 60},
        "layers": [{"units": 5, "activation": "elu"}],
        "loss": {"name": "huber", "delta": 0.3},
    },
    {"dataset": {"name": "circle", "samples": 60}, "layers": HIDDEN, "loss": {"name": "hinge"}},
    {
        "dataset": {"name": "circle", "samples": 60},
        "layers": HIDDEN,
        "loss": {"name": "binary_crossentropy"},
        "output_activation": "tanh",
    },
    {"dataset": {"name": "iris"}, "layers": HIDDEN, "loss": {"name": "categorical_crossentropy"}},
    {"dataset": {"name": "sine", "samples": 60}, "layers": [], "loss": {"name": "mean_absolute_error"}},
]


@pytest.fixture(params=CASES, ids=range(len(CASES)))
def trained(request: pytest.FixtureRequest, make: Any) -> Trainer:
    trainer: Trainer = make({**request.param, "dtype": "float64"})
    trainer.advance(40)
    return trainer


def trace(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["sample_trace"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def loss_of(trainer: Trainer, theta: np.ndarray, rows: list[int]) -> float:
    """The mean loss, from sums written out."""
    part, network, total = trainer.data.train, trainer.network, 0.0
    for row in rows:
        a = part.inputs[row]
        for layer in network.layers:
            block = layer.matrix(theta)
            z = [
                sum(a[i] * block[i, j] for i in range(layer.inputs)) + block[-1, j]
                for j in range(layer.units)
            ]
            a = value(layer.activation, np.array(z)[:, None], layer.alphas(theta))[:, 0]
            a = np.where(np.isin(np.arange(layer.units), layer.disabled), 0.0, a)
        loss = LOSSES[trainer.config.loss.name].value
        total += float(loss(a[:, None], part.targets[row][:, None], trainer.config.loss.delta)[0])
    return total / len(rows)


def difference(trainer: Trainer, place: int, rows: list[int]) -> float:
    high, low = trainer.state.theta.copy(), trainer.state.theta.copy()
    high[place] += 1e-5
    low[place] -= 1e-5
    return (loss_of(trainer, high, rows) - loss_of(trainer, low, rows)) / 2e-5


def places(trainer: Trainer) -> list[tuple[int, int, int, int]]:
    """(layer, unit, source, place in the flat vector) of one weight and one bias in every layer."""
    found = []
    for index, layer in enumerate(trainer.network.layers):
        unit, source = layer.units - 1, layer.inputs - 1
        found.append((index, unit, source, layer.start + source * layer.units + unit))
        found.append((index, unit, -1, layer.start + layer.inputs * layer.units + unit))
    return found


def test_the_way_forward_is_sums_of_products(trained: Trainer) -> None:
    told = trace(trained, index=3)
    a = told["inputs"]["seen"][0]
    assert a == pytest.approx(trained.data.train.inputs[3])
    for layer, spec in zip(told["layers"], trained.network.layers, strict=True):
        columns = layer["weights"].T
        z = [
            sum(x * w for x, w in zip(a, c, strict=True)) + b
            for c, b in zip(columns, layer["biases"], strict=True)
        ]
        assert layer["z"][0] == pytest.approx(z)
        alpha = spec.alphas(trained.state.theta)
        a = value(layer["activation"], np.array(z)[:, None], alpha)[:, 0]
        assert layer["a"][0] == pytest.approx(a)
        assert layer["lecture_shapes"]["weights"] == layer["shapes"]["weights"][::-1]
    assert told["outputs"][0] == pytest.approx(a)
    assert told["loss"]["value"] == pytest.approx(loss_of(trained, trained.state.theta, [3]))
    error = told["error"]
    assert error["target_minus_output"][0] == pytest.approx(trained.data.train.targets[3] - a)
    assert (error["output_minus_target"] == -error["target_minus_output"]).all()


@pytest.mark.parametrize("options", [{"index": 4}, {"batch": 5}])
def test_every_gradient_is_the_slope_of_the_loss(trained: Trainer, options: dict[str, int]) -> None:
    rows = [4] if "index" in options else [0, 1, 2, 3, 4]
    for layer, unit, source, place in places(trained):
        told = trace(trained, layer=layer, unit=unit, source=source, **options)
        expected = difference(trained, place, rows)
        assert told["gradient"]["loss"] == pytest.approx(expected, rel=1e-5, abs=1e-8)
        assert told["numeric"]["estimate"] == pytest.approx(expected, rel=1e-5, abs=1e-8)
        factors = math.prod(np.array(f["values"]) for f in told["chain"]["factors"])  # type: ignore[var-annotated]
        assert factors == pytest.approx(told["chain"]["products"], rel=1e-6, abs=1e-12)
        assert told["chain"]["products"].mean() == pytest.approx(told["gradient"]["loss"])
        weight = trained.state.theta[place]
        penalty = trained.config.l1 * np.sign(weight) + trained.config.l2 * weight if source >= 0 else 0.0
        assert told["gradient"]["total"] == pytest.approx(told["gradient"]["loss"] + penalty)


@pytest.mark.parametrize("options", [{"index": 4}, {"batch": 5}])
def test_the_gradients_of_whole_layers_are_slopes_of_the_loss(
    trained: Trainer, options: dict[str, int]
) -> None:
    rows = [4] if "index" in options else [0, 1, 2, 3, 4]
    told = trace(trained, **options)["layers"]
    for layer, unit, source, place in places(trained):
        held = told[layer]
        gradient = held["bias_gradients"][unit] if source < 0 else held["weight_gradients"][source][unit]
        assert gradient == pytest.approx(difference(trained, place, rows), rel=1e-5, abs=1e-8)


def test_sums_are_told_term_by_term(trained: Trainer) -> None:
    for index, layer in enumerate(trained.network.layers):
        told = trace(trained, layer=index, batch=3)
        terms = told["unit"]["terms"]
        assert terms["products"].sum(axis=1) + told["unit"]["bias"] == pytest.approx(told["unit"]["z"])
        for factor in told["chain"]["factors"]:
            if factor["terms"]:
                assert factor["terms"]["products"].sum(axis=1) == pytest.approx(factor["values"])
                assert len(factor["terms"]["units"]) + factor["terms"]["omitted"] in (
                    layer.units,
                    trained.network.layers[min(index + 1, len(trained.network.layers) - 1)].units,
                )


def test_the_lectures_factors_are_there_for_a_sigmoid_unit(make: Any) -> None:
    trainer = make(
        layers=[], loss={"name": "half_squared_error"}, output_activation="sigmoid", dtype="float64"
    )
    told = trace(trainer, index=2, source=1)
    x, target, y = told["inputs"]["seen"][0][1], told["targets"][0][0], told["outputs"][0][0]
    values = [float(factor["values"][0]) for factor in told["chain"]["factors"]]
    assert values == pytest.approx([target - y, -1.0, y * (1 - y), x])
    letters = [
        (factor["numerator"]["letter"], factor["denominator"]["letter"])
        for factor in told["chain"]["factors"]
    ]
    assert letters == [("E", "e"), ("e", "a"), ("a", "z"), ("z", "w")]
    assert told["chain"]["deltas"][0] == pytest.approx(-(target - y) * (1 - y) * y)


def test_matched_losses_tell_both_forms(make: Any) -> None:
    told = trace(make(dtype="float64"), index=1)
    delta = told["output_delta"]
    assert delta["form"] == "matched"
    assert delta["simplified"] == pytest.approx(told["outputs"] - told["targets"])
    assert delta["factored"] == pytest.approx(delta["simplified"], rel=1e-6)
    told = trace(make(dataset={"name": "iris"}, dtype="float64"), index=1)
    s, jacobian = told["outputs"][0], told["output_delta"]["jacobian"]
    assert jacobian == pytest.approx(
        np.array([[s[k] * ((k == j) - s[j]) for j in range(3)] for k in range(3)])
    )
    assert told["output_delta"]["upstream"][0] @ jacobian == pytest.approx(
        told["output_delta"]["simplified"][0]
    )


OPTIMIZERS = ["sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("clip", [None, 0.01])
def test_the_update_is_the_step_training_makes(make: Any, name: str, clip: float | None) -> None:
    layers = [{"units": 5, "activation": "prelu"}, {"units": 4, "frozen": True}, {"units": 3}]
    trainer = make(
        dataset={"name": "blobs", "samples": 60},
        layers=layers,
        optimizer={"name": name, "learning_rate": 0.01, "clip_norm": clip},
        batch_size=1000,
        l1=0.003,
        l2=0.01,
        dtype="float64",
    )
    trainer.advance(5)
    trainer.state.disabled = ((1,), (), (2,))
    trainer = Trainer(trainer.config, trainer.data, trainer.checkpoint())
    asked = places(trainer)
    told = [
        trace(trainer, layer=layer, unit=unit, source=source, batch=100)["update"]
        for layer, unit, source, _ in asked
    ]
    before = trainer.state.theta.copy()
    trainer.advance(1)
    step = trainer.state.theta - before
    for update, (layer, _, _, place) in zip(told, asked, strict=True):
        assert update["change"] == pytest.approx(step[place], rel=1e-9, abs=1e-15)
        assert update["norm"] == pytest.approx(np.linalg.norm(step))
        assert update["frozen"] == (layer == 1)
        assert update["clipped"] == (clip is not None)


def test_the_perceptron_rule_is_told_as_what_it_is(make: Any) -> None:
    trainer = make(dataset={"name": "gate_and"}, layers=[], optimizer={"name": "perceptron"})
    told = trace(trainer, index=0)
    assert told["rule"] == "perceptron" and told["numeric"] is None and told["numeric_reason"]
    assert told["output_delta"]["simplified"] == pytest.approx(told["outputs"] - told["targets"])
    rate, seen = trainer.config.optimizer.learning_rate, told["inputs"]["seen"][0][0]
    error = told["error"]["target_minus_output"][0][0]
    assert told["update"]["change"] == pytest.approx(rate * error * seen)


def test_a_light_checkpoint_says_why_there_is_no_update(make: Any) -> None:
    trainer, view = make(), VIEWS["sample_trace"]
    told = view.compute(trainer.snapshot(), trainer.data, view.parse({}))
    assert told["update"] is None and "earlier gradients" in told["update_reason"]
    sgd = make(optimizer={"name": "sgd"})
    assert view.compute(sgd.snapshot(), sgd.data, view.parse({}))["update"]["change"] != 0


def test_what_a_person_reads_is_in_the_datas_own_words(make: Any) -> None:
    iris = make(dataset={"name": "iris"})
    told = trace(iris, batch=4)
    assert told["target"] == [iris.data.classes[k] for k in iris.data.train.truth[:4]]
    assert told["prediction"] == [iris.data.classes[k] for k in told["outputs"].argmax(axis=1)]
    sine = make(dataset={"name": "sine", "samples": 60})
    assert trace(sine, index=2)["target"][0] == pytest.approx(float(sine.data.train.truth[2]))
    labels = trace(make(dataset={"name": "discs", "samples": 60}), index=0)
    assert isinstance(labels["target"][0], list)


def test_large_networks_are_traced_and_say_what_is_left_out(make: Any) -> None:
    deep = trace(make(layers=[{"units": 4}] * 100), layer=1)
    assert len(deep["layers"]) == 101 and deep["numeric"]["relative_error"] < 1e-2
    wide = trace(make(dataset={"name": "digits"}, layers=[{"units": 300}]), layer=0, unit=299, source=63)
    assert wide["layers"][0]["weights"] is None and wide["layers"][0]["omitted_units"] == 44
    assert wide["layers"][0]["z"].shape == (1, 256) and wide["unit"]["terms"]["omitted"] == 0
    assert wide["layers"][0]["shapes"] == {"weights": [64, 300], "z": [1, 300]}


def test_numbers_that_are_not_finite_stay_so(make: Any) -> None:
    trainer = make(dtype="float64")
    broken = copy.deepcopy(trainer.checkpoint())
    broken.theta[0] = np.nan
    view = VIEWS["sample_trace"]
    told = view.compute(broken, trainer.data, view.parse({}))
    assert math.isnan(told["loss"]["value"]) and math.isnan(told["gradient"]["loss"])


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"index": 30}, "index"),
        ({"index": -1}, "index"),
        ({"part": "validation"}, "part"),
        ({"batch": 101}, "batch"),
        ({"layer": 2}, "layer"),
        ({"layer": 0, "unit": 8}, "unit"),
        ({"source": 8}, "source"),
        ({"source": -2}, "source"),
        ({"layer": 0.5}, "layer"),
    ],
)
def test_a_bad_option_is_refused_by_its_name(make: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        trace(make(), **options)
    assert caught.value.field == field


def test_a_stored_checkpoint_gives_the_same(trained: Trainer) -> None:
    stored = Checkpoint.from_bytes(trained.checkpoint().to_bytes())
    view = VIEWS["sample_trace"]
    assert repr(view.compute(stored, trained.data, view.parse({}))) == repr(trace(trained))


def test_a_slope_that_no_difference_can_show_is_not_called_wrong(make: Any) -> None:
    shrinking = make(layers=[{"units": 4}] * 60, initializer={"name": "normal", "scale": 0.05})
    told = trace(shrinking, layer=0)
    assert 0 < abs(told["gradient"]["loss"]) < 1e-20
    assert told["numeric"]["relative_error"] is None and told["numeric_code"] == "slope_too_small"

"""Sample trace: values against sums of products, gradients against differences, updates against training."""

import copy
import math
from typing import Any

import numpy as np
import pytest

from engine.layers.activations import value
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


def difference(mean_loss: Any, trainer: Trainer, position: int, rows: list[int]) -> float:
    """dE/dw of the parameter at `position`, by a central difference."""
    high, low = trainer.state.theta.copy(), trainer.state.theta.copy()
    high[position] += 1e-5
    low[position] -= 1e-5
    return (mean_loss(trainer, high, rows) - mean_loss(trainer, low, rows)) / 2e-5


def selected_weights(trainer: Trainer) -> list[tuple[int, int, int, int]]:
    """(layer, unit, source, position in the flat vector) of one weight and one bias in every layer."""
    weights = []
    for index, layer in enumerate(trainer.network.layers):
        unit, source = layer.units - 1, layer.inputs - 1
        weights.append((index, unit, source, layer.start + source * layer.units + unit))
        weights.append((index, unit, -1, layer.start + layer.inputs * layer.units + unit))
    return weights


def test_the_forward_pass_is_sums_of_products(trained: Trainer, mean_loss: Any) -> None:
    result = trace(trained, index=3)
    a = result["inputs"]["seen"][0]
    assert a == pytest.approx(trained.data.train.inputs[3])
    for layer, spec in zip(result["layers"], trained.network.layers, strict=True):
        columns = layer["weights"].T
        z = [
            sum(x * w for x, w in zip(a, column, strict=True)) + b
            for column, b in zip(columns, layer["biases"], strict=True)
        ]
        assert layer["z"][0] == pytest.approx(z)
        alpha = spec.alphas(trained.state.theta)
        a = value(layer["activation"], np.array(z)[:, None], alpha)[:, 0]
        assert layer["a"][0] == pytest.approx(a)
        assert layer["lecture_shapes"]["weights"] == layer["shapes"]["weights"][::-1]
    assert result["outputs"][0] == pytest.approx(a)
    assert result["loss"]["value"] == pytest.approx(mean_loss(trained, trained.state.theta, [3]))
    error = result["error"]
    assert error["target_minus_output"][0] == pytest.approx(trained.data.train.targets[3] - a)
    assert (error["output_minus_target"] == -error["target_minus_output"]).all()


@pytest.mark.parametrize("options", [{"index": 4}, {"batch": 5}])
def test_the_gradient_of_a_weight_is_a_difference_of_losses(
    trained: Trainer, options: dict[str, int], mean_loss: Any
) -> None:
    rows = [4] if "index" in options else [0, 1, 2, 3, 4]
    for layer, unit, source, position in selected_weights(trained):
        result = trace(trained, layer=layer, unit=unit, source=source, **options)
        expected = difference(mean_loss, trained, position, rows)
        assert result["gradient"]["loss"] == pytest.approx(expected, rel=1e-5, abs=1e-8)
        assert result["numeric"]["estimate"] == pytest.approx(expected, rel=1e-5, abs=1e-8)
        factors = math.prod(np.array(factor["values"]) for factor in result["chain"]["factors"])  # type: ignore[var-annotated]
        assert factors == pytest.approx(result["chain"]["products"], rel=1e-6, abs=1e-12)
        assert result["chain"]["products"].mean() == pytest.approx(result["gradient"]["loss"])
        weight = trained.state.theta[position]
        penalty = trained.config.l1 * np.sign(weight) + trained.config.l2 * weight if source >= 0 else 0.0
        assert result["gradient"]["total"] == pytest.approx(result["gradient"]["loss"] + penalty)


@pytest.mark.parametrize("options", [{"index": 4}, {"batch": 5}])
def test_the_gradients_of_layers_are_differences_of_losses(
    trained: Trainer, options: dict[str, int], mean_loss: Any
) -> None:
    rows = [4] if "index" in options else [0, 1, 2, 3, 4]
    result = trace(trained, **options)["layers"]
    for layer, unit, source, position in selected_weights(trained):
        traced = result[layer]
        gradient = traced["bias_gradients"][unit] if source < 0 else traced["weight_gradients"][source][unit]
        assert gradient == pytest.approx(difference(mean_loss, trained, position, rows), rel=1e-5, abs=1e-8)


def test_the_terms_add_up_to_their_sums(trained: Trainer) -> None:
    for index, layer in enumerate(trained.network.layers):
        result = trace(trained, layer=index, batch=3)
        terms = result["unit"]["terms"]
        assert terms["products"].sum(axis=1) + result["unit"]["bias"] == pytest.approx(result["unit"]["z"])
        for factor in result["chain"]["factors"]:
            if factor["terms"]:
                assert factor["terms"]["products"].sum(axis=1) == pytest.approx(factor["values"])
                assert len(factor["terms"]["units"]) + factor["terms"]["omitted"] in (
                    layer.units,
                    trained.network.layers[min(index + 1, len(trained.network.layers) - 1)].units,
                )


OPTIMIZERS = ["sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("clip", [None, 0.01])
def test_the_update_equals_the_next_training_step(make: Any, name: str, clip: float | None) -> None:
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
    selected = selected_weights(trainer)
    result = [
        trace(trainer, layer=layer, unit=unit, source=source, batch=100)["update"]
        for layer, unit, source, _ in selected
    ]
    before = trainer.state.theta.copy()
    trainer.advance(1)
    step = trainer.state.theta - before
    for update, (layer, _, _, position) in zip(result, selected, strict=True):
        assert update["change"] == pytest.approx(step[position], rel=1e-9, abs=1e-15)
        assert update["norm"] == pytest.approx(np.linalg.norm(step))
        assert update["frozen"] == (layer == 1)
        assert update["clipped"] == (clip is not None)


def composed_step(terms: dict[str, float], rate: float, optimizer: dict[str, Any], weight: float) -> float:
    """The change of a weight by the formula of its optimizer, from the terms of the trace."""
    g, name, epsilon = terms["gradient"], optimizer["name"], 1e-7
    if name == "momentum":
        return -terms["velocity"]
    if name == "nesterov":
        return -(0.9 * terms["velocity"] + rate * g)
    if name == "rmsprop":
        return -rate * g / (terms["mean_square"] ** 0.5 + epsilon)
    if name == "adagrad":
        return -rate * g / (terms["sum_of_squares"] ** 0.5 + epsilon)
    if name in ("adam", "adamw"):
        step = -rate * terms["corrected_mean"] / (terms["corrected_mean_square"] ** 0.5 + epsilon)
        return step - (rate * 0.01 * weight if name == "adamw" else 0.0)
    return -rate * g


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("clip", [None, 0.01])
def test_the_terms_of_an_update_compose_it(make: Any, name: str, clip: float | None) -> None:
    optimizer = {"name": name, "learning_rate": 0.01, "clip_norm": clip}
    trainer = make(layers=[{"units": 4}], optimizer=optimizer, l2=0.01, dtype="float64")
    trainer.advance(7)
    for index in range(3):
        result = trace(trainer, index=index, layer=0, unit=1, source=0)
        update, weight = result["update"], result["chain"]["value"]
        step = composed_step(update["terms"], update["learning_rate"], optimizer, weight)
        assert update["change"] == pytest.approx(step, rel=1e-5)


def test_targets_and_predictions_have_the_names_and_units_of_the_data(make: Any) -> None:
    iris = make(dataset={"name": "iris"})
    result = trace(iris, batch=4)
    assert result["target"] == [iris.data.classes[index] for index in iris.data.train.truth[:4]]
    assert result["prediction"] == [iris.data.classes[index] for index in result["outputs"].argmax(axis=1)]
    sine = make(dataset={"name": "sine", "samples": 60})
    assert trace(sine, index=2)["target"][0] == pytest.approx(float(sine.data.train.truth[2]))
    labels = trace(make(dataset={"name": "discs", "samples": 60}), index=0)
    assert isinstance(labels["target"][0], list)


def test_large_networks_are_traced_and_count_what_is_left_out(make: Any) -> None:
    deep = trace(make(layers=[{"units": 4}] * 100), layer=1)
    assert len(deep["layers"]) == 101 and deep["numeric"]["relative_error"] < 1e-2
    wide = trace(make(dataset={"name": "digits"}, layers=[{"units": 300}]), layer=0, unit=299, source=63)
    assert wide["layers"][0]["weights"] is None and wide["layers"][0]["omitted_units"] == 44
    assert wide["layers"][0]["z"].shape == (1, 256) and wide["unit"]["terms"]["omitted"] == 0
    assert wide["layers"][0]["shapes"] == {"weights": [64, 300], "z": [1, 300]}


def test_the_loss_of_weights_that_are_not_finite_is_nan(make: Any) -> None:
    trainer = make(dtype="float64")
    changed = copy.deepcopy(trainer.checkpoint())
    changed.theta[0] = np.nan
    view = VIEWS["sample_trace"]
    result = view.compute(changed, trainer.data, view.parse({}))
    assert math.isnan(result["loss"]["value"]) and math.isnan(result["gradient"]["loss"])


def test_a_stored_checkpoint_gives_the_same_trace(trained: Trainer) -> None:
    stored = Checkpoint.from_bytes(trained.checkpoint().to_bytes())
    view = VIEWS["sample_trace"]
    assert repr(view.compute(stored, trained.data, view.parse({}))) == repr(trace(trained))

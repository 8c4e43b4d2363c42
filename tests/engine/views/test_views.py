"""Views: every number against a plain computation, one point after the other."""

import json
import math
from typing import Any

import numpy as np
import pytest

from engine.analysis.histograms import histograms
from engine.config.errors import ConfigError
from engine.layers.activations import derivative, value
from engine.queries import points, predict, weights
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer as trainer_of
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer
from engine.views import VIEWS, decision_boundary

CASES: list[dict[str, Any]] = [
    {
        "dataset": {"name": "circle", "samples": 80},
        "layers": [{"units": 5}, {"units": 4, "activation": "relu"}],
    },
    {"dataset": {"name": "blobs", "samples": 80}, "layers": [{"units": 6, "activation": "swish"}]},
    {"dataset": {"name": "discs", "samples": 80}, "layers": []},
    {"dataset": {"name": "sine", "samples": 80}, "layers": [{"units": 7, "activation": "prelu"}]},
    {"dataset": {"name": "iris"}, "layers": [{"units": 5, "activation": "softplus"}]},
    {"dataset": {"name": "gate_xor"}, "layers": [{"units": 3, "activation": "sigmoid"}]},
]
IDS = [case["dataset"]["name"] for case in CASES]


@pytest.fixture(params=CASES, ids=IDS)
def trained(request: pytest.FixtureRequest, make: Any) -> Trainer:
    trainer: Trainer = make({**request.param, "dtype": "float64"})
    trainer.advance(60)
    return trainer


def by_hand(trainer: Trainer, inputs: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """(z, a) of every layer, each (samples, units), from what `weights` tells an outsider."""
    told = weights(trainer.checkpoint(), trainer.data)
    a, passed = inputs, []
    for layer in told["layers"]:
        z = np.array(
            [
                [
                    sum(x * w for x, w in zip(row, column, strict=True)) + b
                    for column, b in zip(layer["weights"].T, layer["biases"], strict=True)
                ]
                for row in a
            ]
        )
        alpha = np.array(layer["alpha"])[:, None] if "alpha" in layer else None
        a = value(layer["activation"], z.T, alpha).T
        passed.append((z, a))
    return passed


def preprocess(trainer: Trainer, raw: np.ndarray) -> np.ndarray:
    told = weights(trainer.checkpoint(), trainer.data)["preprocessing"]
    columns = {
        "x1": lambda r: r[0],
        "x2": lambda r: r[1],
        "x1*x2": lambda r: r[0] * r[1],
        "sin(x1)": lambda r: math.sin(r[0]),
    }
    rows = []
    for row in raw:
        named = {
            n: columns[n](row) if n in columns else row[trainer.data.inputs.index(n)]
            for n in told["features"]
        }
        rows.append(
            [
                (named[n] - m) / s
                for n, m, s in zip(told["features"], told["mean"], told["scale"], strict=True)
            ]
        )
    return np.array(rows)


def draw(trainer: Trainer, name: str, **options: Any) -> dict[str, Any]:
    view = VIEWS[name]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def test_the_boundary_is_the_networks_output_at_every_place(trained: Trainer) -> None:
    drawn = draw(trained, "decision_boundary", resolution=5)
    told = weights(trained.checkpoint(), trained.data)["preprocessing"]
    u = np.linspace(*drawn["x"], 5)
    if drawn["projected"]:
        raw = trained.data.train.raw
        mean, scale = raw.mean(axis=0), raw.std(axis=0)
        covariance = np.cov(((raw - mean) / scale).T)
        vectors = np.linalg.eigh(covariance)[1][:, ::-1][:, :2].T
        vectors *= np.sign(vectors[np.arange(2), np.abs(vectors).argmax(axis=1)])[:, None]
        places = [
            mean + scale * (x * vectors[0] + y * vectors[1]) for y in np.linspace(*drawn["y"], 5) for x in u
        ]
        assert drawn["points"]["train"] == pytest.approx((raw - mean) / scale @ vectors.T, abs=1e-5)
    elif len(drawn["axes"]) == 1:
        places = [[x] for x in u]
    else:
        places = [[x, y] for y in np.linspace(*drawn["y"], 5) for x in u]
    outputs = by_hand(trained, preprocess(trained, np.array(places)))[-1][1]
    if trained.data.task == "regression":
        outputs = outputs * told["target_scale"] + told["target_mean"]
    rows = 1 if len(drawn["axes"]) == 1 else 5
    assert drawn["values"] == pytest.approx(outputs.T.reshape(-1, rows, 5), abs=1e-5)


def test_the_boundary_of_a_unit_is_what_that_unit_computes(make: Any) -> None:
    trainer = make(layers=[{"units": 4}, {"units": 3}], features=["x1", "x1*x2", "sin(x1)"], dtype="float64")
    drawn = draw(trainer, "decision_boundary", resolution=4, layer=1, unit=2)
    u = np.linspace(-6, 6, 4)
    places = np.array([[x, y] for y in u for x in u])
    expected = by_hand(trainer, preprocess(trainer, places))[1][1][:, 2]
    assert drawn["values"] == pytest.approx(expected.reshape(1, 4, 4), abs=1e-6)


def test_two_chosen_axes_hold_the_other_inputs_at_their_mean(make: Any) -> None:
    trainer = make(dataset={"name": "iris"}, dtype="float64")
    names = trainer.data.inputs
    drawn = draw(trainer, "decision_boundary", resolution=3, axes=f"{names[2]},{names[0]}")
    raw = np.tile(trainer.data.train.raw.mean(axis=0), (9, 1))
    raw[:, 2], raw[:, 0] = np.tile(np.linspace(*drawn["x"], 3), 3), np.repeat(np.linspace(*drawn["y"], 3), 3)
    expected = by_hand(trainer, preprocess(trainer, raw))[-1][1]
    assert drawn["axes"] == [names[2], names[0]]
    assert drawn["values"] == pytest.approx(expected.T.reshape(3, 3, 3), abs=1e-5)


@pytest.mark.parametrize("part", ["train", "test"])
def test_histograms_count_every_value_of_every_layer(trained: Trainer, part: str) -> None:
    drawn = draw(trained, "activation_histograms", part=part, bins=12)
    passed = by_hand(trained, getattr(trained.data, part).inputs)
    for layer, (z, a), spec in zip(drawn["layers"], passed, trained.network.layers, strict=True):
        for told, values in ((layer["preactivations"], z), (layer["activations"], a)):
            assert (told["low"], told["high"]) == pytest.approx((values.min(), values.max()), abs=1e-9)
            expected = np.histogram(values, bins=12, range=(told["low"], told["high"]))[0]
            assert told["counts"].sum() == values.size
            assert np.abs(told["counts"] - expected).sum() <= 2  # a value on an edge may fall to either side
        assert layer["dead"] == np.mean([column.max() <= 0 for column in a.T])
        alpha = (
            np.array(weights(trained.checkpoint(), trained.data)["layers"][0]["alpha"])[:, None]
            if spec.alpha_start
            else None
        )
        slopes = derivative(spec.activation, z.T, alpha)
        assert layer["saturated"] == pytest.approx(np.mean(np.abs(slopes) < 0.05))
        assert layer["nonfinite"] == 0


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("part", ["test", "validation"])
def test_a_part_without_points_is_refused_or_replaced_saying_so(make: Any, name: str, part: str) -> None:
    if "part" not in VIEWS[name].options or "binary" not in VIEWS[name].applies_to:
        return
    trainer = make(dataset={"name": "circle", "samples": 60, "test_fraction": 0})
    try:
        assert draw(trainer, name, part=part)["part"] == "train"
    except ConfigError as error:
        assert error.field == "part"


def test_values_that_are_not_finite_are_counted_apart(make: Any) -> None:
    trainer = make(layers=[{"units": 4, "activation": "relu"}], dtype="float64")
    trainer.network.layers[0].matrix(trainer.state.theta)[-1, 0] = np.nan
    trainer.network.layers[0].matrix(trainer.state.theta)[-1, 1] = np.inf
    layer = draw(trainer, "activation_histograms")["layers"][0]
    assert layer["nonfinite"] == 0.5
    assert layer["preactivations"]["counts"].sum() == 2 * 30
    assert np.isfinite([layer["preactivations"]["low"], layer["preactivations"]["high"]]).all()


@pytest.mark.parametrize("size", [1e-34, 1e-30, 1.0, 3e38])
def test_every_value_is_counted_however_far_apart_they_are(size: float) -> None:
    values = np.array([[-size, 0, size], [1, 1, 1], [size, size, size], [1, 1, 1]], np.float32)
    with np.errstate(all="ignore"):
        found = histograms(values, ((0, 1), (2, 3)), 4)
    assert found.counts.tolist() == [[1, 0, 1, 1], [3, 0, 0, 0]]
    assert found.high == pytest.approx([size, size]) and found.all_finite


def test_a_range_too_narrow_to_divide_counts_as_one_value() -> None:
    values = np.array([np.linspace(0, 1e-36, 8), np.ones(8)], np.float32)
    assert histograms(values, ((0, 1),), 4).counts.tolist() == [[8, 0, 0, 0]]


@pytest.mark.parametrize("activation", ["tanh", "elu", "selu", "swish", "gelu", "softplus", "prelu"])
def test_units_switched_off_count_as_saturated_where_their_slope_is_small(make: Any, activation: str) -> None:
    trainer = make(layers=[{"units": 2, "activation": activation}], dtype="float64")
    trainer.apply_edits({"units": [{"layer": 0, "unit": 1, "action": "off"}]})
    trainer.network.layers[0].matrix(trainer.state.theta)[:] = [[0, 0], [0, 0], [0.5, 6]]
    slopes = derivative(activation, np.array([[0.5, 6.0]]), 0.25)
    drawn = draw(trainer, "activation_histograms")["layers"][0]
    assert drawn["saturated"] == np.count_nonzero(np.abs(slopes) < 0.05) / 2


def test_the_boundary_of_a_large_network_is_drawn_in_pieces_and_is_the_same(
    trained: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, view = draw(trained, "decision_boundary", resolution=20), VIEWS["decision_boundary"]
    monkeypatch.setattr(decision_boundary, "CHUNK_PRODUCTS", 7.0 * trained.network.size)
    working = view.slices(trained.checkpoint(), trained.data, view.parse({"resolution": 20}))
    shares = []
    with pytest.raises(StopIteration) as ended:
        while True:
            shares.append(next(working))
    assert len(shares) == math.ceil(expected["values"][0].size / 7) and shares == sorted(shares)
    assert ended.value.value["values"] == pytest.approx(expected["values"], abs=1e-12)


def test_the_network_shows_its_parameters_and_every_units_map(trained: Trainer) -> None:
    drawn = draw(trained, "network", resolution=6)
    told = weights(trained.checkpoint(), trained.data)["layers"]
    for layer, expected in zip(drawn["layers"], told, strict=True):
        assert layer["weights"] == pytest.approx(expected["weights"], abs=1e-6)
        assert layer["biases"] == pytest.approx(expected["biases"], abs=1e-6)
    if trained.data.inputs != ["x1", "x2"]:
        return
    last = len(told) - 1
    for index in range(len(told)):
        for unit in range(drawn["layers"][index]["units"]):
            options = {} if index == last else {"layer": index}
            fine = draw(trained, "decision_boundary", resolution=6, unit=unit, **options)["values"][0]
            layer = drawn["layers"][index]
            seen = layer["low"] + layer["maps"][unit] / 255 * (layer["high"] - layer["low"])
            assert seen == pytest.approx(fine, abs=(layer["high"] - layer["low"]) / 255)


def seen(part: dict[str, Any]) -> np.ndarray:
    """Maps as numbers, (units, points)."""
    steps = part["maps"].reshape(len(part["maps"]), -1) / 255
    return np.asarray(part["low"] + steps * (part["high"] - part["low"]))


def test_first_units_are_what_their_weights_make_of_the_inputs_drawn_beside_them(trained: Trainer) -> None:
    drawn, layer = draw(trained, "network", resolution=6), trained.network.layers[0]
    inputs, first = drawn["inputs"], drawn["layers"][0]
    assert inputs["names"] == trained.data.features and len(inputs["maps"]) == layer.inputs
    z = first["weights"].T @ seen(inputs) + first["biases"][:, None]
    alpha = layer.alphas(trained.state.theta)
    rounded = sum(
        (part["high"] - part["low"]) / 510 * factor
        for part, factor in ((inputs, 1.2 * np.abs(first["weights"]).sum(axis=0).max()), (first, 1.0))
    )
    assert seen(first) == pytest.approx(value(layer.activation, z, alpha), abs=rounded + 1e-6)


@pytest.mark.parametrize("name", ["digits", "light_curves"])
def test_pixels_and_series_are_not_drawn_one_by_one_over_the_plane(make: Any, name: str) -> None:
    assert "inputs" not in draw(make({"dataset": {"name": name, "samples": 60}}), "network", resolution=4)


def test_a_large_network_says_what_it_leaves_out(make: Any) -> None:
    trainer = make(layers=[{"units": 40}] + [{"units": 4}] * 30)
    drawn = draw(trainer, "network")
    assert drawn["layers"][0]["omitted_units"] == 8 and drawn["layers"][0]["maps"].shape == (32, 20, 20)
    assert len(drawn["layers"]) + len(drawn["omitted_layers"]) == 32
    assert drawn["layers"][-1]["index"] == 31


def make_denoising() -> Any:
    config = parse({"paradigm": "autoencoder", "dataset": {"name": "iris"}, "layers": [{"units": 2}]})
    return trainer_of(config, load_data(config))


ACTING = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole", "horizon": 30}, "episodes": 4}


def make_acting() -> Any:
    config = parse(ACTING)
    return trainer_of(config, load_data(config))


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_is_the_same_from_a_stored_checkpoint(make: Any, name: str) -> None:
    applies_to = VIEWS[name].applies_to
    others = make_acting if "control" in applies_to else make_denoising
    trainer = make() if "binary" in applies_to else others()
    trainer.advance(30)
    stored = Checkpoint.from_bytes(trainer.checkpoint().to_bytes())
    view = VIEWS[name]
    live = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))
    again = view.compute(stored, trainer.data, view.parse({}))
    assert repr(live) == repr(again)


def test_predictions_are_in_the_datas_own_units(make: Any) -> None:
    trainer = make(dataset={"name": "sine", "samples": 200}, layers=[{"units": 16}], epochs=300)
    trainer.advance(10**5)
    part = trainer.data.train
    answer = predict(trainer.checkpoint(), trainer.data, part.raw.tolist())
    assert np.abs(answer["outputs"][:, 0] - part.truth).mean() < 0.5 * part.truth.std()


def test_predicted_classes_carry_their_names(make: Any) -> None:
    trainer = make(dataset={"name": "iris"}, epochs=100)
    trainer.advance(10**5)
    answer = predict(trainer.checkpoint(), trainer.data, trainer.data.train.raw.tolist())
    names = [points(trainer.data)["classes"][index] for index in trainer.data.train.truth]
    assert np.mean([a == b for a, b in zip(answer["classes"], names, strict=True)]) > 0.9


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        (None, "inputs"),
        ([], "inputs"),
        ([1, 2], "inputs.0"),
        ([[1, 2], [1]], "inputs.1"),
        ([[1, "2"]], "inputs.0.1"),
        ([[1, float("nan")]], "inputs.0.1"),
        ([[True, 1]], "inputs.0.0"),
        ([[1, 10**400]], "inputs.0.1"),
    ],
)
def test_bad_rows_to_predict_are_named(make: Any, rows: Any, field: str) -> None:
    trainer = make()
    with pytest.raises(ConfigError) as caught:
        predict(trainer.checkpoint(), trainer.data, rows)
    assert caught.value.field == field


def test_inputs_that_are_no_axis_are_held_at_chosen_values(make: Any) -> None:
    trainer = make(dataset={"name": "iris"}, dtype="float64")
    names, mean = trainer.data.inputs, trainer.data.train.raw.mean(axis=0)
    asked = {"axes": json.dumps([names[3], names[0]]), "held": json.dumps({names[1]: 2.5})}
    drawn = draw(trainer, "decision_boundary", resolution=3, **asked)
    assert drawn["held"] == {names[1]: 2.5, names[2]: pytest.approx(mean[2])}
    places = [[y, 2.5, mean[2], x] for y in np.linspace(*drawn["y"], 3) for x in np.linspace(*drawn["x"], 3)]
    expected = by_hand(trainer, preprocess(trainer, np.array(places)))[-1][1]
    assert drawn["values"] == pytest.approx(expected.T.reshape(3, 3, 3), abs=1e-5)
    other = draw(
        trainer, "decision_boundary", resolution=3, axes=asked["axes"], held=json.dumps({names[1]: 4.5})
    )
    assert np.abs(drawn["values"] - other["values"]).max() > 1e-3  # not the grid of before

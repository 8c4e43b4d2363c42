"""Configurations: what is filled in, what is refused and how it is said, what may change while training."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalogue import catalogue
from engine.config.errors import ConfigError
from engine.config.form import is_live
from engine.config.models import RunConfig
from engine.datasets import DATASETS, load
from engine.layers.activations import ACTIVATIONS
from engine.layers.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.tasks.live_changes import change
from engine.tasks.resolve import json_schema, parameter_count, parse, warnings
from engine.training.reason import ending
from engine.training.trainer import Trainer

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"lairs": []}, "lairs"),
    ({"layers": [{"units": 8}, {"units": 0}]}, "layers.1.units"),
    ({"layers": [{"units": 1025}]}, "layers.0.units"),
    ({"layers": [{"units": "8"}]}, "layers.0.units"),
    ({"layers": [{"units": 8.5}]}, "layers.0.units"),
    ({"layers": [{"units": True}]}, "layers.0.units"),
    ({"layers": [{}] * 129}, "layers"),
    ({"layers": [{"units": 1024}] * 3}, "layers"),
    ({"layers": [{"activation": "tahn"}]}, "layers.0.activation"),
    ({"layers": [{"activation": "tanh", "alpha": 0.1}]}, "layers.0.alpha"),
    ({"layers": [{"activation": "leaky_relu", "alpha": 2}]}, "layers.0.alpha"),
    ({"layers": [{"dropout": 1}]}, "layers.0.dropout"),
    ({"layers": [{"dropuot": 0.1}]}, "layers.0.dropuot"),
    ({"dataset": {"name": "mnist"}}, "dataset.name"),
    ({"dataset": {"samples": 3}}, "dataset.samples"),
    ({"dataset": {"samples": 200_001}}, "dataset.samples"),
    ({"dataset": {"noise": -0.1}}, "dataset.noise"),
    ({"dataset": {"classes": 3}}, "dataset.classes"),
    ({"dataset": {"name": "blobs", "classes": 1}}, "dataset.classes"),
    ({"dataset": {"test_fraction": 0.6, "validation_fraction": 0.6}}, "dataset.validation_fraction"),
    ({"dataset": {"standardize": "yes"}}, "dataset.standardize"),
    ({"dataset": {"seed": 2**53}}, "dataset.seed"),
    ({"dataset": 7}, "dataset"),
    ({"features": []}, "features"),
    ({"features": ["x1", "x3"]}, "features.1"),
    ({"features": ["x1", "x1"]}, "features.1"),
    ({"output_activation": "sotfmax"}, "output_activation"),
    ({"output_activation": "prelu"}, "output_activation"),
    ({"loss": {"name": "mse"}}, "loss.name"),
    ({"loss": {"name": "mean_squared_error", "delta": 1}}, "loss.delta"),
    ({"dataset": {"name": "plane"}, "loss": {"name": "hinge"}}, "loss.name"),
    ({"initializer": {"name": "glorot"}}, "initializer.name"),
    ({"initializer": {"name": "zeros", "scale": 1}}, "initializer.scale"),
    ({"optimizer": {"name": "lion"}}, "optimizer.name"),
    ({"optimizer": {"learning_rate": 0}}, "optimizer.learning_rate"),
    ({"optimizer": {"learning_rate": float("nan")}}, "optimizer.learning_rate"),
    ({"optimizer": {"learning_rate": float("inf")}}, "optimizer.learning_rate"),
    ({"optimizer": {"name": "sgd", "momentum": 0.9}}, "optimizer.momentum"),
    ({"optimizer": {"beta_1": 1}}, "optimizer.beta_1"),
    ({"optimizer": {"schedule": {"name": "linear"}}}, "optimizer.schedule.name"),
    ({"optimizer": {"schedule": {"name": "constant", "decay_steps": 5}}}, "optimizer.schedule.decay_steps"),
    ({"optimizer": {"schedule": {"name": "step", "decay_steps": 0}}}, "optimizer.schedule.decay_steps"),
    ({"optimizer": {"name": "perceptron"}}, "optimizer.name"),
    ({"optimizer": {"name": "perceptron"}, "layers": [], "output_activation": "sigmoid"}, "optimizer.name"),
    ({"optimizer": {"clip_norm": 0}}, "optimizer.clip_norm"),
    ({"l1": -1}, "l1"),
    ({"batch_size": 0}, "batch_size"),
    ({"epochs": 0}, "epochs"),
    ({"early_stopping": {"monitor": "loss"}}, "early_stopping.monitor"),
    ({"early_stopping": {}}, "early_stopping.monitor"),
    ({"early_stopping": {"monitor": "train_loss", "patience": 0}}, "early_stopping.patience"),
    ({"dtype": "float16"}, "dtype"),
    ({"seed": -1}, "seed"),
    ({"name": "x" * 201}, "name"),
    ({"name": None}, "name"),
    ({"paradigm": "magic"}, "paradigm"),
]


@pytest.mark.parametrize(("raw", "field"), REFUSED)
def test_a_bad_value_is_refused_by_the_name_of_its_field(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(raw)
    assert (caught.value.field, caught.value.code) == (field, "invalid")
    assert caught.value.message


class Counted(dict[str, Any]):
    """A JSON object that counts how many of its items were read."""

    read = 0

    def items(self) -> Any:
        for item in super().items():
            self.read += 1
            yield item


@pytest.mark.parametrize("path", [(), ("dataset",), ("optimizer", "schedule"), ("layers", "0")])
def test_only_the_first_of_many_unknown_fields_is_read(path: tuple[str, ...]) -> None:
    many = Counted({f"unknown_{index}": index for index in range(300_000)})
    raw: Any = many
    for name in reversed(path):
        raw = [raw] if name == "0" else {name: raw}
    with pytest.raises(ConfigError) as caught:
        parse(raw)
    assert caught.value.field == ".".join((*path, "unknown_0"))
    assert (caught.value.given, many.read) == (0, 1)


def test_an_unknown_field_is_refused_before_the_values_of_other_fields() -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"seed": -1, "layers": [{"units": 0, "unit": 3}]})
    assert caught.value.field == "layers.0.unit"
    assert {"units", "activation"} <= set(caught.value.limit)


@pytest.mark.parametrize("raw", [None, [], 3, "x"])
def test_a_configuration_that_is_no_object_is_refused(raw: Any) -> None:
    with pytest.raises(ConfigError):
        parse(raw)


def test_an_empty_request_resolves_to_the_defaults_of_the_contract() -> None:
    config = parse({}).model_dump()
    assert config["dataset"] == {
        "name": "spiral",
        "content": None,
        "samples": 500,
        "noise": 0.1,
        "classes": None,
        "validation_fraction": 0,
        "test_fraction": 0.5,
        "standardize": False,
        "seed": 0,
    }
    assert config["features"] == ["x1", "x2"] and (config["batch_size"], config["epochs"]) == (32, 1000)
    assert config["layers"] == [
        {"units": 8, "activation": "tanh", "alpha": None, "dropout": 0, "frozen": False}
    ]
    assert (config["output_activation"], config["loss"]["name"]) == ("sigmoid", "binary_crossentropy")


@pytest.mark.parametrize(
    ("dataset", "output", "loss"),
    [
        ("circle", "sigmoid", "binary_crossentropy"),
        ("blobs", "softmax", "categorical_crossentropy"),
        ("discs", "sigmoid", "binary_crossentropy"),
        ("plane", "linear", "mean_squared_error"),
    ],
)
def test_output_and_loss_follow_the_task(dataset: str, output: str, loss: str) -> None:
    config = parse({"dataset": {"name": dataset}})
    assert (config.output_activation, config.loss.name) == (output, loss)
    assert warnings(config) == []


def test_resolving_a_resolved_configuration_changes_nothing() -> None:
    for name in DATASETS:
        config = parse({"dataset": {"name": name}, "layers": [{"activation": "elu"}]})
        assert parse(config.model_dump()) == config


def test_a_mismatch_is_allowed_and_warned_about() -> None:
    config = parse(
        {
            "dataset": {"name": "blobs"},
            "output_activation": "sigmoid",
            "loss": {"name": "categorical_crossentropy"},
        }
    )
    assert {warning["field"] for warning in warnings(config)} == {"output_activation", "loss.name"}
    silent = parse({"layers": [{"activation": "step"}]})
    assert [warning["field"] for warning in warnings(silent)] == ["layers.0.activation"]


@pytest.mark.parametrize("name", ["circle", "iris", "gate_and"])
def test_too_few_samples_are_refused_of_every_set(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"dataset": {"name": name, "samples": 3}})
    assert (caught.value.field, caught.value.limit) == ("dataset.samples", 4)


def test_samples_beyond_a_real_set_resolve_to_its_size() -> None:
    assert parse({"dataset": {"name": "iris", "samples": 5000}}).dataset.samples == 150


def test_the_spellings_of_the_lecture_name_the_same_features() -> None:
    config = parse({"features": ["x1", "x1²", "x1·x2", "sin x2"]})
    assert config.features == ["x1", "x1^2", "x1*x2", "sin(x2)"]


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": {"learning_rate": 0.5}},
        {"optimizer": {"clip_norm": 1.0}},
        {"optimizer": {"schedule": {"name": "cosine"}}},
        {"batch_size": 5},
        {"l1": 0.1},
        {"l2": 0.1},
        {"layers": [{"dropout": 0.5, "frozen": True}]},
        {"epochs": 7},
        {"early_stopping": {"monitor": "test_loss"}},
        {"name": "mine"},
    ],
)
def test_what_may_change_while_training(changes: dict[str, Any]) -> None:
    config = parse({})
    after = change(config, changes)
    assert after != config and change(after, {}) == after


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seed": 3}, "seed"),
        ({"dataset": {"noise": 0.3}}, "dataset.noise"),
        ({"layers": [{"units": 9}]}, "layers.0.units"),
        ({"layers": []}, "layers"),
        ({"optimizer": {"name": "sgd", "beta_1": None, "beta_2": None, "epsilon": None}}, "optimizer.name"),
        ({"loss": {"name": "hinge"}}, "loss.name"),
        ({"dtype": "float64"}, "dtype"),
        ({"features": ["x1"]}, "features"),
    ],
)
def test_what_needs_a_restart_says_so(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        change(parse({}), changes)
    assert (caught.value.code, caught.value.field) == ("needs_restart", field)


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every field of a configuration with its value."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if path == ("layers",):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*path, str(index)))]
    return [(path, value)]


@pytest.mark.parametrize("name", ["adam", "momentum"])
def test_every_field_that_is_not_live_is_refused_by_its_own_name(name: str) -> None:
    config = parse({"optimizer": {"name": name}, "early_stopping": {"monitor": "train_loss"}})
    for path, value in leaves(config.model_dump()):
        if is_live(RunConfig, path):
            continue
        changes: Any = [value, "other"] if isinstance(value, list) else "other"
        for key in reversed(path):
            changes = [changes] if key == "0" else {key: changes}
        with pytest.raises(ConfigError) as caught:
            change(config, changes)
        assert (caught.value.field, caught.value.code) == (".".join(path), "needs_restart")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"l3": 1}, "l3"),
        ({"l1": -1}, "l1"),
        ({"layers": [{"drop": 1}]}, "layers.0.drop"),
        ({"optimizer": 3}, "optimizer"),
        ({"layers": 3}, "layers"),
        ({"layers": [3]}, "layers.0"),
        ({"optimizer": {"schedule": 3}}, "optimizer.schedule"),
        ({"early_stopping": {"patience": 0}}, "early_stopping.patience"),
    ],
)
def test_a_bad_edit_is_refused_by_the_name_of_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        change(parse({}), changes)
    assert (caught.value.code, caught.value.field) == ("invalid", field)


def test_the_schema_marks_exactly_the_fields_that_an_edit_accepts() -> None:
    schema = json_schema()
    for prefix, model in (
        (("optimizer",), "OptimizerConfig"),
        ((), "RunConfig"),
        (("layers", "0"), "LayerConfig"),
        (("dataset",), "DatasetConfig"),
        (("loss",), "LossConfig"),
        (("initializer",), "InitializerConfig"),
    ):
        properties = schema["properties"] if model == "RunConfig" else schema["$defs"][model]["properties"]
        for name, field in properties.items():
            if "$ref" not in field and name != "layers":
                assert field.get("live", False) == is_live(RunConfig, (*prefix, name)), (model, name)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2**60)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *DATASETS, "auto", "x1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*RunConfig.model_fields, "units", "activation", "name", "delta", "noise"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_is_either_a_configuration_or_a_named_error(raw: Any) -> None:
    try:
        assert parse(raw).features
    except ConfigError as error:
        assert error.message and error.code == "invalid"


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_is_either_an_edit_or_a_named_error(changes: Any) -> None:
    try:
        change(parse({}), changes)
    except ConfigError as error:
        assert error.message and error.code in ("invalid", "needs_restart")


def entries() -> list[tuple[str, dict[str, Any]]]:
    """A configuration for every entry of every catalogue."""
    found: list[tuple[str, dict[str, Any]]] = [(f"dataset {n}", {"dataset": {"name": n}}) for n in DATASETS]
    found += [(f"hidden {n}", {"layers": [{"activation": n}] * 2}) for n in ACTIVATIONS]
    found += [(f"output {n}", {"output_activation": n}) for n, a in ACTIVATIONS.items() if not a.learned]
    for n, loss in LOSSES.items():
        for task, data in {
            "binary": "circle",
            "multiclass": "blobs",
            "multilabel": "discs",
            "regression": "sine",
        }.items():
            if task in loss.applies_to:
                found.append((f"loss {n} {task}", {"dataset": {"name": data}, "loss": {"name": n}}))
    found += [(f"initializer {n}", {"initializer": {"name": n}}) for n in INITIALIZERS]
    found += [(f"schedule {n}", {"optimizer": {"schedule": {"name": n}}}) for n in SCHEDULES]
    for n, o in OPTIMIZERS.items():
        found.append(
            (f"optimizer {n}", {"optimizer": {"name": n}, **({"layers": []} if o.perceptron_rule else {})})
        )
    return found


@pytest.mark.parametrize(("label", "raw"), entries(), ids=[label for label, _ in entries()])
def test_every_entry_of_every_catalogue_trains(label: str, raw: dict[str, Any]) -> None:
    config = parse({"epochs": 2, **raw})
    trainer = Trainer(config, load(config))
    assert len(trainer.state.theta) == parameter_count(config)
    report = trainer.advance(10_000)
    assert report.ended == ("finished", ending("epochs_done", epochs=2))
    assert report.points[-1]["train_loss"] >= 0


def test_the_catalogue_lists_every_entry_with_words_and_numbers() -> None:
    listed = catalogue()
    for key, entries_ in {
        "datasets": DATASETS,
        "activations": ACTIVATIONS,
        "losses": LOSSES,
        "optimizers": OPTIMIZERS,
        "initializers": INITIALIZERS,
        "schedules": SCHEDULES,
    }.items():
        assert [entry["name"] for entry in listed[key]] == list(entries_)
        for entry in listed[key]:
            for parameter in entry["parameters"].values():
                assert parameter["minimum"] <= parameter["default"] <= parameter["maximum"]

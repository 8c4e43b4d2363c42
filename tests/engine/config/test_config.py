"""Resolving configurations: defaults, features, warnings and samples."""

import re

import pytest

from engine.config.errors import ConfigError
from engine.datasets import DATASETS
from engine.tasks.resolve import parse, warnings


def test_an_empty_request_resolves_to_the_documented_defaults() -> None:
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
        "train_samples": None,
        "train_seed": None,
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
def test_default_output_and_loss_depend_on_the_task(dataset: str, output: str, loss: str) -> None:
    config = parse({"dataset": {"name": dataset}})
    assert (config.output_activation, config.loss.name) == (output, loss)
    assert warnings(config) == []


def test_resolving_a_resolved_configuration_changes_nothing() -> None:
    for name in DATASETS:
        config = parse({"dataset": {"name": name}, "layers": [{"activation": "elu"}]})
        assert parse(config.model_dump()) == config


def test_a_mismatch_is_allowed_with_a_warning() -> None:
    config = parse(
        {
            "dataset": {"name": "blobs"},
            "output_activation": "sigmoid",
            "loss": {"name": "categorical_crossentropy"},
        }
    )
    assert {warning["field"] for warning in warnings(config)} == {"output_activation", "loss.name"}
    with_step = parse({"layers": [{"activation": "step"}]})
    assert [warning["field"] for warning in warnings(with_step)] == ["layers.0.activation"]


@pytest.mark.parametrize("name", ["circle", "iris", "gate_and"])
def test_fewer_than_4_samples_are_refused_for_every_data_set(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"dataset": {"name": name, "samples": 3}})
    assert (caught.value.field, caught.value.limit) == ("dataset.samples", 4)


def test_more_samples_than_a_real_data_set_has_resolve_to_its_size() -> None:
    assert parse({"dataset": {"name": "iris", "samples": 5000}}).dataset.samples == 150


def test_other_spellings_of_features_are_resolved() -> None:
    config = parse({"features": ["x1", "x1²", "x1·x2", "sin x2"]})
    assert config.features == ["x1", "x1^2", "x1*x2", "sin(x2)"]


@pytest.mark.parametrize(
    ("name", "fine", "large"), [("sgd", 0.5, 1.0), ("adam", 0.2, 0.4), ("rmsprop", 0.2, 0.4)]
)
def test_a_learning_rate_far_above_the_default_of_its_optimizer_gives_a_warning(
    name: str, fine: float, large: float
) -> None:
    def found(rate: float) -> list[str]:
        config = parse({"optimizer": {"name": name, "learning_rate": rate}})
        return [warning["code"] for warning in warnings(config)]

    assert found(fine) == []
    assert found(large) == ["large_learning_rate"]
    [warning] = warnings(parse({"optimizer": {"name": name, "learning_rate": 1000.0}}))
    assert re.search(rf" \d+,\d{{3}} times the default of {name} ", warning["message"])
    assert warnings(parse({"optimizer": {"name": name}})) == []

"""Changes of a configuration during training: allowed and refused fields."""

from typing import Any

import pytest

from engine.config.errors import ConfigError
from engine.config.form import is_live
from engine.config.models import RunConfig
from engine.tasks.live_changes import change
from engine.tasks.resolve import json_schema, parse


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
        {"steps": 7},
        {"early_stopping": {"monitor": "test_loss"}},
        {"name": "mine"},
        {"unwatched": "pause"},
    ],
)
def test_live_fields_can_change_during_training(changes: dict[str, Any]) -> None:
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
def test_a_change_of_another_field_needs_a_restart(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        change(parse({}), changes)
    assert (caught.value.code, caught.value.field) == ("needs_restart", field)


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Returns the path and value of every field."""
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if path == ("layers",):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, str(index)))]
    return [(path, value)]


@pytest.mark.parametrize("name", ["adam", "momentum"])
def test_every_field_that_is_not_live_is_refused_by_its_name(name: str) -> None:
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
def test_an_invalid_change_is_refused_by_the_name_of_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        change(parse({}), changes)
    assert (caught.value.code, caught.value.field) == ("invalid", field)


def test_live_fields_are_marked_in_the_schema() -> None:
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

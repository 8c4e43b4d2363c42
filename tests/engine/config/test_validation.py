"""Validation of requests: invalid values, unknown fields, and any JSON."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.errors import ConfigError
from engine.config.models import RunConfig
from engine.datasets import DATASETS
from engine.layers.activations import ACTIVATIONS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.tasks.live_changes import change
from engine.tasks.resolve import parse

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
def test_an_invalid_value_is_refused_by_the_name_of_its_field(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(raw)
    assert (caught.value.field, caught.value.code) == (field, "invalid")
    assert caught.value.message


class CountingDict(dict[str, Any]):
    """A dict that counts the items that were read."""

    read = 0

    def items(self) -> Any:
        for item in super().items():
            self.read += 1
            yield item


@pytest.mark.parametrize("path", [(), ("dataset",), ("optimizer", "schedule"), ("layers", "0")])
def test_only_the_first_of_many_unknown_fields_is_read(path: tuple[str, ...]) -> None:
    many = CountingDict({f"unknown_{index}": index for index in range(300_000)})
    raw: Any = many
    for name in reversed(path):
        raw = [raw] if name == "0" else {name: raw}
    with pytest.raises(ConfigError) as caught:
        parse(raw)
    assert caught.value.field == ".".join((*path, "unknown_0"))
    assert (caught.value.given, many.read) == (0, 1)


def test_unknown_fields_are_checked_before_values() -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"seed": -1, "layers": [{"units": 0, "unit": 3}]})
    assert caught.value.field == "layers.0.unit"
    assert {"units", "activation"} <= set(caught.value.limit)


@pytest.mark.parametrize("raw", [None, [], 3, "x"])
def test_a_configuration_that_is_not_an_object_is_refused(raw: Any) -> None:
    with pytest.raises(ConfigError):
        parse(raw)


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
def test_any_json_is_a_configuration_or_a_config_error(raw: Any) -> None:
    try:
        assert parse(raw).features
    except ConfigError as error:
        assert error.message and error.code == "invalid"


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_is_a_change_or_a_config_error(changes: Any) -> None:
    try:
        change(parse({}), changes)
    except ConfigError as error:
        assert error.message and error.code in ("invalid", "needs_restart")


ALLOWED: list[tuple[dict[str, Any], str, Any]] = [
    ({"dataset": {"standardize": "off"}}, "must be true or false, or be one of auto", [True, False, "auto"]),
    ({"optimizer": {"ascent": 1}}, "must be true or false", [True, False]),
    ({"tags": ["a,b"]}, "must have no comma, no line break, and no blank at its ends", None),
    ({"tags": [""]}, "needs at least 1 character", 1),
    (
        {"dataset": {"content": "ABC"}},
        "must have 64 characters from 0 to 9 and a to f, the SHA-256 of the data",
        "^[0-9a-f]{64}$",
    ),
]


@pytest.mark.parametrize(("raw", "message", "limit"), ALLOWED, ids=str)
def test_a_refusal_says_everything_that_the_field_may_be(
    raw: dict[str, Any], message: str, limit: Any
) -> None:
    with pytest.raises(ConfigError) as refused:
        parse(raw)
    assert refused.value.message == message
    assert limit is None or refused.value.limit == limit

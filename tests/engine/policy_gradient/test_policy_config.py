"""Configurations of policy gradient: invalid fields, resolving, the problem and warnings."""

import pytest

from engine.config.errors import ConfigError
from engine.tasks.paradigms import problem
from engine.tasks.resolve import parse, warnings

CART_POLE = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}}

REFUSED = [
    ({"environment": {"name": "chess"}}, "environment.name"),
    ({"environment": {"name": "cart_pole", "slots": 3}}, "environment.slots"),
    ({"environment": {"load": 7.0}}, "environment.load"),
    ({"environment": {"horizon": 1}}, "environment.horizon"),
    ({"episodes": 1}, "episodes"),
    ({"episodes": 16, "beginnings": 5}, "beginnings"),
    ({"discount": 1.5}, "discount"),
    ({"baseline": "critic"}, "baseline"),
    ({"features": ["weather"]}, "features.0"),
    ({"features": ["backlog", "backlog"]}, "features.1"),
    ({"optimizer": {"name": "perceptron"}}, "optimizer.name"),
    ({"layers": [{"dropout": 0.5}]}, "layers.0.dropout"),
    ({"output_activation": "sigmoid"}, "output_activation"),
    ({"dataset": {"name": "spiral"}}, "dataset"),
    ({"loss": {"name": "hinge"}}, "loss"),
]


@pytest.mark.parametrize(("raw", "field"), REFUSED)
def test_an_invalid_field_is_refused_by_its_name(raw, field):
    with pytest.raises(ConfigError) as error:
        parse({"paradigm": "policy_gradient"} | raw)
    assert error.value.field == field


def test_a_resolved_configuration_resolves_to_itself():
    for raw in (CART_POLE, {"paradigm": "policy_gradient"}):
        config = parse(raw)
        assert parse(config.model_dump()) == config


def test_features_are_the_inputs_of_the_network_and_actions_its_outputs(policy_trainer):
    config = parse(CART_POLE | {"features": ["angle", "turning"]})
    control = problem(config)
    assert (control.task, control.features, control.outputs) == ("control", ["angle", "turning"], 2)
    training = policy_trainer("cart_pole", features=["angle", "turning"])
    layers = training.network.layers
    assert (layers[0].inputs, layers[-1].units) == (2, 2)


def test_one_episode_per_initial_state_gives_a_warning():
    config = parse(CART_POLE | {"episodes": 4, "beginnings": 4})
    assert [warning["field"] for warning in warnings(config)] == ["beginnings"]

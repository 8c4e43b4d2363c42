"""Surgery: what is edited is edited, what is not stays; and a wrong operation changes nothing."""

from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.layers.activations import ACTIVATIONS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.training.trainer import Trainer
from engine.views.passes import gradient, over_training

LAYERS = [{"units": 4, "activation": "prelu"}, {"units": 3, "activation": "tanh"}]


@pytest.fixture
def trained(make: Any) -> Trainer:
    trainer: Trainer = make(layers=LAYERS, dtype="float64")
    trainer.advance(20)
    return trainer


def answers(trainer: Trainer) -> np.ndarray:
    return outputs(trainer.network, trainer.state.theta, trainer.data.train.inputs)


def test_a_weight_and_a_bias_take_the_typed_values_and_nothing_else_changes(trained: Trainer) -> None:
    before = trained.state.theta.copy()
    event = trained.apply_edits(
        {
            "weights": [
                {"layer": 1, "unit": 2, "source": 3, "value": 0.25},
                {"layer": 2, "unit": 0, "source": "bias", "value": -1},
            ]
        }
    )
    assert event["type"] == "operation"
    assert trained.network.layers[1].matrix(trained.state.theta)[3, 2] == 0.25
    assert trained.network.layers[2].matrix(trained.state.theta)[-1, 0] == -1
    assert np.count_nonzero(trained.state.theta != before) == 2


@pytest.mark.parametrize(
    "frozen",
    [
        {"layer": 0, "unit": 1, "source": 0},
        {"layer": 0, "unit": 1, "source": "bias"},
        {"layer": 1, "unit": 2},
        {"layer": 0},
    ],
)
def test_what_is_frozen_stays_to_the_bit_until_it_is_thawed(trained: Trainer, frozen: dict[str, Any]) -> None:
    trained.apply_edits({"freeze": [frozen | {"frozen": True}]})
    mask = trained.state.frozen
    assert mask is not None and mask.any()
    before = trained.state.theta.copy()
    trained.advance(20)
    assert np.array_equal(before[mask], trained.state.theta[mask])
    assert (before[~mask] != trained.state.theta[~mask]).mean() > 0.9
    trained.apply_edits({"freeze": [frozen | {"frozen": False}]})
    assert trained.state.frozen is None
    trained.advance(20)
    assert (before[mask] != trained.state.theta[mask]).all()


def test_a_unit_switched_off_gives_zero_to_the_next_layer_and_comes_back(trained: Trainer) -> None:
    whole = answers(trained)
    trained.apply_edits({"units": [{"layer": 0, "unit": 2, "action": "off"}]})
    theta = trained.state.theta.copy()
    trained.network.layers[1].matrix(theta)[2] = 0
    silent = answers(trained)
    assert silent == pytest.approx(outputs(trained.network, theta, trained.data.train.inputs))
    assert not np.allclose(silent, whole)
    trained.apply_edits({"units": [{"layer": 0, "unit": 2, "action": "on"}]})
    assert np.array_equal(answers(trained), whole)


def test_several_units_are_switched_in_one_operation(trained: Trainer) -> None:
    def switch(*units: tuple[int, int, str]) -> Any:
        trained.apply_edits(
            {"units": [{"layer": layer, "unit": u, "action": what} for layer, u, what in units]}
        )
        return trained.state.disabled

    assert switch((1, 0, "off"), (0, 0, "off"), (0, 1, "off")) == ((0, 1), (0,))
    assert switch((0, 0, "on"), (1, 2, "off")) == ((1,), (0, 2))
    assert switch((0, 3, "off"), (0, 0, "remove")) == ((0, 2), (0, 2))
    assert switch((0, 0, "on"), (0, 2, "on"), (1, 0, "on"), (1, 2, "on")) == ((), ())


def test_the_gradient_does_not_pass_through_a_unit_switched_off(make: Any) -> None:
    trainer = make(layers=LAYERS, dtype="float64", optimizer={"name": "sgd", "learning_rate": 0.1})
    trainer.apply_edits({"units": [{"layer": 1, "unit": 0, "action": "off"}]})
    before = trainer.state.theta.copy()
    trainer.advance(10)
    now, then = (trainer.network.layers[1].matrix(t) for t in (trainer.state.theta, before))
    assert np.array_equal(now[:, 0], then[:, 0]) and (now[:, 1:] != then[:, 1:]).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_recorded_gradient_with_units_off_is_that_of_the_plain_pass(make: Any, activation: str) -> None:
    layers = [{"units": 4, "activation": activation}, {"units": 3, "activation": activation}]
    optimizer = {"name": "sgd", "learning_rate": 0.1}
    trainer = make(layers=layers, dtype="float64", batch_size=1000, optimizer=optimizer)
    for layer, unit in ((0, 1), (1, 2)):
        trainer.apply_edits({"units": [{"layer": layer, "unit": unit, "action": "off"}]})
    rate, before = trainer.learning_rate(), trainer.state.theta.copy()
    expected = gradient(over_training(trainer.checkpoint(), trainer.data))
    trainer.advance(1)
    assert (before - trainer.state.theta) / rate == pytest.approx(expected, abs=1e-12)


def test_a_duplicated_unit_leaves_the_function_as_it_is_and_parts_from_its_twin(trained: Trainer) -> None:
    whole = answers(trained)
    trained.apply_edits({"units": [{"layer": 0, "unit": 1, "action": "duplicate"}]})
    assert trained.config.layers[0].units == 5
    assert answers(trained) == pytest.approx(whole, abs=1e-12)
    trained.advance(20)
    block = trained.network.layers[0].matrix(trained.state.theta)
    assert not np.allclose(block[:, 1], block[:, 2])


def test_a_removed_unit_takes_its_weights_along_and_no_others(trained: Trainer) -> None:
    theta = trained.state.theta.copy()
    trained.network.layers[1].matrix(theta)[2] = 0
    expected = outputs(trained.network, theta, trained.data.train.inputs)
    trained.apply_edits({"units": [{"layer": 0, "unit": 2, "action": "remove"}]})
    assert trained.config.layers[0].units == 3
    assert answers(trained) == pytest.approx(expected, abs=1e-12)
    assert trained.state.memory.shape == (3, trained.network.size)
    assert trained.advance(20).steps == 20


def test_a_checkpoint_keeps_what_surgery_did(trained: Trainer) -> None:
    trained.apply_edits(
        {
            "freeze": [{"layer": 0, "unit": 1, "frozen": True}],
            "units": [
                {"layer": 1, "unit": 0, "action": "off"},
                {"layer": 0, "unit": 3, "action": "duplicate"},
            ],
        }
    )
    resumed = Trainer(trained.config, trained.data, Checkpoint.from_bytes(trained.checkpoint().to_bytes()))
    for trainer in (trained, resumed):
        trainer.advance(30)
    assert np.array_equal(trained.state.memory, resumed.state.memory)
    assert np.array_equal(answers(trained), answers(resumed))


def test_reset_returns_to_an_untouched_network(trained: Trainer) -> None:
    trained.apply_edits(
        {"units": [{"layer": 1, "unit": 0, "action": "off"}], "freeze": [{"layer": 0, "frozen": True}]}
    )
    trained.reset()
    assert trained.state.disabled == () and trained.state.frozen is None


@pytest.mark.parametrize(
    ("operations", "field"),
    [
        ([], ""),
        ({}, ""),
        ({"weight": []}, "weight"),
        ({"weights": {}}, "weights"),
        ({"weights": [3]}, "weights.0"),
        ({"weights": [{"layer": 3, "unit": 0, "source": 0, "value": 1}]}, "weights.0.layer"),
        ({"weights": [{"layer": 0, "unit": 4, "source": 0, "value": 1}]}, "weights.0.unit"),
        ({"weights": [{"layer": 0, "unit": 0, "source": 2, "value": 1}]}, "weights.0.source"),
        ({"weights": [{"layer": 0, "unit": 0, "source": True, "value": 1}]}, "weights.0.source"),
        ({"weights": [{"layer": 0, "unit": 0, "source": 0, "value": float("nan")}]}, "weights.0.value"),
        ({"weights": [{"layer": 0, "unit": 0, "source": 0, "value": "1"}]}, "weights.0.value"),
        ({"weights": [{"layer": 0, "unit": 0, "source": 0, "value": 1, "to": 1}]}, "weights.0.to"),
        ({"freeze": [{"layer": 0}]}, "freeze.0.frozen"),
        ({"units": [{"layer": 2, "unit": 0, "action": "off"}]}, "units.0.layer"),
        ({"units": [{"layer": 0, "unit": 0, "action": "split"}]}, "units.0.action"),
        ({"units": [{"layer": 1, "unit": 0, "action": "remove"}] * 3}, "units.2"),
    ],
)
def test_a_wrong_operation_is_named_and_changes_nothing(
    trained: Trainer, operations: Any, field: str
) -> None:
    before = trained.checkpoint().to_bytes()
    with pytest.raises(ConfigError) as caught:
        trained.apply_edits(operations)
    assert caught.value.field == field
    assert trained.checkpoint().to_bytes() == before

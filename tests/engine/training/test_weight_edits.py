"""Weight edits: a valid one changes only its parameters or units, an invalid one nothing."""

from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.layers.activations import ACTIVATIONS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.training.trainer import Trainer
from engine.views.passes import gradient, training_pass

LAYERS = [{"units": 4, "activation": "prelu"}, {"units": 3, "activation": "tanh"}]


@pytest.fixture
def trained(make: Any) -> Trainer:
    trainer: Trainer = make(layers=LAYERS, dtype="float64")
    trainer.advance(20)
    return trainer


def network_outputs(trainer: Trainer) -> np.ndarray:
    return outputs(trainer.network, trainer.state.theta, trainer.data.train.inputs)


def test_editing_a_weight_and_a_bias_changes_only_these_two_parameters(trained: Trainer) -> None:
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
def test_frozen_parameters_do_not_change_until_they_are_unfrozen(
    trained: Trainer, frozen: dict[str, Any]
) -> None:
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


def test_a_disabled_unit_outputs_zero_until_it_is_enabled(trained: Trainer) -> None:
    before = network_outputs(trained)
    trained.apply_edits({"units": [{"layer": 0, "unit": 2, "action": "off"}]})
    theta = trained.state.theta.copy()
    trained.network.layers[1].matrix(theta)[2] = 0
    disabled = network_outputs(trained)
    assert disabled == pytest.approx(outputs(trained.network, theta, trained.data.train.inputs))
    assert not np.allclose(disabled, before)
    trained.apply_edits({"units": [{"layer": 0, "unit": 2, "action": "on"}]})
    assert np.array_equal(network_outputs(trained), before)


def test_several_units_can_be_disabled_and_enabled_in_one_call(trained: Trainer) -> None:
    def set_units(*units: tuple[int, int, str]) -> Any:
        trained.apply_edits(
            {"units": [{"layer": layer, "unit": unit, "action": action} for layer, unit, action in units]}
        )
        return trained.state.disabled

    assert set_units((1, 0, "off"), (0, 0, "off"), (0, 1, "off")) == ((0, 1), (0,))
    assert set_units((0, 0, "on"), (1, 2, "off")) == ((1,), (0, 2))
    assert set_units((0, 3, "off"), (0, 0, "remove")) == ((0, 2), (0, 2))
    assert set_units((0, 0, "on"), (0, 2, "on"), (1, 0, "on"), (1, 2, "on")) == ((), ())


def test_the_weights_of_a_disabled_unit_do_not_change(make: Any) -> None:
    trainer = make(layers=LAYERS, dtype="float64", optimizer={"name": "sgd", "learning_rate": 0.1})
    trainer.apply_edits({"units": [{"layer": 1, "unit": 0, "action": "off"}]})
    before = trainer.state.theta.copy()
    trainer.advance(10)
    after, initial = (trainer.network.layers[1].matrix(t) for t in (trainer.state.theta, before))
    assert np.array_equal(after[:, 0], initial[:, 0]) and (after[:, 1:] != initial[:, 1:]).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_recorded_gradient_with_disabled_units_equals_that_of_the_views(
    make: Any, activation: str
) -> None:
    layers = [{"units": 4, "activation": activation}, {"units": 3, "activation": activation}]
    optimizer = {"name": "sgd", "learning_rate": 0.1}
    trainer = make(layers=layers, dtype="float64", batch_size=1000, optimizer=optimizer)
    for layer, unit in ((0, 1), (1, 2)):
        trainer.apply_edits({"units": [{"layer": layer, "unit": unit, "action": "off"}]})
    rate, before = trainer.learning_rate(), trainer.state.theta.copy()
    expected = gradient(training_pass(trainer.checkpoint(), trainer.data))
    trainer.advance(1)
    assert (before - trainer.state.theta) / rate == pytest.approx(expected, abs=1e-12)


def test_duplicating_a_unit_keeps_the_outputs_and_the_copies_learn_different_weights(
    trained: Trainer,
) -> None:
    before = network_outputs(trained)
    trained.apply_edits({"units": [{"layer": 0, "unit": 1, "action": "duplicate"}]})
    assert trained.config.layers[0].units == 5
    assert network_outputs(trained) == pytest.approx(before, abs=1e-12)
    trained.advance(20)
    matrix = trained.network.layers[0].matrix(trained.state.theta)
    assert not np.allclose(matrix[:, 1], matrix[:, 2])


def test_removing_a_unit_removes_only_its_weights(trained: Trainer) -> None:
    theta = trained.state.theta.copy()
    trained.network.layers[1].matrix(theta)[2] = 0
    expected = outputs(trained.network, theta, trained.data.train.inputs)
    trained.apply_edits({"units": [{"layer": 0, "unit": 2, "action": "remove"}]})
    assert trained.config.layers[0].units == 3
    assert network_outputs(trained) == pytest.approx(expected, abs=1e-12)
    assert trained.state.memory.shape == (3, trained.network.size)
    assert trained.advance(20).steps == 20


def test_a_checkpoint_contains_the_edits(trained: Trainer) -> None:
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
    assert np.array_equal(network_outputs(trained), network_outputs(resumed))


def test_reset_removes_disabled_units_and_frozen_parameters(trained: Trainer) -> None:
    trained.apply_edits(
        {"units": [{"layer": 1, "unit": 0, "action": "off"}], "freeze": [{"layer": 0, "frozen": True}]}
    )
    trained.reset()
    assert trained.state.disabled == () and trained.state.frozen is None


@pytest.mark.parametrize(
    ("edits", "field"),
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
def test_an_invalid_edit_raises_config_error_with_its_field_and_changes_nothing(
    trained: Trainer, edits: Any, field: str
) -> None:
    before = trained.checkpoint().to_bytes()
    with pytest.raises(ConfigError) as caught:
        trained.apply_edits(edits)
    assert caught.value.field == field
    assert trained.checkpoint().to_bytes() == before

"""A fork carries over what keeps its shape; without changes it does what its parent does."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.errors import ConfigError
from engine.layers.network import build
from engine.tasks.changed_config import changed_config
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint
from engine.training.continuation.carry_over import CarriedOver, carry_over
from tests.engine.configurations import supervised

SMALL: dict[str, Any] = {
    "dataset": {"name": "circle", "samples": 60},
    "layers": [{"units": 4}, {"units": 3}],
    "batch_size": 7,
}


def trained(raw: dict[str, Any], steps: int) -> Any:
    config = parse(raw)
    training = trainer(config, load_data(config))
    advance(training, steps)
    return training


def advance(training: Any, steps: int) -> None:
    """Trains exactly this number of steps, or until the training ends."""
    target = training.state.step + steps
    while training.state.step < target:
        if training.advance(target - training.state.step).ended is not None:
            break


def forked(training: Any, changes: dict[str, Any]) -> CarriedOver:
    checkpoint = Checkpoint.from_bytes(training.checkpoint().to_bytes())
    config = changed_config(checkpoint.config, changes)
    return carry_over(checkpoint, config, load_data(config))


def continued(carried: CarriedOver) -> Any:
    config = carried.checkpoint.config
    return trainer(config, load_data(config), carried.checkpoint)


def codes(parts: Any) -> list[tuple[str, int | None]]:
    """Code and layer of each part."""
    return [(part.code, part.parameters.get("layer")) for part in parts]


def assert_equal(training: Any, other: Any) -> None:
    for name in ("step", "epoch", "position"):
        assert getattr(training.state, name) == getattr(other.state, name)
    assert training.state.memory.tobytes() == other.state.memory.tobytes()
    np.testing.assert_array_equal(training.state.order, other.state.order)
    for name in ("shuffle", "dropout"):
        states = [getattr(each.state, name).bit_generator.state for each in (training, other)]
        assert states[0] == states[1]


@given(supervised(), st.integers(0, 60), st.integers(1, 60), st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_supervised_fork_without_changes_is_bit_identical_to_its_parent(
    raw: dict[str, Any], before: int, after: int, edited: bool
) -> None:
    parent = trained(raw, before)
    if edited:
        parent.apply_edits({"freeze": [{"layer": 0, "unit": 0, "source": 0, "frozen": True}]})
        if parent.config.layers:
            parent.apply_edits({"units": [{"layer": 0, "unit": 1, "action": "off"}]})
    carried = forked(parent, {})
    assert carried.parts.renewed == []
    fork = continued(carried)
    assert_equal(fork, parent)
    advance(parent, after)
    advance(fork, after)
    assert_equal(fork, parent)


@pytest.mark.parametrize("before", [0, 3, 8])
@pytest.mark.parametrize("in_progress", [0, 5])
@pytest.mark.parametrize(
    "raw",
    [
        {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "episodes": 4},
        {
            "paradigm": "autoencoder",
            "dataset": {"name": "light_curves", "samples": 40},
            "layers": [{"units": 6}, {"units": 2}],
            "batch_size": 9,
        },
    ],
)
def test_a_fork_of_the_other_paradigms_without_changes_is_bit_identical_to_its_parent(
    raw: dict[str, Any], before: int, in_progress: int
) -> None:
    parent = trained(raw, before)
    if in_progress and raw["paradigm"] == "policy_gradient":
        parent.max_time_steps = in_progress
        parent.advance(1)
        parent.max_time_steps = 32
    carried = forked(parent, {})
    assert carried.parts.renewed == []
    fork = continued(carried)
    assert_equal(fork, parent)
    advance(parent, 4)
    advance(fork, 4)
    assert_equal(fork, parent)


def test_a_layer_with_more_units_keeps_the_weights_it_had_and_draws_the_others() -> None:
    parent = trained(SMALL | {"optimizer": {"name": "momentum"}}, 20)
    carried = forked(parent, {"layers": [{"units": 6}, {}]})
    old, new = parent.network, carried.checkpoint.network
    before, after = parent.state.theta, carried.checkpoint.theta
    config = carried.checkpoint.config
    initial = trainer(config, load_data(config)).state.theta
    np.testing.assert_array_equal(new.layers[0].matrix(after)[:, :4], old.layers[0].matrix(before))
    np.testing.assert_array_equal(new.layers[0].matrix(after)[:, 4:], new.layers[0].matrix(initial)[:, 4:])
    np.testing.assert_array_equal(new.layers[1].weights(after)[:4], old.layers[1].weights(before))
    np.testing.assert_array_equal(new.layers[1].weights(after)[4:], new.layers[1].weights(initial)[4:])
    np.testing.assert_array_equal(new.layers[1].biases(after), old.layers[1].biases(before))
    np.testing.assert_array_equal(new.layers[2].matrix(after), old.layers[2].matrix(before))
    velocity = carried.checkpoint.state.memory[1]
    assert not new.layers[0].matrix(velocity).any() and not new.layers[1].weights(velocity).any()
    last = old.layers[2].matrix(parent.state.memory[1])
    np.testing.assert_array_equal(new.layers[2].matrix(velocity), last)
    assert codes(carried.parts.renewed) == [
        ("layer_weights", 0), ("layer_weights", 1),
        ("layer_optimizer_state", 0), ("layer_optimizer_state", 1),
    ]  # fmt: skip
    assert ("layer_weights", 2) in codes(carried.parts.carried)


def test_a_layer_with_fewer_units_keeps_the_first_ones() -> None:
    parent = trained(SMALL, 20)
    carried = forked(parent, {"layers": [{"units": 2}, {}]})
    old, new = parent.network, carried.checkpoint.network
    before, after = parent.state.theta, carried.checkpoint.theta
    np.testing.assert_array_equal(new.layers[0].matrix(after), old.layers[0].matrix(before)[:, :2])
    np.testing.assert_array_equal(new.layers[1].weights(after), old.layers[1].weights(before)[:2])
    assert "weights" in [part.code for part in carried.parts.carried]


@pytest.mark.parametrize(("layers", "kept"), [([{}, {}, {"units": 3}], (0, 1)), ([{}], (0,)), ([], ())])
def test_with_another_number_of_layers_those_from_the_input_side_are_kept(
    layers: list[Any], kept: tuple[int, ...]
) -> None:
    parent = trained(SMALL, 20)
    carried = forked(parent, {"layers": layers})
    old, new = parent.network, carried.checkpoint.network
    for index in kept:
        np.testing.assert_array_equal(
            new.layers[index].matrix(carried.checkpoint.theta), old.layers[index].matrix(parent.state.theta)
        )
    fork = continued(carried)
    advance(fork, 10)
    assert fork.state.step == 30 and fork.state.finite()


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        ("adam", {"layers": [{"units": 6}, {}]}),
        ("adamw", {"features": ["x1", "x2", "x1^2"]}),
        ("sgd", {"optimizer": {"name": "adam", "learning_rate": 0.01}}),
    ],
)
def test_the_bias_correction_of_adam_begins_anew_with_its_state(before: str, changes: Any) -> None:
    raw = SMALL | {"optimizer": {"name": before, "learning_rate": 0.01}}
    carried = forked(trained(raw, 600), changes)
    assert ("optimizer_state", None) in codes(carried.parts.renewed)
    fork = continued(carried)
    first = fork.state.theta.copy()
    fork.advance(1)
    # The first step of Adam changes every weight with a gradient by the learning rate.
    assert np.abs(fork.state.theta - first).max() == pytest.approx(0.01, rel=0.03)
    copies = [forked(fork, {}), forked(fork, {"optimizer": {"learning_rate": 0.02}})]
    assert [copy.checkpoint.state.optimizer_start for copy in copies] == [600, 600]
    other = continued(copies[0])
    for training in (fork, other):
        advance(training, 300)
    assert_equal(fork, other)


def test_weights_of_features_are_matched_by_name() -> None:
    parent = trained(SMALL | {"features": ["x1", "x2", "x1^2"]}, 20)
    carried = forked(parent, {"features": ["x1^2", "x2"]})
    rows = carried.checkpoint.network.layers[0].weights(carried.checkpoint.theta)
    before = parent.network.layers[0].weights(parent.state.theta)
    np.testing.assert_array_equal(rows, before[[2, 1]])


@pytest.mark.parametrize(
    ("changes", "renewed"),
    [
        ({"optimizer": {"learning_rate": 0.5}}, []),
        ({"layers": [{"activation": "relu"}, {}]}, []),
        ({"batch_size": 3}, []),
        ({"dtype": "float64"}, []),
        ({"output_activation": "tanh", "loss": {"name": "mean_squared_error"}}, []),
        ({"dataset": {"name": "xor"}}, ["epoch_order"]),
        ({"dataset": {"samples": 90}}, ["epoch_order"]),
        ({"optimizer": {"name": "sgd"}}, ["optimizer_state"]),
        ({"optimizer": {"name": "rmsprop"}}, ["optimizer_state"]),
        ({"seed": 5}, ["random_state"]),
        ({"dataset": {"name": "iris"}}, ["layer_weights", "optimizer_state", "epoch_order"]),
    ],
)
def test_a_change_begins_anew_only_what_it_must(changes: dict[str, Any], renewed: list[str]) -> None:
    parent = trained(SMALL, 20)
    carried = forked(parent, changes)
    assert list(dict.fromkeys(part.code for part in carried.parts.renewed)) == renewed
    if "layer_weights" not in renewed:
        np.testing.assert_array_equal(
            carried.checkpoint.theta.astype(parent.state.theta.dtype), parent.state.theta
        )
    fork = continued(carried)
    advance(fork, 10)
    assert fork.state.step == 30 and fork.state.finite()


def test_learned_slopes_are_carried_over_and_new_ones_begin_at_their_initial_value() -> None:
    parent = trained(SMALL | {"layers": [{"units": 4, "activation": "prelu"}]}, 30)
    carried = forked(parent, {"layers": [{"units": 6}]})
    alphas = carried.checkpoint.network.layers[0].learned_alphas(carried.checkpoint.theta)
    before = parent.network.layers[0].learned_alphas(parent.state.theta)
    assert alphas is not None
    np.testing.assert_array_equal(alphas[:4], before)
    np.testing.assert_allclose(alphas[4:], parent.config.layers[0].alpha)


def test_frozen_weights_and_disabled_units_are_carried_over_where_they_still_exist() -> None:
    parent = trained(SMALL, 5)
    parent.apply_edits(
        {
            "freeze": [{"layer": 0, "unit": unit, "source": 0, "frozen": True} for unit in (0, 3)],
            "units": [{"layer": 0, "unit": unit, "action": "off"} for unit in (1, 3)],
        }
    )
    carried = forked(parent, {"layers": [{"units": 3}, {}]})
    state, network = carried.checkpoint.state, carried.checkpoint.network
    assert state.frozen is not None and state.disabled[0] == (1,)
    assert np.flatnonzero(state.frozen).tolist() == [network.layers[0].position(0, 0)]
    counts = [(part.code, part.parameters) for part in carried.parts.renewed if "count" in part.parameters]
    assert ("frozen_weights", {"count": 1}) in counts and ("disabled_units", {"count": 1}) in counts


def test_a_policy_gradient_with_other_units_plays_its_episodes_in_progress_again() -> None:
    raw = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "episodes": 4}
    finished = trained(raw, 3)
    begun = trained(raw, 3)
    begun.max_time_steps = 5
    begun.advance(1)
    changes = {"layers": [{"units": 30}]}
    carried = forked(begun, changes)
    assert "episodes" in [part.code for part in carried.parts.renewed]
    forks = [continued(forked(finished, changes)), continued(carried)]
    for fork in forks:
        advance(fork, 2)
    assert_equal(*forks)


def test_a_policy_gradient_goes_on_in_another_environment() -> None:
    raw = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "episodes": 4}
    fork = continued(forked(trained(raw, 2), {"environment": {"name": "scheduling", "horizon": 10}}))
    advance(fork, 2)
    assert fork.state.step == 4


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"paradigm": "autoencoder"}, "paradigm"),
        ({"layers": [{"units": 0}]}, "layers.0.units"),
        ({"layers": 5}, "layers"),
        ({"layers": [3]}, "layers.0"),
        ({"layers": [{}, {}, 3]}, "layers.2"),
        ({"dataset": 5}, "dataset"),
        ({"dataset": {"name": "nothing"}}, "dataset.name"),
        ({"dataset": {"name": 5}}, "dataset.name"),
        ({"optimizer": {"rate": 1}}, "optimizer.rate"),
        ({"optimizer": {"name": []}}, "optimizer.name"),
        ({"features": ["x3"]}, "features.0"),
        ({"nothing": 1}, "nothing"),
        ([], ""),
    ],
)
def test_an_invalid_change_is_refused_with_its_field(changes: Any, field: str) -> None:
    with pytest.raises(ConfigError) as error:
        changed_config(parse(SMALL), changes)
    assert error.value.field == field


def test_parameters_of_a_replaced_entry_are_those_of_the_new_one() -> None:
    raw = SMALL | {"layers": [{"activation": "leaky_relu"}], "loss": {"name": "huber"}}
    config = parse(raw | {"optimizer": {"schedule": {"name": "cosine"}}})
    changes: dict[str, Any] = {
        "layers": [{"activation": "relu"}],
        "loss": {"name": "mean_squared_error"},
        "optimizer": {"name": "momentum", "schedule": {"name": "exponential"}},
    }
    changed = changed_config(config, changes)
    assert changed.optimizer.schedule.alpha is None
    assert changed.layers[0].alpha is None and changed.loss.delta is None
    assert changed.optimizer.beta_1 is None and changed.optimizer.momentum is not None
    assert changed.optimizer.learning_rate == 0.03


def test_another_data_set_keeps_what_fits_it() -> None:
    config = parse(
        SMALL
        | {"features": ["x1", "x1^2"], "output_activation": "tanh", "loss": {"name": "mean_squared_error"}}
    )
    planar = changed_config(config, {"dataset": {"name": "xor"}})
    assert (planar.features, planar.output_activation, planar.loss.name) == (
        ["x1", "x1^2"],
        "tanh",
        "mean_squared_error",
    )
    flowers = changed_config(config, {"dataset": {"name": "iris"}})
    assert (len(flowers.features), flowers.output_activation) == (4, "softmax")
    assert build(flowers, 3).layers[0].inputs == 4


@given(supervised(), supervised(), st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_from_any_configuration_a_training_goes_on_with_any_other(
    raw: dict[str, Any], changes: dict[str, Any], before: int
) -> None:
    parent = trained(raw, before)
    unchanged = parent.checkpoint().to_bytes()
    carried = forked(parent, changes)
    expected = parse(changes)
    config = carried.checkpoint.config
    assert config.optimizer.name == expected.optimizer.name
    assert [layer.units for layer in config.layers] == [layer.units for layer in expected.layers]
    assert config.dataset == expected.dataset
    stored = carried.checkpoint.to_bytes()
    fork = continued(carried)
    assert fork.state.step == parent.state.step
    advance(fork, 5)
    assert parent.checkpoint().to_bytes() == unchanged
    again = carry_over(Checkpoint.from_bytes(stored), config, load_data(config))
    assert again.parts.renewed == [] and again.checkpoint.to_bytes() == stored

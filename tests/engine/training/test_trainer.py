"""Trainer: reproducibility, order of the samples, live changes and dropout."""

from typing import Any

import numpy as np
import pytest

from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer

ALL_SETTINGS = {
    "layers": [{"units": 6, "activation": "prelu", "dropout": 0.3}, {"units": 5, "activation": "tanh"}],
    "dataset": {"name": "circle", "samples": 74, "validation_fraction": 0.2},
    "optimizer": {"name": "adamw", "schedule": {"name": "cosine", "decay_steps": 300}, "clip_norm": 1.0},
    "l1": 0.001,
    "l2": 0.001,
    "batch_size": 8,
    "epochs": 100_000,
    "early_stopping": {"patience": 100_000, "min_delta": 0.0001},
}


def bits(trainer: Trainer) -> bytes:
    """Returns the parts of the state that are equal if two trainings are bit-identical."""
    state = trainer.state
    return (
        state.memory.tobytes()
        + state.order.tobytes()
        + repr(
            (
                state.position,
                state.step,
                state.epoch,
                state.shuffle.bit_generator.state,
                state.dropout.bit_generator.state,
                state.stopping.best,
                state.stopping.waited,
            )
        ).encode()
    )


def test_the_result_does_not_depend_on_the_number_of_steps_per_call(make: Any) -> None:
    one_call, several_calls = make(ALL_SETTINGS), make(ALL_SETTINGS)
    one_call.advance(700)
    sizes = np.random.default_rng(0).integers(1, 40, 200)
    points = []
    for size in sizes:
        points += several_calls.advance(int(min(size, 700 - several_calls.state.step))).points
        if several_calls.state.step == 700:
            break
    assert bits(several_calls) == bits(one_call)
    assert points == make(ALL_SETTINGS).advance(700).points


def test_a_training_resumed_from_any_step_gives_the_same_bits(make: Any) -> None:
    uninterrupted = make(ALL_SETTINGS)
    uninterrupted.advance(333)
    for step in (0, 1, 4, 5, 97, 256, 332):
        interrupted = make(ALL_SETTINGS)
        interrupted.advance(step)
        blob = interrupted.checkpoint().to_bytes()
        resumed = Trainer(interrupted.config, interrupted.data, Checkpoint.from_bytes(blob))
        resumed.advance(333 - step)
        assert bits(resumed) == bits(uninterrupted), step


def test_another_seed_gives_other_initial_weights(make: Any) -> None:
    assert not np.array_equal(make(seed=1).state.theta, make(seed=2).state.theta)


def test_the_data_does_not_depend_on_the_seed_of_the_network(make: Any) -> None:
    assert make(seed=1).data.digest == make(seed=2).data.digest


def test_a_checkpoint_of_other_data_raises_value_error(make: Any) -> None:
    trainer = make()
    other = make(dataset={"name": "xor", "samples": 60})
    with pytest.raises(ValueError, match="other data"):
        Trainer(other.config, other.data, trainer.checkpoint())


def test_views_and_measurements_do_not_change_the_training(make: Any) -> None:
    from engine.views import VIEWS

    viewed, undisturbed = make(ALL_SETTINGS), make(ALL_SETTINGS)
    for _ in range(10):
        viewed.advance(13)
        for view in VIEWS.values():
            if viewed.data.task in view.applies_to:
                view.compute(viewed.checkpoint(), viewed.data, view.parse({}))
        viewed.measure()
    undisturbed.advance(130)
    assert bits(viewed) == bits(undisturbed)


def test_every_epoch_uses_every_sample_once_in_a_new_order(make: Any) -> None:
    trainer = make(batch_size=7)
    orders = []
    for _ in range(3):
        trainer.advance(1)
        orders.append(trainer.state.order.copy())
        trainer.advance(trainer.epoch_steps())
    assert all(sorted(order) == list(range(30)) for order in orders)
    assert not np.array_equal(orders[0], orders[1]) and not np.array_equal(orders[1], orders[2])
    assert trainer.state.epoch == 3 and trainer.state.step == 3 * 5


def test_the_gradient_of_a_smaller_last_batch_is_the_mean_over_its_own_samples(make: Any) -> None:
    """Compares with the formula for one linear unit and the squared error."""
    trainer = make(
        dataset={"name": "plane", "samples": 20},
        layers=[],
        batch_size=4,
        dtype="float64",
        optimizer={"name": "sgd", "learning_rate": 0.1},
        loss={"name": "half_squared_error"},
    )
    part, theta = trainer.data.train, trainer.state.theta.copy()
    trainer.advance(3)
    columns = np.column_stack([part.inputs, np.ones(10)])
    for rows in np.split(trainer.state.order, [4, 8]):
        x, y = columns[rows], part.targets[rows, 0]
        theta = theta - 0.1 * x.T @ (x @ theta - y) / len(rows)
    assert trainer.state.theta == pytest.approx(theta)


def test_a_batch_size_above_the_number_of_samples_makes_one_step_per_epoch(make: Any) -> None:
    trainer = make(batch_size=1000)
    trainer.advance(3)
    assert trainer.state.epoch == 3


def test_reset_returns_to_the_initial_weights_in_a_new_attempt(make: Any) -> None:
    trainer = make(ALL_SETTINGS)
    start = trainer.state.theta.copy()
    first = trainer.advance(100).points
    trainer.reset()
    assert np.array_equal(trainer.state.theta, start) and (trainer.state.step, trainer.state.attempt) == (
        0,
        1,
    )
    assert trainer.advance(100).points == first


def test_the_parameters_of_a_frozen_layer_do_not_change_while_other_layers_learn(make: Any) -> None:
    trainer = make(ALL_SETTINGS)
    trainer.advance(50)
    trainer.change({"layers": [{"frozen": True}, {}]})
    first, second = trainer.network.layers[:2]
    before = trainer.state.theta.copy()
    trainer.advance(50)
    after = trainer.state.theta
    assert np.array_equal(first.matrix(before), first.matrix(after))
    assert np.array_equal(before[first.alpha_start :], after[first.alpha_start :])
    assert not np.array_equal(second.matrix(before), second.matrix(after))


def test_a_new_learning_rate_applies_from_the_next_step(make: Any) -> None:
    trainer, unchanged = (
        make(optimizer={"name": "sgd", "learning_rate": 0.1}),
        make(optimizer={"name": "sgd", "learning_rate": 0.1}),
    )
    trainer.advance(5)
    unchanged.advance(5)
    trainer.change({"optimizer": {"learning_rate": 0.2}})
    before = trainer.state.theta.copy()
    trainer.advance(1)
    unchanged.advance(1)
    assert trainer.state.theta - before == pytest.approx(
        2 * (unchanged.state.theta - before), rel=1e-3, abs=1e-7
    )


def test_a_new_batch_size_continues_the_current_epoch(make: Any) -> None:
    trainer = make(batch_size=4)
    trainer.advance(3)
    trainer.change({"batch_size": 10})
    assert trainer.epoch_steps() == 2
    trainer.advance(2)
    assert trainer.state.epoch == 1 and trainer.state.position == 0


def test_dropout_masks_the_configured_fraction_of_the_outputs(make: Any) -> None:
    trainer = make(
        dataset={"name": "circle", "samples": 2000}, layers=[{"units": 50, "dropout": 0.3}], batch_size=1000
    )
    trainer.advance(1)
    (mask,) = trainer.stepper.plan(1000)[0].masks.factors.values()
    assert set(np.unique(mask)) == {np.float32(0), np.float32(1 / 0.7)}
    assert np.mean(mask == 0) == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_training_uses_the_configured_precision(make: Any, dtype: str) -> None:
    trainer = make(ALL_SETTINGS, dtype=dtype)
    trainer.advance(20)
    assert trainer.state.memory.dtype == dtype


def test_training_reduces_the_loss_and_classifies_a_circle(make: Any) -> None:
    trainer = make(
        dataset={"name": "circle", "samples": 200, "noise": 0}, epochs=200, optimizer={"learning_rate": 0.02}
    )
    points = trainer.advance(100_000).points
    assert points[-1]["train_loss"] < 0.1 < points[0]["train_loss"]
    assert points[-1]["metrics"]["test_accuracy"] > 0.95

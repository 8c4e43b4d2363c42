"""Choosing output and loss: what is promised to break does break, and what fits does not. Measured."""

from typing import Any

import numpy as np
import pytest

from engine.config.task_names import SUPERVISED
from engine.tasks.resolve import parse, warnings
from engine.tasks.task import TASKS
from engine.training.compiled.forward import outputs
from engine.training.trainer import Trainer

HIDDEN: dict[str, Any] = {"layers": [{"units": 12}], "optimizer": {"name": "adam", "learning_rate": 0.03}}


def trained(make: Any, task: str, mismatch: str | None, steps: int = 1500) -> Trainer:
    """A network for the task's example, with the mismatch of that name if one is given."""
    changes: dict[str, Any] = {}
    if mismatch:
        changes = dict(next(each for each in TASKS[task].breaks if each.name == mismatch).changes)
    trainer: Trainer = make({**HIDDEN, "dataset": {"name": TASKS[task].example}, **changes})
    trainer.advance(steps)
    return trainer


def answers(trainer: Trainer) -> np.ndarray:
    """(samples, outputs) for the training part."""
    inputs = trainer.data.train.inputs.astype(trainer.config.dtype)
    return outputs(trainer.network, trainer.state.theta, inputs).T


@pytest.mark.parametrize("task", SUPERVISED)
def test_only_the_mismatches_of_a_supervised_task_give_warnings(task: str) -> None:
    entry = TASKS[task]
    assert entry.breaks
    for each in entry.breaks:
        config = parse({"dataset": {"name": entry.example}, **each.changes})
        assert warnings(config), f"{each.name} gives no warning"
    assert warnings(parse({"dataset": {"name": entry.example}})) == []


@pytest.mark.parametrize(("mismatch", "missed"), [("sigmoid_output", 0.0), ("relu_output", 0.0)])
def test_a_squeezed_output_misses_what_it_cannot_reach(make: Any, mismatch: str, missed: float) -> None:
    fit, squeezed = trained(make, "regression", None), trained(make, "regression", mismatch)
    assert fit.measure()["train_loss"] < 0.2 * squeezed.measure()["train_loss"]
    data = squeezed.data
    assert answers(squeezed).min() >= missed
    low = data.train.targets[:, 0] < -0.5
    assert low.sum() > 20 and answers(fit)[low].max() < -0.1


@pytest.mark.parametrize(("task", "mismatch"), [("binary", "step_output"), ("multiclass", "step_output")])
def test_a_step_at_the_output_stops_all_learning(make: Any, task: str, mismatch: str) -> None:
    before, after = trained(make, task, mismatch, 0), trained(make, task, mismatch, 300)
    assert (before.state.theta == after.state.theta).all()
    assert (trained(make, task, None, 0).state.theta != trained(make, task, None, 300).state.theta).any()


def test_linear_outputs_are_no_probabilities(make: Any) -> None:
    loose = answers(trained(make, "binary", "linear_output"))
    assert loose.max() > 1.02 or loose.min() < -0.02
    tight = answers(trained(make, "binary", None))
    assert tight.min() >= 0 and tight.max() <= 1


def test_sigmoids_for_classes_do_not_share_one_whole(make: Any) -> None:
    apart = answers(trained(make, "multiclass", "sigmoid_output", 60)).sum(axis=1)
    assert np.abs(apart - 1).max() > 0.05
    shared = answers(trained(make, "multiclass", None, 60)).sum(axis=1)
    assert np.abs(shared - 1).max() < 1e-5


def test_softmax_cannot_say_two_labels_at_once(make: Any) -> None:
    shared, free = trained(make, "multilabel", "softmax_output"), trained(make, "multilabel", None)
    several = shared.data.train.truth.sum(axis=1) >= 2
    assert several.sum() > 20
    assert ((answers(shared)[several] > 0.5).sum(axis=1) <= 1).all()
    assert ((answers(free)[several] > 0.5).sum(axis=1) >= 2).mean() > 0.7

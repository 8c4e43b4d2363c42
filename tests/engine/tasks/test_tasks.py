"""Mismatches of output activation and loss: each gives a warning and the stated effect in training."""

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
    """Returns a trainer for the task's example data set, with the mismatch of this name if not None."""
    changes: dict[str, Any] = {}
    if mismatch:
        changes = dict(next(entry for entry in TASKS[task].breaks if entry.name == mismatch).changes)
    trainer: Trainer = make({**HIDDEN, "dataset": {"name": TASKS[task].example}, **changes})
    trainer.advance(steps)
    return trainer


def predictions(trainer: Trainer) -> np.ndarray:
    """Returns the outputs (samples, outputs) for the training part."""
    inputs = trainer.data.train.inputs.astype(trainer.config.dtype)
    return outputs(trainer.network, trainer.state.theta, inputs).T


@pytest.mark.parametrize("task", SUPERVISED)
def test_only_the_mismatches_of_a_supervised_task_give_warnings(task: str) -> None:
    entry = TASKS[task]
    assert entry.breaks
    for mismatch in entry.breaks:
        config = parse({"dataset": {"name": entry.example}, **mismatch.changes})
        assert warnings(config), f"{mismatch.name} gives no warning"
    assert warnings(parse({"dataset": {"name": entry.example}})) == []


@pytest.mark.parametrize("mismatch", ["sigmoid_output", "relu_output"])
def test_outputs_without_negative_values_cannot_fit_negative_targets(make: Any, mismatch: str) -> None:
    matched, mismatched = trained(make, "regression", None), trained(make, "regression", mismatch)
    assert matched.measure()["train_loss"] < 0.2 * mismatched.measure()["train_loss"]
    data = mismatched.data
    assert predictions(mismatched).min() >= 0
    negative = data.train.targets[:, 0] < -0.5
    assert negative.sum() > 20 and predictions(matched)[negative].max() < -0.1


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_with_a_step_at_the_output_no_weight_changes(make: Any, task: str) -> None:
    before, after = trained(make, task, "step_output", 0), trained(make, task, "step_output", 300)
    assert (before.state.theta == after.state.theta).all()
    assert (trained(make, task, None, 0).state.theta != trained(make, task, None, 300).state.theta).any()


def test_linear_outputs_leave_the_range_of_probabilities(make: Any) -> None:
    linear = predictions(trained(make, "binary", "linear_output"))
    assert linear.max() > 1.02 or linear.min() < -0.02
    sigmoid = predictions(trained(make, "binary", None))
    assert sigmoid.min() >= 0 and sigmoid.max() <= 1


def test_sigmoid_outputs_for_classes_do_not_add_up_to_1(make: Any) -> None:
    sigmoid = predictions(trained(make, "multiclass", "sigmoid_output", 60)).sum(axis=1)
    assert np.abs(sigmoid - 1).max() > 0.05
    softmax = predictions(trained(make, "multiclass", None, 60)).sum(axis=1)
    assert np.abs(softmax - 1).max() < 1e-5


def test_softmax_outputs_cannot_predict_two_labels(make: Any) -> None:
    softmax, sigmoid = trained(make, "multilabel", "softmax_output"), trained(make, "multilabel", None)
    several = softmax.data.train.truth.sum(axis=1) >= 2
    assert several.sum() > 20
    assert ((predictions(softmax)[several] > 0.5).sum(axis=1) <= 1).all()
    assert ((predictions(sigmoid)[several] > 0.5).sum(axis=1) >= 2).mean() > 0.7

"""Choosing output and loss: what is promised to break does break, and what fits does not. Measured."""

from typing import Any

import numpy as np
import pytest

from engine.config.task_names import SUPERVISED
from engine.tasks.definitions import TASKS
from engine.tasks.resolve import parse, warnings
from engine.training.compiled.forward import outputs
from engine.training.trainer import Trainer

HIDDEN: dict[str, Any] = {"layers": [{"units": 12}], "optimizer": {"name": "adam", "learning_rate": 0.03}}


def trained(make: Any, task: str, title: str | None, steps: int = 1500) -> Trainer:
    """A network for the task's example, with the mismatch of that title if one is given."""
    changes: dict[str, Any] = {}
    if title:
        changes = dict(next(each for each in TASKS[task].breaks if each.title == title).changes)
    trainer: Trainer = make({**HIDDEN, "dataset": {"name": TASKS[task].example}, **changes})
    trainer.advance(steps)
    return trainer


def answers(trainer: Trainer) -> np.ndarray:
    """(samples, outputs) for the training part."""
    inputs = trainer.data.train.inputs.astype(trainer.config.dtype)
    return outputs(trainer.network, trainer.state.theta, inputs).T


@pytest.mark.parametrize("task", SUPERVISED)
def test_every_supervised_task_says_what_it_asks_why_it_is_so_and_how_to_break_it(task: str) -> None:
    entry = TASKS[task]
    assert entry.question and entry.reason and entry.loss_reason and entry.breaks
    for each in entry.breaks:
        config = parse({"dataset": {"name": entry.example}, **each.changes})
        assert warnings(config), f"{each.title} is no mismatch to the warnings"
    assert warnings(parse({"dataset": {"name": entry.example}})) == []


@pytest.mark.parametrize(("title", "missed"), [("Sigmoid output", 0.0), ("ReLU output", 0.0)])
def test_a_squeezed_output_misses_what_it_cannot_reach(make: Any, title: str, missed: float) -> None:
    fit, squeezed = trained(make, "regression", None), trained(make, "regression", title)
    assert fit.measure()["train_loss"] < 0.2 * squeezed.measure()["train_loss"]
    data = squeezed.data
    assert answers(squeezed).min() >= missed
    low = data.train.targets[:, 0] < -0.5
    assert low.sum() > 20 and answers(fit)[low].max() < -0.1


@pytest.mark.parametrize(("task", "title"), [("binary", "Step output"), ("multiclass", "Step outputs")])
def test_a_step_at_the_output_stops_all_learning(make: Any, task: str, title: str) -> None:
    before, after = trained(make, task, title, 0), trained(make, task, title, 300)
    assert (before.state.theta == after.state.theta).all()
    assert (trained(make, task, None, 0).state.theta != trained(make, task, None, 300).state.theta).any()


def test_linear_outputs_are_no_probabilities(make: Any) -> None:
    loose = answers(trained(make, "binary", "Linear output, squared error"))
    assert loose.max() > 1.02 or loose.min() < -0.02
    tight = answers(trained(make, "binary", None))
    assert tight.min() >= 0 and tight.max() <= 1


def test_sigmoids_for_classes_do_not_share_one_whole(make: Any) -> None:
    apart = answers(trained(make, "multiclass", "Sigmoid outputs", 60)).sum(axis=1)
    assert np.abs(apart - 1).max() > 0.05
    shared = answers(trained(make, "multiclass", None, 60)).sum(axis=1)
    assert np.abs(shared - 1).max() < 1e-5


def test_softmax_cannot_say_two_labels_at_once(make: Any) -> None:
    shared, free = trained(make, "multilabel", "Softmax output"), trained(make, "multilabel", None)
    several = shared.data.train.truth.sum(axis=1) >= 2
    assert several.sum() > 20
    assert ((answers(shared)[several] > 0.5).sum(axis=1) <= 1).all()
    assert ((answers(free)[several] > 0.5).sum(axis=1) >= 2).mean() > 0.7

"""End of a training: last epoch, early stopping, plateau and divergence."""

from typing import Any

import numpy as np
import pytest

from engine.training.end_of_training import can_continue
from engine.training.reason import ending


def test_a_training_finishes_after_its_last_epoch_with_a_reason(make: Any) -> None:
    trainer = make(epochs=3, batch_size=10)
    report = trainer.advance(1000)
    assert report.ended == ("finished", ending("epochs_done", epochs=3))
    assert report.steps == 9 and report.points[-1]["step"] == 9
    assert trainer.advance(10).steps == 0


def test_a_finished_training_continues_when_epochs_are_added(make: Any) -> None:
    trainer = make(epochs=3, batch_size=10)
    trainer.advance(1000)
    trainer.change({"epochs": 5})
    report = trainer.advance(1000)
    assert report.ended is not None and trainer.state.epoch == 5


@pytest.mark.parametrize("steps", [1, 4, 9])
def test_a_training_with_limited_steps_finishes_after_the_last_with_a_point(make: Any, steps: int) -> None:
    trainer = make(epochs=1000, batch_size=10, steps=steps)
    report = trainer.advance(1000)
    assert report.ended == ("finished", ending("steps_done", steps=steps))
    assert report.steps == trainer.state.step == report.points[-1]["step"] == steps
    assert trainer.advance(10).steps == 0


def test_limited_steps_do_not_change_the_weights(make: Any) -> None:
    limited, other = make(epochs=1000, batch_size=10, steps=7), make(epochs=1000, batch_size=10)
    limited.advance(1000)
    other.advance(7)
    assert limited.state.memory.tobytes() == other.state.memory.tobytes()


def test_a_training_finishes_after_its_epochs_if_they_end_before_its_steps(make: Any) -> None:
    report = make(epochs=2, batch_size=10, steps=7).advance(1000)
    assert (report.ended, report.steps) == (("finished", ending("epochs_done", epochs=2)), 6)


@pytest.mark.parametrize("more", [12, None])
def test_a_finished_training_continues_when_steps_are_added(make: Any, more: int | None) -> None:
    trainer = make(epochs=5, batch_size=10, steps=4)
    trainer.advance(1000)
    before = trainer.config
    trainer.change({"steps": more})
    assert can_continue(before, trainer.config, trainer.state)
    trainer.advance(1000)
    assert trainer.state.step == (more or 15)


def test_a_training_that_diverges_at_its_last_step_is_diverged(make: Any) -> None:
    raw = {"layers": [{"units": 8, "activation": "relu"}], "loss": {"name": "mean_squared_error"},
           "output_activation": "linear", "batch_size": 10,
           "optimizer": {"name": "sgd", "learning_rate": 50.0}}  # fmt: skip
    unlimited = make(raw).advance(5000)
    last = unlimited.ended[1].parameters["step"]
    limited = make(raw | {"steps": last})
    assert limited.advance(5000).ended == unlimited.ended and limited.state.step == last - 1


@pytest.mark.parametrize(
    ("before", "after", "step", "expected"),
    [
        ({"epochs": 3}, {"epochs": 4}, 9, True),
        ({"epochs": 3}, {"epochs": 4, "steps": 9}, 9, False),
        ({"epochs": 3, "steps": 9}, {"epochs": 3, "steps": 12}, 9, False),
        ({"epochs": 9, "steps": 9}, {"epochs": 9, "steps": 8}, 9, False),
        ({"epochs": 9}, {"epochs": 9, "steps": 12}, 9, False),
    ],
)
def test_a_finished_training_can_continue_if_a_limit_was_raised_and_none_is_reached(
    make: Any, before: dict[str, int], after: dict[str, int], step: int, expected: bool
) -> None:
    trainer = make(batch_size=10)
    trainer.advance(step)
    configs = [trainer.config.model_copy(update={"steps": None} | changes) for changes in (before, after)]
    assert trainer.state.epoch == 3
    assert can_continue(*configs, trainer.state) is expected


def test_early_stopping_restores_the_best_weights(make: Any) -> None:
    rule = {"monitor": "validation_loss", "patience": 5}
    trainer = make(
        dataset={"name": "spiral", "samples": 60, "noise": 0.5, "validation_fraction": 0.3},
        layers=[{"units": 32}, {"units": 32}],
        optimizer={"learning_rate": 0.05},
        early_stopping=rule,
    )
    report = trainer.advance(100_000)
    assert report.ended is not None and report.ended[0] == "finished"
    stopping, reason = trainer.state.stopping, report.ended[1]
    assert (reason.code, reason.parameters) == ("early_stopping_restored", {
        "monitor": "validation_loss", "patience": 5, "best": stopping.best, "best_epoch": stopping.best_epoch,
    })  # fmt: skip
    assert reason.text.startswith("early stopping: the validation loss has not improved for 5 epochs")
    assert trainer.measure()["validation_loss"] == pytest.approx(trainer.state.stopping.best, rel=1e-6)


def test_a_plateau_of_the_training_loss_ends_the_training(make: Any) -> None:
    trainer = make(
        layers=[], early_stopping={"monitor": "train_loss", "patience": 3, "min_delta": 0.01}, epochs=100_000
    )
    report = trainer.advance(100_000)
    assert report.ended is not None and report.ended[1].code == "plateau_restored"


def test_more_epochs_after_early_stopping_begin_its_patience_again(make: Any) -> None:
    rule = {"monitor": "train_loss", "patience": 3, "min_delta": 1e6}
    trainer = make(early_stopping=rule, epochs=100)
    trainer.advance(100_000)
    first = trainer.state.epoch
    trainer.change({"epochs": 200})
    report = trainer.advance(100_000)
    assert report.ended is not None and trainer.state.epoch == first + 3


def test_more_epochs_during_a_training_do_not_begin_the_patience_again(make: Any) -> None:
    rule = {"monitor": "train_loss", "patience": 3, "min_delta": 1e6}
    trainer = make(early_stopping=rule, epochs=100, batch_size=1000)
    trainer.advance(3)
    trainer.change({"epochs": 200})
    assert trainer.advance(100).steps == 1


def test_divergence_ends_the_training_with_the_last_finite_state(make: Any) -> None:
    raw = {
        "layers": [{"units": 8, "activation": "relu"}],
        "loss": {"name": "mean_squared_error"},
        "output_activation": "linear",
        "optimizer": {"name": "sgd", "learning_rate": 50.0},
        "batch_size": 10,
    }
    trainer = make(raw)
    report = trainer.advance(5000)
    assert report.ended is not None and report.ended[0] == "diverged"
    diverged_step = trainer.state.step + 1
    assert report.ended[1] == ending("loss_diverged", step=diverged_step) and trainer.state.finite()
    assert all(np.isfinite(point["train_loss"]) and point["step"] < diverged_step for point in report.points)
    single_steps = make(raw)
    while single_steps.state.step < diverged_step - 1:
        assert single_steps.advance(1).ended is None
    assert single_steps.state.memory.tobytes() == trainer.state.memory.tobytes()
    assert single_steps.advance(1).ended == report.ended

"""Trainers: what moves one training forward, whatever the kind of learning."""

from collections.abc import Callable
from typing import Any, Protocol

from engine.config.models import Config
from engine.policy_gradient.trainer import PolicyTrainer
from engine.training.checkpoint import Checkpoint
from engine.training.denoising import DenoisingTrainer
from engine.training.state import TrainState
from engine.training.trainer import Report, Trainer


class Trains(Protocol):
    """One training: everything that changes is in `state`; between calls nothing happens."""

    config: Any
    state: TrainState

    def advance(self, steps: int) -> Report: ...

    def epoch_steps(self) -> int: ...

    def change(self, changes: dict[str, Any]) -> dict[str, Any]: ...

    def redraw(self, config: Any, data: Any) -> None: ...

    def reset(self) -> None: ...

    def operate(self, operations: dict[str, Any]) -> dict[str, Any]: ...

    def measure(self) -> dict[str, Any]: ...

    def learning_rate(self) -> float: ...

    def checkpoint(self) -> Checkpoint: ...

    def snapshot(self) -> Checkpoint: ...


# One for each entry of engine.tasks.paradigms, made with (config, data, checkpoint or None).
TRAINERS: dict[str, Callable[..., Any]] = {
    "supervised": Trainer,
    "autoencoder": DenoisingTrainer,
    "policy_gradient": PolicyTrainer,
}


def trainer(config: Config, data: Any, checkpoint: Checkpoint | None = None) -> Trains:
    """The trainer of a resolved configuration, at its beginning or where the checkpoint left it."""
    made: Trains = TRAINERS[config.paradigm](config, data, checkpoint)
    return made

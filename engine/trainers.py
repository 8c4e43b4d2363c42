"""Trainers: one class per paradigm, and the protocol of all of them."""

from collections.abc import Callable
from typing import Any, Protocol, cast

from engine.config.autoencoder import AutoencoderConfig
from engine.config.models import Config
from engine.policy_gradient.trainer import PolicyTrainer
from engine.tasks.corruption import TRAINING, corrupt, generator
from engine.training.checkpoint import Checkpoint
from engine.training.state import TrainState
from engine.training.trainer import Report, Trainer


class TrainerProtocol(Protocol):
    """A training. All that changes is in `state`, and it changes during calls only."""

    config: Any
    state: TrainState

    def advance(self, steps: int) -> Report: ...

    def epoch_steps(self) -> int: ...

    def change(self, changes: dict[str, Any]) -> dict[str, Any]: ...

    def replace_data(self, config: Any, data: Any) -> None: ...

    def reset(self, beginning: TrainState | None = None) -> None: ...

    def apply_edits(self, edits: dict[str, Any]) -> dict[str, Any]: ...

    def measure(self) -> dict[str, Any]: ...

    def learning_rate(self) -> float: ...

    def checkpoint(self) -> Checkpoint: ...

    def snapshot(self) -> Checkpoint: ...


class DenoisingTrainer(Trainer):
    """Trainer of a denoising autoencoder: a new corruption of the inputs in each epoch.

    The random numbers depend on seed and epoch only.
    """

    def arrange(self) -> None:
        """Corrupts the inputs for the current epoch and arranges them in batches."""
        config = cast(AutoencoderConfig, self.config)
        rng = generator(config, TRAINING, self.state.epoch)
        corrupted, _ = corrupt(self.data.train.targets, config.corruption, rng)
        self.stepper.batches.replace_inputs(corrupted)
        super().arrange()


# For each entry of engine.tasks.paradigms; called with (config, data, checkpoint or None).
TRAINERS: dict[str, Callable[..., Any]] = {
    "supervised": Trainer,
    "autoencoder": DenoisingTrainer,
    "policy_gradient": PolicyTrainer,
}


def trainer(config: Config, data: Any, checkpoint: Checkpoint | None = None) -> TrainerProtocol:
    """Returns the trainer of a resolved configuration, at step 0 or in the state of the checkpoint."""
    created: TrainerProtocol = TRAINERS[config.paradigm](config, data, checkpoint)
    return created

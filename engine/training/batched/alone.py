"""A member of an ensemble outside of it: its beginning, and its steps alone when it diverges."""

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import build
from engine.training.batched.columns import Columns
from engine.training.checkpoint import Checkpoint
from engine.training.reason import ending
from engine.training.state import TrainState, fresh
from engine.training.trainer import Report, Trainer


def beginning(config: ExamplesConfig, data: Data) -> Checkpoint:
    """Returns a training at step 0."""
    state = fresh(build(config, data.outputs), config, len(data.train))
    return Checkpoint(config, state, data.digest)


def repeat_alone(columns: Columns, column: int, step: int) -> tuple[Report, TrainState]:
    """Repeats a member alone from the last copy to `step`, as its values there are not finite.

    Returns the report and the state: the one before the step that diverged, as a trainer of one run finds it.
    """
    saved = columns.saved_checkpoint(column)
    trainer = Trainer(saved.config, columns.members[column].data, saved)
    if trainer.state.step == step:  # at step 0 the first measured loss is not finite
        return Report(ended=("diverged", ending("loss_diverged", step=step))), trainer.state
    return trainer.advance(step - trainer.state.step), trainer.state

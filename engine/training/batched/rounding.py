"""Rounding: whether the members of an ensemble have bit for bit the weights of single trainings.

Sums over the samples and units are rounded in the order in which the library of matrix products adds them.
The order depends on the processor, the shapes and the batch size. Some steps show most differences, but a
difference of the last bit that occurs for few values can be missed.
"""

from dataclasses import dataclass

import numpy as np

from engine.datasets import Data
from engine.training.batched.columns import Member, detached
from engine.training.batched.ensemble import Ensemble
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer

STEPS = 32


@dataclass(frozen=True)
class Rounding:
    """`exact`: all compared numbers are equal; `difference`: relative to the largest parameter."""

    exact: bool
    difference: float


def measure_rounding(ensemble: Ensemble) -> Rounding:
    """Compares the last steps of an epoch, at most STEPS, in the ensemble and alone; changes neither.

    It trains copies of all members, together and each alone.
    """
    members = [ensemble.members[index] for index in ensemble.training()]
    if not members:
        return Rounding(True, 0.0)
    together = Ensemble([_copy(member) for member in members], [member.data for member in members])
    steps = together.epoch_steps()
    together.advance(steps)
    difference, exact = 0.0, True
    for index in range(len(members)):
        alone = Trainer(members[index].config, members[index].data, _copy(members[index]))
        alone.advance(steps)
        memory, expected = together.members[index].state.memory, alone.state.memory
        exact &= np.array_equal(memory, expected)
        difference = max(difference, _relative(memory[0], expected[0]))
    return Rounding(exact, difference)


def compare_with_single(first: Checkpoint, last: Checkpoint, data: Data) -> Rounding:
    """Compares the state `last` of a training with what a single one makes from its state `first`."""
    config = first.config.model_copy(
        update={"early_stopping": None, "epochs": last.state.epoch + 2, "steps": None}
    )
    alone = Trainer(config, data, Checkpoint(config, detached(first.state), data.digest))
    alone.advance(last.state.step - first.state.step)
    memory, expected = last.state.memory, alone.state.memory
    return Rounding(bool(np.array_equal(memory, expected)), _relative(memory[0], expected[0]))


def _copy(member: Member) -> Checkpoint:
    """Returns the member, in its epoch at most STEPS steps before the end, the last batch included."""
    state, size = detached(member.state), member.config.batch_size
    samples = len(state.order)
    last = samples % size or size
    state.position = max(0, samples - last - (STEPS - 1) * size)
    config = member.config.model_copy(
        update={"early_stopping": None, "epochs": state.epoch + 2, "steps": None}
    )
    return Checkpoint(config, state, member.data.digest)


def _relative(theta: np.ndarray, expected: np.ndarray) -> float:
    largest = float(np.abs(expected).max())
    return float(np.abs(theta - expected).max()) / largest if largest else 0.0

"""Columns: the arrays of the members of an ensemble, joined so that one call processes all of them."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.members import Members
from engine.training.compiled.update import StepArrays
from engine.training.end_of_training import Ended, limit_reached
from engine.training.state import FLUSH_BELOW, EarlyStoppingState, TrainState


@dataclass
class Member:
    """One training of an ensemble; `ended` is its status and reason, or None while it trains."""

    config: ExamplesConfig
    data: Data
    state: TrainState
    ended: Ended | None = None

    def checkpoint(self) -> Checkpoint:
        """Returns the current state; it shares memory with the training."""
        return Checkpoint(self.config, self.state, self.data.digest)


@dataclass
class Saved:
    """A copy of what training changes: the joined arrays, the counters, and of every column the generators.

    `generators` are the states of those for shuffling and for dropout; the latter are None without dropout.
    """

    position: int
    step: int
    epoch: int
    memory: np.ndarray
    order: np.ndarray
    stopping: list[EarlyStoppingState]
    generators: list[tuple[Any, Any]]


class Columns:
    """The joined arrays of K members: `memory` (vectors, K, size), `order` (K, samples).

    While a member trains, the arrays of its state are views of its column. `training[k]` is false for a
    column whose member has ended; it goes on with the calls of the others, and nothing reads it.
    """

    def __init__(self, members: dict[int, Member]) -> None:
        self.indices, self.members = list(members), list(members.values())
        self.training = [True] * len(self.members)
        states = [member.state for member in self.members]
        self.memory = np.stack([state.memory for state in states], axis=1)
        self.order = np.stack([state.order for state in states])
        for column, state in enumerate(states):
            state.memory, state.order = self.memory[:, column], self.order[column]
        self._has_dropout = any(layer.dropout > 0 for layer in self.members[0].config.layers)
        self.saved = self._copy()

    def step_arrays(self) -> StepArrays:
        """Returns the arrays for recorded steps."""
        states = [member.state for member in self.members]
        settings = Members(
            [member.config for member in self.members],
            [member.data for member in self.members],
            [state.optimizer_start for state in states],
        )
        dropout = [state.dropout for state in states]
        return StepArrays(self.memory[0], list(self.memory[1:]), dropout, members=settings)

    def shuffle(self) -> None:
        """Draws the order of the next epoch for every member that trains."""
        for column in self.active():
            state = self.members[column].state
            state.shuffle.shuffle(state.order)

    def active(self) -> Sequence[int]:
        """Returns the columns of the members that train."""
        return [column for column, trains in enumerate(self.training) if trains]

    def set_counters(self, position: int, step: int, epoch: int) -> None:
        """Sets the counters of the states of all members that train."""
        for column in self.active():
            state = self.members[column].state
            state.position, state.step, state.epoch = position, step, epoch

    def limits_reached(self, step: int, epoch: int) -> dict[int, Ended]:
        """Returns status and reason of the columns whose last epoch or step is done."""
        ends = {column: limit_reached(self.members[column].config, step, epoch) for column in self.active()}
        return {column: end for column, end in ends.items() if end}

    def not_finite(self) -> list[int]:
        """Returns the columns of the members that train with a value that is not finite."""
        finite = np.isfinite(self.memory).all(axis=(0, 2))
        return [column for column in self.active() if not finite[column]]

    def flush_denormals(self) -> None:
        """Sets small values of the optimizer state to 0, as `TrainState.flush_denormals`."""
        vectors = self.memory[1:]
        vectors[np.abs(vectors) < FLUSH_BELOW] = 0

    def save(self) -> None:
        """Copies everything that training changes, for `saved_checkpoint`."""
        self.saved = self._copy()

    def saved_checkpoint(self, column: int) -> Checkpoint:
        """Returns a member at the step of the last `save`, with arrays and generators of its own."""
        member, saved = self.members[column], self.saved
        state = detached(member.state)
        np.copyto(state.memory, saved.memory[:, column])
        np.copyto(state.order, saved.order[column])
        state.stopping = saved.stopping[column].copy()
        state.position, state.step, state.epoch = saved.position, saved.step, saved.epoch
        shuffle, dropout = saved.generators[column]
        state.shuffle.bit_generator.state = shuffle
        if dropout is not None:
            state.dropout.bit_generator.state = dropout
        return Checkpoint(member.config, state, member.data.digest)

    def end(self, column: int, state: TrainState | None = None) -> None:
        """Ends the training of a column; its member gets `state`, or its present one with its own arrays."""
        self.training[column] = False
        member = self.members[column]
        member.state = state or detached(member.state)

    def put_back(self, column: int, state: TrainState) -> None:
        """Continues with `state`, which is at the present step, in the column of a member."""
        present = self.members[column].state
        self.memory[:, column], self.order[column] = state.memory, state.order
        present.stopping = state.stopping
        present.shuffle.bit_generator.state = state.shuffle.bit_generator.state
        present.dropout.bit_generator.state = state.dropout.bit_generator.state

    def _copy(self) -> Saved:
        """Copies the states of the generators, because copying a generator takes 40 times as long."""
        states = [member.state for member in self.members]
        training = states[next(iter(self.active()), 0)]  # the others have the counters of their ends
        return Saved(
            training.position,
            training.step,
            training.epoch,
            self.memory.copy(),
            self.order.copy(),
            [state.stopping.copy() for state in states],
            [(_bits(state.shuffle), _bits(state.dropout) if self._has_dropout else None) for state in states],
        )


def _bits(generator: np.random.Generator) -> Any:
    return generator.bit_generator.state


def detached(state: TrainState) -> TrainState:
    """Returns the state with arrays and generators of its own."""
    return replace(
        state,
        memory=state.memory.copy(),
        order=state.order.copy(),
        shuffle=copy.deepcopy(state.shuffle),
        dropout=copy.deepcopy(state.dropout),
        stopping=state.stopping.copy(),
    )

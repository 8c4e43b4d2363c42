"""The mistakes of the perceptron, computed by repeating the training from its first step.

A training is determined by its configuration and random generators, so its steps can be computed again. The
weights change only at mistakes, so that all points up to the next mistake are evaluated together. If the
weights differ from those of the checkpoint, weights or learning rate were edited, or the run is a fork with
other settings.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import learning_rates
from engine.training.state import TrainState, fresh
from engine.views.cache import ViewCache

MAX_MISTAKES = 2000
MAX_EVALUATIONS = 40_000_000  # of single points
FIRST_CHUNK = 64  # points in the first evaluation after a mistake
MAX_CACHED = 8  # trajectories


@dataclass
class MistakeTrajectory:
    """The mistakes up to step `last_step`: their steps, points, and the weights (w, b) after each."""

    inputs: np.ndarray  # (n, d + 1), the last column is 1
    positive: np.ndarray
    state: TrainState
    initial_weights: np.ndarray
    weights: np.ndarray
    line_number_of: dict[
        bytes, int
    ]  # by the bytes of (w, b), in order of appearance from 0, the initial line
    steps: list[int] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    weights_after: list[np.ndarray] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    largest_norms: list[float] = field(default_factory=list)  # of (w, b) so far
    last_step: int = 0
    evaluations: int = 0
    converged: bool = False  # a complete epoch without a mistake, after which there are none

    @property
    def limit_reached(self) -> bool:
        """Whether the limit of mistakes or evaluations is reached."""
        return len(self.steps) >= MAX_MISTAKES or self.evaluations >= MAX_EVALUATIONS

    def extend(self, checkpoint: Checkpoint) -> None:
        """Continue to the step of the checkpoint or beyond, in complete epochs, unless a limit is reached."""
        while self.last_step < checkpoint.step and not self.converged and not self.limit_reached:
            self._run_epoch(checkpoint)

    def _run_epoch(self, checkpoint: Checkpoint) -> None:
        state, before = self.state, len(self.steps)
        state.shuffle.shuffle(state.order)
        position, count = 0, len(state.order)
        while position < count and not self.limit_reached:
            correct = self._correct_before_mistake(state.order[position:])
            if correct is None:
                position = count
                break
            position += correct + 1
            self._update(checkpoint, int(state.order[position - 1]), self.last_step + position)
        self.last_step += position
        self.converged = position == count and len(self.steps) == before

    def _correct_before_mistake(self, order: np.ndarray) -> int | None:
        """The number of correctly classified points before the next mistake, None if there is none.

        Evaluates chunks of doubling size, because the next mistake is usually near.
        """
        start, size = 0, FIRST_CHUNK
        while start < len(order):
            chunk = order[start : start + size]
            wrong = (self.inputs[chunk] @ self.weights >= 0) != self.positive[chunk]
            self.evaluations += len(chunk)
            if wrong.any():
                return start + int(wrong.argmax())
            start, size = start + size, 2 * size
        return None

    def _update(self, checkpoint: Checkpoint, point: int, step: int) -> None:
        """w ← w ± η x, in the precision of the run."""
        rate = self.weights.dtype.type(learning_rates(checkpoint.config, np.array([step - 1]))[0])
        change = rate * self.inputs[point]
        self.weights = self.weights + (change if self.positive[point] else -change)
        self.steps.append(step)
        self.points.append(point)
        self.weights_after.append(self.weights)
        self.line_numbers.append(
            self.line_number_of.setdefault(_line_key(self.weights), len(self.line_number_of))
        )
        norm = float(np.linalg.norm(self.weights))
        self.largest_norms.append(max(norm, self.largest_norms[-1]) if self.largest_norms else norm)

    def mistakes_until(self, step: int) -> int:
        """The number of mistakes up to step `step`."""
        return int(np.searchsorted(self.steps, step, side="right"))

    def weights_at(self, step: int) -> np.ndarray:
        """(w, b) after step `step`."""
        count = self.mistakes_until(step)
        return self.weights_after[count - 1] if count else self.initial_weights

    def covers(self, step: int) -> bool:
        """Whether it contains all mistakes up to step `step`."""
        return step <= self.last_step or self.converged


def trajectory_of(cache: ViewCache, checkpoint: Checkpoint, data: Data) -> MistakeTrajectory:
    """The trajectory of this run up to the checkpoint's step or beyond, unless a limit is reached before.

    It is cached, and a later call continues it.
    """
    without_effect = {"name": "", "tags": [], "epochs": 1, "steps": None, "unwatched": "train"}
    key = (data.digest, checkpoint.config.model_copy(update=without_effect).model_dump_json())
    trajectory = cache.get(
        "perceptron trajectory", key, lambda: _initial_trajectory(checkpoint, data), MAX_CACHED
    )
    trajectory.extend(checkpoint)
    return trajectory


def _initial_trajectory(checkpoint: Checkpoint, data: Data) -> MistakeTrajectory:
    state = fresh(checkpoint.network, checkpoint.config, len(data.train))
    part = data.train
    inputs = np.hstack([part.inputs, np.ones((len(part), 1))]).astype(checkpoint.config.dtype)
    weights = state.theta[: inputs.shape[1]].copy()
    return MistakeTrajectory(inputs, part.truth == 1, state, weights, weights, {_line_key(weights): 0})


def _line_key(weights: np.ndarray) -> bytes:
    """Equal for equal weights; -0 equals 0."""
    return (weights + weights.dtype.type(0)).tobytes()

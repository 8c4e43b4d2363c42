"""The mistakes of the perceptron, one by one: the training is repeated from its first step.

A training is determined by its configuration and random generators, so the same steps can be computed again.
Between two mistakes nothing changes, which makes that fast. If the weights at the end are not those of the
checkpoint, somewhere the weights or the rate were edited.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import learning_rates
from engine.training.state import TrainState, fresh
from engine.views.cache import ViewCache

MAX_MISTAKES = 2000
MAX_EVALUATIONS = 40_000_000  # of points, in all
FIRST_CHUNK = 64  # points that are evaluated first for the next mistake
MAX_KEPT = 8  # trajectories


@dataclass
class MistakeTrajectory:
    """The mistakes up to step `last_step`: their steps, points, and the weights (w, b) after each."""

    inputs: np.ndarray  # (n, d + 1), the last column ones
    positive: np.ndarray
    state: TrainState
    start: np.ndarray
    weights: np.ndarray
    numbers: dict[bytes, int]  # the number of each distinct line, in the order of appearance; 0 is the start
    steps: list[int] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    weights_after: list[np.ndarray] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)  # the largest length of (w, b) so far
    last_step: int = 0
    evaluations: int = 0
    converged: bool = False  # a whole epoch without a mistake: there will be no more

    @property
    def full(self) -> bool:
        """Whether a limit ends the trajectory."""
        return len(self.steps) >= MAX_MISTAKES or self.evaluations >= MAX_EVALUATIONS

    def extend(self, checkpoint: Checkpoint) -> None:
        """Continue at least to the step of the checkpoint, in whole epochs, or up to the limits."""
        while self.last_step < checkpoint.step and not self.converged and not self.full:
            self._epoch(checkpoint)

    def _epoch(self, checkpoint: Checkpoint) -> None:
        state, before = self.state, len(self.steps)
        state.shuffle.shuffle(state.order)
        position, count = 0, len(state.order)
        while position < count and not self.full:
            correct = self._correct_before_mistake(state.order[position:])
            if correct is None:
                position = count
                break
            position += correct + 1
            self._update(checkpoint, int(state.order[position - 1]), self.last_step + position)
        self.last_step += position
        self.converged = position == count and len(self.steps) == before

    def _correct_before_mistake(self, order: np.ndarray) -> int | None:
        """The number of correct points before the next mistake, None without one. Evaluates chunks of
        doubling size, because the next mistake is mostly near.
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
        self.line_numbers.append(self.numbers.setdefault(_key(self.weights), len(self.numbers)))
        length = float(np.linalg.norm(self.weights))
        self.lengths.append(max(length, self.lengths[-1]) if self.lengths else length)

    def count(self, step: int) -> int:
        """The number of mistakes up to a step."""
        return int(np.searchsorted(self.steps, step, side="right"))

    def weights_at(self, step: int) -> np.ndarray:
        """(w, b) after a step."""
        count = self.count(step)
        return self.weights_after[count - 1] if count else self.start

    def reaches(self, step: int) -> bool:
        """Whether all mistakes up to this step are known."""
        return step <= self.last_step or self.converged


def trajectory_of(cache: ViewCache, checkpoint: Checkpoint, data: Data) -> MistakeTrajectory:
    """The trajectory of this run, at least up to the checkpoint's step unless a limit ends it earlier.

    Kept in the cache: a later call continues the same trajectory.
    """
    key = (data.digest, checkpoint.config.model_copy(update={"name": "", "epochs": 1}).model_dump_json())
    trajectory = cache.get("perceptron trajectory", key, lambda: _begin(checkpoint, data), MAX_KEPT)
    trajectory.extend(checkpoint)
    return trajectory


def _begin(checkpoint: Checkpoint, data: Data) -> MistakeTrajectory:
    state = fresh(checkpoint.network, checkpoint.config, len(data.train))
    part = data.train
    inputs = np.hstack([part.inputs, np.ones((len(part), 1))]).astype(checkpoint.config.dtype)
    start = state.theta[: inputs.shape[1]].copy()
    return MistakeTrajectory(inputs, part.truth == 1, state, start, start, {_key(start): 0})


def _key(weights: np.ndarray) -> bytes:
    """Equal for equal lines; -0 counts as 0."""
    return (weights + weights.dtype.type(0)).tobytes()

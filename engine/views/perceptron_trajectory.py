"""The perceptron's way, mistake by mistake: the training told again from its first step.

The training is a fold with its own generators, so the same steps can be gone through once more. Between two
mistakes nothing changes, which makes that quick. Whether it was the same way shows in the end: the weights
must be those of the checkpoint.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import learning_rates
from engine.training.state import TrainState, fresh
from engine.views.cache import ViewCache

MOST_MISTAKES = 2000
MOST_LOOKS = 40_000_000  # points looked at, in all
NEAR = 64  # points that are looked at first for the next mistake
KEPT_WAYS = 8


@dataclass
class Way:
    """What happened up to step `until`: the steps and points of the mistakes, and (w, b) after each."""

    inputs: np.ndarray  # (n, d + 1), the last column ones
    positive: np.ndarray
    state: TrainState
    start: np.ndarray
    weights: np.ndarray
    steps: list[int] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    after: list[np.ndarray] = field(default_factory=list)
    which: list[int] = field(default_factory=list)  # lines, numbered as they first appear; 0 is the start
    seen: dict[bytes, int] = field(default_factory=dict)
    largest: list[float] = field(default_factory=list)  # length of (w, b) so far
    until: int = 0
    looks: int = 0  # points looked at, in all
    settled: bool = False  # a whole epoch without a mistake: there will be none any more

    @property
    def full(self) -> bool:
        """Whether it is told no further than this."""
        return len(self.steps) >= MOST_MISTAKES or self.looks >= MOST_LOOKS

    def go_on(self, checkpoint: Checkpoint) -> None:
        """Up to the step of the checkpoint, or as far as is told; at the end of an epoch one may pause."""
        while self.until < checkpoint.step and not self.settled and not self.full:
            self._epoch(checkpoint)

    def _epoch(self, checkpoint: Checkpoint) -> None:
        state, before = self.state, len(self.steps)
        state.shuffle.shuffle(state.order)
        place, count = 0, len(state.order)
        while place < count and not self.full:
            wrong = self._first_wrong(state.order[place:])
            if wrong is None:
                place = count
                break
            place += wrong + 1
            self._move(checkpoint, int(state.order[place - 1]), self.until + place)
        self.until += place
        self.settled = place == count and len(self.steps) == before

    def _first_wrong(self, order: np.ndarray) -> int | None:
        """How many are right before the next mistake, looked for in pieces that double: it is mostly near."""
        start, size = 0, NEAR
        while start < len(order):
            piece = order[start : start + size]
            wrong = (self.inputs[piece] @ self.weights >= 0) != self.positive[piece]
            self.looks += len(piece)
            if wrong.any():
                return start + int(wrong.argmax())
            start, size = start + size, 2 * size
        return None

    def _move(self, checkpoint: Checkpoint, point: int, step: int) -> None:
        kind = self.weights.dtype.type
        rate = kind(learning_rates(checkpoint.config, np.array([step - 1]))[0])
        change = rate * self.inputs[point]
        self.weights = self.weights + (change if self.positive[point] else -change)
        self.steps.append(step)
        self.points.append(point)
        self.after.append(self.weights)
        self.which.append(self.seen.setdefault(named(self.weights), len(self.seen)))
        length = float(np.linalg.norm(self.weights))
        self.largest.append(max(length, self.largest[-1]) if self.largest else length)

    def count(self, step: int) -> int:
        """Mistakes up to a step."""
        return int(np.searchsorted(self.steps, step, side="right"))

    def weights_at(self, step: int) -> np.ndarray:
        """(w, b) after a step."""
        count = self.count(step)
        return self.after[count - 1] if count else self.start

    def reaches(self, step: int) -> bool:
        """Whether the way is told up to this step."""
        return step <= self.until or self.settled


def named(weights: np.ndarray) -> bytes:
    """The same for the same line; -0 is 0."""
    return (weights + weights.dtype.type(0)).tobytes()


def way_of(cache: ViewCache, checkpoint: Checkpoint, data: Data) -> Way:
    """The way of this run up to the checkpoint's step at least, or as far as it is told.

    Kept from one look to the next: a later look goes on where the last one ended.
    """
    key = (data.digest, checkpoint.config.model_copy(update={"name": "", "epochs": 1}).model_dump_json())
    way = cache.get("perceptron trajectory", key, lambda: _begin(checkpoint, data), KEPT_WAYS)
    way.go_on(checkpoint)
    return way


def _begin(checkpoint: Checkpoint, data: Data) -> Way:
    state = fresh(checkpoint.network, checkpoint.config, len(data.train))
    part = data.train
    inputs = np.hstack([part.inputs, np.ones((len(part), 1))]).astype(checkpoint.config.dtype)
    start = state.theta[: inputs.shape[1]].copy()
    return Way(inputs, part.truth == 1, state, start, start, seen={named(start): 0})

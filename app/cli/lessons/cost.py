"""The time that a training step takes, for claims about its cost."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any, Protocol

ROUNDS = 15
SECONDS = 0.05  # of one round of one trainer, about


class Steps(Protocol):
    """What is timed: a trainer."""

    def advance(self, steps: int) -> Any: ...


def seconds_per_step(trainers: Sequence[Steps]) -> list[float]:
    """The seconds of a step of each trainer: the least of several rounds, in which they take turns.

    Whatever else the machine does in between can only make a round longer, and meets all trainers alike.
    """
    steps = max(1, round(SECONDS / _seconds(trainers[0], 20)))
    rounds = [[_seconds(trainer, steps) for trainer in trainers] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*rounds, strict=True)]


def _seconds(trainer: Steps, steps: int) -> float:
    start = perf_counter()
    trainer.advance(steps)
    return (perf_counter() - start) / steps

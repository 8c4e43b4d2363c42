"""Pacing: limits the speed of runs, and measures slices and rates. Times are in seconds."""

from collections.abc import Iterable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

SLICE = 0.005  # target duration of a slice
MIN_WAIT = 0.01  # between the batches of a fast, limited run
MAX_BACKLOG = 0.1  # after a delay, steps of so much time are made up for
UNLIMITED = 1 << 60

T = TypeVar("T")


class Pace:
    """Allows `speed` steps per second (None: as many as possible), without bursts after a delay."""

    def __init__(self, speed: float | None, now: float) -> None:
        self.speed = speed
        self._since = now
        self._credit = 0.0

    def restart(self, now: float) -> None:
        """Ignore the time before `now`; the first step is due immediately."""
        self._since = now
        self._credit = 1.0

    def allowed(self, now: float) -> int:
        """Returns the steps that may be taken now."""
        if self.speed is None:
            return UNLIMITED
        self._credit += (now - self._since) * self.speed
        self._since = now
        self._credit = min(self._credit, max(1.0, self.speed * MAX_BACKLOG))
        return int(self._credit) if self._credit >= self._batch() else 0

    def spend(self, steps: int) -> None:
        """Subtract steps that were taken."""
        if self.speed is not None:
            self._credit -= steps

    def due(self) -> float:
        """Returns the time at which steps are due."""
        if self.speed is None:
            return self._since
        return self._since + max(0.0, (self._batch() - self._credit) / self.speed)

    def _batch(self) -> float:
        # A fast, limited run takes a few steps every 10 ms: waking for each step costs more than the step.
        assert self.speed is not None
        return max(1.0, self.speed * MIN_WAIT)


class TurnOrder:
    """Selects the item whose turn is next: the one whose last turn is longest ago."""

    def __init__(self) -> None:
        self._count = 0
        self._last_turn: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def next(self, due: Iterable[T]) -> T:
        """Returns one of the due items, of which there must be at least one; new items are first."""
        selected = min(due, key=lambda item: self._last_turn.get(item, 0))
        self._count += 1
        self._last_turn[selected] = self._count
        return selected


class SliceSize:
    """Measures the number of steps in a slice."""

    def __init__(self) -> None:
        self.steps = 1

    def observe(self, steps: int, seconds: float) -> None:
        """Adapt to `steps` that took `seconds`; grows at most fourfold, so that an outlier changes little."""
        measured = int(steps * SLICE / max(seconds, 1e-7))
        self.steps = max(1, min(measured, 4 * self.steps, 1_000_000))


class Rate:
    """Steps per second over about the last second."""

    def __init__(self, now: float) -> None:
        self.value = 0.0
        self._since = now
        self._steps = 0

    def restart(self, now: float) -> None:
        """Begin again after a pause."""
        self._since = now
        self._steps = 0

    def add(self, steps: int, now: float) -> None:
        """Add steps that were taken; `value` is updated every half second."""
        self._steps += steps
        elapsed = now - self._since
        if elapsed >= 0.5 or (self.value == 0.0 and elapsed >= 0.05):
            self.value = self._steps / elapsed
            self._since = now
            self._steps = 0

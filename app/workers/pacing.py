"""Pace: how many steps a run may take now, and how many fit into a slice. Times are seconds of any clock."""

from collections.abc import Iterable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

SLICE = 0.005
SMOOTHING = 0.01
BACKLOG = 0.1
UNLIMITED = 1 << 60

T = TypeVar("T")


class Pace:
    """Let steps through at `speed` per second (None: as many as possible), without bursts after a delay."""

    def __init__(self, speed: float | None, now: float) -> None:
        self.speed = speed
        self._since = now
        self._credit = 0.0

    def restart(self, now: float) -> None:
        """Forget the time that went by while nothing was to run; the first step is due at once."""
        self._since = now
        self._credit = 1.0

    def allowed(self, now: float) -> int:
        """Steps that may be taken now."""
        if self.speed is None:
            return UNLIMITED
        self._credit += (now - self._since) * self.speed
        self._since = now
        self._credit = min(self._credit, max(1.0, self.speed * BACKLOG))
        return int(self._credit) if self._credit >= self._batch() else 0

    def spend(self, steps: int) -> None:
        """Note that `steps` were taken."""
        if self.speed is not None:
            self._credit -= steps

    def due(self) -> float:
        """When steps will be due."""
        if self.speed is None:
            return self._since
        return self._since + max(0.0, (self._batch() - self._credit) / self.speed)

    def _batch(self) -> float:
        # Fast but limited runs take a few steps every 10 ms: waking for each would cost more than the step.
        assert self.speed is not None
        return max(1.0, self.speed * SMOOTHING)


class Turns:
    """Whose slice is next: that of those which are due whose last one is longest ago."""

    def __init__(self) -> None:
        self._count = 0
        self._served: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def next(self, due: Iterable[T]) -> T:
        """One of them, at least one; who was never served goes first."""
        chosen = min(due, key=lambda each: self._served.get(each, 0))
        self._count += 1
        self._served[chosen] = self._count
        return chosen


class SliceSize:
    """Learn how many steps last about one slice."""

    def __init__(self) -> None:
        self.steps = 1

    def observe(self, steps: int, seconds: float) -> None:
        """Adapt to `steps` having lasted `seconds`; growth is gradual: one lucky measurement does little."""
        fitting = int(steps * SLICE / max(seconds, 1e-7))
        self.steps = max(1, min(fitting, 4 * self.steps, 1_000_000))


class Rate:
    """Steps per second over about the last second."""

    def __init__(self, now: float) -> None:
        self.value = 0.0
        self._since = now
        self._steps = 0

    def restart(self, now: float) -> None:
        """Begin anew after a pause."""
        self._since = now
        self._steps = 0

    def add(self, steps: int, now: float) -> None:
        """Note steps taken; the value is renewed every half second."""
        self._steps += steps
        elapsed = now - self._since
        if elapsed >= 0.5 or (self.value == 0.0 and elapsed >= 0.05):
            self.value = self._steps / elapsed
            self._since = now
            self._steps = 0

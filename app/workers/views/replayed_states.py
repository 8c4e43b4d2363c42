"""Replayed states: the state of a step is computed once for all who want it, at the same time or later."""

from collections.abc import Callable, Generator
from typing import Any
from weakref import WeakValueDictionary

from app.workers.recorded import Replay, StateKey
from engine.replay import ReplayProgress

CAPACITY_BYTES = 64 * 1024 * 1024
MAX_STATES = 1000
# Approximate bytes of a checkpoint beside its arrays: configuration and random number generators.
OVERHEAD_BYTES = 16 * 1024

# Yields the progress, and returns a checkpoint.
ReplaySlices = Generator[ReplayProgress, None, Any]


class StateCache:
    """Checkpoints by what determines them; evicts the least recently used beyond `capacity` bytes."""

    def __init__(self, capacity: int = CAPACITY_BYTES) -> None:
        self.bytes = 0
        self._capacity = capacity
        self._entries: dict[StateKey, tuple[Any, int]] = {}  # the most recently used is last

    def get(self, key: StateKey) -> Any | None:
        """Returns a checkpoint, which must not be changed, or None."""
        if key not in self._entries:
            return None
        entry = self._entries[key] = self._entries.pop(key)
        return entry[0]

    def put(self, key: StateKey, checkpoint: Any) -> None:
        """Keep a checkpoint, unless it exceeds the capacity alone."""
        self._remove(key)
        size = size_of(checkpoint)
        if size > self._capacity:
            return
        self._entries[key] = (checkpoint, size)
        self.bytes += size
        while self.bytes > self._capacity or len(self._entries) > MAX_STATES:
            self._remove(next(iter(self._entries)))

    def nearest(self, replay: Replay) -> Any | None:
        """Returns the cached checkpoint from which the replay is shortest; None: the one of its message."""
        steps = [
            key.step
            for key in self._entries
            if key[:2] == replay.key[:2]
            and replay.first < key.step < replay.step
            and key == replay.key_at(key.step)
        ]
        return self.get(replay.key_at(max(steps))) if steps else None

    def _remove(self, key: StateKey) -> None:
        _, size = self._entries.pop(key, (None, 0))
        self.bytes -= size


class RunningReplay:
    """A replay in slices, which each of those who want its result may advance."""

    def __init__(self, slices: ReplaySlices, on_result: Callable[[Any], None]) -> None:
        self.progress = ReplayProgress(0.0, 0)
        self._slices = slices
        self._on_result = on_result
        self._result: Any = None
        self._error: Exception | None = None

    def advance(self) -> Any | None:
        """Compute one slice, unless all are done. Returns the checkpoint once it is reached.

        Raises what the replay raised.
        """
        if self._error is not None:
            raise self._error
        if self._result is None:
            try:
                self.progress = next(self._slices)
            except StopIteration as end:
                self._result = end.value
                self._on_result(end.value)
            except Exception as error:
                self._error = error
                raise
        return self._result


class ReplayedStates:
    """The states that were replayed recently, and the replays in progress."""

    def __init__(self, capacity: int = CAPACITY_BYTES) -> None:
        self.cache = StateCache(capacity)
        # A replay ends with the last one who wants its result.
        self._running: WeakValueDictionary[StateKey, RunningReplay] = WeakValueDictionary()

    def state(self, replay: Replay, begin: Callable[[Any | None], ReplaySlices]) -> ReplaySlices:
        """Yields the progress, and returns the checkpoint of `replay`, which must not be changed.

        `begin` starts the replay from a cached checkpoint, or (None) from that of the message.
        """
        key = replay.key
        cached = self.cache.get(key)
        if cached is not None:
            return cached
        running = self._running.get(key)
        if running is None:
            slices = begin(self.cache.nearest(replay))
            running = self._running[key] = RunningReplay(
                slices, lambda checkpoint: self.cache.put(key, checkpoint)
            )
        while (reached := running.advance()) is None:
            yield running.progress
        return reached


def size_of(checkpoint: Any) -> int:
    """Returns the approximate bytes of a checkpoint in memory."""
    state = checkpoint.state
    arrays = (state.memory, state.order, state.stopping.best_theta, state.frozen, *state.episodes.values())
    return OVERHEAD_BYTES + sum(array.nbytes for array in arrays if array is not None)

"""Recorded history: points and checkpoints of a run's attempt, for views that also show how the run came
here.
"""

from collections.abc import Collection
from typing import Any

from app import history_columns
from app.storage.store import Store
from app.streaming.streamed_run import StreamedRun
from app.workers.messages import RecordedHistory
from engine.views import VIEWS

MAX_POINTS = 2000
MAX_WEIGHTS_BYTES = 8 * 1024 * 1024
MAX_RUNS = 16


class HistoryLoader:
    """Reads recorded histories from the store; points of the last 16 runs are kept, and only new ones are
    read.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._points: dict[str, tuple[int, dict[str, Any]]] = {}  # attempt and points by run, newest use last

    async def load(
        self, run: StreamedRun, needs: Collection[str], until: int | None = None
    ) -> RecordedHistory:
        """Returns points or weights of the present attempt, as `needs` says. Raises Unavailable.

        At most 2,000 points, and 8 MiB of checkpoints up to step `until`, the first and the last among them.
        """
        attempt = run.position.attempt
        await self._store.flush()
        points = await self._load_points(run.id, attempt) if "points" in needs else None
        weights = await self._load_weights(run.id, attempt, until) if "weights" in needs else None
        return RecordedHistory(attempt, points, weights)

    async def _load_points(self, run: str, attempt: int) -> dict[str, Any]:
        known_attempt, known = self._points.pop(run, (attempt, history_columns.empty()))
        if known_attempt != attempt:
            known = history_columns.empty()
        last = known["step"][-1] if known["step"] else None
        new = await self._store.history(run, attempt, last, None)
        points = history_columns.thin(history_columns.concatenate([known, new]), MAX_POINTS)
        self._points[run] = (attempt, points)
        if len(self._points) > MAX_RUNS:
            del self._points[next(iter(self._points))]
        return points

    async def _load_weights(self, run: str, attempt: int, until: int | None) -> tuple[bytes, ...]:
        recorded = await self._store.checkpoints(run, attempt)
        sizes = {step: size for step, _, size in recorded if until is None or step <= until}
        return await self._store.states(run, attempt, steps_within(sizes, MAX_WEIGHTS_BYTES))


def history_needs(view: str) -> set[str]:
    """Returns which parts of the recorded history a view shows: points, weights."""
    return {"points", "weights"}.intersection(VIEWS[view].needs)


def steps_within(sizes: dict[int, int], max_bytes: int) -> list[int]:
    """Returns as many of the recorded steps, spread evenly, as `max_bytes` allows."""
    steps = sorted(sizes)
    count = len(steps)
    while count > 2 and sum(sizes[step] for step in _spread(steps, count)) > max_bytes:
        count -= 1
    chosen = _spread(steps, count)
    return chosen if sum(sizes[step] for step in chosen) <= max_bytes else []


def _spread(steps: list[int], count: int) -> list[int]:
    """Returns `count` of the steps, the first and the last among them."""
    if count < 2:
        return steps[:count]
    return [steps[index * (len(steps) - 1) // (count - 1)] for index in range(count)]

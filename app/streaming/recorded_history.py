"""Recorded history: points and checkpoints of an attempt, for views that show the trajectory."""

import logging
from collections.abc import Collection
from typing import Any

from app import history_columns
from app.storage.store import Store
from app.streaming.streamed_run import StreamedRun
from app.workers.recorded import RecordedHistory
from engine.views import VIEWS

MAX_POINTS = 2000
MAX_WEIGHTS_BYTES = 8 * 1024 * 1024
MAX_CHECKPOINTS = 64
MAX_RUNS = 16  # whose points are in memory

log = logging.getLogger("perceptarium")


class HistoryLoader:
    """Reads recorded histories from the store; caches points of MAX_RUNS runs and reads only newer ones."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._points: dict[
            str, tuple[int, dict[str, Any]]
        ] = {}  # attempt and points by run, most recently used last

    async def load(
        self, run: StreamedRun, needs: Collection[str], until: int | None = None, of: int | None = None
    ) -> RecordedHistory:
        """Returns the parts of an attempt (None: the current one) in `needs`: points, weights.

        At most MAX_POINTS points, and MAX_CHECKPOINTS checkpoints of MAX_WEIGHTS_BYTES with the first and the
        last one, both up to step `until` (None: all). Raises Unavailable.
        """
        attempt = run.position.attempt if of is None else of
        await self._store.settle()
        points = await self._load_points(run.id, attempt, until) if "points" in needs else None
        weights = await self._load_weights(run.id, attempt, until) if "weights" in needs else None
        return RecordedHistory(attempt, points, weights)

    async def load_if_possible(self, run: StreamedRun, needs: Collection[str]) -> RecordedHistory | None:
        """Like `load`, of the current attempt; None if it cannot be read, which is logged."""
        try:
            return await self.load(run, needs)
        except Exception:
            log.exception("the recorded history cannot be read", extra={"run": run.id})
            return None

    async def _load_points(self, run: str, attempt: int, until: int | None) -> dict[str, Any]:
        if until is not None:
            return history_columns.thin(await self._store.history(run, attempt, None, until), MAX_POINTS)
        cached_attempt, cached = self._points.pop(run, (attempt, history_columns.empty()))
        if cached_attempt != attempt:
            cached = history_columns.empty()
        last = cached["step"][-1] if cached["step"] else None
        new = await self._store.history(run, attempt, last, None)
        points = history_columns.thin(history_columns.concatenate([cached, new]), MAX_POINTS)
        self._points[run] = (attempt, points)
        if len(self._points) > MAX_RUNS:
            del self._points[next(iter(self._points))]
        return points

    async def _load_weights(self, run: str, attempt: int, until: int | None) -> tuple[bytes, ...]:
        recorded = await self._store.attempts.checkpoints(run, attempt)
        sizes = {entry.step: entry.size for entry in recorded if until is None or entry.step <= until}
        return await self._store.attempts.states(run, attempt, select_evenly(sizes, MAX_WEIGHTS_BYTES))


def history_needs(view: str) -> set[str]:
    """Returns the parts of the recorded history that a view needs: points, weights."""
    return {"points", "weights"}.intersection(VIEWS[view].needs)


def select_evenly(sizes: dict[int, int], max_bytes: int) -> list[int]:
    """Returns as many evenly spaced steps as fit into `max_bytes`; `sizes` are bytes by step."""
    steps = sorted(sizes)
    count = min(len(steps), MAX_CHECKPOINTS)
    while count > 2 and sum(sizes[step] for step in _evenly_spaced(steps, count)) > max_bytes:
        count -= 1
    selected = _evenly_spaced(steps, count)
    return selected if sum(sizes[step] for step in selected) <= max_bytes else []


def _evenly_spaced(steps: list[int], count: int) -> list[int]:
    """Returns `count` of the steps, including the first and the last."""
    if count < 2:
        return steps[:count]
    return [steps[index * (len(steps) - 1) // (count - 1)] for index in range(count)]

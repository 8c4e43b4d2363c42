"""Past: the way of a run so far, as it was recorded, for the views that show more with it."""

from collections.abc import Collection
from typing import Any

from app import history_columns
from app.storage.store import Store
from app.streaming.streamed_run import StreamedRun
from app.workers.messages import Past

MAX_POINTS = 2000
MAX_WEIGHTS_BYTES = 8 * 1024 * 1024
RUNS_KNOWN = 16


class Pasts:
    """Reads the past of runs from the store; of points it reads only what is new since it last did."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[int, dict[str, Any]]] = {}

    async def of(self, run: StreamedRun, needs: Collection[str], until: int | None = None) -> Past:
        """What these needs ask for, of the present attempt; raises Unavailable while nothing can be stored.

        At most 2,000 points and 8 MiB of checkpoints, the oldest and the newest among them; checkpoints up to
        step `until`.
        """
        attempt = run.moment.attempt
        await self._store.flush()
        points = await self._points(run.id, attempt) if "points" in needs else None
        weights = await self._weights(run.id, attempt, until) if "weights" in needs else None
        return Past(attempt, points, weights)

    async def _points(self, run: str, attempt: int) -> dict[str, Any]:
        known_attempt, known = self._known.get(run, (attempt, history_columns.empty()))
        if known_attempt != attempt:
            known = history_columns.empty()
        last = known["step"][-1] if known["step"] else None
        new = await self._store.history(run, attempt, last, None)
        points = history_columns.thinned(history_columns.joined([known, new]), MAX_POINTS)
        self._known.pop(run, None)
        self._known[run] = (attempt, points)
        if len(self._known) > RUNS_KNOWN:
            del self._known[next(iter(self._known))]
        return points

    async def _weights(self, run: str, attempt: int, until: int | None) -> tuple[bytes, ...]:
        recorded = await self._store.checkpoints(run, attempt)
        sizes = {step: size for step, _, size in recorded if until is None or step <= until}
        return await self._store.states(run, attempt, affordable(sizes, MAX_WEIGHTS_BYTES))


def affordable(sizes: dict[int, int], most: int) -> list[int]:
    """Steps spread evenly over those recorded, as many as `most` bytes allow."""
    steps = sorted(sizes)
    count = len(steps)
    while count > 2 and sum(sizes[step] for step in _spread(steps, count)) > most:
        count -= 1
    chosen = _spread(steps, count)
    return chosen if sum(sizes[step] for step in chosen) <= most else []


def _spread(steps: list[int], count: int) -> list[int]:
    """`count` of the steps, the first and the last among them."""
    if count < 2:
        return steps[:count]
    return [steps[index * (len(steps) - 1) // (count - 1)] for index in range(count)]

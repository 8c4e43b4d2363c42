"""Queries: the use cases that read runs."""

import contextlib
from typing import Any

from app.errors import NotFound
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.runs.run_record import RunRecord
from app.streaming.recorded_history import HistoryLoader, history_needs
from app.workers.messages import Snapshot
from app.workers.pool import Pool
from app.workers.worker_handle import WorkerLost


class RunQueries:
    """Reads runs, their histories, checkpoints, weights, views and points; changes nothing."""

    def __init__(self, run_cache: RunCache, pool: Pool, history_loader: HistoryLoader) -> None:
        self._run_cache = run_cache
        self._store = run_cache.store
        self._pool = pool
        self._history_loader = history_loader

    async def get(self, run_id: str) -> Run:
        """Returns the run of this id. Raises NotFound."""
        return await self._run_cache.get(run_id)

    async def newest(self, limit: int, before: str | None) -> list[dict[str, Any]]:
        """Returns the newest runs among those older than `before`. Raises NotFound if it does not exist."""
        await self._store.flush()
        if before is not None and await self._store.run(before) is None:
            raise self._run_cache.not_found(before, field="before")
        rows = await self._store.runs(limit, before)
        records = [self._run_cache.find(row["id"]) or RunRecord.from_row(row) for row in rows]
        return [record.answer() for record in records]

    async def history(self, run: Run, after: int | None) -> dict[str, Any]:
        """Returns the points of the current attempt that the frames up to `seq` contain."""
        seq, attempt = run.log.last, run.attempt
        until = run.logged_step if run.logged_attempt == attempt else -1
        await self._store.flush()
        history = await self._store.history(run.id, attempt, after, until)
        return {"run": run.id, "attempt": attempt, "seq": seq} | history

    async def checkpoints(self, run: Run) -> dict[str, Any]:
        """Returns the recorded steps of the current attempt; step 0 can always be computed."""
        attempt = run.attempt
        await self._store.flush()
        recorded = [(step, epoch) for step, epoch, _ in await self._store.checkpoints(run.id, attempt)]
        if not recorded or recorded[0][0] != 0:
            recorded.insert(0, (0, 0))
        steps, epochs = zip(*recorded, strict=True)
        return {"attempt": attempt, "steps": list(steps), "epochs": list(epochs)}

    async def compute(self, run: Run, query: str, step: int | None, arguments: dict[str, Any]) -> bytes:
        """Returns a view, weights or predictions as JSON, now (`step` None) or at a recorded step.

        Raises NotFound if the step is not recorded.
        """
        checkpoint = await self._checkpoint(run, step)
        needs = history_needs(arguments["view"]) if query == "view" else set()
        history = await self._history_loader.load(run, needs, step) if needs else None
        return await self._pool.query(query, run.config_dict, checkpoint, arguments, history)

    async def points(self, config: dict[str, Any], typed: bool, numbers: int | None = None) -> bytes:
        """Returns the points of a configuration as JSON; `numbers`: the maximum of input values per part."""
        return await self._pool.query("points", config, None, {"typed": typed, "numbers": numbers})

    async def _checkpoint(self, run: Run, step: int | None) -> bytes | None:
        if step is None and self._pool.has(run.id):
            with contextlib.suppress(WorkerLost):
                snapshot = await self._pool.execute(run.id, "snapshot", {})
                assert isinstance(snapshot, Snapshot)
                return snapshot.checkpoint
        checkpoint = await self._run_cache.checkpoint(run, step)
        if checkpoint is None and step:
            message = "There is no checkpoint of this step; see the run's checkpoints."
            raise NotFound("no_checkpoint", message, field="step", given=step)
        return checkpoint

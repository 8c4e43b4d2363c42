"""Unfinished runs: those that trained or waited when the server ended go on at its next start."""

import asyncio
import logging

from app.errors import ApiError, Damaged
from app.run_states import Status, reason
from app.runs.run_cache import RunCache, read_error
from app.runs.run_record import stored_status
from app.runs.scheduler import Scheduler

RETRY_SECONDS = 1.0

log = logging.getLogger("perceptarium")


class UnfinishedRuns:
    """Queues the unfinished runs; one that cannot be read is recorded as paused, or as damaged."""

    def __init__(self, run_cache: RunCache, scheduler: Scheduler) -> None:
        self._run_cache = run_cache
        self._scheduler = scheduler

    async def resume(self) -> None:
        """Queues them, the oldest first, once the store can be read."""
        for run_id in await self._ids():
            try:
                self._scheduler.queue(await self._run_cache.get(run_id))
            except Exception as error:
                self._record(run_id, error)
        self._scheduler.start_queued()

    async def _ids(self) -> list[str]:
        """Returns the ids. Without them no run would go on, so this tries until it succeeds."""
        was_logged = False
        while True:
            try:
                return await self._run_cache.store.unfinished()
            except ApiError as error:
                if not was_logged:
                    log.warning("no run can be resumed yet: %s", error.message)
                was_logged = True
                await asyncio.sleep(RETRY_SECONDS)

    def _record(self, run_id: str, error: Exception) -> None:
        """Records why a run is not resumed: nothing trains it, so it must not be stored as running."""
        message = read_error(run_id, error)
        status: Status = "paused"
        why = reason("not_loaded", message=message)
        if isinstance(error, Damaged):
            status, why = "failed", reason("damaged")
        self._run_cache.store.update_run({"id": run_id} | stored_status(status, why))

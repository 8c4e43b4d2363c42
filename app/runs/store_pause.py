"""Store pause: pauses the runs that train or wait while nothing can be stored, with the reason."""

import asyncio
import logging

from app.errors import ApiError
from app.run_states import reason
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.runs.scheduler import Scheduler
from app.storage.store_problem import StoreProblem

INTERVAL = 1.0  # seconds between two looks at the store

log = logging.getLogger("perceptarium")


class StorePause:
    """Looks at the store. The runs that it pauses can be started again once the store can be written."""

    def __init__(self, run_cache: RunCache, scheduler: Scheduler) -> None:
        self._run_cache = run_cache
        self._scheduler = scheduler
        self._pausing: set[str] = set()

    async def watch(self) -> None:
        """Look once a second, until the task is cancelled."""
        while True:
            found = self._run_cache.store.problem
            for run in self._run_cache.in_memory() if found is not None else ():
                if run.status in ("running", "queued") and run.id not in self._pausing:
                    assert found is not None
                    self._pausing.add(run.id)
                    self._scheduler.background(self._pause(run, found))
            await asyncio.sleep(INTERVAL)

    async def _pause(self, run: Run, found: StoreProblem) -> None:
        try:
            async with run.queue.turn():
                await self._pause_in_turn(run, found)
        except ApiError as error:
            log.warning("run %s could not be paused: %s", run.id, error.message)
        finally:
            self._pausing.discard(run.id)

    async def _pause_in_turn(self, run: Run, found: StoreProblem) -> None:
        why = reason(found.code, **found.parameters)
        if run.deleted:
            return
        if run.status == "queued":
            self._scheduler.dequeue(run)
            run.status, run.status_reason = "paused", why
            self._scheduler.publish(run)
        elif run.status == "running":
            await self._scheduler.execute(run, "pause", {"reason": why})

"""Store pause: pauses the runs that train or wait while nothing can be stored, with the reason.

They go on once everything can be stored, unless a command was given in the meantime.
"""

import asyncio
import logging

from app.errors import ApiError
from app.run_states import NOT_STORED, reason
from app.runs.run import Run
from app.runs.run_cache import RunCache, read_error
from app.runs.scheduler import Scheduler
from app.storage.store_problem import StoreProblem

INTERVAL = 1.0  # seconds between two looks at the store

log = logging.getLogger("perceptarium")


def waits_for_store(run: Run) -> bool:
    """Whether the run was paused because nothing could be stored, and goes on once it can."""
    return run.status == "paused" and run.reason_code in NOT_STORED and not run.deleted


class StorePause:
    """Looks at the store, pauses the runs while it has a problem, and continues them afterwards."""

    def __init__(self, run_cache: RunCache, scheduler: Scheduler) -> None:
        self._run_cache = run_cache
        self._scheduler = scheduler
        self._changing: set[str] = set()

    async def watch(self) -> None:
        """Look once a second, until the task is cancelled."""
        while True:
            for run in self._run_cache.in_memory().values():
                if self._must_change(run) and run.id not in self._changing:
                    self._changing.add(run.id)
                    self._scheduler.background(self._change(run))
            await asyncio.sleep(INTERVAL)

    def _must_change(self, run: Run) -> bool:
        can_store = self._run_cache.store.problem is None
        return waits_for_store(run) if can_store else run.status in ("running", "queued")

    async def _change(self, run: Run) -> None:
        try:
            async with run.queue.turn():
                found = self._run_cache.store.problem
                await (self._go_on(run) if found is None else self._pause(run, found))
        except ApiError as error:
            log.warning("could not be paused: %s", error.message, extra={"run": run.id})
        finally:
            self._changing.discard(run.id)

    async def _pause(self, run: Run, found: StoreProblem) -> None:
        why = reason(found.code, **found.parameters)
        if run.deleted:
            return
        if run.status == "queued":
            self._scheduler.dequeue(run)
            run.status, run.status_reason = "paused", why
            self._scheduler.publish(run)
        elif run.status == "running":
            await self._scheduler.execute(run, "pause", {"reason": why})

    async def _go_on(self, run: Run) -> None:
        """Starts or queues the run; one that cannot go on stays paused, with the reason for that."""
        if not waits_for_store(run):
            return
        try:
            await self._scheduler.start(run)
        except Exception as error:
            message = read_error(run.id, error)
            if waits_for_store(run) and self._run_cache.store.problem is None:
                run.status_reason = reason("not_loaded", message=message)
                self._scheduler.publish(run)

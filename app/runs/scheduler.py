"""Placing: brings runs to workers: at once, when a place becomes free, or again after a worker was lost."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from app.errors import NOT_TAKEN_UP, ApiError, Unavailable
from app.runs.run import Run
from app.runs.run_cache import Registry, no_such_run
from app.streaming.view_scheduler import Watching
from app.workers.messages import Load
from app.workers.pool import Pool
from app.workers.worker_handle import WorkerLost

MAX_LOSSES = 3
LOST_TOO_OFTEN = f"Its worker process ended {MAX_LOSSES + 1} times without getting further."

log = logging.getLogger("perceptarium")


class Placing:
    """The queue of runs that wait for a place, and the orders that runs are given."""

    def __init__(self, pool: Pool, registry: Registry, watching: Watching) -> None:
        self.pool = pool
        self._registry = registry
        self._watching = watching
        self._waiting: dict[str, None] = {}
        self._coming: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    def waits(self, run_id: str) -> bool:
        """Whether the run waits for a place."""
        return run_id in self._waiting

    def make_room(self, run: Run) -> bool:
        """See that the run can train at once where it is or will be; otherwise it is queued.

        A place is kept for it until `settle`.
        """
        if not self._waiting and self.pool.free_places() > len(self._coming):
            if self.pool.is_full(run.id):
                self.pool.unload(run.id)
            self._coming.add(run.id)
            self._reserve(run)
            return True
        self.queue(run)
        return False

    def settle(self, run: Run) -> None:
        """The run trains now, or will not: no place needs to be kept for it."""
        self._coming.discard(run.id)
        self.pool.release(run.id)
        self.start_waiting()

    def queue(self, run: Run) -> None:
        """Have the run wait for a place."""
        run.status = "queued"
        self._waiting[run.id] = None

    def dequeue(self, run: Run) -> None:
        """The run no longer waits."""
        self._waiting.pop(run.id, None)

    def place(self, run: Run, checkpoint: bytes | None) -> None:
        """Hand the run to a worker, to go on from its checkpoint (None: to begin)."""
        # A worker knows nothing of queues: what waits for a place is paused there.
        status = "paused" if run.status == "queued" else run.status
        load = Load(
            run.id, run.config_dict, checkpoint, status, run.raised, run.speed, run.logged, run.reason
        )
        self.pool.load(load, self._watching.watched)
        self._reserve(run)
        self._watching.changed(run)

    async def order(self, run: Run, name: str, arguments: dict[str, Any]) -> Any:
        """Have a worker carry out a command; the run is placed first if need be, again after a loss."""
        for _ in range(MAX_LOSSES):
            if run.deleted:
                raise no_such_run(run.id)
            if not self.pool.has(run.id):
                await self._take_up(run)
            try:
                return await self.pool.order(run.id, name, arguments)
            except WorkerLost:
                log.warning("run %s: %s is repeated in a new worker", run.id, name)
            except ApiError as error:
                if error.code == NOT_TAKEN_UP:
                    self.pool.unload(run.id)
                self.pool.set_running(run.id, run.status == "running")
                raise
        raise Unavailable(
            "worker_lost", "The worker process of this run ended several times while doing this."
        )

    def start_waiting(self) -> None:
        """Places may have become free: the longest waiting run goes first."""
        for run_id in list(self._waiting):
            if self._closing or self.pool.free_places() <= len(self._coming):
                return
            del self._waiting[run_id]
            run = self._registry.find(run_id)
            if run is not None:
                run.status = "running"
                self.pool.unload(run_id)
                self._coming.add(run_id)
                self.background(self._come(run, None))

    def go_on_after_loss(self, run: Run) -> None:
        """The worker of this running run has ended."""
        run.losses += 1
        self._coming.add(run.id)
        self.background(self._come(run, None if run.losses <= MAX_LOSSES else LOST_TOO_OFTEN))

    async def resume(self) -> None:
        """What was running or queued when the server ended goes on."""
        for run_id in await self._registry.store.unfinished():
            try:
                self.queue(await self._registry.get(run_id))
            except Exception:
                log.exception("run %s cannot be resumed", run_id)
        self.start_waiting()

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do this soon; what goes wrong is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def cancel(self) -> None:
        """Give up what is still to be done."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()

    def _reserve(self, run: Run) -> None:
        """What is coming has its place at the worker that it came to."""
        if run.id in self._coming and self.pool.has(run.id):
            self._coming.discard(run.id)
            self.pool.reserve(run.id)

    async def _come(self, run: Run, problem: str | None) -> None:
        """Place a run that has waited or was lost; its place is kept for it meanwhile."""
        try:
            await self._go_on(run, problem)
        finally:
            self.settle(run)

    async def _go_on(self, run: Run, problem: str | None) -> None:
        async with run.lock:
            if run.deleted or run.status != "running" or self.pool.has(run.id):
                return
            if problem is not None:
                run.status, run.reason = "failed", problem
                self._registry.store.update_run(run.row())
                run.log_status()
                self._watching.logged(run)
                return
            await self._take_up(run)

    async def _take_up(self, run: Run) -> None:
        checkpoint = await self._registry.checkpoint(run)
        if run.deleted:
            raise no_such_run(run.id)
        self.place(run, checkpoint)

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a background task failed", exc_info=task.exception())

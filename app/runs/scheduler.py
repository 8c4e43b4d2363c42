"""Scheduler: loads runs in workers, at once, when a place to train is free, or after a worker was lost."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from app.errors import NOT_TAKEN_UP, ApiError, Unavailable
from app.run_states import reason
from app.runs.command_queue import Turn
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.streaming.view_scheduler import ViewScheduler
from app.workers.messages import InterruptStep, LoadRun, Transition
from app.workers.pool import Pool
from app.workers.worker_handle import WorkerLost

MAX_LOSSES = 3

log = logging.getLogger("perceptarium")


class Scheduler:
    """The runs that wait for a place to train, and the commands that runs execute in their workers."""

    def __init__(self, pool: Pool, run_cache: RunCache, view_scheduler: ViewScheduler) -> None:
        self.pool = pool
        self._run_cache = run_cache
        self._view_scheduler = view_scheduler
        self._queued: dict[str, None] = {}
        self._starting: set[str] = set()  # runs with a place, that are in no worker yet
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    # ---- places to train

    def is_queued(self, run_id: str) -> bool:
        """Whether the run waits for a place."""
        return run_id in self._queued

    def reserve_or_queue(self, run: Run) -> bool:
        """Reserve a place, until `settle`, so that the run can train now. False: it was queued instead."""
        if not self._queued and self._free_places() > 0:
            if self.pool.runs.must_move_to_run(run.id):
                self.pool.runs.unload(run.id)
            self._starting.add(run.id)
            self._reserve(run)
            return True
        self.queue(run)
        return False

    def settle(self, run: Run) -> None:
        """The run trains now, or will not: no place is reserved for it any more."""
        self._starting.discard(run.id)
        self.pool.runs.release(run.id)
        self.start_queued()

    def queue(self, run: Run) -> None:
        """Let the run wait for a place."""
        run.status = "queued"
        self._queued[run.id] = None

    def dequeue(self, run: Run) -> None:
        """The run no longer waits."""
        self._queued.pop(run.id, None)

    def start_queued(self) -> None:
        """Start queued runs in the places that are free, the one that waits longest first."""
        for run_id in list(self._queued):
            if self._closing or self._free_places() <= 0:
                return
            del self._queued[run_id]
            run = self._run_cache.find(run_id)
            if run is not None:
                run.status = "running"
                self.pool.runs.unload(run_id)
                self._starting.add(run_id)
                self.background(self._start(run))

    def restart_after_loss(self, run: Run) -> None:
        """The worker of this running run was lost."""
        run.losses += 1
        self._starting.add(run.id)
        self.background(self._start(run, lost_too_often=run.losses > MAX_LOSSES))

    async def resume(self) -> None:
        """Queue what was running or queued when the server ended."""
        for run_id in await self._run_cache.store.unfinished():
            try:
                self.queue(await self._run_cache.get(run_id))
            except Exception:
                log.exception("run %s cannot be resumed", run_id)
        self.start_queued()

    def _free_places(self) -> int:
        return self.pool.runs.free_places() - len(self._starting)

    def _reserve(self, run: Run) -> None:
        if run.id in self._starting and self.pool.has(run.id):
            self._starting.discard(run.id)
            self.pool.runs.reserve(run.id)

    async def _start(self, run: Run, lost_too_often: bool = False) -> None:
        try:
            async with run.queue.turn():
                if run.deleted or run.status != "running" or self.pool.has(run.id):
                    return
                if not lost_too_often:
                    await self._load_from_store(run)
                else:
                    run.status, run.status_reason = "failed", reason("worker_lost", count=run.losses)
                    self._run_cache.store.update_run(run.row())
                    run.log_status()
                    self._view_scheduler.on_frame(run)
        finally:
            self.settle(run)

    # ---- workers

    def load(self, run: Run, checkpoint: bytes | None) -> None:
        """Load the run in a worker, to continue from its checkpoint (None: to begin)."""
        # Workers know nothing of the queue: a queued run is paused there.
        status = "paused" if run.status == "queued" else run.status
        load = LoadRun(
            run.id, run.config_dict, checkpoint, status, run.raised, run.speed, run.logged, run.status_reason
        )
        self.pool.runs.load(load, self._view_scheduler.is_watched)
        self._reserve(run)
        self._view_scheduler.on_worker_changed(run)

    async def execute(
        self, run: Run, name: str, arguments: dict[str, Any], turn: Turn | None = None
    ) -> Transition | None:
        """Have a worker execute a command; call in the command's turn. None: the turn was interrupted before.

        The run is loaded first if no worker has it, and again after its worker was lost.
        """
        for _ in range(MAX_LOSSES):
            await self._ensure_loaded(run)
            if turn is not None and turn.interrupted:
                return None
            try:
                done = await self.pool.execute(run.id, name, arguments)
                assert isinstance(done, Transition)
                return done
            except WorkerLost:
                log.warning("run %s: %s is repeated in a new worker", run.id, name)
            except ApiError as error:
                if error.code == NOT_TAKEN_UP:
                    self.pool.runs.unload(run.id)
                self.pool.runs.set_running(run.id, run.status == "running")
                raise
        raise Unavailable(
            "worker_lost", "The worker process of this run ended several times while doing this."
        )

    async def execute_step(self, run: Run, arguments: dict[str, Any], turn: Turn) -> None:
        """Have a worker train some steps, fewer if the turn is interrupted."""
        with turn.interruptible(lambda: self.pool.send(InterruptStep(run.id))):
            await self.execute(run, "step", arguments, turn)

    async def _ensure_loaded(self, run: Run) -> None:
        if run.deleted:
            raise self._run_cache.not_found(run.id)
        if not self.pool.has(run.id):
            await self._load_from_store(run)

    async def _load_from_store(self, run: Run) -> None:
        checkpoint = await self._run_cache.checkpoint(run)
        if run.deleted:
            raise self._run_cache.not_found(run.id)
        self.load(run, checkpoint)

    # ---- tasks

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do this soon; an exception is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def cancel(self) -> None:
        """Cancel the background tasks: the server ends."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a background task failed", exc_info=task.exception())

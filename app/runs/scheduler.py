"""Scheduler: loads runs in workers: at once, when capacity is free, or again after a worker was lost."""

import logging
from collections.abc import Coroutine
from typing import Any

from app.errors import NOT_TAKEN_UP, ApiError, Conflict, Damaged
from app.run_states import reason
from app.runs.background_tasks import BackgroundTasks
from app.runs.command_queue import Turn
from app.runs.run import Run
from app.runs.run_cache import RunCache, read_error
from app.runs.run_queue import RunQueue
from app.runs.worker_losses import CommandAttempts
from app.streaming.view_scheduler import ViewScheduler
from app.workers.messages import InterruptStep, LoadRun, Transition
from app.workers.pool import Pool
from app.workers.run_costs import Need, estimated_share
from app.workers.worker_handle import WorkerLost
from engine.training.reason import Reason

log = logging.getLogger("perceptarium")


class Scheduler:
    """The queue of runs that wait for a worker with capacity, and the commands executed in workers."""

    def __init__(self, pool: Pool, run_cache: RunCache, view_scheduler: ViewScheduler) -> None:
        self.pool = pool
        self._run_cache = run_cache
        self._view_scheduler = view_scheduler
        self._queue = RunQueue(self._training, self._announce_place)
        self._starting: dict[str, Need] = {}  # runs that no worker has loaded, and what they need
        self._tasks = BackgroundTasks()

    # ---- capacity

    def is_queued(self, run_id: str) -> bool:
        """Whether the run waits for capacity."""
        return run_id in self._queue

    def reserve_or_queue(self, run: Run) -> bool:
        """Reserves capacity for the run, until `end_reservation`; returns False if it was queued instead."""
        need = _need(run)
        if not self._queue and self._has_room(need):
            if self.pool.runs.must_move_to_run(run.id, need):
                self.pool.runs.unload(run.id)
            self._starting[run.id] = need
            self._reserve(run)
            return True
        self.queue(run)
        return False

    async def start(self, run: Run) -> None:
        """Starts a run within its command's turn, or queues it."""
        if not self.reserve_or_queue(run):
            return self.publish(run)
        try:
            await self.execute(run, "start", {"until": run.until})
        finally:
            self.end_reservation(run)

    def begin(self, run: Run, checkpoint: bytes | None, start: bool) -> None:
        """Loads a new run, and starts or queues it if `start`; stores and publishes its state."""
        if start and self.reserve_or_queue(run):
            run.status = "running"
        if run.status != "queued":
            self.load(run, checkpoint)
            self.end_reservation(run)
        self.publish(run)

    def publish(self, run: Run) -> None:
        """Stores the record, and sends its status to the viewers."""
        self._run_cache.store.update_run(run.row())
        run.log_status()
        self._view_scheduler.on_frame(run)

    def end_reservation(self, run: Run) -> None:
        """Ends the reservation of a run that now trains, or will not train."""
        self._starting.pop(run.id, None)
        self.pool.runs.release(run.id)
        self.start_queued()

    def queue(self, run: Run) -> None:
        """Makes the run wait for capacity."""
        self._queue.add(run)

    def dequeue(self, run: Run) -> None:
        """Removes the run from the queue, if it is there."""
        self._queue.remove(run)

    def start_queued(self) -> None:
        """Starts queued runs while there is capacity, the one that has waited longest first."""
        for run in self._queue:
            if self._tasks.closing or not self._has_room(_need(run)):
                return
            if run.queue.busy:
                continue  # a command is executed in its worker; the next heartbeat starts it
            self.dequeue(run)
            run.status = "running"
            self.pool.runs.unload(run.id)
            self._starting[run.id] = _need(run)
            self.background(self._start(run))

    def restart_after_loss(self, run: Run) -> None:
        """Starts a run again whose worker was lost; it fails if it was lost too often because of it."""
        self._starting[run.id] = _need(run)
        self.background(self._start(run))

    def _has_room(self, need: Need) -> bool:
        return self.pool.runs.has_room(need, list(self._starting.values()))

    def _reserve(self, run: Run) -> None:
        if run.id in self._starting and self.pool.has(run.id):
            self.pool.runs.reserve(run.id, self._starting.pop(run.id).share)

    def _training(self) -> int:
        return self.pool.runs.running() + len(self._starting)

    def _announce_place(self, run: Run) -> None:
        if self._view_scheduler.is_watched(run.id):
            run.log_status()
            self._view_scheduler.on_frame(run)

    async def _start(self, run: Run) -> None:
        try:
            async with run.queue.turn():
                if run.deleted or run.status != "running" or self.pool.has(run.id):
                    return
                if not self._give_up(run):
                    await self._load_or_pause(run)
        finally:
            self.end_reservation(run)

    def _give_up(self, run: Run) -> Reason | None:
        """Ends a run as failed that made its worker end or hang too often; returns the reason, if it did."""
        given_up = run.losses.given_up()
        if given_up is not None:
            run.status, run.status_reason = "failed", given_up
            run.losses.clear()
            run.report(f"failed at step {run.step}: {given_up.text}")
            self.publish(run)
        return given_up

    def _refuse_given_up(self, run: Run) -> None:
        """Raises Conflict if a command made the worker end or hang too often; a run that trains may pause."""
        given_up = self._give_up(run) if run.status != "running" else None
        if given_up is not None:
            raise Conflict("failed", f"The run failed: {given_up.text}")

    async def _load_or_pause(self, run: Run) -> None:
        """Loads the run; pauses it if it cannot be read, because then nothing trains it."""
        try:
            await self._load_from_store(run)
        except Exception as error:
            message = read_error(run.id, error)
            if not run.deleted:
                run.status, run.status_reason = "paused", reason("not_loaded", message=message)
                self.publish(run)

    # ---- workers

    def load(self, run: Run, checkpoint: bytes | None, lost_attempt: int | None = None) -> None:
        """Loads the run in a worker, to continue from its checkpoint (None: to begin, or to be reset)."""
        # Workers have no queue: a queued run is paused there, without a reason.
        is_queued = run.status == "queued"
        load = LoadRun(
            run.id,
            run.config_dict,
            checkpoint,
            "paused" if is_queued else run.status,
            run.raised,
            run.speed,
            run.logged,
            None if is_queued else run.status_reason,
            run.first_step,
            max(run.checkpoints, default=None),
            self._view_scheduler.is_watched(run.id),
            lost_attempt,
            run.batch,
            run.until,
        )
        self.pool.runs.load(load, self._view_scheduler.is_watched)
        self._reserve(run)
        self._view_scheduler.on_worker_changed(run)

    async def execute(
        self, run: Run, name: str, arguments: dict[str, Any], turn: Turn | None = None
    ) -> Transition | None:
        """Executes a command in a worker, within the command's turn; None if the turn was interrupted before.

        Loads the run first if no worker has it, and again after its worker was lost. Raises Conflict if the
        command makes its worker hang again and again: the run has failed.
        """
        attempts = CommandAttempts()
        while True:
            await self._ensure_loaded(run, is_reset=name == "reset")
            if turn is not None and turn.interrupted:
                return None
            try:
                transition = await self.pool.execute(run.id, name, arguments)
                assert isinstance(transition, Transition)
                return transition
            except WorkerLost as lost:
                if lost.task in (None, run.id):
                    self._refuse_given_up(run)
                attempts.add(is_own=lost.task in (None, run.id))
                log.warning("%s is repeated in a new worker", name, extra={"run": run.id})
            except ApiError as error:
                if error.code == NOT_TAKEN_UP or name == "reset":
                    self.pool.runs.unload(run.id)
                self.pool.runs.set_running(run.id, run.status == "running")
                raise

    async def execute_step(self, run: Run, arguments: dict[str, Any], turn: Turn) -> None:
        """Trains some steps in a worker, fewer if the turn is interrupted."""
        with turn.interruptible(lambda: self.pool.send(InterruptStep(run.id))):
            await self.execute(run, "step", arguments, turn)

    async def _ensure_loaded(self, run: Run, is_reset: bool) -> None:
        if run.deleted:
            raise self._run_cache.not_found(run.id)
        if self.pool.has(run.id):
            return
        try:
            await self._load_from_store(run)
        except Damaged:
            if not is_reset:
                raise
            self.load(run, None, run.attempt)

    async def _load_from_store(self, run: Run) -> None:
        checkpoint = await self._run_cache.checkpoint(run)
        if run.deleted:
            raise self._run_cache.not_found(run.id)
        self.load(run, checkpoint)

    # ---- tasks

    def background(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine as a task; an exception is logged."""
        self._tasks.begin(coroutine)

    def cancel(self) -> None:
        """Cancels the background tasks, before the server ends."""
        self._tasks.cancel()


def _need(run: Run) -> Need:
    return Need(estimated_share(run.config_dict, run.speed), run.batch)

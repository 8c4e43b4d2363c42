"""Worker events: messages of child processes, from which record, log, store and viewers are updated."""

from typing import Any, cast

from app import history_columns
from app.run_states import Status
from app.runs.automatic_pause import AutomaticPause
from app.runs.history.recording import Recorder
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.runs.scheduler import Scheduler
from app.runs.unwatched_pause import UnwatchedPause
from app.streaming.view_scheduler import ViewScheduler
from app.workers.messages import (
    CheckpointsSaved,
    Progress,
    RecoverySaved,
    RunMessage,
    Snapshot,
    Transition,
    UnknownMessage,
    ViewProgress,
    ViewResult,
)
from app.workers.recorded import Position
from app.workers.worker_handle import Loss
from engine.tasks.resolve import parse


class WorkerEventHandler:
    """Handler of the pool's messages."""

    def __init__(
        self,
        run_cache: RunCache,
        view_scheduler: ViewScheduler,
        scheduler: Scheduler,
        recorder: Recorder,
        unwatched: UnwatchedPause,
    ) -> None:
        self._run_cache = run_cache
        self._store = run_cache.store
        self._view_scheduler = view_scheduler
        self._scheduler = scheduler
        self._recorder = recorder
        self._automatic_pause = AutomaticPause(scheduler)
        self._unwatched = unwatched
        self.steps = 0  # of all runs, since the start of the server

    def on_message(self, message: RunMessage) -> None:
        """Handles a message of a child process about a run."""
        run = self._run_cache.find(message.run)
        if run is None:
            return
        match message:
            case Progress():
                self._on_progress(run, message)
            case CheckpointsSaved():
                self._on_checkpoints(run, message)
            case RecoverySaved():
                self._on_recovery(run, message)
            case Transition():
                self._on_transition(run, message)
            case Snapshot():
                run.sent_weights = max(run.sent_weights, message.version[:2])
                self._view_scheduler.on_weights(run, message)
            case ViewResult():
                self._view_scheduler.on_view(run, message)
                self._automatic_pause.on_view(run, message)
            case ViewProgress():
                self._view_scheduler.on_view_progress(run, message)
            case _:
                raise UnknownMessage("worker events", RunMessage, message)

    def on_heartbeat(self) -> None:
        """Starts queued runs, if those that train need less than was known before."""
        self._scheduler.start_queued()

    def on_worker_lost(self, runs: list[str], was_view_worker: bool, loss: Loss) -> None:
        """Continues the runs of a child process that ended, from their last checkpoints.

        If it worked on one of them, or on a batch, only that can be the cause of its end, also if it does not
        train: its command did not end.
        """
        if was_view_worker:
            self._view_scheduler.on_view_worker_lost(self._run_cache.find)
        for run_id in runs:
            run = self._run_cache.find(run_id)
            if run is None:
                continue
            is_running = run.status == "running"
            tasks = (run_id, run.batch)
            if loss.task in tasks if loss.task is not None else is_running:
                run.losses.add(has_hung=loss.stuck and loss.task is not None)
            if loss.task is not None and loss.task == run.batch and run.losses.is_repeated:
                run.train_alone({"type": "lost"}, run.position)  # so that it becomes known which one it is
            if is_running:
                self._scheduler.restart_after_loss(run)
            else:
                self._view_scheduler.on_worker_changed(run)
        self._scheduler.start_queued()

    def _on_progress(self, run: Run, progress: Progress) -> None:
        self._count_steps(run, progress.position)
        run.losses.on_training()
        run.position, run.learning_rate = progress.position, progress.learning_rate
        run.steps_per_second = progress.steps_per_second
        steps = progress.columns["step"]
        if steps:
            run.logged_attempt, run.logged_step = progress.position.attempt, steps[-1]
            run.latest = history_columns.last_point(progress.columns)
            run.update_best(progress.columns)
            self._store.add_points(run.id, run.logged_attempt, progress.columns, run.row())
        run.log_text(progress.text)
        self._view_scheduler.on_frame(run)

    def _count_steps(self, run: Run, position: Position) -> None:
        if position.attempt == run.attempt:
            self.steps += max(0, position.step - run.step)

    def _on_checkpoints(self, run: Run, recorded: CheckpointsSaved) -> None:
        for checkpoint in recorded.checkpoints:
            run.losses.on_checkpoint(checkpoint.position)
            self._recorder.add_checkpoint(run, checkpoint, "recorded")
        self._store.update_run(run.row())

    def _on_recovery(self, run: Run, saved: RecoverySaved) -> None:
        run.losses.on_checkpoint(saved.position)
        self._store.attempts.set_recovery(run.id, saved.position, saved.checkpoint)
        self._store.update_run(run.row())

    def _on_transition(self, run: Run, transition: Transition) -> None:
        before, was_running = run.status, run.status == "running"
        is_new_attempt = transition.position.attempt != run.attempt
        if is_new_attempt:
            self._recorder.end_attempt(run)
        self._update_record(run, transition)
        if is_new_attempt:
            self._recorder.begin_attempt(run)
        if run.status != before:
            reason = f": {run.status_reason}" if run.status_reason else ""
            run.report(f"{run.status} at step {run.step}{reason}")
        event = transition.event or _status_event(was_running, run.status)
        if transition.checkpoint is not None:
            run.losses.on_checkpoint(transition.position)
            kind = "event" if event else "recorded"
            self._recorder.add_checkpoint(run, transition.checkpoint, kind)
        if event is not None:
            if event["type"] == "diagnosis":
                run.pause_when = tuple(name for name in run.pause_when if name != event["name"])
            run.log_event(event)
        self._store.update_run(run.row())
        self._scheduler.pool.runs.set_running(run.id, run.status == "running")
        run.log_status()
        self._view_scheduler.on_frame(run)
        self._unwatched.on_status(run)
        if was_running and run.status != "running":
            self._scheduler.background(self._store.settle())
            self._scheduler.start_queued()

    def _update_record(self, run: Run, transition: Transition) -> None:
        # A run that is paused in its worker may be queued here.
        if not self._scheduler.is_queued(run.id):
            run.status, run.status_reason = cast(Status, transition.status), transition.reason
        if run.batch is not None and not transition.batched:
            run.train_alone(transition.event, transition.position)
            self._scheduler.pool.runs.leave_batch(run.id)
        self._count_steps(run, transition.position)
        run.losses.on_status(is_running=transition.status == "running")
        run.raised = transition.raised
        run.position = transition.position
        run.speed, run.learning_rate = transition.speed, transition.learning_rate
        run.steps_per_second = transition.steps_per_second
        run.latest = transition.latest or run.latest
        if transition.config is not None:
            run.set_config(parse(transition.config, self._run_cache.tables))


def _status_event(was_running: bool, status: Status) -> dict[str, Any] | None:
    """Returns the event of a training that was paused or stopped; its ends by itself are no events."""
    return {"type": status} if was_running and status in ("paused", "stopped") else None

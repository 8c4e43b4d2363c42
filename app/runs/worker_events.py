"""Reports: what is made of what child processes say of runs."""

from typing import Any, cast

from app import history_columns
from app.run_states import Status
from app.runs.automatic_pause import Pausing
from app.runs.checkpoint_retention import surplus
from app.runs.run import Run
from app.runs.run_cache import Registry
from app.runs.scheduler import Placing
from app.streaming.view_scheduler import Watching
from app.workers.messages import Moment, Painted, Progress, Saved, Snapshot, Transition, Underway
from engine.tasks.resolve import parse


class Reports:
    """The pool's listener: brings log, store, viewers and queue up to date."""

    def __init__(self, registry: Registry, watching: Watching, placing: Placing) -> None:
        self._registry = registry
        self._store = registry.store
        self._watching = watching
        self._placing = placing
        self._pausing = Pausing(placing)

    def heard(self, message: Any) -> None:
        """A child says something of a run."""
        run = self._registry.find(message.run)
        if run is None:
            return
        if isinstance(message, Progress):
            self._progress(run, message)
        elif isinstance(message, Saved):
            self._record(run, message.moment, message.checkpoint)
        elif isinstance(message, Transition):
            self._transition(run, message)
        elif isinstance(message, Snapshot):
            self._watching.arrived(run, message)
        elif isinstance(message, Painted):
            self._watching.painted(run, message)
            self._pausing.examined(run, message)
        elif isinstance(message, Underway):
            self._watching.underway(run, message)

    def lost(self, runs: list[str], painter: bool) -> None:
        """A child ended: what was running there goes on from its last checkpoint."""
        if painter:
            self._watching.painter_lost(self._registry.find)
        for run_id in runs:
            run = self._registry.find(run_id)
            if run is None:
                continue
            if run.status == "running":
                self._placing.go_on_after_loss(run)
            else:
                self._watching.changed(run)
        self._placing.start_waiting()

    def _progress(self, run: Run, progress: Progress) -> None:
        run.moment, run.learning_rate = progress.moment, progress.learning_rate
        run.steps_per_second = progress.steps_per_second
        steps = progress.columns["step"]
        if steps:
            run.logged = (progress.moment.attempt, steps[-1])
            run.latest = history_columns.last_point(progress.columns)
            self._store.add_points(run.id, progress.moment.attempt, progress.columns, run.row())
        if self._store.full:
            self._pausing.full(run)
        run.log_text(progress.text)
        self._watching.logged(run)

    def _record(self, run: Run, moment: Moment, checkpoint: bytes) -> None:
        run.losses = 0
        run.recorded[moment.step] = len(checkpoint)
        self._store.add_checkpoint(run.id, moment.attempt, moment.step, moment.epoch, checkpoint)
        forgotten = surplus(run.recorded)
        for step in forgotten:
            del run.recorded[step]
        if forgotten:
            self._store.delete_checkpoints(run.id, moment.attempt, forgotten)
        self._store.update_run(run.row())

    def _transition(self, run: Run, new: Transition) -> None:
        was_running = run.status == "running"
        if new.moment.attempt != run.moment.attempt:
            run.recorded.clear()
            self._store.delete_attempts_before(run.id, new.moment.attempt)
        # What a worker holds paused may be waiting for a place.
        if not self._placing.waits(run.id):
            run.status = cast(Status, new.status)
        run.reason, run.raised, run.moment, run.speed = new.reason, new.raised, new.moment, new.speed
        run.learning_rate, run.steps_per_second = new.learning_rate, new.steps_per_second
        run.latest = new.latest or run.latest
        if new.config is not None:
            run.set_config(parse(new.config, self._registry.tables))
        if new.checkpoint is not None:
            self._record(run, new.moment, new.checkpoint)
        if new.event is not None:
            if new.event["type"] == "diagnosis":
                run.pause_when = tuple(name for name in run.pause_when if name != new.event["name"])
            run.log_event(new.event)
        self._store.update_run(run.row())
        self._placing.pool.set_running(run.id, run.status == "running")
        run.log_status()
        self._watching.logged(run)
        if was_running and run.status != "running":
            self._placing.background(self._store.flush())
            self._placing.start_waiting()

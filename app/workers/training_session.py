"""Session: one run inside a training worker: its trainer, its pace, and what it reports."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, thread_time
from typing import Any, cast

from app import encoding, history_columns
from app.run_states import ENDED, Command, Status, following
from app.workers.messages import Load, Moment, Order, Progress, Saved, Snapshot, Transition, Version, Want
from app.workers.pacing import Pace, Rate, SliceSize
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint

PROGRESS_EVERY = 1 / 30
HEARTBEAT_EVERY = 0.25
CHECKPOINT_EVERY = 1.0
# Copying weights for viewers may take this share of the worker's time: a bound for large networks.
SNAPSHOT_SHARE = 0.04

log = logging.getLogger("perceptarium")


@dataclass
class Steps:
    """A step command under way: it is answered once `left` is 0."""

    request: int
    unit: str
    left: int
    count: int


class Session:
    """Train one run in slices; every method returns quickly or after one slice."""

    def __init__(
        self, load: Load, data: Any, tables: TableLibrary, send: Callable[[Any], None], now: float
    ) -> None:
        checkpoint = Checkpoint.from_bytes(load.checkpoint, tables) if load.checkpoint else None
        config = checkpoint.config if checkpoint else parse(load.config, tables)
        self.run = load.run
        self.status = cast(Status, load.status)
        self.reason = load.reason
        self.raised = load.raised
        self._fresh = checkpoint is None
        self.trainer = trainer(config, data, checkpoint)
        self._send = send
        self._logged = load.logged
        self._pace = Pace(load.speed, now)
        self._slice = SliceSize()
        self._rate = Rate(now)
        self._points: list[dict[str, Any]] = []
        self._stepping: list[Steps] = []
        # Not from 0: weights that were taken up again must not be mistaken for those of an earlier session.
        self._edits = secrets.randbits(32)
        self._want: Want | None = None
        self._progress_due = now
        self._heartbeat_due = now
        self._checkpoint_due = now + CHECKPOINT_EVERY
        self._snapshot_due = self._snapshot_sent = now
        self._snapshot_rest = 0.0
        self._pace.restart(now)

    # ---- what is to be done, and when

    @property
    def active(self) -> bool:
        """Whether there is training to do."""
        return self.status == "running" or bool(self._stepping)

    def wait(self, now: float) -> float | None:
        """Seconds until something is due; None: nothing is, before the next message."""
        due = []
        if self._stepping:
            return 0.0
        if self.status == "running":
            due.append(self._pace.due())
            due.append(self._heartbeat_due)
            due.append(self._checkpoint_due)
            if self._points:
                due.append(self._progress_due)
        if self._wanted():
            due.append(self._snapshot_due)
        return max(0.0, min(due) - now) if due else None

    def work(self, now: float) -> None:
        """Train for one slice, if steps are due."""
        if self._stepping:
            self._step_slice(now)
        elif self.status == "running":
            allowed = self._pace.allowed(now)
            if allowed:
                self._pace.spend(self._advance(min(allowed, self._slice.steps)))

    def report(self, now: float) -> None:
        """Send what is due."""
        if self.active:
            save = now >= self._checkpoint_due
            if (self._points and (save or now >= self._progress_due)) or now >= self._heartbeat_due:
                self._send_progress(now)
            if save:
                # After the points up to it: whoever goes on from it would not measure them again.
                self._send(Saved(self.run, self.moment, self.trainer.checkpoint().to_bytes()))
                self._checkpoint_due = now + CHECKPOINT_EVERY
        if self._wanted() and now >= self._snapshot_due:
            self._send_snapshot(now)

    # ---- commands

    def loaded(self) -> None:
        """Report the run as it was taken up."""
        self._send(self._transition(None, config=True, checkpoint=self._fresh))

    def obey(self, order: Order, now: float) -> None:
        """Carry out an order and answer it; raises Conflict or ConfigError when it cannot be."""
        if order.name == "snapshot":
            self._send(Snapshot(self.run, self.version, self.trainer.checkpoint().to_bytes(), order.request))
        elif order.name == "change":
            self._change(order, now)
        elif order.name == "operate":
            self._operate(order, now)
        elif order.name == "redraw":
            self._redraw(order, now)
        else:
            self._command(order, cast(Command, order.name), now)

    def want(self, want: Want) -> None:
        """Note that somebody watches."""
        self._want = want
        soonest = self._snapshot_sent + max(1 / want.fps, self._snapshot_rest)
        self._snapshot_due = min(self._snapshot_due, soonest)

    def fail(self, reason: str) -> None:
        """End as failed; what was reached is kept."""
        self.status, self.reason = "failed", reason
        self._stepping.clear()
        self._points.clear()
        self._send(self._transition(None))

    def save(self, now: float) -> None:
        """Send everything a successor needs to go on from here."""
        self._send_progress(now)
        self._send(Saved(self.run, self.moment, self.trainer.checkpoint().to_bytes()))

    # ---- facts

    @property
    def moment(self) -> Moment:
        """Attempt, step and epoch."""
        state = self.trainer.state
        return Moment(state.attempt, state.step, state.epoch)

    @property
    def version(self) -> Version:
        """Which weights these are."""
        state = self.trainer.state
        return Version(state.attempt, state.step, self._edits)

    # ---- inside

    def _wanted(self) -> bool:
        return self._want is not None and self._want.have != self.version

    def _advance(self, steps: int) -> int:
        began = perf_counter()
        report = self.trainer.advance(steps)
        ended = perf_counter()
        if report.steps:
            self._slice.observe(report.steps, ended - began)
            self._rate.add(report.steps, ended)
        attempt = self.trainer.state.attempt
        for point in report.points:
            # After a worker was lost, training repeats what followed the checkpoint: those points are logged.
            if (attempt, point["step"]) > self._logged:
                self._points.append(point)
                self._logged = (attempt, point["step"])
        if report.ended is not None:
            self._end(cast(Status, report.ended[0]), report.ended[1], ended)
        return int(report.steps)

    def _end(self, status: Status, reason: str, now: float) -> None:
        self.status, self.reason, self.raised = status, reason, False
        self._send_progress(now)
        stepping, self._stepping = self._stepping, []
        self._send(self._transition(None, checkpoint=True))
        for steps in stepping:
            self._send(self._transition(steps.request))

    def _step_slice(self, now: float) -> None:
        steps = self._stepping[0]
        if steps.unit == "epoch":
            within = self.trainer.epoch_steps()
            done = self._advance(min(within, self._slice.steps))
            steps.left -= 1 if done >= within else 0
        else:
            steps.left -= self._advance(min(steps.left, self._slice.steps))
        if self._stepping and steps.left <= 0:
            self._stepping.pop(0)
            self._send_progress(now)
            self._send(self._transition(steps.request, checkpoint=True))

    def _command(self, order: Order, command: Command, now: float) -> None:
        before = self.status
        self.status = following(before, command, self.raised)
        if command == "step":
            count = order.arguments["count"]
            self._stepping.append(Steps(order.request, order.arguments["unit"], count, count))
            return
        self._interrupt(now)
        if command == "reset":
            self.trainer.reset()
            self.raised, self._rate.value = False, 0.0
            self._points.clear()
        if self.status == "running" and before != "running":
            self.reason = None
            self._pace.restart(now)
            self._rate.restart(now)
            self._checkpoint_due = now + CHECKPOINT_EVERY
        elif self.status not in ENDED and (self.status != before or command == "reset"):
            self.reason = order.arguments.get("reason")
        changed = self.status != before or command == "reset"
        event = order.arguments.get("event") if changed else None
        self._send(self._transition(order.request, checkpoint=changed, event=event))

    def _interrupt(self, now: float) -> None:
        """Any command but another step ends the steps under way; they are answered with what was reached."""
        if self._points or self._stepping:
            self._send_progress(now)
        stepping, self._stepping = self._stepping, []
        for steps in stepping:
            self._send(self._transition(steps.request, checkpoint=True))

    def _change(self, order: Order, now: float) -> None:
        event = None
        if order.arguments["changes"]:
            self._send_progress(now)
            epochs = self.trainer.config.epochs
            event = self.trainer.change(order.arguments["changes"])
            self._edits += 1
            self.raised = self.raised or (self.status == "finished" and self.trainer.config.epochs > epochs)
        if "speed" in order.arguments:
            self._pace = Pace(order.arguments["speed"], now)
            self._pace.restart(now)
        self._send(self._transition(order.request, config=True, checkpoint=event is not None, event=event))

    def _operate(self, order: Order, now: float) -> None:
        self._send_progress(now)
        event = self.trainer.apply_edits(order.arguments["operations"])
        self._edits += 1
        self._send(self._transition(order.request, config=True, checkpoint=True, event=event))

    def _redraw(self, order: Order, now: float) -> None:
        self._send_progress(now)
        self.trainer.replace_data(order.arguments["config"], order.arguments["data"])
        self._edits += 1
        event = {"type": "data"} | order.arguments["told"]
        self._send(self._transition(order.request, config=True, checkpoint=True, event=event))

    def _transition(self, request: int | None, config: bool = False, checkpoint: bool = False,
                    event: dict[str, Any] | None = None) -> Transition:  # fmt: skip
        failed = self.status == "failed"
        return Transition(
            run=self.run,
            request=request,
            status=self.status,
            reason=self.reason,
            raised=self.raised,
            moment=self.moment,
            speed=self._pace.speed,
            learning_rate=self.trainer.learning_rate(),
            steps_per_second=self._rate.value if self.status == "running" else 0.0,
            config=self.trainer.config.model_dump(mode="json") if config else None,
            latest=None if failed else self.trainer.measure(),
            checkpoint=self.trainer.checkpoint().to_bytes() if checkpoint else None,
            event=event,
        )

    def _send_progress(self, now: float) -> None:
        points, self._points = history_columns.from_points(self._points), []
        rate = self._rate.value if self.active else 0.0
        content = {"points": points, "learning_rate": self.trainer.learning_rate(), "steps_per_second": rate}
        text = encoding.body("progress", self.moment, content)
        self._send(Progress(self.run, self.moment, points, self.trainer.learning_rate(), rate, text))
        self._progress_due = now + PROGRESS_EVERY
        self._heartbeat_due = now + HEARTBEAT_EVERY

    def _send_snapshot(self, now: float) -> None:
        assert self._want is not None
        want, self._want = self._want, None
        began = thread_time()  # not the clock: on a busy machine it would count other people's work too
        state = self.trainer.checkpoint() if want.full else self.trainer.snapshot()
        self._send(Snapshot(self.run, self.version, state.to_bytes(), full=want.full))
        cost = thread_time() - began
        self._snapshot_sent, self._snapshot_rest = now, cost / SNAPSHOT_SHARE if self.active else 0.0
        self._snapshot_due = max(self._snapshot_due + max(1 / want.fps, self._snapshot_rest), now)

"""Training session: one run in a training worker, with its trainer, its pace and its commands.

Every method returns quickly or after one slice of training, because sessions take turns.
"""

import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any, cast

from app.run_states import ENDED, Command, Status, following, kept_reason
from app.workers.messages import ExecuteCommand, LoadRun, Snapshot, Transition, UnknownMessage, Version
from app.workers.training.hold import Hold
from app.workers.training.pacing import UNLIMITED, Cost, Pace, Rate, Rhythm, SliceSize
from app.workers.training.session_reports import SessionReports
from app.workers.training.step_command import StepCommand
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint
from engine.training.end_of_training import can_continue
from engine.training.reason import Reason
from engine.training.trainer import Report


class TrainingSession:
    """Trains one run."""

    def __init__(
        self, load: LoadRun, data: Any, tables: TableLibrary, send: Callable[[Any], None], now: float
    ) -> None:
        checkpoint = Checkpoint.from_bytes(load.checkpoint, tables) if load.checkpoint else None
        config = checkpoint.config if checkpoint else parse(load.config, tables)
        self.run, self.batch, self.hold = load.run, load.batch, Hold(load.until)
        self.status, self.reason, self.raised = cast(Status, load.status), load.reason, load.raised
        self.trainer = trainer(config, data, checkpoint)
        self._is_new, self._send = checkpoint is None, send
        self.reports = SessionReports(load, self.trainer, send, now)
        self._pace = Pace(load.speed, now)
        self._slice, self._rate, self.cost = SliceSize(), Rate(now), Cost()
        self.slice_seconds = 0.0  # see `app.workers.run_costs`
        self._step: StepCommand | None = None
        self._edits = secrets.randbits(32)  # random: versions must differ from those of an earlier session
        self._pace.restart(now)

    # ---- state

    @property
    def active(self) -> bool:
        """Whether the run trains or executes a step command."""
        return self.status == "running" or self._step is not None

    @property
    def version(self) -> Version:
        """Identifies the current weights."""
        return Version(self.trainer.state.attempt, self.trainer.state.step, self._edits)

    @property
    def batched(self) -> str | None:
        """The name of the batch with which the run can train now."""
        return self.batch if self.status == "running" and self._step is None else None

    def training_due(self) -> float | None:
        """Returns the time at which steps are due; None: the run does not train."""
        if self._step is not None:
            return 0.0
        return self._pace.due() if self.status == "running" else None

    def share(self) -> float | None:
        """Returns the share of a core that the run needs, see `Cost`."""
        return self.cost.share(self._pace.speed)

    # ---- training

    def work(self, now: float, rhythm: Rhythm, limit: int = UNLIMITED) -> int:
        """Train for one slice of at most `limit` steps, if steps are due; returns the steps."""
        self._slice.duration, self._pace.wait, self.reports.unwatched_interval = rhythm
        if self._step is not None:
            return self._work_on_step(self._step, now)
        allowed = self._pace.allowed(now) if self.status == "running" else 0
        left = self.hold.left(self.trainer.state.step)
        taken = self._advance(min(allowed, limit, left, self._slice.steps)) if allowed else 0
        self._pace.spend(taken)
        return taken

    def take(self, report: Report, now: float, seconds: float) -> None:
        """Take over steps that a batch has trained in so many seconds."""
        self.reports.spend(seconds)
        self.reports.add(report.points)
        self._rate.add(report.steps, now)
        ended = report.ended or self.hold.ended_at(self.trainer.state.step)
        if ended is not None:
            self._end(ended, now)

    def report(self, now: float) -> None:
        """Send due messages."""
        self.reports.send_due(now, self.version, self.active, self._rate.value)

    def save(self, now: float) -> None:
        """Send progress and a checkpoint."""
        self._send_progress(now)
        self.reports.send_recovery()

    def fail(self, reason: Reason) -> None:
        """End the run as failed, at its current step."""
        self.status, self.reason = "failed", reason
        step, self._step = self._step, None
        self.reports.discard_points()
        self._send_transition(step.request if step else None)

    def _advance(self, steps: int) -> int:
        """Train at most `steps` steps."""
        began = perf_counter()
        taken, ended = self.reports.advance_and_record(steps)
        now = perf_counter()
        if taken:
            self._slice.observe(taken, now - began)
            self._rate.add(taken, now)
        if taken and self._step is None:
            ended = ended or self.hold.ended_at(self.trainer.state.step)
        if ended is not None:
            self._end(ended, now)
        return taken

    def _end(self, ended: tuple[str, Reason], now: float) -> None:
        self.status, self.reason, self.raised = cast(Status, ended[0]), ended[1], False
        self._send_progress(now)
        step, self._step = self._step, None
        self._send_transition(None if step is None else step.request, checkpoint=True)

    def _work_on_step(self, step: StepCommand, now: float) -> int:
        left = step.steps_left(self.trainer.epoch_steps)
        taken = self._advance(min(left, self._slice.steps))
        step.count(taken, left)
        if self._step is not None and step.remaining <= 0:
            self.interrupt_step(now)
        return taken

    # ---- commands

    def report_loaded(self) -> None:
        """Send the state of the run after it was loaded."""
        self._send_transition(config=True, checkpoint=self._is_new)

    def interrupt_step(self, now: float) -> None:
        """End the current step command, if there is one, and answer it with the current state."""
        if self._step is not None:
            step, self._step = self._step, None
            self._send_progress(now)
            self._send_transition(step.request, checkpoint=True)

    def execute(self, command: ExecuteCommand, now: float) -> None:
        """Execute a command and answer it. Raises Conflict or ConfigError if it is not possible."""
        self.reason = kept_reason(self.reason, command.name)
        match command.name:
            case "start" | "pause" | "stop" | "reset":
                self._change_status(command, command.name, now)
            case "step":
                self._begin_step(command)
            case "change":
                self._change(command, now)
            case "operate":
                operations = command.arguments["operations"]
                self._edit(command, now, lambda: self.trainer.apply_edits(operations))
            case "redraw":
                self._edit(command, now, lambda: self._replace_data(**command.arguments))
            case "snapshot":
                state = self.trainer.checkpoint().to_bytes()
                self._send(Snapshot(self.run, self.version, state, command.request))
            case _:
                raise UnknownMessage("training session", ExecuteCommand, command)

    def _begin_step(self, command: ExecuteCommand) -> None:
        self.status, self.batch = following(self.status, "step"), None
        assert self._step is None, "the server sends one command of a run at a time"
        self._step = StepCommand(command.request, command.arguments["unit"], command.arguments["count"])

    def _change_status(self, command: ExecuteCommand, name: Command, now: float) -> None:
        before, self.status = self.status, following(self.status, name, self.raised)
        if "until" in command.arguments:
            self.hold = Hold(command.arguments["until"])
        if self.reports.has_unsent:
            self._send_progress(now)
        if name == "reset":
            self.trainer.reset(command.arguments.get("beginning"))
            self.batch = None
            self.reports.plan_recording()
            self.raised, self._rate.value = False, 0.0
        changed = self.status != before or name == "reset" or "reason" in command.arguments
        if self.status == "running" and before != "running":
            self._start(now)
        elif self.status not in ENDED and changed:
            self.reason = command.arguments.get("reason")
        event = command.arguments.get("event") if changed else None
        self._send_transition(command.request, checkpoint=changed, event=event)

    def _start(self, now: float) -> None:
        self.reason = None
        self._pace.restart(now)
        self._rate.restart(now)
        self.reports.restart_recovery(now)

    def _change(self, command: ExecuteCommand, now: float) -> None:
        event = None
        if command.arguments["changes"]:
            self._send_progress(now)
            before = self.trainer.config
            event = self.trainer.change(command.arguments["changes"])
            self._edits += 1
            if self.status == "finished" and can_continue(before, self.trainer.config, self.trainer.state):
                self.raised = True
        self.batch = None
        if "speed" in command.arguments:
            self._pace = Pace(command.arguments["speed"], now, self._pace.wait)
            self._pace.restart(now)
        self._send_transition(command.request, config=True, checkpoint=event is not None, event=event)

    def _edit(self, command: ExecuteCommand, now: float, edit: Callable[[], dict[str, Any]]) -> None:
        """Change weights or data; `edit` returns the event to record."""
        self._send_progress(now)
        event = edit()
        self._edits, self.batch = self._edits + 1, None
        self.reports.plan_recording()
        self._send_transition(command.request, config=True, checkpoint=True, event=event)

    def _replace_data(self, config: Any, data: Any, event: dict[str, Any]) -> dict[str, Any]:
        self.trainer.replace_data(config, data)
        return {"type": "data"} | event

    # ---- sending

    def _send_progress(self, now: float) -> None:
        self.reports.send_progress(now, self._rate.value if self.active else 0.0)

    def _send_transition(
        self,
        request: int | None = None,
        config: bool = False,
        checkpoint: bool = False,
        event: dict[str, Any] | None = None,
    ) -> None:
        transition = Transition(
            self.run, request, self.status, self.reason, self.raised, self.reports.position(),
            self._pace.speed, self.trainer.learning_rate(),
            self._rate.value if self.status == "running" else 0.0,
            config=self.trainer.config.model_dump(mode="json") if config else None, event=event,
            latest=None if self.status == "failed" else self.trainer.measure(),
            checkpoint=self.reports.record() if checkpoint else None, batched=self.batch is not None,
        )  # fmt: skip
        self._send(transition)

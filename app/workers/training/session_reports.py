"""Session reports: progress, checkpoints and weights that a training session sends when they are due."""

from collections.abc import Callable, Sequence
from time import perf_counter, thread_time
from typing import Any

from app import encoding, history_columns
from app.workers.messages import CheckpointsSaved, LoadRun, Progress, RecoverySaved, SendWeights, Snapshot
from app.workers.recorded import Position, RecordedCheckpoint, Version
from app.workers.training.update_norm import UpdateNorm
from engine.training.reason import Reason
from engine.training.recorded_steps import next_recorded, steps_per_doubling

# Seconds: between points that are sent, and between messages without points.
PROGRESS_INTERVAL = 1 / 30
RATE_INTERVAL = 0.25
RECOVERY_INTERVAL = 2.0
# The maximum share of time for copying weights; it limits the snapshots of large networks.
MAX_SNAPSHOT_SHARE = 0.04


class SessionReports:
    """Progress, checkpoints and weights of one run. Times are seconds of any clock.

    Steps that are repeated after a worker was lost send no point twice. The first point of a fork is measured
    at its first step.
    """

    def __init__(self, load: LoadRun, trainer: Any, send: Callable[[Any], None], now: float) -> None:
        self._run = load.run
        self._trainer = trainer
        self._send = send
        self._logged = load.logged  # attempt and step of the last point that the server has or is sent
        self._first_step = load.first_step
        self._points: list[dict[str, Any]] = []
        self._seconds: list[float] = []  # of each point, the time that the steps since the point before took
        self._spent = 0.0  # since the last point
        self._request: SendWeights | None = None
        self._watched = load.watched
        self.unwatched_interval = PROGRESS_INTERVAL  # while the run has no viewers; may be changed
        self._progress_due = self._rate_due = now
        self._recovery_due = now + RECOVERY_INTERVAL
        self._recorded: list[RecordedCheckpoint] = []
        self._update_norm = UpdateNorm()
        if trainer.state.step == load.recorded_step:  # it continues from the newest recorded checkpoint
            self._update_norm.add(trainer.state)
        self.plan_recording()
        self._snapshot_due = self._snapshot_sent = now
        self._snapshot_pause = 0.0

    @property
    def has_unsent(self) -> bool:
        """Whether there are points or recorded checkpoints that the server does not have."""
        return bool(self._points or self._recorded)

    def position(self) -> Position:
        """Attempt, step and epoch of the trainer."""
        state = self._trainer.state
        return Position(state.attempt, state.step, state.epoch)

    def advance_and_record(self, steps: int) -> tuple[int, tuple[str, Reason] | None]:
        """Train at most `steps` steps, and keep the points and the recorded checkpoints among them.

        Returns the steps that were taken, and status and reason if the training ended.
        """
        taken, ended = 0, None
        while taken < steps and ended is None:
            expected = min(steps - taken, self.steps_until_recorded())
            began = perf_counter()
            report = self._trainer.advance(expected)
            self.spend(perf_counter() - began)
            taken, ended = taken + report.steps, report.ended
            self.add(report.points)
            if report.steps < expected:  # a step of policy gradient may take longer than a slice
                break
        return taken, ended

    def spend(self, seconds: float) -> None:
        """Record how long the last steps took."""
        self._spent += seconds

    def steps_until_recorded(self) -> int:
        """Returns the steps until the next checkpoint to keep."""
        return self._next_recorded - self._trainer.state.step

    def add(self, points: Sequence[dict[str, Any]]) -> None:
        """Keep the points of steps that were taken, and the checkpoint after them if it is to be recorded."""
        self.add_points(points)
        if self.steps_until_recorded() == 0:
            self._recorded.append(self.record())
            self.plan_recording()

    def add_points(self, points: Sequence[dict[str, Any]]) -> None:
        """Add measured points that the server does not have; they share the time since the one before."""
        attempt = self._trainer.state.attempt
        new = [point for point in points if (attempt, point["step"]) > self._logged]
        if new:
            self._points += new
            self._logged = (attempt, new[-1]["step"])
            self._seconds += [round(self._spent / len(new), 6)] * len(new)
            self._spent = 0.0

    def discard_points(self) -> None:
        """Drop points that were not sent."""
        self._points.clear()
        self._seconds.clear()

    def record(self) -> RecordedCheckpoint:
        """Returns the current state as a checkpoint that the server keeps."""
        norm = self._update_norm.add(self._trainer.state)
        return RecordedCheckpoint(self.position(), self._state(), norm)

    def plan_recording(self) -> None:
        """Determine the next recorded step, also after a reset or a change of the network's size."""
        state = self._trainer.state
        if state.step == self._first_step > 0:
            self.add_points([self._trainer.measure()])
        size = state.memory.nbytes + state.order.nbytes
        per_doubling = steps_per_doubling(size, state.mode == "batched")
        self._next_recorded = next_recorded(state.step, per_doubling)

    def restart_recovery(self, now: float) -> None:
        """Make the next checkpoint for recovery due one interval from now, when training starts."""
        self._recovery_due = now + RECOVERY_INTERVAL

    def watch(self, watched: bool, now: float) -> None:
        """Set whether the run has viewers, who get what is unsent immediately."""
        self._watched = watched
        if watched:
            self._progress_due = self._rate_due = now

    def request_weights(self, request: SendWeights) -> None:
        """Request weights for viewers."""
        self._request = request
        earliest = self._snapshot_sent + max(1 / request.fps, self._snapshot_pause)
        self._snapshot_due = min(self._snapshot_due, earliest)

    def due(self, version: Version, running: bool) -> float | None:
        """Returns the time at which a message is due; None: none before the next turn or command."""
        times = []
        if running:
            times += [self._rate_due, self._recovery_due]
            if self.has_unsent:
                times.append(self._progress_due)
        if self._weights_needed(version):
            times.append(self._snapshot_due)
        return min(times, default=None)

    def send_due(self, now: float, version: Version, active: bool, rate: float) -> None:
        """Send due messages; `rate` is in steps per second."""
        if active:
            save = now >= self._recovery_due
            if (self.has_unsent and (save or now >= self._progress_due)) or now >= self._rate_due:
                self.send_progress(now, rate)
            if save:
                self.send_recovery()
                self._recovery_due = now + RECOVERY_INTERVAL
        if self._weights_needed(version) and now >= self._snapshot_due:
            self._send_snapshot(now, version, active)

    def send_progress(self, now: float, rate: float) -> None:
        """Send the unsent points, the learning rate and the rate, and then the recorded checkpoints.

        A session that continues from a checkpoint does not measure the points up to it again.
        """
        points, self._points = history_columns.from_points(self._points), []
        seconds, self._seconds = self._seconds, []
        learning_rate = self._trainer.learning_rate()
        content = {"points": points, "learning_rate": learning_rate, "steps_per_second": rate}
        text = encoding.body("progress", self.position(), content)
        points = points | {history_columns.SECONDS: seconds}  # not in the frame: reruns send the same points
        self._send(Progress(self._run, self.position(), points, learning_rate, rate, text))
        interval = PROGRESS_INTERVAL if self._watched else self.unwatched_interval
        self._progress_due = now + interval
        self._rate_due = now + max(RATE_INTERVAL, 2 * interval)
        if self._recorded:
            self._send(CheckpointsSaved(self._run, tuple(self._recorded)))
            self._recorded.clear()

    def send_recovery(self) -> None:
        """Send the complete state of training, which replaces the one before."""
        self._send(RecoverySaved(self._run, self.position(), self._state()))

    def _state(self) -> bytes:
        state: bytes = self._trainer.checkpoint().to_bytes()
        return state

    def _weights_needed(self, version: Version) -> bool:
        return self._request is not None and self._request.have != version

    def _send_snapshot(self, now: float, version: Version, active: bool) -> None:
        assert self._request is not None
        request, self._request = self._request, None
        began = thread_time()  # unlike the clock, without the time of other processes on a busy machine
        state = self._trainer.checkpoint() if request.full else self._trainer.snapshot()
        self._send(Snapshot(self._run, version, state.to_bytes(), full=request.full))
        cost = thread_time() - began
        self._snapshot_sent, self._snapshot_pause = now, cost / MAX_SNAPSHOT_SHARE if active else 0.0
        self._snapshot_due = max(self._snapshot_due + max(1 / request.fps, self._snapshot_pause), now)

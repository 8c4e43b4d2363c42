"""Session reports: progress, checkpoints and weights that a training session sends when they are due."""

from collections.abc import Callable, Sequence
from time import thread_time
from typing import Any

from app import encoding, history_columns
from app.workers.messages import CheckpointSaved, Position, Progress, SendWeights, Snapshot, Version

# Seconds
PROGRESS_INTERVAL = 1 / 30
HEARTBEAT_INTERVAL = 0.25
CHECKPOINT_INTERVAL = 1.0
# The maximum share of time for copying weights; it limits the snapshots of large networks.
MAX_SNAPSHOT_SHARE = 0.04


class SessionReports:
    """Progress, checkpoints and weights of one run. Times are seconds of any clock.

    `logged` is attempt and step of the last point that the server has: steps that are repeated after a worker
    was lost send no point twice.
    """

    def __init__(
        self, run: str, trainer: Any, send: Callable[[Any], None], logged: tuple[int, int], now: float
    ) -> None:
        self._run = run
        self._trainer = trainer
        self._send = send
        self._logged = logged
        self._points: list[dict[str, Any]] = []
        self._request: SendWeights | None = None
        self._progress_due = self._heartbeat_due = now
        self._checkpoint_due = now + CHECKPOINT_INTERVAL
        self._snapshot_due = self._snapshot_sent = now
        self._snapshot_pause = 0.0

    @property
    def has_points(self) -> bool:
        """Whether points were measured that the server does not have."""
        return bool(self._points)

    def position(self) -> Position:
        """Attempt, step and epoch of the trainer."""
        state = self._trainer.state
        return Position(state.attempt, state.step, state.epoch)

    def add_points(self, points: Sequence[dict[str, Any]]) -> None:
        """Add measured points that the server does not have."""
        attempt = self._trainer.state.attempt
        for point in points:
            if (attempt, point["step"]) > self._logged:
                self._points.append(point)
                self._logged = (attempt, point["step"])

    def discard_points(self) -> None:
        """Drop points that were not sent."""
        self._points.clear()

    def restart_checkpoints(self, now: float) -> None:
        """Make the next checkpoint due one interval from now, when training starts."""
        self._checkpoint_due = now + CHECKPOINT_INTERVAL

    def request_weights(self, request: SendWeights) -> None:
        """Request weights for viewers."""
        self._request = request
        earliest = self._snapshot_sent + max(1 / request.fps, self._snapshot_pause)
        self._snapshot_due = min(self._snapshot_due, earliest)

    def due(self, version: Version, running: bool) -> list[float]:
        """Returns the times at which messages are due."""
        times = []
        if running:
            times += [self._heartbeat_due, self._checkpoint_due]
            if self._points:
                times.append(self._progress_due)
        if self._weights_needed(version):
            times.append(self._snapshot_due)
        return times

    def send_due(self, now: float, version: Version, active: bool, rate: float) -> None:
        """Send due messages; `rate` is in steps per second."""
        if active:
            save = now >= self._checkpoint_due
            if (self._points and (save or now >= self._progress_due)) or now >= self._heartbeat_due:
                self.send_progress(now, rate)
            if save:
                # After the points up to it: a session that continues from it does not measure them again.
                self.send_checkpoint()
                self._checkpoint_due = now + CHECKPOINT_INTERVAL
        if self._weights_needed(version) and now >= self._snapshot_due:
            self._send_snapshot(now, version, active)

    def send_progress(self, now: float, rate: float) -> None:
        """Send the unsent points, the learning rate and the rate."""
        points, self._points = history_columns.from_points(self._points), []
        learning_rate = self._trainer.learning_rate()
        content = {"points": points, "learning_rate": learning_rate, "steps_per_second": rate}
        text = encoding.body("progress", self.position(), content)
        self._send(Progress(self._run, self.position(), points, learning_rate, rate, text))
        self._progress_due = now + PROGRESS_INTERVAL
        self._heartbeat_due = now + HEARTBEAT_INTERVAL

    def send_checkpoint(self) -> None:
        """Send the complete state of training."""
        self._send(CheckpointSaved(self._run, self.position(), self._trainer.checkpoint().to_bytes()))

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

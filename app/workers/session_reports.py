"""Session reports: what a training session sends to the server, and when each of it is due."""

from collections.abc import Callable, Sequence
from time import thread_time
from typing import Any

from app import encoding, history_columns
from app.workers.messages import CheckpointSaved, Position, Progress, SendWeights, Snapshot, Version

PROGRESS_EVERY = 1 / 30
HEARTBEAT_EVERY = 0.25
CHECKPOINT_EVERY = 1.0
# Copying weights for viewers may take this share of the worker's time: a bound for large networks.
SNAPSHOT_SHARE = 0.04


class SessionReports:
    """Progress, checkpoints and weights of one run. Times are seconds of any clock.

    `logged` is attempt and step of the last point that the server already has: training that is repeated
    after a worker was lost reports no point twice.
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
        self._checkpoint_due = now + CHECKPOINT_EVERY
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
        """Note measured points."""
        attempt = self._trainer.state.attempt
        for point in points:
            if (attempt, point["step"]) > self._logged:
                self._points.append(point)
                self._logged = (attempt, point["step"])

    def discard_points(self) -> None:
        """Drop points that were not sent."""
        self._points.clear()

    def restart_checkpoints(self, now: float) -> None:
        """Training begins: the next checkpoint is due a full interval from now."""
        self._checkpoint_due = now + CHECKPOINT_EVERY

    def request_weights(self, request: SendWeights) -> None:
        """A viewer needs weights."""
        self._request = request
        soonest = self._snapshot_sent + max(1 / request.fps, self._snapshot_pause)
        self._snapshot_due = min(self._snapshot_due, soonest)

    def due(self, version: Version, running: bool) -> list[float]:
        """When something is due, as far as that is known."""
        times = []
        if running:
            times += [self._heartbeat_due, self._checkpoint_due]
            if self._points:
                times.append(self._progress_due)
        if self._weights_needed(version):
            times.append(self._snapshot_due)
        return times

    def send_due(self, now: float, version: Version, active: bool, rate: float) -> None:
        """Send what is due; `rate` in steps per second."""
        if active:
            save = now >= self._checkpoint_due
            if (self._points and (save or now >= self._progress_due)) or now >= self._heartbeat_due:
                self.send_progress(now, rate)
            if save:
                # After the points up to it: who continues from the checkpoint does not measure them again.
                self.send_checkpoint()
                self._checkpoint_due = now + CHECKPOINT_EVERY
        if self._weights_needed(version) and now >= self._snapshot_due:
            self._send_snapshot(now, version, active)

    def send_progress(self, now: float, rate: float) -> None:
        """Send the points measured since the last time, and the numbers of now."""
        points, self._points = history_columns.from_points(self._points), []
        learning_rate = self._trainer.learning_rate()
        content = {"points": points, "learning_rate": learning_rate, "steps_per_second": rate}
        text = encoding.body("progress", self.position(), content)
        self._send(Progress(self._run, self.position(), points, learning_rate, rate, text))
        self._progress_due = now + PROGRESS_EVERY
        self._heartbeat_due = now + HEARTBEAT_EVERY

    def send_checkpoint(self) -> None:
        """Send everything that is needed to continue from here."""
        self._send(CheckpointSaved(self._run, self.position(), self._trainer.checkpoint().to_bytes()))

    def _weights_needed(self, version: Version) -> bool:
        return self._request is not None and self._request.have != version

    def _send_snapshot(self, now: float, version: Version, active: bool) -> None:
        assert self._request is not None
        request, self._request = self._request, None
        began = thread_time()  # not the clock, which on a busy machine would count other processes' work
        state = self._trainer.checkpoint() if request.full else self._trainer.snapshot()
        self._send(Snapshot(self._run, version, state.to_bytes(), full=request.full))
        cost = thread_time() - began
        self._snapshot_sent, self._snapshot_pause = now, cost / SNAPSHOT_SHARE if active else 0.0
        self._snapshot_due = max(self._snapshot_due + max(1 / request.fps, self._snapshot_pause), now)

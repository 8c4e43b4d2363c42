"""Worker losses: how often a run lost its worker because of itself, and when it, or a command, is given up.

An end from outside must not cost a run, however often, so an end counts only until the run gets further. A
run that hangs gets a little further each time, so a hang counts until the run has trained for some time.
"""

import time
from collections.abc import Callable

from app.errors import Unavailable
from app.run_states import reason
from app.workers.recorded import Position
from engine.training.reason import Reason

MAX_LOSSES = 3  # of either kind
# In this time a run that hangs is given up, so that the commands to those beside it can be executed.
COMMAND_SECONDS = 120.0
RECOVERED_SECONDS = 60.0  # of training after a hang, after which the next one is the first again


class WorkerLosses:
    """Counts the losses of a run since the server started; `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._furthest = Position(0, 0, 0)
        self._ends = self._hangs = 0
        self._trained = 0.0  # seconds since the last hang
        self._training_since: float | None = None  # the last message of its training; None: it does not train

    def add(self, has_hung: bool) -> None:
        """Count a loss; `has_hung`: a step or a command of the run did not end."""
        self._training_since = None
        if not has_hung:
            self._ends += 1
            return
        self._hangs = 1 if self._trained >= RECOVERED_SECONDS else self._hangs + 1
        self._trained = 0.0

    def on_checkpoint(self, position: Position) -> None:
        """Handle a checkpoint; one further than all before is progress since the worker ended."""
        if position > self._furthest:
            self._furthest, self._ends = position, 0

    def on_status(self, is_running: bool) -> None:
        """Handle that the training began, went on or ended."""
        self.on_training()
        self._training_since = self._clock() if is_running else None

    def on_training(self) -> None:
        """Handle a message of the training. The time until the next one counts once that has come."""
        if self._training_since is not None:
            now = self._clock()
            self._trained += now - self._training_since
            self._training_since = now

    def given_up(self) -> Reason | None:
        """Returns the reason for which the run is not started again; None: it is."""
        if self._hangs > MAX_LOSSES:
            return reason("worker_hung", count=self._hangs)
        return reason("worker_lost", count=self._ends) if self._ends > MAX_LOSSES else None

    @property
    def is_repeated(self) -> bool:
        """Whether the last loss was not the first one that counts."""
        return max(self._ends, self._hangs) > 1

    def clear(self) -> None:
        """Count from the beginning: the run was given up, and may be reset and started again."""
        self._ends = self._hangs = 0


class CommandAttempts:
    """Counts how often the worker is lost while a command is executed in it; `clock` is in seconds.

    Losses because of another run do not count, but COMMAND_SECONDS after the first loss of any kind the
    command is not tried again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: float | None = None  # when the worker was lost first
        self._own = 0

    def add(self, is_own: bool) -> None:
        """Count a loss; `is_own`: the worker did not work on another run.

        Raises Unavailable if the command is not tried again.
        """
        now = self._clock()
        self._first = now if self._first is None else self._first
        self._own += is_own
        if self._own > MAX_LOSSES:
            message = f"The worker process of this run ended {self._own} times while doing this."
            raise Unavailable("worker_lost", message)
        if now >= self._first + COMMAND_SECONDS:
            message = (
                "The worker process of this run ended again and again because of another run; this was tried"
                f" for {now - self._first:.0f} s."
            )
            raise Unavailable("worker_lost", message)

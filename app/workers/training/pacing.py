"""Pacing: limits the speed of runs, and measures slices and rates. Times are in seconds."""

from math import inf
from typing import NamedTuple

SLICE, MIN_SLICE = 0.005, 0.001  # target duration of a slice
ROUND = 0.1  # in which every run has a turn, as far as slices are not shorter than MIN_SLICE
MIN_WAIT, MAX_WAIT = 0.01, 0.06  # between the batches of a fast, limited run
WAIT_PER_RUN = 0.0003  # of those that train in this process: more steps at a time take less time
MIN_REPORT, MAX_REPORT = 1 / 30, 0.5  # between messages about a run without viewers
REPORT_PER_RUN = 0.0075
MAX_BACKLOG = 0.1  # after a delay, steps of so much time are made up for
UNLIMITED = 1 << 60
# The cost of a step is known after so many steps or so much processor time.
FIRST_STEPS, FIRST_SECONDS = 1000, 2.0
DECAY = 0.7  # of earlier costs, each second


class Rhythm(NamedTuple):
    """How the runs of a process take turns: duration of a slice, and time between two batches of steps.

    `report` is the time between two messages with points of a run without viewers.
    """

    slice: float
    wait: float
    report: float

    @classmethod
    def of(cls, runs: int) -> "Rhythm":
        """Returns the rhythm of so many runs that train."""
        return cls(
            min(SLICE, max(MIN_SLICE, ROUND / max(1, runs))),
            min(MAX_WAIT, max(MIN_WAIT, runs * WAIT_PER_RUN)),
            min(MAX_REPORT, max(MIN_REPORT, runs * REPORT_PER_RUN)),
        )


class Pace:
    """Allows `speed` steps per second (None: as many as possible), without bursts after a delay.

    `wait` is the time between two batches, which may be changed.
    """

    def __init__(self, speed: float | None, now: float, wait: float = MIN_WAIT) -> None:
        self.speed = speed
        self.wait = wait
        self._since = now
        self._credit = 0.0

    def restart(self, now: float) -> None:
        """Ignore the time before `now`; the first batch is due immediately."""
        self._since = now
        self._credit = 0.0 if self.speed is None else self._batch()

    def allowed(self, now: float) -> int:
        """Returns the steps that may be taken now."""
        if self.speed is None:
            return UNLIMITED
        self._credit += (now - self._since) * self.speed
        self._since = now
        self._credit = min(self._credit, max(1.0, self.speed * max(MAX_BACKLOG, 2 * self.wait)))
        return int(self._credit) if self._credit >= self._batch() else 0

    def spend(self, steps: int) -> None:
        """Subtract steps that were taken."""
        if self.speed is not None:
            self._credit -= steps

    def due(self) -> float:
        """Returns the time at which steps are due."""
        if self.speed is None:
            return self._since
        return self._since + max(0.0, (self._batch() - self._credit) / self.speed)

    def _batch(self) -> float:
        # A fast, limited run takes a few steps at a time: waking for each step costs more than the step.
        assert self.speed is not None
        return max(1.0, self.speed * self.wait)


class SliceSize:
    """Measures the number of steps in a slice of `duration`, which may be changed."""

    def __init__(self) -> None:
        self.steps = 1
        self.duration = SLICE

    def observe(self, steps: int, seconds: float) -> None:
        """Adapt to `steps` that took `seconds`; grows at most fourfold, so that an outlier changes little."""
        measured = int(steps * self.duration / max(seconds, 1e-7))
        self.steps = max(1, min(measured, 4 * self.steps, 1_000_000))


class Rate:
    """Steps per second over about the last second."""

    def __init__(self, now: float) -> None:
        self.value = 0.0
        self._since = now
        self._steps = 0

    def restart(self, now: float) -> None:
        """Begin again after a pause."""
        self._since = now
        self._steps = 0

    def add(self, steps: int, now: float) -> None:
        """Add steps that were taken; `value` is updated every half second."""
        self._steps += steps
        elapsed = now - self._since
        if elapsed >= 0.5 or (self.value == 0.0 and elapsed >= 0.05):
            self.value = self._steps / elapsed
            self._since = now
            self._steps = 0


class Cost:
    """The processor time of a run per step, over about the last three seconds.

    The first steps do not count: they are compiled, and all measured and recorded.
    """

    def __init__(self) -> None:
        self._seconds = self._steps = 0.0
        self._first_seconds = self._first_steps = 0.0

    def add(self, seconds: float, steps: int) -> None:
        """Add the processor time of a turn, including its messages, and its steps."""
        if self._first_steps < FIRST_STEPS and self._first_seconds < FIRST_SECONDS:
            self._first_steps += steps
            self._first_seconds += seconds
        else:
            self._steps += steps
            self._seconds += seconds

    def share(self, speed: float | None) -> float | None:
        """Returns the share of a core that the run needs for its speed (None: as fast as possible), if known.

        It is called once a second: what is older counts less and less.
        """
        share = None if self._steps < 1 else self._seconds / self._steps * (speed or inf)
        self._seconds, self._steps = self._seconds * DECAY, self._steps * DECAY
        return None if share is None else min(share, 1.0)

"""Watchdog: finds child processes that are stopped or stuck, because their heartbeats stay out.

Only time counts in which a child could have sent a heartbeat: neither time in which the server itself did not
run (it was stopped, or the computer slept), nor time in which the child waited for a processor.
"""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Protocol

INTERVAL = 1.0  # seconds between two checks
# A check that comes later than this: the server did not run, so nothing is known about its children.
MAX_INTERVAL = 3.0
# A child process that is overdue for this part of its patience is not certain to work.
DOUBTFUL = 0.5
# No slice of ordinary work takes as much processor time. A start also waits for files.
MAX_OVERDUE = 7.0
MAX_STARTING_SECONDS = 30.0

log = logging.getLogger("perceptarium")


class Watched(Protocol):
    """A child process; `responded` is set whenever it sends something."""

    name: str
    ready: bool
    responded: bool
    overdue: float  # seconds since it should have sent something
    stuck: bool  # set before it is killed, unless it is stopped by a signal

    @property
    def patience(self) -> float:
        """How many seconds it may be overdue, which depends on what it does."""

    @property
    def pid(self) -> int | None:
        """The process id, once the process has started."""

    def kill(self) -> None:
        """Kill the process, also a stopped one."""


class Watchdog:
    """Checks the child processes that `children` returns, and kills those that are overdue for too long.

    `waited` returns how many seconds a process has waited for a processor.
    """

    def __init__(
        self,
        children: Callable[[], Iterable[Watched]],
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        waited: Callable[[int], float] | None = None,
    ) -> None:
        self._children = children
        self._seconds_waited = waited or seconds_waited_for_processor
        self._clock, self._wall_clock = clock, wall_clock
        self._now, self._wall_now = clock(), wall_clock()
        self._waited: dict[int, float] = {}  # by process id: seconds for a processor, at the last check

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Checks every INTERVAL seconds during the context."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()

    def check(self) -> None:
        """Adds up for how long each child process is overdue, as far as that time counts."""
        now, wall_now = self._clock(), self._wall_clock()
        elapsed, wall_elapsed = now - self._now, wall_now - self._wall_now
        self._now, self._wall_now = now, wall_now
        server_ran = max(elapsed, wall_elapsed) <= MAX_INTERVAL
        known, self._waited = self._waited, {}
        for child in list(self._children()):
            if child.pid is None:
                continue
            waited = self._waited[child.pid] = self._seconds_waited(child.pid)
            if child.responded or not server_ran or child.pid not in known:
                child.responded, child.overdue = False, 0.0
                continue
            child.overdue += max(0.0, elapsed - _waiting(waited - known[child.pid], elapsed))
            if child.overdue >= _patience(child):
                log.warning("%s %s sent nothing for %.0f s: killed", child.name, child.pid, child.overdue)
                child.overdue, child.stuck = 0.0, not is_stopped(child.pid)
                child.kill()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                self.check()
            except Exception:
                log.exception("the child processes could not be checked")


def _patience(child: Watched) -> float:
    """Returns how long it may be overdue: a stopped one (SIGSTOP) does no long work."""
    if child.overdue >= MAX_OVERDUE and is_stopped(child.pid):
        return MAX_OVERDUE
    return child.patience if child.ready else max(child.patience, MAX_STARTING_SECONDS)


def is_stopped(pid: int | None) -> bool:
    """Whether the process is stopped by a signal; False where that is not known."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (OSError, IndexError):
        return False


def seconds_waited_for_processor(pid: int) -> float:
    """Returns how long the process was able to run but had no processor; NaN where that is not known."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return float("nan")


def _waiting(measured: float, elapsed: float) -> float:
    """Returns the seconds of waiting for a processor; where they are not known, they follow from the load."""
    if measured == measured:
        return measured
    try:
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
    except (OSError, AttributeError):
        load = 1.0
    return elapsed * load / (1 + load)

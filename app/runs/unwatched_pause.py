"""Unwatched pause: pauses runs whose `unwatched` is "pause" while they have no viewer.

A run that has trained for some time without a viewer pauses, with the reason `unwatched`. It goes on when a
viewer returns, unless a command was given in the meantime. On a read-only server viewers change nothing.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Coroutine, Iterator
from typing import Any

from app.errors import ApiError
from app.run_states import UNWATCHED, reason
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.workers.training.messages import Watch

log = logging.getLogger("perceptarium")


class UnwatchedPause:
    """Counts the viewers of every run; `seconds`: how long a run trains on after the last one left.

    With None, no run is paused or continued.
    """

    def __init__(self, scheduler: Scheduler, seconds: float | None) -> None:
        self._scheduler = scheduler
        self._seconds = seconds
        self._viewers: Counter[str] = Counter()
        self._close_viewers: Counter[str] = Counter()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @contextlib.contextmanager
    def viewer(self, run: Run, closely: bool = True) -> Iterator[None]:
        """Counts a viewer of the run during the context.

        `closely`: it shows the progress of this run alone, which is reported more often then.
        """
        self._viewers[run.id] += 1
        self._close_viewers[run.id] += closely
        self._report_watched(run.id)
        self.on_status(run)
        if self._seconds is not None and _is_waiting(run):
            self._begin(run, self._go_on(run))
        try:
            yield
        finally:
            for viewers, count in ((self._viewers, 1), (self._close_viewers, int(closely))):
                viewers[run.id] -= count
                viewers += Counter()  # removes zeros
            self._report_watched(run.id)
            self.on_status(run)

    def _report_watched(self, run_id: str) -> None:
        self._scheduler.pool.send(Watch(run_id, self._close_viewers[run_id] > 0))

    def on_status(self, run: Run) -> None:
        """Handles that status, configuration or viewers of the run changed."""
        if self._seconds is None or not self._is_unwatched(run):
            self._cancel_timer(run.id)
        elif run.id not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[run.id] = loop.call_later(self._seconds, self._on_time, run)

    def close(self) -> None:
        """Pauses no further run."""
        for run_id in list(self._timers):
            self._cancel_timer(run_id)

    def _is_unwatched(self, run: Run) -> bool:
        trains = run.status == "running" and not run.deleted
        return trains and run.config.unwatched == "pause" and not self._viewers[run.id]

    def _on_time(self, run: Run) -> None:
        self._cancel_timer(run.id)
        self._begin(run, self._pause(run))

    def _begin(self, run: Run, change: Coroutine[Any, Any, None]) -> None:
        self._scheduler.background(_logged(run, change))

    async def _pause(self, run: Run) -> None:
        async with run.queue.turn():
            if self._is_unwatched(run):
                arguments = {"reason": reason(UNWATCHED, seconds=self._seconds)}
                await self._scheduler.execute(run, "pause", arguments)

    async def _go_on(self, run: Run) -> None:
        async with run.queue.turn():
            if _is_waiting(run) and self._viewers[run.id]:
                await self._scheduler.start(run)

    def _cancel_timer(self, run_id: str) -> None:
        timer = self._timers.pop(run_id, None)
        if timer is not None:
            timer.cancel()


def _is_waiting(run: Run) -> bool:
    """Whether the run was paused because it had no viewer, and waits for one."""
    return run.status == "paused" and run.reason_code == UNWATCHED and not run.deleted


async def _logged(run: Run, change: Coroutine[Any, Any, None]) -> None:
    try:
        await change
    except ApiError as error:
        log.warning("could not be paused or continued: %s", error.message, extra={"run": run.id})

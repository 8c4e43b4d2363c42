"""Place: one child process and what was asked of it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from app.workers.child_process import Child


class WorkerLost(Exception):
    """The child that should have answered has ended."""


@dataclass
class Place:
    """One child and what was asked of it."""

    child: Child
    runs: dict[str, bool] = field(
        default_factory=dict
    )  # whether it is running; the least recently used first
    starting: set[str] = field(default_factory=set)  # runs that were promised a place to train in
    asked: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    orders: dict[int, str] = field(default_factory=dict)  # the run that each order under way is for

    @property
    def running(self) -> int:
        """Number of runs that train here, or are about to."""
        return len({run for run, running in self.runs.items() if running} | self.starting)

    def fail(self, number: int, error: Exception) -> None:
        """Who waits for this answer gets the error instead."""
        future = self.asked.get(number)
        if future is not None and not future.done():
            future.set_exception(error)

    def give_up(self) -> None:
        """The child has ended: nobody will get an answer."""
        for number in self.asked:
            self.fail(number, WorkerLost())
        self.asked.clear()

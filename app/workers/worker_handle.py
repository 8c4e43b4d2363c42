"""Worker handle: the server's side of one child process: its open requests and, of a training worker, its
runs.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from app.errors import from_problem
from app.workers.child_process import ChildProcess
from app.workers.messages import Answer, Refusal, Snapshot, Transition


class WorkerLost(Exception):
    """The child process that should have answered has ended."""


@dataclass(eq=False)
class WorkerHandle:
    """One child process, what was requested of it, and the runs that were assigned to it."""

    child: ChildProcess
    runs: dict[str, bool] = field(default_factory=dict)  # whether it trains; least recently used first
    reserved: set[str] = field(default_factory=set)  # runs for which a place to train is kept
    requests: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    commands: dict[int, str] = field(default_factory=dict)  # the run of each command among the requests

    @property
    def running(self) -> int:
        """Number of runs that train here or have a place reserved."""
        return len({run for run, running in self.runs.items() if running} | self.reserved)

    async def request(self, number: int, message: Any) -> Any:
        """Send a message and return its answer; raises WorkerLost, or the ApiError of a refusal."""
        future = self.requests[number] = asyncio.get_running_loop().create_future()
        self.child.send(message)
        try:
            return await future
        finally:
            self.requests.pop(number, None)

    def answer(self, number: int, message: Answer | Refusal | Transition | Snapshot) -> None:
        """Hand an answer to its request, if that still waits."""
        if isinstance(message, Refusal):
            self.fail(number, from_problem(message.problem, message.status))
        elif (future := self.requests.get(number)) is not None and not future.done():
            future.set_result(message)

    def fail(self, number: int, error: Exception) -> None:
        """Let a request raise this error."""
        future = self.requests.get(number)
        if future is not None and not future.done():
            future.set_exception(error)

    def fail_all(self) -> None:
        """The child process has ended: every request raises WorkerLost."""
        for number in self.requests:
            self.fail(number, WorkerLost())
        self.requests.clear()

    def describe(self) -> dict[str, Any]:
        """Name, process id and load, for /healthz."""
        child = self.child
        return {"name": child.name, "pid": child.pid, "ready": child.ready, "running": self.running}

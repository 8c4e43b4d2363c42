"""Worker handle: the open requests of a child process and, of a training worker, its runs."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from app.errors import from_problem
from app.workers.child_process import ChildProcess
from app.workers.heartbeat import Heartbeat
from app.workers.messages import Answer, Refusal, Snapshot, Transition
from app.workers.watchdog import DOUBTFUL

NEWEST = 0.3  # weight of the newest second in the mean


class WorkerLost(Exception):
    """The child process ended before it answered; `task` is what it worked on (None: it waited)."""

    def __init__(self, task: str | None = None) -> None:
        super().__init__(task)
        self.task = task


@dataclass(frozen=True, slots=True)
class Loss:
    """The end of a child process: what it worked on (None: it waited), and whether it was killed as stuck."""

    task: str | None
    stuck: bool = False


@dataclass(eq=False)
class WorkerHandle:
    """A child process, its open requests and its runs; `shares`: of a core, that they need to train."""

    child: ChildProcess
    runs: dict[str, bool] = field(default_factory=dict)  # whether each trains; least recently used first
    reserved: set[str] = field(default_factory=set)  # runs for which room is reserved
    requests: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    commands: dict[int, str] = field(default_factory=dict)  # the run of each command among the requests
    shares: dict[str, float] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)  # of the runs that train in batched products
    busy: float = 0.0  # share of the last second in which it worked
    mean_busy: float = 0.0  # of the last seconds
    restarts: int = 0
    stopping: bool = False  # it ends because it is not needed any more

    @property
    def running(self) -> int:
        """The number of runs that train in this worker or have reserved room."""
        return len(self.training_runs)

    @property
    def training_runs(self) -> set[str]:
        """The runs that train in this worker or have reserved room."""
        return {run for run, running in self.runs.items() if running} | self.reserved

    def on_heartbeat(self, heartbeat: Heartbeat) -> None:
        """Handle how busy the child process is, and the measured needs of its runs."""
        self.busy = heartbeat.busy
        self.mean_busy += NEWEST * (heartbeat.busy - self.mean_busy)
        self.shares.update((run, share) for run, share in heartbeat.shares.items() if run in self.runs)

    @property
    def answers(self) -> bool:
        """Whether the child process has started and sent something lately."""
        return self.child.ready and self.child.overdue < DOUBTFUL * self.child.patience

    async def request(self, number: int, message: Any) -> Any:
        """Send a message and return its answer. Raises WorkerLost, or ApiError if it is refused."""
        future = self.requests[number] = asyncio.get_running_loop().create_future()
        self.child.send(message)
        try:
            return await future
        finally:
            self.requests.pop(number, None)

    def answer(self, number: int, message: Answer | Refusal | Transition | Snapshot) -> None:
        """Complete an open request with its answer."""
        if isinstance(message, Refusal):
            self.fail(number, from_problem(message.problem, message.status))
        elif (future := self.requests.get(number)) is not None and not future.done():
            future.set_result(message)

    def fail(self, number: int, error: Exception) -> None:
        """Complete an open request with an error."""
        future = self.requests.get(number)
        if future is not None and not future.done():
            future.set_exception(error)

    def fail_all(self) -> None:
        """Complete all requests with WorkerLost, after the child process ended."""
        for number in self.requests:
            self.fail(number, WorkerLost(self.child.task.name))
        self.requests.clear()

    def describe(self) -> dict[str, Any]:
        """Returns name, process id and load, for /healthz."""
        child = self.child
        return {
            "name": child.name, "pid": child.pid, "ready": child.ready, "running": self.running,
            "overdue": round(child.overdue, 1), "busy": round(self.busy, 3), "restarts": self.restarts,
        }  # fmt: skip

"""Worker pool: the training workers and view workers, and what they are asked.

Training workers train runs; view workers compute views and answer queries about weights. A child process
that ends is replaced; its runs are reported as lost, and its open requests raise WorkerLost.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from app.errors import Unavailable
from app.settings import RUNS_PER_WORKER
from app.workers.child_process import training_worker, view_worker
from app.workers.heartbeat import Heartbeat
from app.workers.messages import (
    Answer,
    CancelViews,
    ChildMessage,
    ComputeViews,
    ExecuteCommand,
    InterruptStep,
    Query,
    Ready,
    Refusal,
    RunMessage,
    SendWeights,
    Snapshot,
    Transition,
    UnknownMessage,
    ViewProgress,
    ViewResult,
)
from app.workers.recorded import RecordedHistory, Replay
from app.workers.run_assignments import RunAssignments
from app.workers.run_costs import Capacity
from app.workers.supervisor import Supervisor
from app.workers.training.messages import Watch
from app.workers.view_workers import ViewWorkers
from app.workers.worker_handle import Loss, WorkerHandle, WorkerLost


class Listener(Protocol):
    """Handles the messages of child processes about runs."""

    def on_message(self, message: RunMessage) -> None:
        """Handle a message about a run."""

    def on_heartbeat(self) -> None:
        """A child process reported how busy it is."""

    def on_worker_lost(self, runs: list[str], was_view_worker: bool, loss: Loss) -> None:
        """A child process ended: these runs are no longer loaded, or requested views are lost.

        The task of `loss` is a run, or the name of a job of a view worker.
        """


class Pool:
    """The child processes of the server."""

    def __init__(self, workers: int, folder: Path, runs_per_worker: int = RUNS_PER_WORKER) -> None:
        self.runs = RunAssignments(Capacity(runs_per_worker))
        self._processes = Supervisor(folder, self._received, self._lost)
        self._numbers = itertools.count(1)
        self._ready = asyncio.Event()  # a process that can train and one that can draw have answered once
        self._count = workers
        self._views = ViewWorkers(self._processes, workers, lambda result: self._listener.on_message(result))

    @contextlib.asynccontextmanager
    async def started(self, listener: Listener) -> AsyncIterator["Pool"]:
        """Run the child processes; on exit, active runs are saved and all processes have ended."""
        self._listener = listener
        self.runs.workers = [self._processes.start(training_worker) for _ in range(self._count)]
        self._views.start()
        async with self._processes.running():
            yield self

    def children(self) -> list[dict[str, Any]]:
        """Returns name, process id and load of each child process, for /healthz."""
        return [handle.describe() for handle in self._processes.handles]

    def readiness(self) -> dict[str, bool]:
        """Returns whether a child process answers that can train, and one that can draw."""
        return {
            "train": any(worker.answers for worker in self.runs.workers),
            "draw": any(worker.answers for worker in self._views.workers),
        }

    async def wait_until_ready(self, seconds: float) -> None:
        """Returns once the child processes have started for the first time, at the latest after `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), seconds)

    def has(self, run: str) -> bool:
        """Whether the run is loaded in a training worker."""
        return self.runs.worker_of(run) is not None

    # ---- training workers

    async def execute(self, run: str, name: str, arguments: dict[str, Any]) -> Transition | Snapshot:
        """Execute a command in the worker of the run. Raises WorkerLost, or ApiError if it is refused."""
        self._refuse_while_closing()
        worker = self.runs.worker_of(run)
        if worker is None:
            raise WorkerLost
        number = next(self._numbers)
        worker.commands[number] = run
        try:
            answer: Transition | Snapshot = await worker.request(
                number, ExecuteCommand(number, run, name, arguments)
            )
            return answer
        finally:
            worker.commands.pop(number, None)

    def send(self, message: SendWeights | InterruptStep | Watch) -> None:
        """Send a message about a run to its worker, if it is loaded."""
        worker = self.runs.worker_of(message.run)
        if worker is not None:
            worker.child.send(message)

    # ---- view workers

    def compute(self, message: ComputeViews | CancelViews) -> None:
        """Start or cancel the computation of views, whose results are ViewResult messages."""
        self._views.compute(message)

    async def query(
        self,
        name: str,
        config: dict[str, Any],
        checkpoint: bytes | None,
        arguments: dict[str, Any],
        history: RecordedHistory | None = None,
        replay: Replay | None = None,
        run: str | None = None,
    ) -> bytes:
        """Returns the JSON answer to a query (`run`: about a run). Raises ApiError."""
        return (
            await self._views.ask(
                lambda number: Query(number, name, config, checkpoint, arguments, history, replay, run)
            )
        ).text

    async def fork(
        self,
        config: dict[str, Any],
        checkpoint: bytes | None,
        arguments: dict[str, Any],
        replay: Replay | None,
        run: str | None = None,
    ) -> Answer:
        """Returns the description of a fork of a run, and the checkpoint with which it begins."""
        return await self._views.ask(
            lambda number: Query(number, "fork", config, checkpoint, arguments, None, replay, run)
        )

    # ---- child processes

    def _refuse_while_closing(self) -> None:
        if self._processes.closing:
            raise Unavailable("stopping", "The server is stopping.")

    def _received(self, handle: WorkerHandle, messages: list[Any]) -> None:
        for message in messages:
            match message:
                case Ready():
                    handle.child.ready = True
                    if all(self.readiness().values()):
                        self._ready.set()
                case Heartbeat():
                    handle.on_heartbeat(message)
                    self._views.adjust()
                    self._listener.on_heartbeat()
                case Answer() | Refusal():
                    handle.answer(message.request, message)
                case ViewResult() | ViewProgress():
                    self._listener.on_message(message)
                case _ if isinstance(message, RunMessage):
                    # The run may have been unloaded since, for example because it was deleted.
                    if message.run in handle.runs:
                        self._listener.on_message(message)
                    if isinstance(message, Transition | Snapshot) and message.request is not None:
                        handle.answer(message.request, message)
                case _:
                    raise UnknownMessage("worker pool", ChildMessage, message)

    def _lost(self, handle: WorkerHandle, loss: Loss) -> None:
        runs = list(handle.runs)
        handle.runs.clear()
        handle.shares.clear()
        handle.batches.clear()
        handle.reserved.clear()
        was_view_worker = handle.child.main is view_worker
        if was_view_worker:
            self._views.on_lost(loss.task)
        self._listener.on_worker_lost(runs, was_view_worker, loss)

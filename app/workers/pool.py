"""Worker pool: starts, supervises and replaces the child processes, and sends them requests.

Training workers train runs; one view worker computes views and answers queries about weights. A child process
that ends is replaced; its runs are reported as lost, and its open requests raise WorkerLost.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

from app.errors import Unavailable
from app.workers.child_process import ChildProcess, training_worker, view_worker
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
    Stop,
    Transition,
    UnknownMessage,
    ViewProgress,
    ViewResult,
)
from app.workers.recorded import RecordedHistory, Replay
from app.workers.run_assignments import RunAssignments
from app.workers.worker_handle import WorkerHandle, WorkerLost

RESTART_DELAY = 1.0  # seconds, for a process that ended before it was ready
STOP_TIMEOUT = 3.0  # seconds

log = logging.getLogger("perceptarium")


class Listener(Protocol):
    """Handles the messages of child processes about runs."""

    def on_message(self, message: RunMessage) -> None:
        """Handle a message about a run."""

    def on_worker_lost(self, runs: list[str], was_view_worker: bool) -> None:
        """A child process ended: these runs are no longer loaded, or requested views are lost."""


class Pool:
    """The child processes of the server."""

    def __init__(self, workers: int, folder: Path) -> None:
        self.runs = RunAssignments()
        self._folder = folder
        self._numbers = itertools.count(1)
        self._closing = False
        self._count = workers
        self._view_worker: WorkerHandle | None = None
        self._all_ended = asyncio.Event()

    @contextlib.asynccontextmanager
    async def started(self, listener: Listener) -> AsyncIterator["Pool"]:
        """Run the child processes; on exit, active runs are saved and all processes have ended."""
        self._listener = listener
        for _ in range(self._count):
            self.runs.workers.append(WorkerHandle(self._start(training_worker)))
        self._view_worker = WorkerHandle(self._start(view_worker))
        try:
            yield self
        finally:
            await self._close()

    def children(self) -> list[dict[str, Any]]:
        """Returns name, process id and load of each child process, for /healthz."""
        return [handle.describe() for handle in self._handles()]

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

    def send(self, message: SendWeights | InterruptStep) -> None:
        """Send a message about a run to its worker, if it is loaded."""
        worker = self.runs.worker_of(message.run)
        if worker is not None:
            worker.child.send(message)

    # ---- view worker

    def compute(self, message: ComputeViews | CancelViews) -> None:
        """Start or cancel the computation of views, whose results are ViewResult messages."""
        assert self._view_worker is not None
        self._view_worker.child.send(message)

    async def query(
        self,
        name: str,
        config: dict[str, Any],
        checkpoint: bytes | None,
        arguments: dict[str, Any],
        history: RecordedHistory | None = None,
        replay: Replay | None = None,
    ) -> bytes:
        """Returns the JSON answer to a query, which is sent again if the view worker ends."""
        return (await self._ask(name, config, checkpoint, arguments, history, replay)).text

    async def fork(
        self,
        config: dict[str, Any],
        checkpoint: bytes | None,
        arguments: dict[str, Any],
        replay: Replay | None,
    ) -> Answer:
        """Returns the description of a fork and the checkpoint with which it begins."""
        return await self._ask("fork", config, checkpoint, arguments, None, replay)

    async def _ask(
        self,
        name: str,
        config: dict[str, Any],
        checkpoint: bytes | None,
        arguments: dict[str, Any],
        history: RecordedHistory | None,
        replay: Replay | None,
    ) -> Answer:
        for _ in range(2):
            self._refuse_while_closing()
            assert self._view_worker is not None
            number = next(self._numbers)
            query = Query(number, name, config, checkpoint, arguments, history, replay)
            with contextlib.suppress(WorkerLost):
                answer: Answer = await self._view_worker.request(number, query)
                return answer
        raise Unavailable("view_worker_lost", "The view worker ended twice during this request.")

    # ---- start and end of the child processes

    def _start(self, main: Callable[[Any, Path], None]) -> ChildProcess:
        return ChildProcess(main, self._received, self._ended, self._folder)

    def _handles(self) -> list[WorkerHandle]:
        return [*self.runs.workers, *([self._view_worker] if self._view_worker else [])]

    def _handle_of(self, child: ChildProcess) -> WorkerHandle | None:
        return next((handle for handle in self._handles() if handle.child is child), None)

    def _refuse_while_closing(self) -> None:
        if self._closing:
            raise Unavailable("stopping", "The server is stopping.")

    def _received(self, child: ChildProcess, messages: list[Any]) -> None:
        handle = self._handle_of(child)
        if handle is None:
            return
        for message in messages:
            match message:
                case Ready():
                    child.ready = True
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

    def _ended(self, child: ChildProcess) -> None:
        handle = self._handle_of(child)
        if handle is None:
            return
        handle.fail_all()
        if self._closing:
            self._remove(handle)
            return
        log.warning("%s %s ended (exit code %s): replaced", child.name, child.pid, child.process.exitcode)
        if child.ready:
            self._replace(handle)
        else:
            # It probably ends at every start: restarting without a delay would use all processor time.
            asyncio.get_running_loop().call_later(RESTART_DELAY, self._replace, handle)

    def _replace(self, handle: WorkerHandle) -> None:
        if self._closing:
            self._remove(handle)
            return
        handle.fail_all()  # also requests since the process ended
        runs = list(handle.runs)
        handle.runs.clear()
        handle.reserved.clear()
        handle.child = self._start(handle.child.main)
        self._listener.on_worker_lost(runs, handle is self._view_worker)

    def _remove(self, handle: WorkerHandle) -> None:
        if handle is self._view_worker:
            self._view_worker = None
        else:
            self.runs.workers.remove(handle)
        if not self._handles():
            self._all_ended.set()

    async def _close(self) -> None:
        self._closing = True
        children = [handle.child for handle in self._handles()]
        for child in children:
            child.send(Stop())
        try:
            await asyncio.wait_for(self._all_ended.wait(), STOP_TIMEOUT)
        except TimeoutError:
            for child in children:
                child.kill()
        for child in children:
            await asyncio.to_thread(child.join, 1.0)

"""Import client: sends requests of the server to the import worker."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from app.errors import Unavailable
from app.workers.child_process import ChildProcess, import_worker
from app.workers.heartbeat import Heartbeat
from app.workers.imports.messages import ReadTable, WriteTable
from app.workers.messages import Answer, Ready, Refusal, Stop, UnknownMessage
from app.workers.watchdog import Watchdog
from app.workers.worker_handle import WorkerHandle, WorkerLost

IDLE_SECONDS = 60.0
STOP_TIMEOUT = 2.0
# A file is read without heartbeats; a larger one takes longer than any slice of the other workers.
MAX_READING_SECONDS = 60.0


class ImportClient:
    """Starts the import worker at the first request, and stops it IDLE_SECONDS after the last one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._worker: WorkerHandle | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._closing = False
        self._watchdog = Watchdog(lambda: [self._worker.child] if self._worker is not None else [])

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator["ImportClient"]:
        """Accept requests; on exit the child process has ended."""
        async with self._watchdog.running():
            try:
                yield self
            finally:
                self._closing = True
                await self._close()

    def children(self) -> list[dict[str, Any]]:
        """Returns the child process, if it is running, for /healthz."""
        return [self._worker.describe()] if self._worker is not None else []

    async def read(self, path: Path, options: dict[str, Any], keep: bool) -> bytes:
        """Returns the description of a file as JSON, and stores its table if `keep`. Raises ApiError."""
        return await self._request(lambda number: ReadTable(number, str(path), options, keep))

    async def write(self, content: str, path: Path) -> None:
        """Write a stored table to a file. Raises ApiError."""
        await self._request(lambda number: WriteTable(number, content, str(path)))

    async def _request(self, message: Callable[[int], ReadTable | WriteTable]) -> bytes:
        for _ in range(2):
            if self._closing:
                raise Unavailable("stopping", "The server is stopping.")
            worker, number = self._running_worker(), next(self._numbers)
            try:
                with contextlib.suppress(WorkerLost):
                    answer: Answer = await worker.request(number, message(number))
                    return answer.text
            finally:
                self._start_idle_timer()
        raise Unavailable("import_worker_lost", "The import worker ended twice during this request.")

    def _running_worker(self) -> WorkerHandle:
        self._stop_idle_timer()
        if self._worker is None:
            child = ChildProcess(import_worker, self._received, self._ended, self._folder)
            child.max_overdue = MAX_READING_SECONDS
            self._worker = WorkerHandle(child)
        return self._worker

    def _start_idle_timer(self) -> None:
        if self._worker is not None and not self._worker.requests and not self._closing:
            self._stop_idle_timer()
            self._idle_timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._stop_worker)

    def _stop_idle_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()

    def _stop_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.child.send(Stop())

    def _received(self, child: ChildProcess, messages: list[Any]) -> None:
        for message in messages:
            match message:
                case Ready():
                    child.ready = True
                case Heartbeat():
                    pass
                case Answer() | Refusal():
                    if self._worker is not None and self._worker.child is child:
                        self._worker.answer(message.request, message)
                case _:
                    raise UnknownMessage("import client", Ready | Heartbeat | Answer | Refusal, message)

    def _ended(self, child: ChildProcess) -> None:
        worker = self._worker
        if worker is not None and worker.child is child:
            self._worker = None
            worker.fail_all()

    async def _close(self) -> None:
        self._stop_idle_timer()
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.fail_all()
        worker.child.kill()
        await asyncio.to_thread(worker.child.join, STOP_TIMEOUT)

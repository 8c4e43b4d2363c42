"""Import client: sends requests of the server to the import worker."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from app.errors import Invalid, Unavailable
from app.workers.child_process import ChildProcess, import_worker
from app.workers.heartbeat import Heartbeat
from app.workers.imports.messages import ReadTable, WriteTable
from app.workers.messages import Answer, Ready, Refusal, Stop, UnknownMessage
from app.workers.watchdog import MAX_OVERDUE, Watchdog
from app.workers.worker_handle import WorkerHandle, WorkerLost

IDLE_SECONDS = 60.0
STOP_TIMEOUT = 2.0
MAX_WORKERS = 2  # so that a file that takes long does not delay the others
LARGE = 1_000_000  # bytes: larger files wait for each other, and smaller ones for none of them
MAX_LOSSES = 2  # of the process because of a request
MAX_ATTEMPTS = 5  # of a request whose process ended because of something else


class ImportClient:
    """Starts import workers as there are requests, and stops each IDLE_SECONDS after its last one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._workers: list[WorkerHandle] = []
        self._large: set[int] = set()  # the numbers of the requests with large files
        self._idle_timers: dict[WorkerHandle, asyncio.TimerHandle] = {}
        self._closing = False
        self._watchdog = Watchdog(lambda: (worker.child for worker in self._workers))

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator["ImportClient"]:
        """Accept requests; on exit the child processes have ended."""
        async with self._watchdog.running():
            try:
                yield self
            finally:
                self._closing = True
                await self._close()

    def children(self) -> list[dict[str, Any]]:
        """Returns the running child processes, for /healthz."""
        return [worker.describe() for worker in self._workers]

    async def read(self, path: Path, options: dict[str, Any], keep: bool) -> bytes:
        """Returns the description of a file as JSON, and stores its table if `keep`. Raises ApiError."""
        return await self._request(lambda number: ReadTable(number, str(path), options, keep), path)

    async def write(self, content: str, path: Path) -> None:
        """Write a stored table to a file. Raises ApiError."""
        stored = self._folder / f"{content}.npz"
        await self._request(lambda number: WriteTable(number, content, str(path)), stored)

    async def _request(self, message: Callable[[int], ReadTable | WriteTable], source: Path) -> bytes:
        losses, is_large = 0, _size(source) > LARGE
        for _ in range(MAX_ATTEMPTS):
            if self._closing:
                raise Unavailable("stopping", "The server is stopping.")
            worker, number = self._next_worker(is_large), next(self._numbers)
            if is_large:
                self._large.add(number)
            try:
                answer: Answer = await worker.request(number, message(number))
                return answer.text
            except WorkerLost as lost:
                if lost.task == str(number) and worker.child.stuck:
                    raise _stuck() from None
                losses += lost.task in (None, str(number))
                if losses == MAX_LOSSES:
                    break
            finally:
                self._large.discard(number)
                self._start_idle_timer(worker)
        raise Unavailable("import_worker_lost", "The import worker ended several times during this request.")

    def _next_worker(self, is_large: bool) -> WorkerHandle:
        """Returns the worker with the fewest requests; a new one if all have some and there may be more.

        A small file gets none with a large one, if possible, and a large one that with other large ones.
        """

        def order(worker: WorkerHandle) -> tuple[bool, int]:
            return self._has_large(worker) != is_large, len(worker.requests)

        worker = min(self._workers, key=order, default=None)
        is_right = worker is not None and (not worker.requests or (is_large and self._has_large(worker)))
        if worker is None or (not is_right and len(self._workers) < MAX_WORKERS):
            child = ChildProcess(import_worker, self._received, self._ended, self._folder)
            worker = WorkerHandle(child)
            self._workers.append(worker)
        self._stop_idle_timer(worker)
        return worker

    def _has_large(self, worker: WorkerHandle) -> bool:
        return not self._large.isdisjoint(worker.requests)

    def _start_idle_timer(self, worker: WorkerHandle) -> None:
        if worker in self._workers and not worker.requests and not self._closing:
            self._stop_idle_timer(worker)
            loop = asyncio.get_running_loop()
            self._idle_timers[worker] = loop.call_later(IDLE_SECONDS, self._stop_worker, worker)

    def _stop_idle_timer(self, worker: WorkerHandle) -> None:
        timer = self._idle_timers.pop(worker, None)
        if timer is not None:
            timer.cancel()

    def _stop_worker(self, worker: WorkerHandle) -> None:
        self._remove(worker)
        worker.child.send(Stop())

    def _remove(self, worker: WorkerHandle) -> None:
        self._stop_idle_timer(worker)
        self._workers.remove(worker)

    def _worker_of(self, child: ChildProcess) -> WorkerHandle | None:
        return next((worker for worker in self._workers if worker.child is child), None)

    def _received(self, child: ChildProcess, messages: list[Any]) -> None:
        for message in messages:
            match message:
                case Ready():
                    child.ready = True
                case Heartbeat():
                    pass
                case Answer() | Refusal():
                    if (worker := self._worker_of(child)) is not None:
                        worker.answer(message.request, message)
                case _:
                    raise UnknownMessage("import client", Ready | Heartbeat | Answer | Refusal, message)

    def _ended(self, child: ChildProcess) -> None:
        worker = self._worker_of(child)
        if worker is not None:
            self._remove(worker)
            worker.fail_all()

    async def _close(self) -> None:
        workers = list(self._workers)
        for worker in workers:
            self._remove(worker)
            worker.fail_all()
            worker.child.kill()
        for worker in workers:
            await asyncio.to_thread(worker.child.join, STOP_TIMEOUT)


def _size(path: Path) -> int:
    """The bytes of a file; 0 if it cannot be read, which the worker reports."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stuck() -> Invalid:
    """The error for a file on which the worker did not get further; a second one would not either."""
    message = (
        f"Reading or writing these data did not get further for {MAX_OVERDUE:.0f} s and was given up."
        " Save them as plain CSV, or split them."
    )
    return Invalid("import_stuck", message)

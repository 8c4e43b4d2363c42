"""Supervisor: starts, watches and replaces the child processes of the pool.

A child process that ends, or that the watchdog kills because it is stopped or stuck, is replaced.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from app.workers.child_process import ChildProcess
from app.workers.messages import Stop
from app.workers.watchdog import Watchdog
from app.workers.worker_handle import Loss, WorkerHandle

RESTART_DELAY = 1.0  # seconds, for a process that ended before it was ready
STOP_TIMEOUT = 3.0  # seconds

log = logging.getLogger("perceptarium")


class Supervisor:
    """The running child processes.

    `received` is called with their messages, `lost` when one was replaced or stopped, with the reason.
    """

    def __init__(
        self,
        folder: Path,
        received: Callable[[WorkerHandle, list[Any]], None],
        lost: Callable[[WorkerHandle, Loss], None],
    ) -> None:
        self._folder = folder
        self._received = received
        self._lost = lost
        self.closing = False
        self.handles: list[WorkerHandle] = []
        self._all_ended = asyncio.Event()
        self._watchdog = Watchdog(lambda: (handle.child for handle in self.handles))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watches the child processes; on exit, active runs are saved and all processes have ended."""
        async with self._watchdog.running():
            try:
                yield
            finally:
                await self._close()

    def start(self, main: Callable[..., None]) -> WorkerHandle:
        """Starts a child process that is replaced when it ends."""
        handle = WorkerHandle(self._child(main))
        self.handles.append(handle)
        return handle

    def stop(self, handle: WorkerHandle) -> None:
        """Ends a child process that is not needed any more; what it still works on is lost."""
        handle.stopping = True
        handle.child.send(Stop())

    def _child(self, main: Callable[..., None]) -> ChildProcess:
        return ChildProcess(main, self._on_messages, self._on_end, self._folder)

    def _handle_of(self, child: ChildProcess) -> WorkerHandle | None:
        return next((handle for handle in self.handles if handle.child is child), None)

    def _on_messages(self, child: ChildProcess, messages: list[Any]) -> None:
        handle = self._handle_of(child)
        if handle is not None:
            self._received(handle, messages)

    def _on_end(self, child: ChildProcess) -> None:
        handle = self._handle_of(child)
        if handle is None:
            return
        handle.fail_all()
        if self.closing:
            self._remove(handle)
            return
        if handle.stopping:
            self._remove(handle)
            self._lost(handle, Loss(None))
            return
        log.warning("%s %s ended (exit code %s): replaced", child.name, child.pid, child.process.exitcode)
        if child.ready:
            self._replace(handle)
        else:
            # It probably ends at every start: restarting without a delay would use all processor time.
            asyncio.get_running_loop().call_later(RESTART_DELAY, self._replace, handle)

    def _replace(self, handle: WorkerHandle) -> None:
        if self.closing:
            self._remove(handle)
            return
        handle.fail_all()  # also requests since the process ended
        loss = Loss(handle.child.task.name, handle.child.stuck)
        handle.child = self._child(handle.child.main)
        handle.restarts += 1
        self._lost(handle, loss)

    def _remove(self, handle: WorkerHandle) -> None:
        self.handles.remove(handle)
        if not self.handles:
            self._all_ended.set()

    async def _close(self) -> None:
        self.closing = True
        children = [handle.child for handle in self.handles]
        for child in children:
            child.send(Stop())
        try:
            await asyncio.wait_for(self._all_ended.wait(), STOP_TIMEOUT)
        except TimeoutError:
            for child in children:
                child.kill()
        for child in children:
            await asyncio.to_thread(child.join, 1.0)

"""Child process: starts a process, exchanges messages with it, and reports its end.

One thread reads and one writes, so that a full pipe or a child process that does not read cannot block the
event loop.
"""

import asyncio
import logging
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from app.monitoring.logs import configure_child
from app.workers.bundles import Outgoing, parts, receive
from app.workers.current_task import CurrentTask
from app.workers.messages import UnknownMessage
from app.workers.watchdog import MAX_OVERDUE

# NumPy's libraries read these when they are loaded. One thread each: there is one process per core.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
MAX_BATCH = 64  # messages per call of `received`

log = logging.getLogger("perceptarium")


def training_worker(connection: Any, folder: Path, task_memory: Any) -> None:
    """Run a training worker; the engine is imported in the child process only."""
    from app.workers.training.worker import main

    configure_child()
    main(connection, folder, CurrentTask(task_memory))


def view_worker(connection: Any, folder: Path, task_memory: Any) -> None:
    """Run a view worker."""
    from app.workers.views.worker import main

    configure_child()
    main(connection, folder, CurrentTask(task_memory))


def import_worker(connection: Any, folder: Path, task_memory: Any) -> None:
    """Run the import worker, which has one task at a time."""
    from app.workers.imports.worker import main

    configure_child()
    main(connection, folder, CurrentTask(task_memory))


def prepare_process(niceness: int) -> None:
    """Ignore the signals that the server handles, and lower the priority of this child process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(niceness)


class ChildProcess:
    """A child process that executes `main(connection, folder, task_memory)`; `folder` has the imported data.

    `received`, with the messages of the child process, and `ended` are called on the event loop, in order.
    """

    def __init__(
        self,
        main: Callable[[Any, Path, Any], None],
        received: Callable[["ChildProcess", list[Any]], None],
        ended: Callable[["ChildProcess"], None],
        folder: Path,
    ) -> None:
        self.main = main
        self.name = name = main.__name__
        self.ready = self.stuck = False
        self.responded, self.overdue = False, 0.0  # see app.workers.watchdog
        self._received = received
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        context = multiprocessing.get_context("spawn")
        self._connection, self._child_connection = context.Pipe()
        self.task = CurrentTask()
        arguments = (self._child_connection, folder, self.task.memory)
        self.process = context.Process(target=main, args=arguments, name=name, daemon=True)
        for variable in THREAD_VARIABLES:
            os.environ[variable] = "1"
        self._threads = [
            threading.Thread(target=self._start_and_read, name=f"{name}-reader", daemon=True),
            threading.Thread(target=self._write, name=f"{name}-writer", daemon=True),
        ]
        self._started = threading.Event()
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int | None:
        """The process id, once the process has started."""
        return self.process.pid

    @property
    def patience(self) -> float:
        """How many seconds without a message are no reason to kill the process."""
        return max(MAX_OVERDUE, self.task.seconds)

    def send(self, message: Any) -> None:
        """Queue a message; a message to a process that has ended is discarded."""
        self._outbox.put(message)

    def kill(self) -> None:
        """Kill the process."""
        if self._started.is_set() and self.process.is_alive():
            self.process.kill()

    def join(self, timeout: float) -> None:
        """Wait until both threads have ended; call after `ended`, from a thread."""
        for thread in self._threads:
            thread.join(timeout)

    def _start_and_read(self) -> None:
        # In this thread, because spawning takes about 20 ms.
        try:
            self.process.start()
        except OSError as error:  # no memory, or too many processes
            log.error("%s cannot be started: %s", self.name, error)
            self._end()
            return
        finally:
            self._started.set()
            self._child_connection.close()
        sentinel = self.process.sentinel
        try:
            while self._connection in wait([self._connection, sentinel]):
                messages = receive(self._connection)
                while len(messages) < MAX_BATCH and self._connection.poll(0):
                    messages += receive(self._connection)
                self.responded = True
                for part in parts(messages, MAX_BATCH):
                    self._call(self._deliver, part)
        except (EOFError, OSError):
            pass
        self.process.join()
        self._end()

    def _end(self) -> None:
        self._outbox.put(None)
        self._call(self._finish)

    def _write(self) -> None:
        self._started.wait()
        try:
            outgoing = Outgoing(self._connection)
            while (message := self._outbox.get()) is not None:
                outgoing.put(message)
                if self._outbox.empty():
                    outgoing.write()
            outgoing.write()
        except (OSError, ValueError):
            # The reading thread reports the end of the process.
            log.debug("%s no longer reads", self.name)
            while self._outbox.get() is not None:
                pass

    def _deliver(self, messages: list[Any]) -> None:
        """Hands over messages; kills a process whose messages are unknown: requests would wait for it."""
        self.overdue = 0.0  # at once: a process that needed long to start would not count as one that answers
        try:
            self._received(self, messages)
        except UnknownMessage as error:
            log.error("%s %s is killed: %s", self.name, self.pid, error)
            self.kill()

    def _finish(self) -> None:
        self._ended(self)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            log.debug("a message of %s was received after the end of the event loop", self.name)

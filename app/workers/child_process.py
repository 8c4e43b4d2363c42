"""Child process: starts one, sends to it, receives from it, and notices its end.

Reading and writing have a thread each, so that neither a full pipe nor a child process that does not read
ever blocks the event loop.
"""

import asyncio
import logging
import multiprocessing
import os
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

# Read by NumPy's libraries when they are loaded: one thread each, since there is one process per core.
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)

log = logging.getLogger("perceptarium")


def training_worker(connection: Any, folder: Path) -> None:
    """Runs a training worker; the mathematics is imported in the child process only."""
    from app.workers.training_worker import main

    main(connection, folder)


def view_worker(connection: Any, folder: Path) -> None:
    """Runs the view worker."""
    from app.workers.view_worker import main

    main(connection, folder)


def import_worker(connection: Any, folder: Path) -> None:
    """Runs the import worker."""
    from app.workers.import_worker import main

    main(connection, folder)


class ChildProcess:
    """A running child process, which executes `main(connection, folder)`; imported data are in `folder`.

    `received` (with the messages of the child process) and `ended` are called on the event loop, in order.
    """

    def __init__(
        self,
        main: Callable[[Any, Path], None],
        received: Callable[["ChildProcess", list[Any]], None],
        ended: Callable[["ChildProcess"], None],
        folder: Path,
    ) -> None:
        self.main = main
        self.name = name = main.__name__
        self.ready = False
        self._received = received
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._theirs = theirs
        self.process = context.Process(target=main, args=(theirs, folder), name=name, daemon=True)
        for variable in THREADS:
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

    def send(self, message: Any) -> None:
        """Queue a message; messages to a process that has ended are lost, which `ended` reports."""
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
        # Spawning takes about 20 ms of the calling thread, which the event loop must not lose.
        self.process.start()
        self._started.set()
        self._theirs.close()
        sentinel = self.process.sentinel
        try:
            while self._connection in wait([self._connection, sentinel]):
                messages = [self._connection.recv()]
                while len(messages) < 64 and self._connection.poll(0):
                    messages.append(self._connection.recv())
                self._call(self._received, messages)
        except (EOFError, OSError):
            pass
        self.process.join()
        self._outbox.put(None)
        self._call(self._ended)

    def _write(self) -> None:
        self._started.wait()
        try:
            while (message := self._outbox.get()) is not None:
                self._connection.send(message)
        except (OSError, ValueError):
            # The thread that reads notices the end too, and reports it.
            log.debug("%s no longer reads", self.name)
            while self._outbox.get() is not None:
                pass

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, self, *arguments)
        except RuntimeError:
            log.debug("a message of %s came after the event loop had ended", self.name)

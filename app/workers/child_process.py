"""Child: one child process as the server sees it: start, send, receive, notice its end.

Reading and writing have a thread each, so that neither a full pipe nor a silent child ever holds up the
event loop.
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

# NumPy's libraries read these when they load: one thread each, for there is one process per core already.
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)

log = logging.getLogger("perceptarium")


def worker(connection: Any, folder: Path) -> None:
    """A training worker's life; the mathematics is imported in the child only."""
    from app.workers.training_worker import main

    main(connection, folder)


def painter(connection: Any, folder: Path) -> None:
    """The painter's life."""
    from app.workers.view_worker import main

    main(connection, folder)


def reader(connection: Any, folder: Path) -> None:
    """The reader's life."""
    from app.workers.import_worker import main

    main(connection, folder)


class Child:
    """A running child process; `received` and `ended` are called on the event loop, in order. Own data lie in
    `folder`.
    """

    def __init__(
        self,
        life: Callable[[Any, Path], None],
        received: Callable[["Child", list[Any]], None],
        ended: Callable[["Child"], None],
        folder: Path,
    ) -> None:
        self.life = life
        self.name = name = life.__name__
        self.ready = False
        self._received = received
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._theirs = theirs
        self.process = context.Process(target=life, args=(theirs, folder), name=name, daemon=True)
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
        """The process id, once it has one."""
        return self.process.pid

    def send(self, message: Any) -> None:
        """Queue a message; messages to a child that has ended are lost, which `ended` tells."""
        self._outbox.put(message)

    def kill(self) -> None:
        """End it at once."""
        if self._started.is_set() and self.process.is_alive():
            self.process.kill()

    def join(self, timeout: float) -> None:
        """Wait for its end and for both threads; call after `ended`, from a thread."""
        for thread in self._threads:
            thread.join(timeout)

    def _start_and_read(self) -> None:
        # Spawning takes some 20 ms of the calling thread: the event loop has better things to do.
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
            # The reader notices the end too, and tells.
            log.debug("%s no longer reads", self.name)
            while self._outbox.get() is not None:
                pass

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, self, *arguments)
        except RuntimeError:
            log.debug("%s has something to say, but the server has ended", self.name)

"""Writer: the thread that writes to the store, once a second or when a caller waits for `flush`."""

import asyncio
import logging
import queue
import sqlite3
import threading
from concurrent.futures import Future
from pathlib import Path
from time import monotonic
from typing import Any

from app.errors import Unavailable
from app.storage.store_file import StoreFile
from app.storage.store_problem import StoreProblem, of_error, problem
from app.storage.transaction import Batch

FLUSH_INTERVAL = 1.0  # seconds
# Approximate bytes that are kept in memory while nothing can be written.
MAX_UNWRITTEN = 256 * 1024 * 1024
# A lock of another process may last so long, in seconds, before it is a problem.
LOCK_PATIENCE = 3.0

log = logging.getLogger("perceptarium")


class Writer:
    """Collects data and writes them in transactions. While that is impossible, it keeps them."""

    def __init__(self, path: Path) -> None:
        self._file = StoreFile(path)
        self._queue: queue.SimpleQueue[tuple[str, Any, int]] = queue.SimpleQueue()
        self._batch = Batch()
        # Bytes put and bytes written: two counters, because each is changed by one thread only.
        self._put_bytes = self._written_bytes = 0
        self._since: float | None = None  # when the oldest unwritten data arrived
        self._problem: StoreProblem | None = None
        self._failing_since: float | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._run, name="store-writer", daemon=True).start()

    @property
    def full(self) -> bool:
        """Whether more than MAX_UNWRITTEN bytes wait to be written."""
        return self.unwritten_bytes > MAX_UNWRITTEN

    @property
    def unwritten_bytes(self) -> int:
        """About how many bytes wait to be written."""
        return self._put_bytes - self._written_bytes

    @property
    def lag(self) -> float:
        """Since when data wait to be written, in seconds; 0 if none do."""
        since = self._since
        return 0.0 if since is None else monotonic() - since

    @property
    def problem(self) -> StoreProblem | None:
        """Why nothing can be written now; None if it can."""
        return self._problem or (problem("store_full") if self.full else None)

    @property
    def unwritten(self) -> Batch:
        """What waits to be written."""
        return self._batch

    def put(self, kind: str, item: Any, size: int) -> None:
        """Write an operation, a checkpoint, points or a row, of about `size` bytes; returns at once."""
        self._put_bytes += size
        self._queue.put((kind, item, size))

    def report_damage(self) -> None:
        """A reader could not read the file: look at it."""
        self._queue.put(("damage", None, 0))

    async def flush(self) -> None:
        """Returns once all earlier data are durable. Raises Unavailable if they cannot be written now."""
        done: Future[None] = Future()
        self._queue.put(("flush", done, 0))
        await asyncio.wrap_future(done)

    def close(self) -> None:
        """Write everything, and close the file."""
        self._queue.put(("close", None, 0))
        self._closed.wait()

    # ---- the thread

    def _run(self) -> None:
        due: float | None = None  # when what waits is written
        looked = monotonic()
        kind = ""
        while kind != "close":
            kind, item, size = self._next(min(looked + FLUSH_INTERVAL, due or float("inf")))
            if kind in ("operation", "event", "checkpoint", "points", "recovery", "row"):
                self._batch.add(kind, item, size)
                self._since = self._since or monotonic()
                due = due or monotonic() + FLUSH_INTERVAL
            if kind == "damage":
                self._file.verify()
            if monotonic() >= looked + FLUSH_INTERVAL:
                looked = monotonic()
                self._look(idle=due is None and kind == "deadline")
            if kind in ("flush", "close") or (due is not None and monotonic() >= due):
                error = self._write(is_last=kind == "close")
                due = monotonic() + FLUSH_INTERVAL if error is not None else None
                if kind == "flush":
                    _resolve(item, error)
        self._file.close(self._closed)

    def _next(self, deadline: float) -> tuple[str, Any, int]:
        try:
            return self._queue.get(timeout=max(0.0, deadline - monotonic()))
        except queue.Empty:
            return "deadline", None, 0

    def _look(self, idle: bool) -> None:
        """Looks at the file once a second, and does what it needs while nothing is to be written."""
        found = self._file.problem()
        if found is None and self._failing_since is None:
            try:
                self._file.tidy(idle and self._queue.empty())
            except sqlite3.Error as error:
                found = of_error(error)
        if found is not None or self._failing_since is None:
            self._report(found)

    def _write(self, is_last: bool) -> Exception | None:
        """Writes the batch. Returns why it, or a faulty part of it, is not stored.

        While the file has a problem the data remain in memory; a faulty part is given up.
        """
        found = self._file.problem()
        if found is not None and (not is_last or self._file.is_lost):
            self._report(found)
            self._drop_checkpoints()
            return Unavailable(found.code, f"The data cannot be stored: {found.sentence}.")
        try:
            failure = self._file.write(self._batch)
        except sqlite3.Error as error:
            self._on_failure(of_error(error))
            self._drop_checkpoints()
            return error
        self._on_success(found)
        return failure

    def _on_success(self, found: StoreProblem | None) -> None:
        self._written_bytes += self._batch.size
        self._batch, self._since = Batch(), None
        self._failing_since = None
        self._report(found)  # the last data are written into a file that was renamed as well

    def _on_failure(self, found: StoreProblem) -> None:
        self._failing_since = self._failing_since or monotonic()
        if found.code != "store_failing" or monotonic() - self._failing_since >= LOCK_PATIENCE:
            self._report(found)

    def _drop_checkpoints(self) -> None:
        self._written_bytes += self._batch.drop_checkpoints()

    def _report(self, found: StoreProblem | None) -> None:
        """Keeps the problem, and logs a change of it."""
        if found != self._problem:
            if found is None:
                log.warning("the store can be written again")
            else:
                log.error("the store: %s", found.sentence)
        self._problem = found


def _resolve(done: "Future[None]", error: Exception | None) -> None:
    # From now on it cannot be cancelled, as its caller may do at any time, from another thread.
    if not done.set_running_or_notify_cancel():
        return
    if error is None:
        done.set_result(None)
    elif isinstance(error, Unavailable):
        done.set_exception(error)
    elif isinstance(error, sqlite3.OperationalError):
        done.set_exception(Unavailable("not_stored", f"The data folder cannot be written: {error}."))
    else:
        done.set_exception(Unavailable("not_stored", f"A part of the data could not be stored: {error!r}."))

"""Writer: the thread that writes to the store, once a second or when a caller waits for `flush`."""

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
from concurrent.futures import Future
from pathlib import Path
from time import monotonic
from typing import Any

from app.errors import Unavailable
from app.storage.migrations import connect
from app.storage.transaction import Batch

FLUSH_INTERVAL = 1.0  # seconds
# Approximate bytes that are kept in memory while nothing can be written.
MAX_UNWRITTEN = 256 * 1024 * 1024

# Free pages that remain in the file for new data, and pages that are given back at once (each 4 KiB).
SPARE_PAGES, PAGES_AT_ONCE = 256, 2048

log = logging.getLogger("perceptarium")


class Writer:
    """Collects data and writes them in transactions."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._queue: queue.SimpleQueue[tuple[str, Any, int]] = queue.SimpleQueue()
        # Bytes put and bytes written: two counters, because each is changed by one thread only.
        self._put_bytes = self._written_bytes = 0
        self._since: float | None = None  # when the oldest unwritten data arrived
        self._thread = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._thread.start()

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

    def put(self, kind: str, item: Any, size: int) -> None:
        """Write an operation, a checkpoint, points or a row, of about `size` bytes; returns at once."""
        self._put_bytes += size
        self._queue.put((kind, item, size))

    async def flush(self) -> None:
        """Returns once all earlier data are durable. Raises Unavailable if they cannot be written now."""
        done: Future[None] = Future()
        self._queue.put(("flush", done, 0))
        await asyncio.wrap_future(done)

    def close(self) -> None:
        """Write everything, and end the thread."""
        self._queue.put(("close", None, 0))
        self._thread.join()

    def _write(self) -> None:
        with contextlib.closing(self._connection) as connection:
            batch = Batch()
            deadline: float | None = None
            closed = False
            while not closed:
                kind, item, size = self._next(deadline)
                if kind in ("operation", "checkpoint", "points", "recovery", "row"):
                    batch.add(kind, item, size)
                    self._since = self._since or monotonic()
                    deadline = deadline or monotonic() + FLUSH_INTERVAL
                    if monotonic() < deadline:
                        continue
                closed = kind == "close"
                error = _commit(connection, batch)
                if isinstance(error, sqlite3.OperationalError):  # a full disk or a lock: try again later
                    self._written_bytes += batch.drop_checkpoints()
                    deadline = monotonic() + FLUSH_INTERVAL
                else:
                    self._written_bytes += batch.size
                    batch, self._since = Batch(), None
                    deadline = monotonic() + FLUSH_INTERVAL if self._give_back(connection, kind) else None
                if kind == "flush":
                    _resolve(item, error)
            _end_journal(connection)

    def _give_back(self, connection: sqlite3.Connection, kind: str) -> bool:
        """Gives free pages back to the file system, some at a time. Returns whether more are left.

        No caller waits for it: it is done when nothing was requested for a while.
        """
        try:
            free = connection.execute("PRAGMA freelist_count").fetchone()[0]
            if free > SPARE_PAGES and kind == "deadline" and self._queue.empty():
                pages = min(free - SPARE_PAGES, PAGES_AT_ONCE)
                # `execute` would end after the first page.
                connection.executescript(f"PRAGMA incremental_vacuum({pages})")
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as error:
            log.warning("the store could not give back free pages: %s", error)
            return False
        return bool(free > SPARE_PAGES)

    def _next(self, deadline: float | None) -> tuple[str, Any, int]:
        try:
            return self._queue.get(timeout=None if deadline is None else max(0.0, deadline - monotonic()))
        except queue.Empty:
            return "deadline", None, 0


def _commit(connection: sqlite3.Connection, batch: Batch) -> Exception | None:
    """Write the batch. Returns the exception if it failed."""
    try:
        with connection:
            batch.execute(connection)
    except Exception as error:
        log.exception("the store could not write")
        return error
    return None


def _end_journal(connection: sqlite3.Connection) -> None:
    """Move everything into the one file of the store, and remove the journal.

    If another process reads the store, the journal remains, and the next start reads both.
    """
    with contextlib.suppress(sqlite3.Error):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")


def _resolve(done: "Future[None]", error: Exception | None) -> None:
    # From now on it cannot be cancelled, as its caller may do at any time, from another thread.
    if not done.set_running_or_notify_cancel():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(Unavailable("not_stored", f"The data folder cannot be written: {error}"))

"""Store: runs, their history, events and checkpoints in one SQLite file. The only place that speaks SQL.

One connection writes, in one thread, everything that came in during about a second in one transaction;
readers open the file read-only in threads of their own. A write is durable once `flush` after it has
returned.
"""

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from app import encoding, history_columns
from app.errors import Unavailable
from app.storage import statements
from app.storage.dataset_rows import DatasetRows
from app.storage.migrations import connect, prepare
from app.storage.transaction import Batch, Checkpoint, Operation

FLUSH_EVERY = 1.0
# While nothing can be written, at most about so many bytes are kept in memory; then nothing more is accepted.
MAX_UNWRITTEN = 256 * 1024 * 1024
# About what an operation or a point takes in memory.
ITEM_BYTES = 1000
READERS = 2

log = logging.getLogger("perceptarium")
T = TypeVar("T")


class Store:
    """An open store; close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[tuple[str, Any, int]] = queue.SimpleQueue()
        # Two counters, because each is changed by one thread only.
        self._taken = self._done = 0
        prepare(path)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._writer.start()
        self.datasets = DatasetRows(self._put, self._read)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Write everything and close."""
        self._queue.put(("close", None, 0))
        self._writer.join()
        self._readers.shutdown()
        for connection in self._opened:
            connection.close()

    @property
    def full(self) -> bool:
        """Whether so much could not be written that no more should come."""
        return self._taken - self._done > MAX_UNWRITTEN

    def check(self) -> None:
        """Raise Unavailable while no more should come."""
        if self.full:
            raise Unavailable(
                "not_stored", "The data folder cannot be written, and memory for it has run out."
            )

    # ---- writing: these return at once

    def create_run(self, row: dict[str, Any]) -> None:
        """A new run: id, created, config, status, speed, seq."""
        self._put(lambda connection: connection.execute(statements.INSERT_RUN, row))

    def update_run(self, row: dict[str, Any]) -> None:
        """Everything of a run that changes, but its seq."""
        self._take("row", row, 0)  # only the newest of a run is kept

    def reserve_seq(self, run: str, seq: int) -> None:
        """No frame after a restart will have a seq up to `seq`."""
        self._put(lambda connection: connection.execute(statements.RESERVE_SEQ, (seq, run)))

    def delete_run(self, run: str) -> None:
        """Remove a run and all that belongs to it."""
        self._put(
            lambda connection: [connection.execute(statement, (run,)) for statement in statements.DELETE_RUN]
        )

    def add_points(self, run: str, attempt: int, points: dict[str, Any], row: dict[str, Any]) -> None:
        """Append points, as columns, to a run's history, and in one with them how far that now goes."""
        self._take("points", (run, attempt, points, row), ITEM_BYTES * len(points["step"]))

    def add_event(self, run: str, seq: int, attempt: int, step: int, event: dict[str, Any]) -> None:
        """Record what was changed, and at which step it took effect."""
        values = (run, seq, attempt, step, encoding.encode(event).decode())
        self._put(lambda connection: connection.execute(statements.INSERT_EVENT, values))

    def add_checkpoint(self, run: str, attempt: int, step: int, epoch: int, state: bytes) -> None:
        """Record a checkpoint, in place of one of the same step."""
        size = len(state)
        self._take("checkpoint", Checkpoint(run, attempt, step, epoch, size, state), size)

    def delete_checkpoints(self, run: str, attempt: int, steps: list[int]) -> None:
        """Forget checkpoints."""
        rows = [(run, attempt, step) for step in steps]
        self._put(lambda connection: connection.executemany(statements.DELETE_CHECKPOINTS, rows))

    def delete_attempts_before(self, run: str, attempt: int) -> None:
        """Forget points and checkpoints of attempts that a reset has ended."""
        self._put(
            lambda connection: [
                connection.execute(sql, (run, attempt)) for sql in statements.DELETE_OLD_ATTEMPTS
            ]
        )

    async def flush(self) -> None:
        """Return once everything put before is durable; raises Unavailable when it cannot be written now."""
        done: Future[None] = Future()
        self._queue.put(("flush", done, 0))
        await asyncio.wrap_future(done)

    # ---- reading

    async def run(self, run: str) -> dict[str, Any] | None:
        """The row of a run."""
        rows = await self._read(
            lambda connection: connection.execute(statements.SELECT_RUN, (run,)).fetchall()
        )
        return dict(rows[0]) if rows else None

    async def runs(self, limit: int, before: str | None) -> list[dict[str, Any]]:
        """Rows of runs, the newest first."""
        values = {"limit": limit, "before": before}
        rows = await self._read(
            lambda connection: connection.execute(statements.SELECT_RUNS, values).fetchall()
        )
        return [dict(row) for row in rows]

    async def unfinished(self) -> list[str]:
        """Runs that were running or queued when the server ended, the oldest first."""
        rows = await self._read(
            lambda connection: connection.execute(statements.SELECT_UNFINISHED).fetchall()
        )
        return [row["id"] for row in rows]

    async def history(self, run: str, attempt: int, after: int | None, until: int | None) -> dict[str, Any]:
        """Columns of the points with after < step <= until; None leaves that side open."""

        def read(connection: sqlite3.Connection) -> dict[str, Any]:
            rows = connection.execute(
                statements.SELECT_POINTS, (run, attempt, -1 if after is None else after)
            )
            return history_columns.between(
                history_columns.joined(encoding.decode(row["columns"]) for row in rows), after, until
            )

        return await self._read(read)

    async def checkpoints(self, run: str, attempt: int) -> list[tuple[int, int, int]]:
        """Step, epoch and size of the recorded checkpoints, in order."""
        values = (run, attempt)
        rows = await self._read(
            lambda connection: connection.execute(statements.SELECT_CHECKPOINTS, values).fetchall()
        )
        return [tuple(row) for row in rows]

    async def checkpoint(self, run: str, attempt: int, step: int | None = None) -> bytes | None:
        """The checkpoint of a step, or the newest one."""

        def read(connection: sqlite3.Connection) -> bytes | None:
            if step is None:
                row = connection.execute(statements.SELECT_NEWEST_CHECKPOINT, (run, attempt)).fetchone()
            else:
                row = connection.execute(statements.SELECT_CHECKPOINT, (run, attempt, step)).fetchone()
            return row["state"] if row else None

        return await self._read(read)

    async def states(self, run: str, attempt: int, steps: list[int]) -> tuple[bytes, ...]:
        """The checkpoints of these steps that there are, in order."""

        def read(connection: sqlite3.Connection) -> tuple[bytes, ...]:
            found = (
                connection.execute(statements.SELECT_CHECKPOINT, (run, attempt, step)).fetchone()
                for step in steps
            )
            return tuple(row["state"] for row in found if row)

        return await self._read(read)

    # ---- inside

    def _put(self, operation: Operation) -> None:
        self._take("operation", operation, ITEM_BYTES)

    def _take(self, kind: str, item: Any, size: int) -> None:
        self._taken += size
        self._queue.put((kind, item, size))

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, lambda: work(self._reader()))

    def _reader(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            uri = f"{self._path.as_uri()}?mode=ro"
            self._local.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._local.connection.row_factory = sqlite3.Row
            self._opened.append(self._local.connection)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _write(self) -> None:
        """The writer's life: collect, and write about once a second or when somebody waits for it."""
        with contextlib.closing(connect(self._path)) as connection:
            batch = Batch()
            due: float | None = None
            open_ = True
            while open_:
                waiting = None
                try:
                    kind, item, size = self._queue.get(
                        timeout=None if due is None else max(0.0, due - monotonic())
                    )
                except queue.Empty:
                    kind, item, size = "due", None, 0
                if kind in ("operation", "checkpoint", "points", "row"):
                    batch.add(kind, item, size)
                    due = due or monotonic() + FLUSH_EVERY
                    if monotonic() < due:
                        continue
                elif kind == "flush":
                    waiting = item
                open_ = kind != "close"
                problem = self._commit(connection, batch)
                if not isinstance(problem, sqlite3.OperationalError):
                    self._done += batch.size
                    batch, due = Batch(), None
                else:  # a full disk or a lock is waited for
                    self._done += batch.thin()
                    due = monotonic() + FLUSH_EVERY
                _tell(waiting, problem)

    def _commit(self, connection: sqlite3.Connection, batch: Batch) -> Exception | None:
        """Write the batch; returns what prevented it."""
        try:
            with connection:
                batch.execute(connection)
        except Exception as error:
            log.exception("the store could not write")
            return error
        return None


def _tell(waiting: "Future[None] | None", problem: Exception | None) -> None:
    """Tell who waits for the writing what became of it."""
    if waiting is None or waiting.cancelled():
        return
    if problem is None:
        return waiting.set_result(None)
    waiting.set_exception(Unavailable("not_stored", f"The data folder cannot be written: {problem}"))

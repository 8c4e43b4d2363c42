"""Store: runs, their history, events and checkpoints in one SQLite file. Only this package uses SQL.

One thread writes, with one connection: one transaction per second or per `flush`. Readers open the file
read-only in other threads. A write is durable once a later `flush` has returned.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from app import encoding, history_columns
from app.errors import Unavailable
from app.storage import run_lists, statements
from app.storage.attempts import Attempts
from app.storage.bookmark_rows import BookmarkRows
from app.storage.dataset_rows import DatasetRows
from app.storage.migrations import connect_to_read, prepare
from app.storage.server_checkpoints import ServerCheckpoints
from app.storage.transaction import Checkpoint, Operation, Recovery
from app.storage.writer import Writer

ITEM_BYTES = 1000  # approximate memory of an operation or a point
READERS = 2  # threads

T = TypeVar("T")


class Store:
    """An open store; close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        prepare(path)
        self._writer = Writer(path)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._thread_local = threading.local()
        self._read_connections: list[sqlite3.Connection] = []
        self.bookmarks = BookmarkRows(self._put, self._read)
        self.datasets = DatasetRows(self._put, self._read)
        self.attempts = Attempts(self._put, self._put_checkpoint, self._put_recovery, self._read)
        self.server_checkpoints = ServerCheckpoints(self._put, self._read)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Write everything and close; then the store is one complete file, without a journal."""
        self._readers.shutdown()
        for connection in self._read_connections:
            connection.close()
        self._writer.close()

    @property
    def full(self) -> bool:
        """Whether the memory for unwritten data has run out, so that no new work should begin."""
        return self._writer.full

    @property
    def unwritten_bytes(self) -> int:
        """About how many bytes wait to be written."""
        return self._writer.unwritten_bytes

    @property
    def lag(self) -> float:
        """Since when data wait to be written, in seconds; 0 if none do."""
        return self._writer.lag

    def size(self) -> int:
        """The size of the database with its log of writes, in bytes."""
        paths = [self._path, self._path.with_name(self._path.name + "-wal")]
        return sum(path.stat().st_size for path in paths if path.exists())

    def check(self) -> None:
        """Raises Unavailable while the store is full."""
        if self.full:
            raise Unavailable(
                "not_stored", "The data folder cannot be written, and memory for it has run out."
            )

    # ---- writing: these return at once

    def create_run(self, row: dict[str, Any]) -> None:
        """Insert the row of a new run."""
        self._put(lambda connection: connection.execute(statements.insert_run(tuple(row)), row))

    def update_run(self, row: dict[str, Any]) -> None:
        """Update the row of a run (without seq); of several in a transaction, only the newest is written."""
        self._writer.put("row", row, 0)

    def reserve_seq(self, run: str, seq: int) -> None:
        """Record that frames after a restart must have seqs above `seq`."""
        self._put(lambda connection: connection.execute(statements.RESERVE_SEQ, (seq, run)))

    def delete_run(self, run: str) -> None:
        """Delete a run with its history, events and checkpoints."""
        self._put(
            lambda connection: [connection.execute(statement, (run,)) for statement in statements.DELETE_RUN]
        )

    def add_points(self, run: str, attempt: int, points: dict[str, Any], row: dict[str, Any]) -> None:
        """Append points, as columns, to a run's history, in one transaction with its row (`logged_step`)."""
        self._writer.put("points", (run, attempt, points, row), ITEM_BYTES * len(points["step"]))

    async def flush(self) -> None:
        """Returns once all earlier writes are durable. Raises Unavailable if they cannot be written now."""
        await self._writer.flush()

    # ---- reading

    async def run(self, run: str) -> dict[str, Any] | None:
        """Returns the row of a run."""
        rows = await self._select(statements.SELECT_RUN, (run,))
        return dict(rows[0]) if rows else None

    async def runs(
        self, limit: int, before: str | None, family: str | None = None, status: str | None = None
    ) -> list[dict[str, Any]]:
        """Returns rows of runs, newest first; `family`: only this run, its ancestors and all their forks."""
        values = {"limit": limit, "before": before, "family": family, "status": status}
        statement = run_lists.SELECT_RUNS if family is None else run_lists.SELECT_FAMILY
        rows = await self._select(statement, values)
        return [dict(row) for row in rows]

    async def count_by_status(self) -> dict[str, int]:
        """Returns the number of the runs with each status that one has."""
        return dict(map(tuple, await self._select(run_lists.COUNT_BY_STATUS)))

    async def has_forks(self, run: str) -> bool:
        """Returns whether another run continues this one."""
        return bool(await self._select(run_lists.SELECT_FORK, (run,)))

    async def unfinished(self) -> list[str]:
        """Returns the ids of running and queued runs, oldest first."""
        rows = await self._select(statements.SELECT_UNFINISHED)
        return [row["id"] for row in rows]

    async def history(self, run: str, attempt: int, after: int | None, until: int | None) -> dict[str, Any]:
        """Returns columns of the points with after < step <= until; None means no limit."""

        def read(connection: sqlite3.Connection) -> dict[str, Any]:
            rows = connection.execute(
                statements.SELECT_POINTS, (run, attempt, -1 if after is None else after)
            )
            return history_columns.select_steps(
                history_columns.concatenate(encoding.decode(row["columns"]) for row in rows), after, until
            )

        return await self._read(read)

    # ---- implementation

    def _put(self, operation: Operation) -> None:
        self._writer.put("operation", operation, ITEM_BYTES)

    def _put_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._writer.put("checkpoint", checkpoint, checkpoint.size)

    def _put_recovery(self, recovery: Recovery) -> None:
        self._writer.put("recovery", recovery, 0)  # of several, only the newest of a run is kept and written

    async def _select(self, statement: str, values: Any = ()) -> list[sqlite3.Row]:
        return await self._read(lambda connection: connection.execute(statement, values).fetchall())

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, lambda: work(self._read_connection())
        )

    def _read_connection(self) -> sqlite3.Connection:
        if not hasattr(self._thread_local, "connection"):
            self._thread_local.connection = connect_to_read(self._path)
            self._read_connections.append(self._thread_local.connection)
        connection: sqlite3.Connection = self._thread_local.connection
        return connection

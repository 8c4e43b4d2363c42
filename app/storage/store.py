"""Store: runs, their history, events and checkpoints in one SQLite file. Only this package uses SQL.

One thread writes, with one connection: one transaction per second or per `flush`. Readers open the file
read-only in other threads. A write is durable once a later `flush` has returned.
"""

import asyncio
import contextlib
import logging
import queue
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from app import encoding, history_columns
from app.errors import Damaged, Unavailable
from app.storage import run_lists, statements
from app.storage.attempts import Attempts
from app.storage.bookmark_rows import BookmarkRows
from app.storage.dataset_rows import DatasetRows
from app.storage.experiment_rows import ExperimentRows
from app.storage.migrations import StoreError, connect_to_read, prepare
from app.storage.run_rows import insert_run
from app.storage.server_checkpoints import ServerCheckpoints
from app.storage.store_problem import StoreProblem
from app.storage.transaction import Batch, Checkpoint, Event, Operation, Recovery
from app.storage.writer import Writer

ITEM_BYTES = 1000  # approximate memory of an operation or a point
READERS = 2  # threads

T = TypeVar("T")

log = logging.getLogger("perceptarium")


class Store:
    """An open store; close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        prepare(path)
        try:
            self._writer = Writer(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path} cannot be used as a store: {error}") from None
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        # All are opened now: the file may be renamed later.
        self._connections: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for _ in range(READERS):
            self._connections.put(_opened(path))
        self.bookmarks = BookmarkRows(self._put, self._read)
        self.datasets = DatasetRows(self._put, self._read)
        self.experiments = ExperimentRows(self._put, self._read)
        self.attempts = Attempts(
            self._put, self._put_event, self._put_checkpoint, self._put_recovery, self._read, self._unwritten
        )
        self.server_checkpoints = ServerCheckpoints(self._put, self._read)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Write everything and close; then the store is one complete file, without a journal."""
        self._readers.shutdown()
        for _ in range(READERS):
            self._connections.get().close()
        self._writer.close()

    @property
    def problem(self) -> StoreProblem | None:
        """Why nothing can be written now, so that no new work should begin; None if everything is right."""
        return self._writer.problem

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
        """Raises Unavailable while nothing can be written."""
        found = self.problem
        if found is not None:
            raise Unavailable(found.code, f"Nothing can be stored: {found.sentence}.")

    # ---- writing: these return at once

    def create_run(self, row: dict[str, Any]) -> None:
        """Insert the row of a new run."""
        self._put(lambda connection: connection.execute(insert_run(tuple(row)), row))

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

    async def settle(self) -> None:
        """Like `flush`, for readers: returns also while nothing can be written.

        Then points and events are read as they are in memory, the rest as it was stored last.
        """
        with contextlib.suppress(Unavailable):
            await self.flush()

    # ---- reading

    async def run(self, run: str) -> dict[str, Any] | None:
        """Returns the row of a run."""
        rows = await self._select(statements.SELECT_RUN, (run,))
        return dict(rows[0]) if rows else None

    async def runs(
        self,
        limit: int,
        before: str | None,
        family: str | None = None,
        status: str | None = None,
        experiment: str = "all",
    ) -> list[dict[str, Any]]:
        """Returns rows of runs, newest first; `family`: only this run, its ancestors and all their forks.

        `experiment` is `all`, `none` (only runs that are no members), or the id of one: only its members.
        """
        values = {
            "limit": limit,
            "before": before,
            "family": family,
            "status": status,
            "experiment": experiment,
        }
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
        """Returns the ids of the runs that train, or go on once they can, oldest first."""
        rows = await self._select(run_lists.SELECT_UNFINISHED)
        return [row["id"] for row in rows]

    async def history(self, run: str, attempt: int, after: int | None, until: int | None) -> dict[str, Any]:
        """Returns columns of the points with after < step <= until; None means no limit."""

        def read(connection: sqlite3.Connection) -> dict[str, Any]:
            # Unwritten ones first: those that are written meanwhile are then in both.
            unwritten = self._unwritten().points(run, attempt)
            rows = connection.execute(
                statements.SELECT_POINTS, (run, attempt, -1 if after is None else after)
            )
            columns = history_columns.concatenate(encoding.decode(row["columns"]) for row in rows)
            last = columns["step"][-1] if columns["step"] else after
            rest = history_columns.select_steps(history_columns.concatenate(unwritten), last, None)
            return history_columns.select_steps(
                history_columns.concatenate([columns, rest]) if unwritten else columns, after, until
            )

        return await self._read(read)

    # ---- implementation

    def _put(self, operation: Operation) -> None:
        self._writer.put("operation", operation, ITEM_BYTES)

    def _put_event(self, event: Event) -> None:
        self._writer.put("event", event, ITEM_BYTES)

    def _unwritten(self) -> Batch:
        return self._writer.unwritten

    def _put_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._writer.put("checkpoint", checkpoint, checkpoint.size)

    def _put_recovery(self, recovery: Recovery) -> None:
        self._writer.put("recovery", recovery, 0)  # of several, only the newest of a run is kept and written

    async def _select(self, statement: str, values: Any = ()) -> list[sqlite3.Row]:
        return await self._read(lambda connection: connection.execute(statement, values).fetchall())

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._readers, self._with_connection, work
            )
        except sqlite3.Error as error:
            self._writer.report_damage()
            raise Unavailable("not_read", f"The store cannot be read: {error}.") from None
        except (encoding.DecodeError, KeyError, TypeError, AttributeError) as error:
            log.warning("a row of the store cannot be read: %r", error)
            raise Damaged(f"What is stored cannot be read: {error!r}.") from None

    def _with_connection(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connections.get()
        try:
            return work(connection)
        finally:
            self._connections.put(connection)


def _opened(path: Path) -> sqlite3.Connection:
    """Returns a connection that has read, and thereby opened, the file and the journal."""
    connection = connect_to_read(path)
    connection.execute(statements.SELECT_VERSION).fetchone()
    return connection

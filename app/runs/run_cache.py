"""Run cache: the runs in memory; others are loaded from the store when they are needed."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app import history_columns
from app.errors import ApiError, Damaged, NotFound
from app.run_states import REASONS, exception
from app.runs.run import Run
from app.runs.run_record import RunRecord
from app.storage.store import Store
from app.streaming.streamed_run import StreamedRun
from engine.config.errors import ConfigError
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse

log = logging.getLogger("perceptarium")

MAX_IN_MEMORY = 64
MAX_REPLACEMENTS = 1000


class RunCache:
    """Runs by id, the most recently used last; `is_needed` returns whether a run must stay in memory."""

    def __init__(self, store: Store, is_needed: Callable[[Run], bool], tables: TableLibrary) -> None:
        self.store = store
        self.tables = tables
        self._is_needed = is_needed
        self._runs: dict[str, Run] = {}
        self._replaced_by: dict[str, str] = {}
        self.observe: Callable[[Run], None] | None = (
            None  # is called after a frame of a run, and its deletion
        )
        self.pinned: set[str] = set()  # runs that are being created, which stay in memory
        self.loading = asyncio.Lock()  # held while a run is read from the store

    def find(self, run_id: str) -> Run | None:
        """Returns the run, if it is in memory."""
        return self._runs.get(run_id)

    async def get(self, run_id: str) -> Run:
        """Returns the run, from the store if it is not in memory. Raises NotFound."""
        run = self._runs.get(run_id)
        if run is None:
            async with self.loading:
                run = self._runs.get(run_id) or await self._load(run_id)
        self.keep(run)
        return run

    def in_memory(self) -> dict[str, Run]:
        """Returns the runs in memory, by id."""
        return dict(self._runs)

    def newest(self, rows: Sequence[dict[str, Any]], before: Mapping[str, Run]) -> list[Run | RunRecord]:
        """Returns the runs of rows as they are now, without those that were deleted since these were read.

        `before` are the runs that were in memory before: one that has left it may have changed meanwhile.
        """
        found = [self.find(row["id"]) or before.get(row["id"]) or record_of(row) for row in rows]
        return [run for run in found if not (isinstance(run, Run) and run.deleted)]

    def keep(self, run: Run) -> None:
        """Adds the run as the most recently used one; the least recently used idle run leaves the cache."""
        self._runs.pop(run.id, None)
        self._runs[run.id] = run
        run.observe = self.observe
        # While nothing can be written, only the memory has the newest state of a run.
        if len(self._runs) > MAX_IN_MEMORY and self.store.problem is None:
            idle = (other for other in self._runs.values() if other is not run and self._is_idle(other))
            evicted = next(idle, None)
            if evicted is not None:
                evicted.release()
                del self._runs[evicted.id]

    async def is_kept(self, run: Run) -> bool:
        """Whether a user may still want the run.

        It has a name or a bookmark, is a member of an experiment, or another run continues it.
        """
        return bool(run.config.name or run.bookmarks or run.experiment) or await self.store.has_forks(run.id)

    def remove(self, run: Run) -> None:
        """Removes a deleted run."""
        self._runs.pop(run.id, None)
        if self.observe is not None:
            self.observe(run)

    def record_replacement(self, run: Run, successor: Run) -> None:
        """Records that `successor` replaced `run`, so that later errors about it can name the successor."""
        self._replaced_by[run.id] = successor.id
        if len(self._replaced_by) > MAX_REPLACEMENTS:
            del self._replaced_by[next(iter(self._replaced_by))]

    def release(self) -> None:
        """Stores all runs, before the server ends."""
        for run in self._runs.values():
            run.release()

    async def checkpoint(self, run: StreamedRun) -> bytes | None:
        """Returns the newest stored checkpoint of the current attempt."""
        await self.store.settle()
        return await self.store.attempts.newest_checkpoint(run.id, run.position.attempt)

    def not_found(self, run_id: str, field: str = "id") -> NotFound:
        """Returns the error for an unknown id; its `limit` is the id of the run that replaced this one."""
        successor = self._replaced_by.get(run_id)
        message = "There is no run of this id."
        if successor is not None:
            message = f"This run was replaced by the run {successor}."
        return NotFound("no_such_run", message, field=field, given=run_id, limit=successor)

    def _is_idle(self, run: Run) -> bool:
        return not run.queue.busy and not self._is_needed(run) and run.id not in self.pinned

    def _read(self, row: dict[str, Any]) -> Run:
        """Returns the run of a row. Raises Damaged."""
        try:
            return Run.from_row(row, self.store, self.tables)
        except (ConfigError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("run %s is damaged: %r", row["id"], error)
            message = REASONS["damaged"]
            raise Damaged(message, field="id", given=row["id"]) from None

    async def _load(self, run_id: str) -> Run:
        await self.store.settle()  # the run may have left the cache just before
        row = await self.store.run(run_id)
        if row is None:
            raise self.not_found(run_id)
        run = self._read(row)
        entries = await self.store.attempts.checkpoints(run_id, run.attempt)
        run.checkpoints.update((entry.step, entry) for entry in entries)
        attempts = await self.store.attempts.all(run_id)
        run.earlier_attempts.update(
            (each["attempt"], each["bytes"]) for each in attempts if each["attempt"] < run.attempt
        )
        run.beginning_bytes = await self.store.attempts.beginning_bytes(run_id)
        run.drawn_bytes = await self.store.datasets.drawn_bytes(run_id)
        run.bookmarks = await self.store.bookmarks.all(run_id)
        if run.best is None:  # an earlier version did not store it
            run.best = history_columns.best(await self.store.history(run_id, run.attempt, None, None))
        run.reserve()
        await self.store.settle()
        return run


def read_error(run_id: str, error: Exception) -> str:
    """Returns why a run cannot be read, as an English sentence, and logs it."""
    if isinstance(error, ApiError):
        log.warning("cannot be read: %s", error.message, extra={"run": run_id})
        return error.message
    log.error("cannot be read", exc_info=error, extra={"run": run_id})
    return exception(error).text


def record_of(row: dict[str, Any]) -> RunRecord:
    """Returns the record of a run that is not in memory; of a damaged one, a record that says so."""
    try:
        record = RunRecord.from_row(row)
        record.answer()
    except (ValueError, TypeError, KeyError, AttributeError):
        config = parse({"name": f"{row['id']}"}).model_dump(mode="json")
        return RunRecord.damaged(row, config)
    return record

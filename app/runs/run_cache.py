"""Run cache: the runs that are in memory; others are read from the store when they are needed."""

import asyncio
from collections.abc import Callable

from app.errors import NotFound
from app.runs.run import Run
from app.storage.store import Store
from app.streaming.streamed_run import StreamedRun
from engine.datasets.tables.library import TableLibrary

MAX_IN_MEMORY = 64
MAX_REPLACEMENTS = 1000


class RunCache:
    """Runs by id, the most recently used last; `needed` says which of them must stay in memory now."""

    def __init__(self, store: Store, needed: Callable[[Run], bool], tables: TableLibrary) -> None:
        self.store = store
        self.tables = tables
        self._needed = needed
        self._runs: dict[str, Run] = {}
        self._replaced_by: dict[str, str] = {}
        self._loading = asyncio.Lock()

    def find(self, run_id: str) -> Run | None:
        """Returns the run, if it is in memory."""
        return self._runs.get(run_id)

    async def get(self, run_id: str) -> Run:
        """Returns the run, from the store if it is not in memory. Raises NotFound."""
        run = self._runs.get(run_id)
        if run is None:
            async with self._loading:
                run = self._runs.get(run_id) or await self._load(run_id)
        self.keep(run)
        return run

    def keep(self, run: Run) -> None:
        """Add or note the run as the most recently used; the least recently used leaves memory."""
        self._runs.pop(run.id, None)
        self._runs[run.id] = run
        if len(self._runs) > MAX_IN_MEMORY:
            idle = (other for other in self._runs.values() if other is not run and self._may_leave(other))
            leaving = next(idle, None)
            if leaving is not None:
                leaving.release()
                del self._runs[leaving.id]

    def remove(self, run: Run) -> None:
        """Remove a deleted run."""
        self._runs.pop(run.id, None)

    def note_replacement(self, run: Run, successor: Run) -> None:
        """From now on, errors about `run` name the run that replaced it."""
        self._replaced_by[run.id] = successor.id
        if len(self._replaced_by) > MAX_REPLACEMENTS:
            del self._replaced_by[next(iter(self._replaced_by))]

    def release(self) -> None:
        """Store all runs: the server ends."""
        for run in self._runs.values():
            run.release()

    async def checkpoint(self, run: StreamedRun, step: int | None = None) -> bytes | None:
        """Returns the stored checkpoint of a step of the present attempt, or the newest one."""
        await self.store.flush()
        return await self.store.checkpoint(run.id, run.position.attempt, step)

    def not_found(self, run_id: str, field: str = "id") -> NotFound:
        """Returns the error for an unknown id; its limit is the id of the run that replaced this one."""
        successor = self._replaced_by.get(run_id)
        message = "There is no run of this id."
        if successor is not None:
            message = f"This run was replaced by the run {successor}."
        return NotFound("no_such_run", message, field=field, given=run_id, limit=successor)

    def _may_leave(self, run: Run) -> bool:
        return not run.queue.busy and not self._needed(run)

    async def _load(self, run_id: str) -> Run:
        await self.store.flush()  # the run may just have left memory
        row = await self.store.run(run_id)
        if row is None:
            raise self.not_found(run_id)
        run = Run.from_row(row, self.store, self.tables)
        checkpoints = await self.store.checkpoints(run_id, run.attempt)
        run.recorded = {step: size for step, _, size in checkpoints}
        run.reserve()
        await self.store.flush()
        return run

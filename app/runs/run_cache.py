"""Registry: the runs that are in memory, and the way from the store into memory and back."""

import asyncio
from collections.abc import Callable

from app import encoding
from app.errors import NotFound
from app.runs.run import Run
from app.storage.store import Store
from app.streaming.streamed_run import StreamedRun
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse

MAX_IN_MEMORY = 64


class Registry:
    """Runs by id; `needed` tells which of them cannot leave memory now."""

    def __init__(self, store: Store, needed: Callable[[Run], bool], tables: TableLibrary) -> None:
        self.store = store
        self.tables = tables
        self._needed = needed
        self._runs: dict[str, Run] = {}
        self._reading = asyncio.Lock()

    def find(self, run_id: str) -> Run | None:
        """The run, if it is in memory."""
        return self._runs.get(run_id)

    async def get(self, run_id: str) -> Run:
        """The run, from the store if need be; raises NotFound."""
        run = self._runs.get(run_id)
        if run is None:
            async with self._reading:
                run = self._runs.get(run_id) or await self._read(run_id)
        self.keep(run)
        return run

    def keep(self, run: Run) -> None:
        """Hold the run as the one used last; the one unused for longest may leave for it."""
        self._runs.pop(run.id, None)
        self._runs[run.id] = run
        if len(self._runs) > MAX_IN_MEMORY:
            spare = next(
                (other for other in self._runs.values() if other is not run and not self._spared(other)), None
            )
            if spare is not None:
                spare.release()
                del self._runs[spare.id]

    def remove(self, run: Run) -> None:
        """The run is deleted."""
        self._runs.pop(run.id, None)

    def release(self) -> None:
        """The server ends: every run goes to the store as it is."""
        for run in self._runs.values():
            run.release()

    async def checkpoint(self, run: StreamedRun, step: int | None = None) -> bytes | None:
        """The stored checkpoint of a step of the present attempt, or the newest one."""
        await self.store.flush()
        return await self.store.checkpoint(run.id, run.moment.attempt, step)

    def _spared(self, run: Run) -> bool:
        return run.lock.locked() or self._needed(run)

    async def _read(self, run_id: str) -> Run:
        # A run that has just left memory may not be on disk yet.
        await self.store.flush()
        row = await self.store.run(run_id)
        if row is None:
            raise no_such_run(run_id)
        run = Run.from_row(row, parse(encoding.decode(row["config"]), self.tables), self.store)
        run.recorded = {
            step: size for step, _, size in await self.store.checkpoints(run_id, run.moment.attempt)
        }
        run.reserve()
        await self.store.flush()
        return run


def no_such_run(run_id: str, field: str = "id") -> NotFound:
    """There is no run of this id, or no longer."""
    return NotFound("no_such_run", "There is no run of this id.", field=field, given=run_id)

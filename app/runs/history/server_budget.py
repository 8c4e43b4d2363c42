"""Server budget: deletes checkpoints when those of all runs together exceed the budget of the server."""

import logging
from asyncio import to_thread
from collections.abc import Callable, Coroutine
from typing import Any

from app import history_columns
from app.runs.history.attempt_deletion import delete_attempts
from app.runs.history.checkpoint_retention import Recorded, least_needed
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.storage.server_checkpoints import CurrentAttempt
from app.table_uses import TableUses

SPARE = 1 / 32  # of the budget: when it is exceeded, so much becomes free

log = logging.getLogger("perceptarium")


class ServerBudget:
    """Knows the bytes of the recorded checkpoints of all runs, of drawn points and of beginnings of forks.

    It keeps `total`, the bytes of all, within `budget`; `beginnings` are deleted only with their runs.

    Runs without a name lose their earlier attempts first, the oldest one first, then checkpoints of their
    current attempts; then runs with a name lose the same. `background` runs a coroutine as a task.
    """

    def __init__(
        self,
        run_cache: RunCache,
        budget: int,
        background: Callable[[Coroutine[Any, Any, None]], None],
        uses: TableUses,
    ) -> None:
        self.budget = budget
        self.total = self.beginnings = 0
        self._run_cache = run_cache
        self._stored = run_cache.store.server_checkpoints
        self._background = background
        self._uses = uses
        self._target = budget - int(budget * SPARE)
        self._limit = budget  # above it checkpoints are deleted; more than the budget if nothing was left
        self._deleting = False
        self._deleted: set[str] = set()  # runs that were deleted since checkpoints are being chosen

    async def open(self) -> None:
        """Read how much the recorded checkpoints, drawn points and beginnings take."""
        self.total, self.beginnings = await self._stored.total_bytes()
        self.add(self.beginnings)

    def on_deleted(self, run: Run) -> None:
        """The run is deleted with its checkpoints."""
        self._deleted.add(run.id)
        self.total -= run.recorded_bytes
        self.beginnings -= run.beginning_bytes
        run.beginning_bytes = run.drawn_bytes = 0
        run.checkpoints.clear()
        run.earlier_attempts.clear()

    def on_stored_deleted(self, run_id: str, size: int) -> None:
        """A run that is not in memory is deleted with what it takes."""
        self._deleted.add(run_id)
        self.total -= size

    def add(self, change: int) -> None:
        """The recorded checkpoints take so many bytes more (or less)."""
        self.total += change
        if self.total > self._limit and not self._deleting:
            self._deleting = True
            self._background(self._delete())

    def add_beginning(self, size: int) -> None:
        """The beginning of a fork, of so many bytes, is stored."""
        self.beginnings += size
        self.add(size)

    @property
    def _excess(self) -> int:
        return self.total - self._target

    async def _delete(self) -> None:
        try:
            for named in (False, True):
                # More may be recorded meanwhile: runs with a name follow only when nothing else is left.
                while self._excess > 0 and (
                    await self._delete_attempts(named) or await self._delete_checkpoints(named)
                ):
                    pass
        finally:
            spare = self.budget - self._target
            self._limit = self.budget if self.total <= self.budget else self.total + spare
            self._deleting = False

    async def _delete_attempts(self, named: bool) -> bool:
        """Delete the oldest of the earlier attempts; the runs log events about it.

        Returns whether anything became free.
        """
        await self._run_cache.store.flush()
        chosen: dict[str, list[int]] = {}
        freed, excess = 0, self._excess
        for row in await self._stored.earlier_attempts(named):
            if excess > 0:
                chosen.setdefault(row.run, []).append(row.attempt)
                excess -= row.bytes
        for run_id, attempts in chosen.items():
            try:
                run = await self._run_cache.get(run_id)
            except Exception:
                log.exception("earlier attempts cannot be deleted", extra={"run": run_id})
                continue
            if not run.deleted:
                freed += self._free(delete_attempts(run, attempts, self.budget, "server", self._uses))
        return freed > 0

    async def _delete_checkpoints(self, named: bool) -> bool:
        """Delete the least needed checkpoints of current attempts. Returns whether anything became free."""
        self._deleted.clear()
        await self._run_cache.store.flush()
        attempts = {row.run: row for row in await self._stored.current_attempts(named)}
        recorded = {
            run: Recorded(row.checkpoints, await self._best_step(row), row.bookmarks)
            for run, row in attempts.items()
        }
        chosen = await to_thread(least_needed, recorded, self._excess)
        async with self._run_cache.loading:  # so that no run is read while its checkpoints are deleted
            freed = [self._free(self._delete_steps(attempts[run], steps)) for run, steps in chosen.items()]
        return sum(freed) > 0

    def _delete_steps(self, row: CurrentAttempt, steps: list[int]) -> int:
        """Delete checkpoints of a run that is in memory, or only in the store. Returns the freed bytes."""
        run = self._run_cache.find(row.run)
        if row.run in self._deleted:
            return 0
        if run is not None and run.attempt == row.attempt:
            steps = [step for step in steps if step in run.checkpoints]
            freed = sum(run.checkpoints.pop(step).size for step in steps)
        elif run is None or row.attempt in run.earlier_attempts:
            freed = sum(row.checkpoints[step].size for step in steps)
            if run is not None:
                run.earlier_attempts[row.attempt] -= freed
        else:
            return 0
        self._run_cache.store.attempts.delete_checkpoints(row.run, row.attempt, steps)
        return freed

    def _free(self, freed: int) -> int:
        self.total -= freed
        return freed

    async def _best_step(self, row: CurrentAttempt) -> int | None:
        """The step of the best point; of runs that an earlier version stored, it is read from the history."""
        run = self._run_cache.find(row.run)
        best = run.best if run is not None and run.attempt == row.attempt else row.best
        if best is None and row.step > 0:
            store = self._run_cache.store
            best = history_columns.best(await store.history(row.run, row.attempt, None, None))
            if best is not None:
                self._stored.set_missing_best(row.run, best)
        return best[0] if best else None

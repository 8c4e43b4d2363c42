"""Checkpoint deletion: deletes attempts and checkpoints of several runs that exceed their shared budget."""

import asyncio
import logging
from asyncio import to_thread
from collections.abc import Callable
from typing import Literal

from app import history_columns
from app.runs.history.attempt_deletion import delete_attempts
from app.runs.history.checkpoint_retention import Recorded, least_needed
from app.runs.history.shared_budget import SharedBudget
from app.runs.run_cache import RunCache
from app.storage.server_checkpoints import CurrentAttempt
from app.table_uses import TableUses

Scope = str | None  # the id of an experiment; None: all runs

log = logging.getLogger("perceptarium")


class CheckpointDeletion:
    """Deletes what all runs, or the members of an experiment, have recorded above their shared budget.

    Runs without a name lose their earlier attempts first, the oldest one first, then checkpoints of their
    current attempts; then runs with a name lose the same. `count(experiment, change)` is called with the
    bytes that became free, negative.
    """

    def __init__(self, run_cache: RunCache, uses: TableUses, count: Callable[[Scope, int], None]) -> None:
        self._run_cache = run_cache
        self._stored = run_cache.store.server_checkpoints
        self._uses = uses
        self._count = count
        self._one_at_a_time = asyncio.Lock()  # else two could choose the same checkpoints
        self._deleted: set[str] = set()  # runs that were deleted since checkpoints are being chosen

    def on_deleted(self, run_id: str) -> None:
        """A run is deleted with all it has recorded."""
        if self._one_at_a_time.locked():
            self._deleted.add(run_id)

    async def delete(self, budget: SharedBudget, scope: Scope) -> None:
        """Delete until a part of the budget is free, or nothing is left that may be deleted."""
        try:
            async with self._one_at_a_time:
                for named in (False, True):
                    # More may be recorded meanwhile: runs with a name follow only when nothing else is left.
                    while budget.excess > 0 and (
                        await self._delete_attempts(budget, scope, named)
                        or await self._delete_checkpoints(budget, scope, named)
                    ):
                        pass
        finally:
            budget.end_deletion()

    async def _delete_attempts(self, budget: SharedBudget, scope: Scope, named: bool) -> bool:
        """Delete the oldest of the earlier attempts; the runs log events about it.

        Returns whether anything became free.
        """
        await self._run_cache.store.flush()
        chosen: dict[str, list[int]] = {}
        freed, excess = 0, budget.excess
        for row in await self._stored.earlier_attempts(named, scope):
            if excess > 0:
                chosen.setdefault(row.run, []).append(row.attempt)
                excess -= row.bytes
        for run_id, attempts in chosen.items():
            freed += await self._delete_attempts_of(run_id, attempts, budget, scope)
        return freed > 0

    async def _delete_attempts_of(
        self, run_id: str, attempts: list[int], budget: SharedBudget, scope: Scope
    ) -> int:
        try:
            run = await self._run_cache.get(run_id)
        except Exception:
            log.exception("earlier attempts cannot be deleted", extra={"run": run_id})
            return 0
        if run.deleted:
            return 0
        scope_name: Literal["experiment", "server"] = "server" if scope is None else "experiment"
        freed = delete_attempts(run, attempts, budget.budget, scope_name, self._uses)
        self._count(run.experiment_id, -freed)
        return freed

    async def _delete_checkpoints(self, budget: SharedBudget, scope: Scope, named: bool) -> bool:
        """Delete the least needed checkpoints of current attempts. Returns whether anything became free."""
        self._deleted.clear()
        await self._run_cache.store.flush()
        attempts = {row.run: row for row in await self._stored.current_attempts(named, scope)}
        recorded = {
            run: Recorded(row.checkpoints, await self._best_step(row), row.bookmarks)
            for run, row in attempts.items()
        }
        chosen = await to_thread(least_needed, recorded, budget.excess)
        async with self._run_cache.loading:  # so that no run is read while its checkpoints are deleted
            freed = [self._delete_steps(attempts[run], steps) for run, steps in chosen.items()]
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
        self._count(row.experiment if run is None else run.experiment_id, -freed)
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

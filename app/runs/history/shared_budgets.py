"""Shared budgets: keep the checkpoints of all runs, and of the members of each experiment, within budgets."""

from collections.abc import Callable, Coroutine
from typing import Any

from app.runs.history.checkpoint_deletion import CheckpointDeletion, Scope
from app.runs.history.shared_budget import SharedBudget
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.settings import Budgets
from app.table_uses import TableUses


class SharedBudgets:
    """Knows the bytes of the recorded checkpoints, of drawn points and of beginnings of forks.

    `server` has those of all runs. `beginnings` are deleted only with their runs. `background` runs a
    coroutine as a task.
    """

    def __init__(
        self,
        run_cache: RunCache,
        budgets: Budgets,
        background: Callable[[Coroutine[Any, Any, None]], None],
        uses: TableUses,
    ) -> None:
        self.server = SharedBudget(budgets.server)
        self.beginnings = 0
        self._budget_of_experiment = budgets.experiment
        self._experiments: dict[str, SharedBudget] = {}
        self._stored = run_cache.store.server_checkpoints
        self._background = background
        self._deletion = CheckpointDeletion(run_cache, uses, self._count)

    async def open(self) -> None:
        """Read how much the recorded checkpoints, drawn points and beginnings take."""
        self.server.total, self.beginnings = await self._stored.total_bytes()
        self.server.total += self.beginnings
        for experiment, total in (await self._stored.experiment_bytes()).items():
            self._experiments[experiment] = SharedBudget(self._budget_of_experiment, total)
        for scope in (None, *self._experiments):
            self._keep(scope)

    def of_experiment(self, experiment: str) -> SharedBudget:
        """Returns the budget of an experiment."""
        return self._experiments.setdefault(experiment, SharedBudget(self._budget_of_experiment))

    def drop_experiment(self, experiment: str) -> None:
        """The experiment was deleted; members that were kept count in the budget of the server only."""
        self._experiments.pop(experiment, None)

    def on_deleted(self, run: Run) -> None:
        """The run is deleted with its checkpoints."""
        self.on_stored_deleted(run.id, run.experiment_id, run.recorded_bytes)
        self.beginnings -= run.beginning_bytes
        run.beginning_bytes = run.drawn_bytes = 0
        run.checkpoints.clear()
        run.earlier_attempts.clear()

    def on_stored_deleted(self, run_id: str, experiment: str | None, size: int) -> None:
        """A run, which may not be in memory, is deleted with what it takes."""
        self._deletion.on_deleted(run_id)
        self._count(experiment, -size)

    def add(self, run: Run, change: int) -> None:
        """The recorded checkpoints of a run take so many bytes more (or less)."""
        scopes = {None, run.experiment_id}
        for scope in scopes:
            self._budget_of(scope).total += change
        for scope in scopes:
            self._keep(scope)

    def add_beginning(self, run: Run, size: int) -> None:
        """The beginning of a fork, of so many bytes, is stored."""
        self.beginnings += size
        self.add(run, size)

    # ---- implementation

    def _count(self, experiment: str | None, change: int) -> None:
        self.server.total += change
        if experiment in self._experiments:
            self._experiments[experiment].total += change

    def _budget_of(self, scope: Scope) -> SharedBudget:
        return self.server if scope is None else self.of_experiment(scope)

    def _keep(self, scope: Scope) -> None:
        budget = self._budget_of(scope)
        if budget.is_exceeded and not budget.is_deleting:
            budget.is_deleting = True
            self._background(self._deletion.delete(budget, scope))

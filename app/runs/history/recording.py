"""Recording: keeps the attempts of a run, their events and checkpoints, within the run's budget of bytes."""

import platform
from time import time

import numpy as np

from app import installed_version
from app.runs.history.attempt_deletion import delete_attempts
from app.runs.history.checkpoint_retention import Recorded, least_needed
from app.runs.history.shared_budgets import SharedBudgets
from app.runs.run import Run
from app.storage.attempts import CheckpointEntry
from app.storage.store import Store
from app.table_uses import TableUses
from app.workers.recorded import RecordedCheckpoint


class Recorder:
    """Writes what happens to runs into the store; `budget` is in bytes per run."""

    def __init__(self, store: Store, budget: int, shared_budgets: SharedBudgets, uses: TableUses) -> None:
        self.budget = budget
        self._store = store
        self._uses = uses
        self._shared_budgets = shared_budgets

    def begin_attempt(self, run: Run) -> None:
        """Record the configuration with which the current attempt begins, and the table that it uses."""
        versions = {
            "perceptarium": installed_version(),
            "numpy": np.__version__,
            "python": platform.python_version(),
        }
        content = run.config_dict.get("dataset", {}).get("content")
        if content is not None:
            self.use_table(run, content)
        self._store.attempts.begin(run.id, run.attempt, time(), run.config_dict, versions)

    def end_attempt(self, run: Run) -> None:
        """Record how far the current attempt came, and its best point; the next one begins."""
        self._store.attempts.end(run.id, *run.position, run.best)
        run.earlier_attempts[run.attempt] = run.checkpoints.bytes
        run.checkpoints.clear()
        run.best = None

    def set_beginning(self, run: Run, state: bytes) -> None:
        """Record the state with which a fork begins; it is kept as long as the run."""
        run.beginning_bytes = len(state)
        self._store.attempts.set_beginning(run.id, state)
        self._shared_budgets.add_beginning(run, run.beginning_bytes)

    def add_checkpoint(self, run: Run, checkpoint: RecordedCheckpoint, kind: str) -> None:
        """Record a checkpoint of the current attempt; what the budgets do not allow is deleted."""
        before = run.recorded_bytes
        (_, step, epoch), state, update_norm = checkpoint
        run.checkpoints[step] = CheckpointEntry(step, epoch, len(state), kind, update_norm)
        self._store.attempts.add_checkpoint(run.id, checkpoint.position, kind, state, update_norm)
        self._keep_budgets(run, before)

    def use_table(self, run: Run, content: str, drawn: bool = False) -> None:
        """Record that the current attempt uses a table; `drawn`: its points were drawn into the run."""
        before = run.recorded_bytes
        run.drawn_bytes += self._uses.add(run.id, content, run.attempt, drawn)
        self._keep_budgets(run, before)

    def delete(self, run: Run) -> None:
        """Delete a run with its history, events, checkpoints and drawn points."""
        self._shared_budgets.on_deleted(run)
        self._store.delete_run(run.id)
        self._uses.drop_run(run.id)

    def delete_stored(self, run_id: str, experiment: str, size: int) -> None:
        """Delete a member that is not in memory; its checkpoints and drawn points take `size` bytes."""
        self._shared_budgets.on_stored_deleted(run_id, experiment, size)
        self._store.delete_run(run_id)
        self._uses.drop_run(run_id)

    def delete_damaged(self, run_id: str) -> None:
        """Delete a run whose row cannot be read; what it took in the budgets is known at the next start."""
        self._store.delete_run(run_id)
        self._uses.drop_run(run_id)

    def _keep_budgets(self, run: Run, before: int) -> None:
        """Delete what the budgets do not allow; `before`: the recorded bytes of the run before a change."""
        if run.recorded_bytes > self.budget:
            self._delete_attempts(run)
            self._delete_checkpoints(run)
        self._shared_budgets.add(run, run.recorded_bytes - before)

    def _delete_attempts(self, run: Run) -> None:
        """Delete the oldest attempts while all attempts together exceed the budget; an event says which."""
        excess = run.recorded_bytes - self.budget
        deleted = []
        for attempt in sorted(run.earlier_attempts):
            if excess > 0:
                deleted.append(attempt)
                excess -= run.earlier_attempts[attempt]
        delete_attempts(run, deleted, self.budget, "run", self._uses)

    def _delete_checkpoints(self, run: Run) -> None:
        """Delete the least needed checkpoints of the current attempt while the run exceeds the budget."""
        recorded = Recorded(run.checkpoints, run.best[0] if run.best else None, run.bookmarked_steps)
        steps = least_needed({run.id: recorded}, run.recorded_bytes - self.budget).get(run.id, [])
        for step in steps:
            del run.checkpoints[step]
        if steps:
            self._store.attempts.delete_checkpoints(run.id, run.attempt, steps)

"""Service: the runs of a server: cache, scheduler and workers, and the commands and queries about them."""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from app.datasets import Datasets
from app.monitoring.metrics import Figures
from app.run_states import STATUSES
from app.runs.commands import RunCommands
from app.runs.forks import RunForks
from app.runs.history.bookmarks import Bookmarks
from app.runs.history.recorded_states import RecordedStates
from app.runs.history.recording import Recorder
from app.runs.history.shared_budgets import SharedBudgets
from app.runs.members import Members
from app.runs.queries import RunQueries
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.runs.scheduler import Scheduler
from app.runs.store_pause import StorePause, waits_for_store
from app.runs.unfinished_runs import UnfinishedRuns
from app.runs.unwatched_pause import UnwatchedPause
from app.runs.worker_events import WorkerEventHandler
from app.settings import RUNS_PER_WORKER, UNWATCHED_SECONDS, Budgets
from app.storage.store import Store
from app.streaming.expected_viewer import expect_viewer
from app.streaming.recorded_history import HistoryLoader
from app.streaming.view_scheduler import ViewScheduler
from app.workers.messages import ViewKey
from app.workers.pool import Pool


class Runs:
    """All runs of a server: `commands` change them, `queries` read them, `view_scheduler` serves viewers.

    `unwatched` pauses runs `unwatched_seconds` after their last viewer left; with None, it does nothing.
    """

    def __init__(
        self,
        store: Store,
        workers: int,
        datasets: Datasets,
        budgets: Budgets | None = None,
        unwatched_seconds: float | None = UNWATCHED_SECONDS,
        runs_per_worker: int = RUNS_PER_WORKER,
    ) -> None:
        self._store, self._datasets, self._budgets = store, datasets, budgets or Budgets()
        self.workers, self._pool = workers, Pool(workers, datasets.folder, runs_per_worker)
        self._run_cache = RunCache(store, self._is_needed, datasets)
        history_loader = HistoryLoader(store)
        recorded = RecordedStates(store, self._budgets.run)
        self.view_scheduler = ViewScheduler(
            self._pool, self._run_cache.checkpoint, history_loader, recorded.state
        )
        self._scheduler = Scheduler(self._pool, self._run_cache, self.view_scheduler)
        self.unwatched = UnwatchedPause(self._scheduler, unwatched_seconds)
        self.shared_budgets = SharedBudgets(
            self._run_cache, self._budgets, self._scheduler.background, datasets.uses
        )
        self._recorder = Recorder(store, self._budgets.run, self.shared_budgets, datasets.uses)
        self.queries = RunQueries(self._run_cache, self._pool, history_loader, recorded)
        self.bookmarks = Bookmarks(store, self.queries.recorded, self.view_scheduler.on_frame)
        self.commands = RunCommands(
            self._run_cache, datasets, self._scheduler, self.view_scheduler, self._recorder
        )
        self.members = Members(self._run_cache, datasets, self._scheduler, self._recorder, self.commands)
        self.forks = RunForks(self._run_cache, datasets, self._scheduler, self.queries, self._recorder)

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator["Runs"]:
        """Runs the workers; unfinished runs continue at the start, and all runs are stored at the end."""
        await self.shared_budgets.open()
        handler = WorkerEventHandler(
            self._run_cache, self.view_scheduler, self._scheduler, self._recorder, self.unwatched
        )
        self._handler = handler
        async with self._pool.started(handler):
            self._scheduler.background(UnfinishedRuns(self._run_cache, self._scheduler).resume())
            self._scheduler.background(StorePause(self._run_cache, self._scheduler).watch())
            try:
                yield self
            finally:
                self.unwatched.close()
                self._scheduler.cancel()
        await self._datasets.uses.close()
        self._run_cache.release()
        await self._store.settle()

    def observe(self, on_change: Callable[[Run], None]) -> None:
        """Calls `on_change` after every frame of a run that is loaded from now on, and its deletion."""
        self._run_cache.observe = on_change

    def expect_viewer(self, run: Run, views: dict[str, ViewKey]) -> None:
        """Computes views for the client that has created the run, while it opens the stream."""
        if views:
            self._scheduler.background(expect_viewer(self.view_scheduler, run, views))

    def children(self) -> list[dict[str, Any]]:
        """The child processes, for /healthz."""
        return self._pool.children() + self._datasets.children()

    async def wait_until_ready(self, seconds: float) -> None:
        """Returns once the child processes of a new server have started, at the latest after `seconds`."""
        await self._pool.wait_until_ready(seconds)

    def readiness(self) -> dict[str, bool | str]:
        """Whether the server can train, draw and store: True or the reason why not, for /readyz."""
        answers = self._pool.readiness()
        found = self._store.problem
        return {
            "train": answers["train"] or "No training process answers.",
            "draw": answers["draw"] or "No process that computes views answers.",
            "store": found.sentence if found is not None else True,
        }

    async def figures(self) -> Figures:
        """The state of the server, for /metrics."""
        restarts: Counter[str] = Counter()
        for child in self.children():
            restarts[child["name"]] += child["restarts"]
        runs = dict.fromkeys(STATUSES, 0) | await self._store.count_by_status()
        return Figures(
            runs=runs,
            queue=runs["queued"],
            steps=self._handler.steps,
            frames=self.view_scheduler.traffic.frames,
            viewers=self.view_scheduler.traffic.viewers,
            restarts=restarts,
            store_bytes=self._store.size(),
            unwritten_bytes=self._store.unwritten_bytes,
            store_lag=self._store.lag,
        )

    def checkpoints(self) -> dict[str, int]:
        """The bytes of all recorded checkpoints and beginnings and the budgets for them, for /healthz."""
        return {
            "bytes": self.shared_budgets.server.total,
            "beginning_bytes": self.shared_budgets.beginnings,
            "budget": self._budgets.server,
            "experiment_budget": self._budgets.experiment,
            "run_budget": self._budgets.run,
        }

    def _is_needed(self, run: Run) -> bool:
        return (
            self._pool.has(run.id)
            or self.view_scheduler.is_watched(run.id)
            or self._scheduler.is_queued(run.id)
            or waits_for_store(run)
        )

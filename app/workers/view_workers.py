"""View workers: how many processes compute views, which of them those of a run, and what they are asked.

There is one at first. While the busiest one has no time left and works for several runs, one more is started,
and takes half of its runs; one ends once the others can do its work.
"""

import asyncio
import contextlib
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from app.errors import Unavailable
from app.workers.child_process import view_worker
from app.workers.lost_tasks import LostTasks, query_task, view_task
from app.workers.messages import Answer, CancelViews, ComputeViews, Query, ViewResult
from app.workers.supervisor import Supervisor
from app.workers.worker_handle import WorkerHandle, WorkerLost

# Shares of the time that a worker works: from HIGH on it has none left; LOW is the free time after one ends.
HIGH, LOW = 0.8, 0.5
CHANGE_SECONDS = 5.0  # between two changes of their number, so that the effect of the first is measured
RECENT_SECONDS = 10.0  # a run for which nothing was asked for as long needs no time
MAX_ATTEMPTS = 5  # of a query whose worker ended because of something else


class ViewWorkers:
    """The processes that compute views; `limit` is the greatest number of them.

    `result` is called with the results of views that are refused without being computed.
    """

    def __init__(
        self,
        processes: Supervisor,
        limit: int,
        result: Callable[[ViewResult], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workers: list[WorkerHandle] = []
        self._processes = processes
        self._limit = limit
        self._result = result
        self._clock = clock
        self._numbers = itertools.count(1)
        self._worker_of: dict[str, WorkerHandle] = {}
        self._used_at: dict[str, float] = {}  # by run
        self._changed_at = clock()
        self._lost_tasks = LostTasks(clock)

    def start(self) -> None:
        """Start the first process."""
        self.workers.append(self._processes.start(view_worker))

    # ---- requests

    def compute(self, message: ComputeViews | CancelViews) -> None:
        """Start or cancel the computation of views, whose results are ViewResult messages."""
        if isinstance(message, CancelViews):
            self._worker(message.run).child.send(message)
            return
        problems = {key: self._lost_tasks.problem(view_task(key.view, message.run)) for key in message.keys}
        keys = tuple(key for key in message.keys if problems[key] is None)
        for key, problem in problems.items():
            if problem is not None:
                refused = ViewResult(message.run, key, message.version, None, problem.body())
                asyncio.get_running_loop().call_soon(self._result, refused)
        if keys:
            self._worker(message.run).child.send(replace(message, keys=keys))

    async def ask(self, query: Callable[[int], Query]) -> Answer:
        """Returns the answer to a query, by its number; it is sent again if its process ends.

        Raises ApiError if it is refused, or if the process ended twice because of it.
        """
        for _ in range(MAX_ATTEMPTS):
            if self._processes.closing:
                raise Unavailable("stopping", "The server is stopping.")
            message = query(next(self._numbers))
            problem = self._lost_tasks.problem(query_task(message))
            if problem is not None:
                raise problem
            with contextlib.suppress(WorkerLost):
                answer: Answer = await self._worker(message.run).request(message.request, message)
                return answer
        raise Unavailable("view_worker_lost", "The view worker ended several times during this request.")

    # ---- processes

    def on_lost(self, task: str | None) -> None:
        """Handle that a process ended; `task` is what it worked on."""
        self._lost_tasks.add(task)

    def adjust(self) -> None:
        """Start or end a process if the load needs it; called with every heartbeat."""
        now = self._clock()
        for run in [run for run, used in self._used_at.items() if now - used > RECENT_SECONDS]:
            del self._used_at[run]
            self._worker_of.pop(run, None)
        if now - self._changed_at < CHANGE_SECONDS or not all(worker.child.ready for worker in self.workers):
            return
        busiest = max(self.workers, key=lambda worker: worker.mean_busy)
        runs = self._runs_of(busiest)
        busy, others = sum(worker.mean_busy for worker in self.workers), len(self.workers) - 1
        if busiest.mean_busy >= HIGH and len(runs) > 1 and len(self.workers) < self._limit:
            self._grow(runs)
        elif len(self.workers) > 1 and (busy <= others - LOW or len(self._worker_of) <= others):
            self._shrink()

    def _grow(self, runs: list[str]) -> None:
        self.start()
        self._changed_at = self._clock()
        for run in runs[::2]:
            self._worker_of[run] = self.workers[-1]

    def _shrink(self) -> None:
        worker = self.workers.pop()
        self._changed_at = self._clock()
        for run in self._runs_of(worker):
            del self._worker_of[run]
        self._processes.stop(worker)

    def _worker(self, run: str | None) -> WorkerHandle:
        """Returns the worker of a run; a new run gets the one with the fewest runs."""
        if run is not None and run in self._worker_of:
            self._used_at[run] = self._clock()
            return self._worker_of[run]
        counts = Counter(map(id, self._worker_of.values()))
        worker = min(self.workers, key=lambda worker: (counts[id(worker)], worker.mean_busy))
        if run is not None:
            self._worker_of[run], self._used_at[run] = worker, self._clock()
        return worker

    def _runs_of(self, worker: WorkerHandle) -> list[str]:
        return [run for run, each in self._worker_of.items() if each is worker]

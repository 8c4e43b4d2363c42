"""Run assignments: the training workers with their runs, and how much of each worker is taken."""

from collections.abc import Callable

from app.errors import NotFound
from app.workers.messages import LoadRun, UnloadRun
from app.workers.run_costs import Capacity, Need, estimated_share
from app.workers.worker_handle import WorkerHandle

MAX_IDLE_PER_WORKER = 32
ROUNDING = 1e-9


class RunAssignments:
    """The training workers and the runs that are loaded in them."""

    def __init__(self, capacity: Capacity) -> None:
        self.workers: list[WorkerHandle] = []
        self._capacity = capacity

    def worker_of(self, run: str) -> WorkerHandle | None:
        """Returns the worker in which the run is loaded."""
        return next((worker for worker in self.workers if run in worker.runs), None)

    def running(self) -> int:
        """Returns how many runs train."""
        return sum(worker.running for worker in self.workers)

    def has_room(self, need: Need, starting: list[Need]) -> bool:
        """Whether one more run may train now, beside others that are `starting`."""
        trained = {batch for worker in self.workers for batch in _batches(worker)}
        new = [other for other in starting if other.batch is None or other.batch not in trained]
        if need.batch in trained or (need.batch and need.batch in {other.batch for other in new}):
            return True
        part, parts = self._capacity.parts([need]), [self._taken(worker) for worker in self.workers]
        free = sum(max(0.0, 1.0 - taken) for taken in parts) - self._capacity.parts(new)
        return free + ROUNDING >= part and min(parts) + part <= 1.0 + ROUNDING

    def load(self, load: LoadRun, keep: Callable[[str], bool]) -> None:
        """Load a run in the least busy worker, or in that of its batch.

        Unloads idle runs over MAX_IDLE_PER_WORKER unless `keep`.
        """
        worker = self._worker_of_batch(load.batch) or min(
            self.workers, key=lambda worker: (self._taken(worker), len(worker.runs))
        )
        worker.runs[load.run] = load.status == "running"
        worker.shares[load.run] = estimated_share(load.config, load.speed)
        if load.batch is not None:
            worker.batches[load.run] = load.batch
        worker.child.send(load)
        required = {load.run, *worker.commands.values()}
        idle = [
            run
            for run, running in worker.runs.items()
            if not running and run not in required and not keep(run)
        ]
        for run in idle[: max(0, len(idle) - MAX_IDLE_PER_WORKER)]:
            _unload(worker, run)

    def unload(self, run: str) -> None:
        """Unload the run from its worker."""
        worker = self.worker_of(run)
        if worker is not None:
            _unload(worker, run)

    def must_move_to_run(self, run: str, need: Need) -> bool:
        """Whether the run does not train, and its worker has no room for it, or another one its batch."""
        worker = self.worker_of(run)
        if worker is None or worker.runs[run] or run in worker.reserved:
            return False
        if need.batch is not None and need.batch in _batches(worker):
            return False
        of_batch = self._worker_of_batch(need.batch)
        if of_batch is not None and of_batch is not worker and need.batch in _batches(of_batch):
            return True
        return self._taken(worker) + self._capacity.parts([need]) > 1.0 + ROUNDING

    def reserve(self, run: str, share: float) -> None:
        """Reserve room for this run, which needs this share of a core, in its worker."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.reserved.add(run)
            worker.shares[run] = share

    def release(self, run: str) -> None:
        """Release the reserved room of this run."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.reserved.discard(run)

    def set_running(self, run: str, running: bool) -> None:
        """Record whether the run trains; it becomes the most recently used one."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.runs.pop(run)
            worker.runs[run] = running

    def leave_batch(self, run: str) -> None:
        """Record that the run does not train with its batch any more."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.batches.pop(run, None)

    def _worker_of_batch(self, batch: str | None) -> WorkerHandle | None:
        """Returns the worker that trains the batch, or else one that has most of its runs."""
        if batch is None:
            return None
        found = [worker for worker in self.workers if batch in worker.batches.values()]
        return max(
            found,
            key=lambda worker: (batch in _batches(worker), list(worker.batches.values()).count(batch)),
            default=None,
        )

    def _taken(self, worker: WorkerHandle) -> float:
        """Returns the part of a worker that its runs take."""
        return self._capacity.parts(
            Need(worker.shares.get(run, 1.0), worker.batches.get(run)) for run in worker.training_runs
        )


def _batches(worker: WorkerHandle) -> set[str]:
    """Returns the batches that train in a worker."""
    return {batch for run in worker.training_runs if (batch := worker.batches.get(run)) is not None}


def _unload(worker: WorkerHandle, run: str) -> None:
    del worker.runs[run]
    worker.shares.pop(run, None)
    worker.batches.pop(run, None)
    worker.reserved.discard(run)
    worker.child.send(UnloadRun(run))
    for number in [number for number, owner in worker.commands.items() if owner == run]:
        worker.fail(number, NotFound("no_such_run", "This run was deleted.", field="id", given=run))

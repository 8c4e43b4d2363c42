"""Run assignments: the training workers with their runs and free capacity."""

from collections.abc import Callable

from app.errors import NotFound
from app.settings import RUNNING_PER_WORKER
from app.workers.messages import LoadRun, UnloadRun
from app.workers.worker_handle import WorkerHandle

MAX_IDLE_PER_WORKER = 32


class RunAssignments:
    """The training workers and the runs that are loaded in them."""

    def __init__(self) -> None:
        self.workers: list[WorkerHandle] = []

    def worker_of(self, run: str) -> WorkerHandle | None:
        """Returns the worker in which the run is loaded."""
        return next((worker for worker in self.workers if run in worker.runs), None)

    def free_capacity(self) -> int:
        """Returns how many more runs may train now."""
        return sum(max(0, RUNNING_PER_WORKER - worker.running) for worker in self.workers)

    def load(self, load: LoadRun, keep: Callable[[str], bool]) -> None:
        """Load a run in the least busy worker; unload idle runs over MAX_IDLE_PER_WORKER unless `keep`."""
        worker = min(self.workers, key=lambda worker: (worker.running, len(worker.runs)))
        worker.runs[load.run] = load.status == "running"
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

    def must_move_to_run(self, run: str) -> bool:
        """Whether the run does not train, and its worker has no capacity for one more run."""
        worker = self.worker_of(run)
        if worker is None or worker.runs[run] or run in worker.reserved:
            return False
        return worker.running >= RUNNING_PER_WORKER

    def reserve(self, run: str) -> None:
        """Reserve capacity for this run in its worker."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.reserved.add(run)

    def release(self, run: str) -> None:
        """Release the reserved capacity of this run."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.reserved.discard(run)

    def set_running(self, run: str, running: bool) -> None:
        """Record whether the run trains; it becomes the most recently used one."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.runs.pop(run)
            worker.runs[run] = running


def _unload(worker: WorkerHandle, run: str) -> None:
    del worker.runs[run]
    worker.reserved.discard(run)
    worker.child.send(UnloadRun(run))
    for number in [number for number, owner in worker.commands.items() if owner == run]:
        worker.fail(number, NotFound("no_such_run", "This run was deleted.", field="id", given=run))

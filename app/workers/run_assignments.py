"""Run assignments: which training worker has which run, and which may take one more."""

from collections.abc import Callable

from app.errors import NotFound
from app.settings import RUNNING_PER_WORKER
from app.workers.messages import LoadRun, UnloadRun
from app.workers.worker_handle import WorkerHandle

IDLE_PER_WORKER = 32


class RunAssignments:
    """The training workers and their runs; nothing else knows where a run is loaded."""

    def __init__(self) -> None:
        self.workers: list[WorkerHandle] = []

    def worker_of(self, run: str) -> WorkerHandle | None:
        """The worker that has the run."""
        return next((worker for worker in self.workers if run in worker.runs), None)

    def free_places(self) -> int:
        """How many more runs may train now."""
        return sum(max(0, RUNNING_PER_WORKER - worker.running) for worker in self.workers)

    def load(self, load: LoadRun, keep: Callable[[str], bool]) -> None:
        """Load a run in the least busy worker; idle runs beyond a bound leave it, except those to `keep`."""
        worker = min(self.workers, key=lambda worker: (worker.running, len(worker.runs)))
        worker.runs[load.run] = load.status == "running"
        worker.child.send(load)
        needed = {load.run, *worker.commands.values()}
        idle = [
            run for run, running in worker.runs.items() if not running and run not in needed and not keep(run)
        ]
        for run in idle[: max(0, len(idle) - IDLE_PER_WORKER)]:
            _unload(worker, run)

    def unload(self, run: str) -> None:
        """Take the run from its worker."""
        worker = self.worker_of(run)
        if worker is not None:
            _unload(worker, run)

    def must_move_to_run(self, run: str) -> bool:
        """Whether the run does not train, and its worker has no place for one more that trains."""
        worker = self.worker_of(run)
        if worker is None or worker.runs[run] or run in worker.reserved:
            return False
        return worker.running >= RUNNING_PER_WORKER

    def reserve(self, run: str) -> None:
        """Keep a place to train for this run in its worker."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.reserved.add(run)

    def release(self, run: str) -> None:
        """The run trains now, or needs no place."""
        worker = self.worker_of(run)
        if worker is not None:
            worker.reserved.discard(run)

    def set_running(self, run: str, running: bool) -> None:
        """Note whether the run trains, and that it was used."""
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

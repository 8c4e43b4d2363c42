"""Lost tasks: what made the process end or hang that did it is not tried again and again."""

from collections.abc import Callable

from app.errors import Unavailable
from app.workers.messages import Query

MAX_LOSSES = 2
# Seconds until a task is tried once more: each time, the others of its process wait about 8 s.
REFUSED_SECONDS = 300.0


def view_task(view: str, run: str) -> str:
    """Returns the name of the computation of a view."""
    return f"view {view} {run}"


def query_task(query: Query) -> str:
    """Returns the name of a query; that of a query about no run is its own."""
    if query.name == "view":
        return view_task(query.arguments["view"], query.arguments["run"])
    return f"query {query.name} {query.run or query.request}"


class LostTasks:
    """Counts how often a process ended while it worked on a task."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._losses: dict[str, tuple[int, float]] = {}  # number, and time of the last one

    def add(self, task: str | None) -> None:
        """Count the end of a process that worked on `task`; None: it waited."""
        self._losses = {name: loss for name, loss in self._losses.items() if self._is_recent(loss)}
        if task is not None:
            self._losses[task] = self._losses.get(task, (0, 0.0))[0] + 1, self._clock()

    def problem(self, task: str) -> Unavailable | None:
        """Returns the error for a task that is refused, or None."""
        losses = self._losses.get(task)
        if losses is None or losses[0] < MAX_LOSSES or not self._is_recent(losses):
            return None
        message = (
            f"The process that computes this ended or did not answer {losses[0]} times while it did;"
            f" it is tried again after {REFUSED_SECONDS / 60:.0f} minutes."
        )
        return Unavailable("view_worker_lost", message)

    def _is_recent(self, losses: tuple[int, float]) -> bool:
        return self._clock() < losses[1] + REFUSED_SECONDS

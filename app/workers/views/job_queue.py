"""Job queue: the jobs of the view worker, which take turns slice by slice."""

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass

from app.workers.messages import CancelViews, ComputeViews

# Yields after each slice of work.
Slices = Generator[None, None, None]


@dataclass(frozen=True, eq=False)
class Job:
    """Work in slices; `past`: about a past step; `views`: the message that requested it, if it was one.

    `task` and `seconds` are its name and what a slice may take, see `app.workers.current_task`.
    """

    slices: Slices
    task: str
    seconds: float
    past: bool = False
    views: ComputeViews | None = None


class JobQueue:
    """Jobs about the present and about the past take turns, and so do the jobs of each kind.

    However many viewers look at past steps, they delay a job about the present by one slice at a time.
    """

    def __init__(self) -> None:
        self._present: deque[Job] = deque()
        self._past: deque[Job] = deque()
        self._last_was_past = False

    def __len__(self) -> int:
        return len(self._present) + len(self._past)

    def add(self, job: Job) -> None:
        """Add a job, or continue it: it is the last one of its kind."""
        (self._past if job.past else self._present).append(job)

    def next(self) -> Job:
        """Remove and return the job whose turn it is; there must be one."""
        self._last_was_past = bool(self._past) and not (self._present and self._last_was_past)
        return (self._past if self._last_was_past else self._present).popleft()

    def cancel(self, cancel: CancelViews) -> None:
        """Remove the jobs whose views are all among those of the message."""
        self._present = deque(job for job in self._present if not _is_cancelled(job, cancel))
        self._past = deque(job for job in self._past if not _is_cancelled(job, cancel))


def _is_cancelled(job: Job, cancel: CancelViews) -> bool:
    return job.views is not None and job.views.run == cancel.run and cancel.keys.issuperset(job.views.keys)

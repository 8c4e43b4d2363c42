"""Run queue: the runs that wait for room in a worker; their reason says their place.

They wait in order of arrival, members of experiments after all others.
"""

import asyncio
from collections.abc import Callable, Iterator

from app.run_states import WAITING, reason
from app.runs.run import Run


class RunQueue:
    """Queued runs; `training` returns how many runs train, `announce` sends the new place of a run.

    A place changes with every run that leaves the queue; places are announced once for all changes that are
    made together.
    """

    def __init__(self, training: Callable[[], int], announce: Callable[[Run], None]) -> None:
        self._training = training
        self._announce = announce
        self._runs: dict[str, Run] = {}
        self._is_announced = True

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._runs

    def __iter__(self) -> Iterator[Run]:
        return iter(list(self._runs.values()))

    def __len__(self) -> int:
        return len(self._runs)

    def add(self, run: Run) -> None:
        """Makes the run wait; a run that waits already keeps its place.

        The members of experiments come after all other runs.
        """
        if run.id not in self._runs:
            self._runs[run.id] = run
            if run.experiment is None:
                for member in [other for other in self if other.experiment is not None]:
                    self._runs[member.id] = self._runs.pop(member.id)
        run.status = "queued"
        self._set_place(run, list(self._runs).index(run.id) + 1)
        self._announce_later()

    def remove(self, run: Run) -> None:
        """Removes the run, if it waits."""
        if self._runs.pop(run.id, None) is not None:
            run.status_reason = None
            self._announce_later()

    def _announce_later(self) -> None:
        if self._is_announced:
            self._is_announced = False
            asyncio.get_running_loop().call_soon(self._announce_all)

    def _announce_all(self) -> None:
        self._is_announced = True
        for place, run in enumerate(self, start=1):
            if self._set_place(run, place):
                self._announce(run)

    def _set_place(self, run: Run, place: int) -> bool:
        """Returns whether the place or the length of the queue is new."""
        before = run.status_reason
        numbers = {"place": place, "waiting": len(self._runs)}
        run.status_reason = reason(WAITING, **numbers, training=self._training())
        return before is None or not numbers.items() <= dict(before.parameters).items()

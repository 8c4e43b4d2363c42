"""Checkpoint retention: which checkpoints of attempts are deleted when they exceed a budget."""

from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush, heapreplace
from typing import NamedTuple

from app.storage.attempts import CheckpointEntry
from engine.training.recorded_steps import scale

# In this order checkpoints are deleted: each rank only when none of the rank before is left.
RECORDED, EVENT, BOOKMARKED = range(3)


class Recorded(NamedTuple):
    """The checkpoints of an attempt by step, the step of its best measured point, and bookmarked steps."""

    checkpoints: Mapping[int, CheckpointEntry]
    best_step: int | None = None
    bookmarks: Collection[int] = ()

    def ranks(self) -> dict[int, int]:
        """Returns the rank of every step that may be deleted: not the first, the last and the best."""
        steps = sorted(self.checkpoints)
        kept = {steps[0], steps[-1], _newest(steps, self.best_step)} if steps else set()
        ranks = {step: EVENT if self.checkpoints[step].kind == "event" else RECORDED for step in steps}
        for bookmark in self.bookmarks:
            if (step := _newest(steps, bookmark)) is not None:
                ranks[step] = BOOKMARKED
        return {step: rank for step, rank in ranks.items() if step not in kept}


class _Chain:
    """The remaining steps of an attempt, each with its neighbours; those that may be deleted in a heap.

    Each attempt has a heap of its own: one of all steps would be built in a call that stops other threads.
    """

    def __init__(self, recorded: Recorded) -> None:
        steps = sorted(recorded.checkpoints)
        self._places = {step: scale(step, steps[-1]) for step in steps}
        self._before = dict(zip(steps[1:], steps, strict=False))
        self._after = dict(zip(steps, steps[1:], strict=False))
        self._heap = [(rank, self._gap(step), step) for step, rank in recorded.ranks().items()]
        heapify(self._heap)

    def least(self) -> tuple[int, float] | None:
        """Returns rank and gap of the step that is needed least; None if no step may be deleted."""
        while self._heap:
            rank, gap, step = self._heap[0]
            current = self._gap(step)
            if current == gap:
                return rank, gap
            heapreplace(self._heap, (rank, current, step))  # a neighbour was removed
        return None

    def remove_least(self) -> int:
        """Remove the step that `least` found, and return it."""
        step = heappop(self._heap)[2]
        before, after = self._before.pop(step), self._after.pop(step)
        self._after[before], self._before[after] = after, before
        return step

    def _gap(self, step: int) -> float:
        """The gap on the scale that is left when this step is removed."""
        return self._places[self._after[step]] - self._places[self._before[step]]


def least_needed(attempts: Mapping[str, Recorded], excess: int) -> dict[str, list[int]]:
    """Returns the steps to delete from each attempt so that at least `excess` bytes become free.

    The first, the last, and the newest up to the best step of every attempt are kept. Of the others those
    without an event are deleted first, and those from which a bookmarked step is computed last; each time the
    one that leaves the smallest gap on the scale of recorded steps, half linear and half logarithmic.
    """
    deleted: dict[str, list[int]] = {}
    if excess <= 0:
        return deleted
    chains = {key: _Chain(recorded) for key, recorded in attempts.items()}
    heap = [(*least, key) for key, chain in chains.items() if (least := chain.least()) is not None]
    heapify(heap)
    while excess > 0 and heap:
        key = heappop(heap)[2]
        step = chains[key].remove_least()
        deleted.setdefault(key, []).append(step)
        excess -= attempts[key].checkpoints[step].size
        if (least := chains[key].least()) is not None:
            heappush(heap, (*least, key))
    return deleted


def _newest(steps: list[int], until: int | None) -> int | None:
    """The newest of the steps up to `until`."""
    return max((step for step in steps if until is not None and step <= until), default=None)

"""Turns: which of many runs a training worker works on next.

Runs whose limited speed needs less than an equal share of the time get what they need; the others share what
is left equally. All methods take logarithmic time, because there may be hundreds of runs.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")
PRECEDENCE = 0.005  # seconds; about one turn


class Heap(Generic[T]):
    """Items in the order of a key; setting an item again replaces its key."""

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, T]] = []
        self._current: dict[T, int] = {}
        self._numbers = count()

    def __contains__(self, item: T) -> bool:
        return item in self._current

    def set(self, item: T, key: float) -> None:
        """Add an item, or change its key; of equal keys, the first one set comes first."""
        number = self._current[item] = next(self._numbers)
        heappush(self._entries, (key, number, item))

    def discard(self, item: T) -> None:
        """Remove an item, if it is there."""
        self._current.pop(item, None)

    def least(self) -> float | None:
        """Returns the least key; None: there are no items."""
        entries, current = self._entries, self._current
        while entries and current.get(entries[0][2]) != entries[0][1]:
            heappop(entries)
        return entries[0][0] if entries else None

    def pop(self, limit: float) -> T | None:
        """Remove and return the item of the least key, unless that is above `limit`."""
        least = self.least()
        if least is None or least > limit:
            return None
        item = heappop(self._entries)[2]
        del self._current[item]
        return item

    def pop_all(self, limit: float) -> Iterator[T]:
        """Remove and return the items up to `limit`, in order, without those that are set again meanwhile."""
        items = []
        while (item := self.pop(limit)) is not None:
            items.append(item)
        return iter(items)


class Turns(Generic[T]):
    """The order in which due items take turns: the one that has used the least time is next.

    Time that an item did not want counts as used: it cannot be saved up for later. An item that had to wait
    until it was due counts PRECEDENCE less, so that one that needs little is next when it is due.
    """

    def __init__(self) -> None:
        self._waiting: Heap[T] = Heap()  # by the time at which they are due
        self._due: Heap[T] = Heap()  # by the time that they have used
        self._used: dict[T, float] = {}
        self._last = 0.0  # used by the item of the latest turn, before it
        self._now = float("-inf")

    def plan(self, item: T, due: float | None) -> None:
        """Plan the next turn of an item at the time `due`; None: it wants none."""
        self._due.discard(item)
        self._waiting.discard(item)
        if due is None:
            return
        if due > self._now:
            self._waiting.set(item, due)
        else:
            self._due.set(item, self._counted(item))

    def next(self, now: float) -> T | None:
        """Returns an item that is due, which must be planned again after its turn; None: none is due."""
        self._now = now
        while (item := self._waiting.pop(now)) is not None:
            self._due.set(item, self._counted(item) - PRECEDENCE)
        item = self._due.pop(float("inf"))
        if item is not None:
            self._last = max(self._last, self._used[item])
        return item

    def spend(self, item: T, seconds: float) -> None:
        """Record the time that an item has used in its turn."""
        self._used[item] = self._used.get(item, 0.0) + seconds

    def remove(self, item: T) -> None:
        """Remove an item."""
        self.plan(item, None)
        self._used.pop(item, None)

    def next_due(self) -> float | None:
        """Returns a time at which an item is due; None: no turn is planned."""
        return float("-inf") if self._due.least() is not None else self._waiting.least()

    def _counted(self, item: T) -> float:
        used = self._used[item] = max(self._used.get(item, 0.0), self._last - PRECEDENCE)
        return used

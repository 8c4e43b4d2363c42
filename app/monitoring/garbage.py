"""Garbage: full collections only when the objects have become more, as each goes through all of them.

With 1,000 viewers a full collection takes 170 ms, in which no one is answered. Python starts one after a
quarter of the objects has survived a collection of young ones, also when these have ended since then: every
2.5 s, although nothing grows.
"""

import asyncio
import gc

CHECK_SECONDS = 2.0
GROWTH = 1.5  # times as many old objects as after the last full collection
FEW = 20_000  # old objects, up to which growth does not count
MAX_SECONDS = 120.0  # between two: a few objects in a cycle may keep much memory
NEVER = 1_000_000_000


class FullCollections:
    """When the next full collection is due. Times are in seconds of any clock."""

    def __init__(self, old: int, now: float) -> None:
        self._old = old
        self._at = now

    def is_due(self, old: int, now: float) -> bool:
        """Whether to collect, with so many old objects."""
        return old > max(FEW, self._old * GROWTH) or now >= self._at + MAX_SECONDS

    def on_collected(self, old: int, now: float) -> None:
        """Handle that all objects were looked at, after which so many are left."""
        self._old, self._at = old, now


async def collect_when_due() -> None:
    """Does Python's full collections until it is cancelled, without the objects that there are now."""
    gc.freeze()
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
    clock = asyncio.get_running_loop().time
    collections = FullCollections(old_objects(), clock())
    try:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if collections.is_due(old_objects(), clock()):
                gc.collect()
                collections.on_collected(old_objects(), clock())
    finally:
        gc.set_threshold(young, middle, old)


def old_objects() -> int:
    """Returns the number of objects that survived two collections of younger ones, without frozen ones."""
    return len(gc.get_objects(generation=2))

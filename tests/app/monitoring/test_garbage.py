"""Full collections of garbage: only when there are more objects, or after a long time."""

import asyncio
import gc
import weakref

import pytest

from app.monitoring import garbage
from app.monitoring.garbage import FEW, MAX_SECONDS, FullCollections, collect_when_due


def test_objects_are_looked_through_when_they_have_become_half_as_many_again_or_after_two_minutes():
    collections = FullCollections(old=100_000, now=0.0)
    assert not collections.is_due(149_000, now=MAX_SECONDS - 1)
    assert collections.is_due(151_000, now=1.0) and collections.is_due(100_000, now=MAX_SECONDS)
    collections.on_collected(150_000, now=MAX_SECONDS)
    assert not collections.is_due(220_000, now=MAX_SECONDS + 1)
    assert not FullCollections(old=0, now=0.0).is_due(FEW, now=1.0)


class Knot:
    """An object that refers to itself: only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_objects_in_a_cycle_are_freed_though_python_itself_does_not_look_at_old_ones(monkeypatch, run_async):
    monkeypatch.setattr(garbage, "CHECK_SECONDS", 0.001)
    monkeypatch.setattr(garbage, "MAX_SECONDS", 0.0)
    before = gc.get_threshold()

    async def use() -> None:
        collecting = asyncio.create_task(collect_when_due())
        await asyncio.sleep(0)
        knot = weakref.ref(Knot())
        async with asyncio.timeout(30):
            while knot() is not None:
                await asyncio.sleep(0.001)
        assert gc.get_threshold()[:2] == before[:2] and gc.get_threshold() != before
        collecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await collecting

    try:
        run_async(use())
        assert gc.get_threshold() == before
    finally:
        gc.unfreeze()

"""Table uses: a table is deleted only once it is stored that nothing needs it."""

import asyncio
from types import SimpleNamespace

import pytest

from app.errors import Unavailable
from app.table_uses import TableUses


class Simulation:
    """Table uses without a store; `flushes` are the open calls of `flush`."""

    def __init__(self):
        self.flushes, self.deleted = [], []
        files = SimpleNamespace(delete=self.deleted.append, size=lambda content: 1)
        rows = SimpleNamespace(put_use=lambda *values: None, delete_use=lambda *values: None)
        self.uses = TableUses(rows, files, lambda content: False, self.flush)

    async def flush(self):
        self.flushes.append(asyncio.get_running_loop().create_future())
        await self.flushes[-1]

    async def end_flush(self, number, error=None):
        """Ends the flush of this number, once it was called."""
        while len(self.flushes) <= number:
            await asyncio.sleep(0)
        if error is None:
            self.flushes[number].set_result(None)
        else:
            self.flushes[number].set_exception(error)
        for _ in range(5):
            await asyncio.sleep(0)


def test_a_table_that_was_released_during_a_flush_is_deleted_after_the_next_one(run_async):
    async def use():
        simulation = Simulation()
        uses = simulation.uses
        for run in ("first", "second"):
            uses.add(run, f"of the {run}", 0)
        uses.drop_run("first")
        while not simulation.flushes:
            await asyncio.sleep(0)
        uses.drop_run("second")
        await simulation.end_flush(0)
        assert simulation.deleted == ["of the first"]
        await simulation.end_flush(1)
        assert simulation.deleted == ["of the first", "of the second"]
        await uses.close()

    run_async(use())


def test_what_could_not_be_stored_is_deleted_with_the_next_deletion(run_async):
    async def use():
        simulation = Simulation()
        simulation.uses.delete_if_unused("table")
        deletion = asyncio.ensure_future(simulation.uses.delete_unused())
        await simulation.end_flush(0, Unavailable("disk_full", "The disk is full."))
        with pytest.raises(Unavailable):
            await deletion
        assert simulation.deleted == []
        deletion = asyncio.ensure_future(simulation.uses.delete_unused())
        await simulation.end_flush(1)
        await deletion
        assert simulation.deleted == ["table"]

    run_async(use())

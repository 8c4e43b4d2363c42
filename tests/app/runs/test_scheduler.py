"""Scheduler: when queued runs start."""

from types import SimpleNamespace

from app.runs.command_queue import CommandQueue
from app.runs.scheduler import Scheduler
from engine.tasks.resolve import parse


def test_a_queued_run_starts_after_the_command_that_is_executed_in_its_worker(run_async):
    async def use():
        unloaded = []
        places = SimpleNamespace(
            has_room=lambda share, starting: True, unload=unloaded.append, running=lambda: 0,
            release=lambda run: None,
        )  # fmt: skip
        pool = SimpleNamespace(runs=places, has=lambda run: True)
        scheduler = Scheduler(pool, None, SimpleNamespace(is_watched=lambda run: False))
        run = SimpleNamespace(
            id="run", status="paused", status_reason=None, deleted=False, speed=None, queue=CommandQueue(),
            config_dict=parse({}).model_dump(mode="json"),
        )  # fmt: skip
        scheduler.queue(run)
        async with run.queue.turn():
            scheduler.start_queued()
            # Otherwise its command would fail, and what it changed would be lost.
            assert (run.status, unloaded) == ("queued", [])
        scheduler.start_queued()
        assert (run.status, unloaded) == ("running", ["run"])
        scheduler.cancel()

    run_async(use())

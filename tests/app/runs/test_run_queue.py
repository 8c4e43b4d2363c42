"""Run queue: what waits says its place."""

import asyncio
from types import SimpleNamespace

from app.runs.run_queue import RunQueue


def run_of(name):
    return SimpleNamespace(id=name, status="paused", status_reason=None, experiment=None)


def place(run):
    parameters = run.status_reason.parameters
    return parameters["place"], parameters["waiting"], parameters["training"]


def test_every_queued_run_knows_its_place_and_is_announced_once_for_changes_made_together(run_async):
    async def use():
        announced = []
        queue = RunQueue(lambda: 16, announced.append)
        runs = [run_of(name) for name in "abc"]
        for run in runs:
            queue.add(run)
        assert runs[2].status_reason.code == "waiting" and place(runs[2]) == (3, 3, 16)
        await asyncio.sleep(0)
        assert [place(run) for run in runs] == [(1, 3, 16), (2, 3, 16), (3, 3, 16)]
        assert announced == runs[:2]  # the last one said so when it came
        announced.clear()
        queue.add(runs[0])  # it waits already
        await asyncio.sleep(0)
        assert place(runs[0]) == (1, 3, 16) and announced == []
        queue.remove(runs[0])
        queue.remove(runs[0])
        await asyncio.sleep(0)
        assert runs[0].status_reason is None
        assert [place(run) for run in queue] == [(1, 2, 16), (2, 2, 16)]
        assert announced == runs[1:] and len(queue) == 2 and "a" not in queue and "b" in queue

    run_async(use())

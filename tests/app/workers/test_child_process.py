"""Child process: the operating system may refuse to start one."""

import asyncio
from multiprocessing.context import SpawnProcess

from app.workers import supervisor
from app.workers.child_process import view_worker
from app.workers.supervisor import Supervisor


def test_a_process_that_could_not_be_started_is_replaced(monkeypatch, tmp_path, run_async):
    start, refused = SpawnProcess.start, []

    def refuse_once(process):
        if refused:
            return start(process)
        refused.append(process)
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(SpawnProcess, "start", refuse_once)
    monkeypatch.setattr(supervisor, "RESTART_DELAY", 0.0)

    async def use():
        answered = asyncio.Event()
        processes = Supervisor(tmp_path, lambda handle, messages: answered.set(), lambda handle, task: None)
        async with processes.running():
            handle = processes.start(view_worker)
            await asyncio.wait_for(answered.wait(), 60)
            assert refused and handle.restarts == 1

    run_async(use())

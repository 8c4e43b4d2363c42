"""Child processes: the operating system may refuse to start one, and a server is ready once they are."""

import asyncio
from multiprocessing.context import SpawnProcess
from types import SimpleNamespace

from app.workers import supervisor
from app.workers.child_process import ChildProcess, view_worker
from app.workers.current_task import CurrentTask
from app.workers.messages import Ready, Stop
from app.workers.pool import Pool
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


def test_a_process_that_needed_long_to_start_is_not_overdue_once_it_has_answered(tmp_path, run_async):
    async def use():
        overdue = []
        answered, ended = asyncio.Event(), asyncio.Event()

        def received(child, messages):
            overdue.append(child.overdue)
            answered.set()

        child = ChildProcess(view_worker, received, lambda child: ended.set(), tmp_path)
        child.overdue = 20.0  # as the watchdog counts it while the process starts
        await asyncio.wait_for(answered.wait(), 60)
        child.send(Stop())
        await asyncio.wait_for(ended.wait(), 60)
        assert overdue[0] == 0.0

    run_async(use())


class StartingChild:
    """Replaces a child process that has not started yet."""

    pid, ready, overdue, patience, stuck = None, False, 0.0, 7.0, False

    def __init__(self, main, received, ended, folder):
        self.main, self.name, self.task = main, main.__name__, CurrentTask()
        self.started = lambda: received(self, [Ready()])
        self.send = lambda message: ended(self) if isinstance(message, Stop) else None

    def join(self, timeout):
        """Nothing runs."""


def test_a_new_server_is_waited_for_until_it_can_train_and_draw(monkeypatch, tmp_path, run_async):
    children = []

    def start(*arguments):
        children.append(StartingChild(*arguments))
        return children[-1]

    monkeypatch.setattr(supervisor, "ChildProcess", start)

    async def use():
        pool = Pool(1, tmp_path)
        async with pool.started(SimpleNamespace()):
            await pool.wait_until_ready(0.0)
            assert pool.readiness() == {"train": False, "draw": False}
            waiting = asyncio.ensure_future(pool.wait_until_ready(60.0))
            for child in children:
                assert not waiting.done()
                child.started()
                await asyncio.sleep(0)
            await waiting
            assert pool.readiness() == {"train": True, "draw": True}

    run_async(use())

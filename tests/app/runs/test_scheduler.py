"""Scheduler: when queued runs start, and commands whose worker is lost."""

from types import SimpleNamespace

import pytest

from app.errors import Conflict
from app.runs.command_queue import CommandQueue
from app.runs.scheduler import Scheduler
from app.runs.worker_losses import MAX_LOSSES, WorkerLosses
from app.workers.messages import Transition
from app.workers.recorded import Position
from app.workers.worker_handle import WorkerLost
from engine.tasks.resolve import parse


def test_a_queued_run_starts_after_the_command_that_is_executed_in_its_worker(run_async):
    async def use():
        unloaded = []
        places = SimpleNamespace(
            has_room=lambda need, starting: True, unload=unloaded.append, running=lambda: 0,
            release=lambda run: None,
        )  # fmt: skip
        pool = SimpleNamespace(runs=places, has=lambda run: True)
        scheduler = Scheduler(pool, None, SimpleNamespace(is_watched=lambda run: False))
        run = SimpleNamespace(
            experiment=None, batch=None,
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


PAUSED = Transition("run", 1, "paused", None, False, Position(0, 1, 0), None, 0.01, 0.0)


def execute(lost, on_lost=lambda run: None):
    """Executes a command of a paused run whose worker is lost so many times, and returns its end and the run.

    `lost`: what the worker did each time; `on_lost(run)` is called when it is.
    """
    losses = list(lost)

    async def answer(run_id, name, arguments):
        if losses:
            task = losses.pop(0)
            on_lost(run)
            raise WorkerLost(task)
        return PAUSED

    pool = SimpleNamespace(has=lambda run: True, execute=answer)
    run_cache = SimpleNamespace(store=SimpleNamespace(update_run=lambda row: None))
    run = SimpleNamespace(
        id="run", status="paused", status_reason=None, deleted=False, losses=WorkerLosses(), step=7,
        report=lambda text: None, row=lambda: {}, log_status=lambda: None,
    )  # fmt: skip
    scheduler = Scheduler(pool, run_cache, SimpleNamespace(on_frame=lambda run: None))
    return scheduler.execute(run, "step", {}), run


def test_a_command_is_executed_though_the_run_beside_it_made_the_worker_hang_again_and_again(run_async):
    command, run = execute(["beside"] * 3 * MAX_LOSSES)
    assert run_async(command) is PAUSED
    assert run.status == "paused"


def test_a_paused_run_whose_step_command_hangs_again_and_again_fails(run_async):
    command, run = execute(["run"] * (MAX_LOSSES + 1), lambda run: run.losses.add(has_hung=True))
    with pytest.raises(Conflict, match="The run failed: A step or a command did not end"):
        run_async(command)
    assert (run.status, run.status_reason.code) == ("failed", "worker_hung")


def test_a_paused_run_does_not_fail_because_of_the_run_beside_it(run_async):
    def lose_often(run):
        for _ in range(MAX_LOSSES + 1):
            run.losses.add(has_hung=False)

    command, run = execute(["beside"], lose_often)
    assert run_async(command) is PAUSED
    assert run.status == "paused"

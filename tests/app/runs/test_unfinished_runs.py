"""Unfinished runs: at the start of a server, a run that cannot be read is not stored as running."""

import asyncio
from types import SimpleNamespace

import pytest

from app.errors import Damaged, Unavailable
from app.runs import unfinished_runs
from app.runs.command_queue import CommandQueue
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.runs.unfinished_runs import UnfinishedRuns
from app.storage.store import Store
from engine.tasks.resolve import parse

NOT_READ = "The store cannot be read: disk I/O error."


def stored_run(store):
    """Returns the id of a run that is stored as running."""
    run = Run.create(parse({}), store, None, status="running")
    return run.id


class UnreadableCache:
    """A cache whose runs cannot be read."""

    def __init__(self, store, error):
        self.store, self.error = store, error

    async def get(self, run_id):
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "code", "parameters"),
    [
        (Unavailable("not_read", NOT_READ), "paused", "not_loaded", f'{{"message":"{NOT_READ}"}}'),
        (MemoryError("64 MB"), "paused", "not_loaded", '{"message":"MemoryError: 64 MB"}'),
        (Damaged("The row is no row."), "failed", "damaged", None),
    ],
)
def test_a_run_that_cannot_be_read_is_stored_as_paused_or_damaged(
    tmp_path, run_async, error, status, code, parameters
):
    async def resume():
        with Store(tmp_path / "runs.sqlite3") as store:
            run_id = stored_run(store)
            await store.flush()
            scheduler = SimpleNamespace(queue=None, start_queued=lambda: None)
            await UnfinishedRuns(UnreadableCache(store, error), scheduler).resume()
            await store.flush()
            return await store.run(run_id)

    row = run_async(resume())
    assert (row["status"], row["reason_code"], row["reason_parameters"]) == (status, code, parameters)


def test_unfinished_runs_are_queued_once_the_store_can_be_read(monkeypatch, run_async):
    monkeypatch.setattr(unfinished_runs, "RETRY_SECONDS", 0.0)
    answers = [Unavailable("not_read", NOT_READ), Unavailable("not_read", NOT_READ), ["a", "b"]]
    queued = []

    async def unfinished():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def get(run_id):
        return run_id

    run_cache = SimpleNamespace(store=SimpleNamespace(unfinished=unfinished), get=get)
    scheduler = SimpleNamespace(queue=queued.append, start_queued=lambda: queued.append("started"))
    run_async(UnfinishedRuns(run_cache, scheduler).resume())
    assert queued == ["a", "b", "started"]


def test_a_run_is_unfinished_that_trained_or_waited_also_until_it_could_be_stored(tmp_path, run_async):
    async def unfinished():
        with Store(tmp_path / "runs.sqlite3") as store:
            states = [("running", None), ("queued", None), ("paused", "disk_full"), ("paused", None)]
            states += [("paused", "unwatched"), ("stopped", "disk_full")]
            runs = [
                Run.create(parse({}), store, None, status=status, reason_code=code) for status, code in states
            ]
            await store.flush()
            assert await store.unfinished() == [run.id for run in runs[:3]]

    run_async(unfinished())


@pytest.mark.parametrize("error", [Unavailable("not_read", NOT_READ), OSError("a broken disk")])
def test_a_run_whose_checkpoint_cannot_be_read_for_any_reason_is_paused(run_async, error):
    async def restart():
        async def fail(run):
            raise error

        published = asyncio.Event()
        places = SimpleNamespace(has_room=lambda need, starting: True, release=lambda run: None)
        pool = SimpleNamespace(runs=places, has=lambda run: False)
        stored = []
        run_cache = SimpleNamespace(checkpoint=fail, store=SimpleNamespace(update_run=stored.append))
        scheduler = Scheduler(pool, run_cache, SimpleNamespace(on_frame=lambda run: published.set()))
        run = SimpleNamespace(
            id="run", status="running", status_reason=None, deleted=False, speed=None, batch=None,
            queue=CommandQueue(),
            config_dict=parse({}).model_dump(mode="json"), losses=SimpleNamespace(given_up=lambda: None),
            row=lambda: {"status": run.status}, log_status=lambda: None,
        )  # fmt: skip
        scheduler.restart_after_loss(run)
        await published.wait()
        assert run.status_reason.code == "not_loaded"
        assert stored == [{"status": "paused"}]

    run_async(restart())

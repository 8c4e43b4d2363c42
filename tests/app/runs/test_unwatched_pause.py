"""Runs that pause while they have no viewer, in a service that does not wait for 30 seconds."""

import asyncio
import contextlib
import json
import time

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import connect

from app.datasets import Datasets
from app.main import create_app
from app.runs.service import Runs
from app.settings import Access, Settings
from app.storage.store import Store
from app.storage.table_files import TableFiles
from app.workers.imports.client import ImportClient

CONFIG = {"layers": [{"units": 4}], "epochs": 1_000_000_000, "dataset": {"name": "circle", "samples": 100}}
SECONDS = 0.05


@contextlib.asynccontextmanager
async def service(folder, seconds=SECONDS):
    with Store(folder / "runs.sqlite3") as store:
        async with ImportClient(folder).started() as import_client:
            datasets = Datasets(store, import_client, TableFiles(folder))
            await datasets.open()
            async with Runs(store, 1, datasets, unwatched_seconds=seconds).started() as runs:
                yield runs


async def create(runs, unwatched="pause", start=True):
    config = CONFIG | {"unwatched": unwatched}
    return await runs.commands.create(config, start, replaces=None, speed=None, inherit_speed=False)


async def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def is_waiting(run):
    return (run.status, run.reason_code) == ("paused", "unwatched")


async def settle(runs, run):
    """Returns once every command that was given before is in effect."""
    for _ in range(2):
        await runs.commands.change(run, {"name": run.config.name})


def test_a_run_pauses_after_its_last_viewer_left_and_goes_on_when_one_returns(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path) as runs:
            run = await create(runs, start=False)
            with runs.unwatched.viewer(run):
                await runs.commands.command(run, "start")
                with runs.unwatched.viewer(run):
                    pass
                await until(lambda: run.step > 2000)
                assert run.status == "running"
            await until(lambda: is_waiting(run))
            assert run.answer()["status_reason"] == "paused: no window has shown it for 0.05 s"
            assert run.answer()["reason_parameters"] == {"seconds": SECONDS}
            step = run.step
            with runs.unwatched.viewer(run):
                await until(lambda: run.status == "running" and run.step > step)
                assert run.answer()["reason_code"] is None

    run_async(scenario())


def test_a_run_that_never_had_a_viewer_pauses(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path) as runs:
            run = await create(runs)
            await until(lambda: is_waiting(run))

    run_async(scenario())


def test_what_an_unwatched_run_does_can_be_changed_while_it_trains(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path) as runs:
            run = await create(runs, "train")
            await until(lambda: run.step > 2000)
            assert run.status == "running"
            await runs.commands.change(run, {"unwatched": "pause"})
            await until(lambda: is_waiting(run))
            await runs.commands.change(run, {"unwatched": "train"})
            with runs.unwatched.viewer(run):
                await until(lambda: run.status == "running")
            step = run.step
            await until(lambda: run.step > step + 2000)
            assert run.status == "running"

    run_async(scenario())


@pytest.mark.parametrize("command", ["pause", "step"])
def test_a_run_that_was_paused_by_a_command_does_not_go_on_when_a_viewer_returns(
    tmp_path, run_async, command
):
    async def scenario():
        async with service(tmp_path) as runs:
            run = await create(runs)
            await until(lambda: is_waiting(run))
            await runs.commands.command(run, command, {"unit": "step", "count": 1})
            assert run.reason_code is None
            with runs.unwatched.viewer(run):
                await settle(runs, run)
                assert run.status == "paused"

    run_async(scenario())


def test_a_viewer_does_not_start_a_run_that_was_paused_for_another_reason(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path) as runs:
            run = await create(runs, start=False)
            with runs.unwatched.viewer(run):
                await settle(runs, run)
                assert (run.status, run.step) == ("paused", 0)

    run_async(scenario())


def test_an_unwatched_run_waits_for_a_viewer_after_a_restart(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path, seconds=60) as runs:
            training = (await create(runs)).id
        async with service(tmp_path) as runs:  # goes on after the restart, without a viewer
            run = await runs.queries.get(training)
            await until(lambda: is_waiting(run))
            step = run.step
        async with service(tmp_path) as runs:
            run = await runs.queries.get(training)
            assert is_waiting(run) and run.step == step
            with runs.unwatched.viewer(run):
                await until(lambda: run.step > step)

    run_async(scenario())


@contextlib.asynccontextmanager
async def served(folder, **access):
    """The address of a server over the folder."""
    settings = Settings(
        "127.0.0.1", 0, False, folder, True, 1, (), unwatched_seconds=SECONDS, access=Access(**access)
    )
    with Store(folder / "runs.sqlite3") as store:
        app = create_app(settings, store)
        server = uvicorn.Server(uvicorn.Config(app, host=settings.host, port=0, log_level="warning"))
        task = asyncio.create_task(server.serve())
        await until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"
        server.should_exit = True
        await task


def test_a_stream_is_a_viewer(tmp_path, run_async):
    async def scenario():
        async with served(tmp_path) as address, httpx.AsyncClient(base_url=f"http://{address}") as client:
            created = await client.post("/api/runs", json=CONFIG | {"unwatched": "pause"})
            run = f"/api/runs/{created.json()['id']}"

            async def waiting():
                async with asyncio.timeout(60):
                    while (answer := (await client.get(run)).json())["reason_code"] != "unwatched":
                        pass
                return answer

            step = (await waiting())["step"]
            async with connect(f"ws://{address}{run}/stream?after=0") as socket:
                async with asyncio.timeout(60):
                    while json.loads(await socket.recv())["step"] <= step:
                        pass
            assert (await waiting())["step"] > step

    run_async(scenario())


def test_without_a_time_viewers_neither_pause_a_run_nor_let_it_go_on(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path) as runs:
            waiting = await create(runs)
            await until(lambda: is_waiting(waiting))
            running = await create(runs, unwatched="train")
            running_id, waiting_id = running.id, waiting.id
        async with service(tmp_path, seconds=None) as runs:
            waiting, running = [await runs.queries.get(run) for run in (waiting_id, running_id)]
            step = waiting.step
            with runs.unwatched.viewer(waiting):
                await until(lambda: running.status == "running" and running.step > 3000)
            assert is_waiting(waiting) and waiting.step == step
            await runs.commands.change(running, {"unwatched": "pause"})
            with runs.unwatched.viewer(running):
                pass
            now = running.step
            await until(lambda: running.step > now + 3000)
            assert running.status == "running"

    run_async(scenario())


def test_on_a_read_only_server_viewers_neither_pause_a_run_nor_let_it_go_on(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path) as runs:
            waiting = await create(runs)
            await until(lambda: is_waiting(waiting))
        async with service(tmp_path, seconds=60) as runs:
            running = await create(runs)
        async with (
            served(tmp_path, read_only=True) as address,
            httpx.AsyncClient(base_url=f"http://{address}") as client,
            connect(f"ws://{address}/api/runs/{waiting.id}/stream?after=0") as socket,
        ):

            async def read(run):
                return (await client.get(f"/api/runs/{run.id}")).json()

            await socket.recv()  # from here on, the run that waits has a viewer
            async with connect(f"ws://{address}/api/runs/{running.id}/stream?after=0") as other:
                await other.recv()
            start = (await read(running))["step"]
            async with asyncio.timeout(60):
                while (await read(running))["step"] < start + 3000:
                    pass
            before, after = waiting.answer(), await read(waiting)
            assert (after["status"], after["reason_code"]) == ("paused", "unwatched")
            assert after["step"] == before["step"]

    run_async(scenario())


def test_a_viewer_of_many_runs_keeps_a_run_training_too(tmp_path, run_async):
    async def scenario():
        async with service(tmp_path) as runs:
            run = await create(runs, start=False)
            with runs.unwatched.viewer(run, closely=False):
                await runs.commands.command(run, "start")
                with runs.unwatched.viewer(run):
                    pass
                step = run.step
                await until(lambda: run.step > step + 2000)
                assert run.status == "running"
            await until(lambda: is_waiting(run))

    run_async(scenario())

"""Expected viewer: views of a new run before its creator has opened the stream."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.datasets import Datasets
from app.runs.service import Runs
from app.storage.store import Store
from app.storage.table_files import TableFiles
from app.streaming.expected_viewer import expect_viewer
from app.streaming.subscriptions import read_view_names
from app.workers.imports.client import ImportClient

CONFIG = {"layers": [{"units": 4}], "dataset": {"name": "circle", "samples": 100}}
NAMES = ["decision_boundary", "network"]


@pytest.fixture
def with_runs(tmp_path):
    """Awaits `scenario(runs, run)` with a new run of a service that has its worker processes."""

    async def serve(scenario):
        with Store(tmp_path / "runs.sqlite3") as store:
            async with ImportClient(tmp_path).started() as import_client:
                datasets = Datasets(store, import_client, TableFiles(tmp_path))
                await datasets.open()
                async with Runs(store, 1, datasets).started() as runs:
                    run = await runs.commands.create(
                        CONFIG, start=False, replaces=None, speed=None, inherit_speed=True
                    )
                    return await scenario(runs, run)

    def run(scenario):
        with ThreadPoolExecutor(1) as thread:  # a browser test may have left an event loop in this one
            return thread.submit(asyncio.run, asyncio.wait_for(serve(scenario), 90)).result()

    return run


async def computed(scheduler, count):
    """The names of so many views, once they are computed."""
    names, on_view, done = [], scheduler.on_view, asyncio.Event()

    def recorded(run, result):
        on_view(run, result)
        names.append(result.key.view)
        if len(names) == count:
            done.set()

    scheduler.on_view = recorded
    await done.wait()
    return names


def test_the_expected_views_are_computed_without_a_stream_and_sent_when_it_is_open(with_runs):
    views = read_view_names(NAMES)

    async def scenario(runs, run):
        scheduler = runs.view_scheduler
        # Longer than the processes need to start on a busy machine.
        expected = asyncio.ensure_future(expect_viewer(scheduler, run, views, seconds=80))
        names = await computed(scheduler, len(NAMES))
        sent = []
        with scheduler.viewer(run, 0, compact=True) as viewer:
            scheduler.subscribe(viewer, views, 30.0)
            writing = asyncio.ensure_future(viewer.send(None, lambda data: sent.append(data) or True))
            while viewer.sent < len(NAMES):
                await asyncio.sleep(0)
            writing.cancel()
        expected.cancel()
        return names, len(sent)

    assert with_runs(scenario) == (NAMES, 1)


def test_a_viewer_that_does_not_come_is_expected_no_longer(with_runs):
    async def scenario(runs, run):
        scheduler = runs.view_scheduler
        expected = asyncio.ensure_future(expect_viewer(scheduler, run, read_view_names(NAMES), seconds=0.01))
        await asyncio.sleep(0)
        assert scheduler.is_watched(run.id)
        await expected
        assert not scheduler.is_watched(run.id)

    with_runs(scenario)


def test_a_new_run_is_watched_only_if_views_are_expected(with_runs):
    async def scenario(runs, run):
        watched = []
        for views in ({}, read_view_names(NAMES)):
            runs.expect_viewer(run, views)
            await asyncio.sleep(0)
            watched.append(runs.view_scheduler.is_watched(run.id))
        return watched

    assert with_runs(scenario) == [False, True]


def test_a_new_run_is_answered_before_its_views_and_a_view_that_does_not_exist_is_refused(server):
    run = server.call("POST", "/api/runs", {**CONFIG, "start": False, "views": NAMES})
    assert "views" not in run["config"]
    status, error = server.refused("POST", "/api/runs", {**CONFIG, "views": ["network", "nothing"]})
    assert (status, error["code"], error["field"], error["given"]) == (
        422,
        "unknown_view",
        "views",
        "nothing",
    )

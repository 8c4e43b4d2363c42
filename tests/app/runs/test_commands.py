"""Commands of one run that arrive together, in a service with its worker processes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.datasets import Datasets
from app.errors import NotFound
from app.runs.service import Runs
from app.storage.store import Store
from app.storage.table_files import TableFiles
from app.workers.imports.client import ImportClient

CONFIG = {"layers": [{"units": 4}], "epochs": 1_000_000_000, "dataset": {"name": "circle", "samples": 100}}
LONG_STEP = {"unit": "step", "count": 1_000_000}


@pytest.fixture
def with_run(tmp_path):
    """Awaits `scenario(commands, run)` with a paused run of a service, and returns its result."""

    async def serve(scenario):
        with Store(tmp_path / "runs.sqlite3") as store:
            async with ImportClient(tmp_path).started() as import_client:
                datasets = Datasets(store, import_client, TableFiles(tmp_path))
                await datasets.open()
                async with Runs(store, 1, datasets).started() as runs:
                    return await scenario(runs.commands, await create(runs.commands))

    def run(scenario):
        with ThreadPoolExecutor(
            1
        ) as thread:  # a browser test may have left an event loop running in this one
            return thread.submit(asyncio.run, asyncio.wait_for(serve(scenario), 90)).result()

    return run


async def create(commands, replaces=None):
    return await commands.create(CONFIG, start=False, replaces=replaces, speed=None, inherit_speed=True)


def test_changes_take_effect_in_the_order_of_their_arrival(with_run):
    penalties = [0.1, 0.3, 0.2]

    async def scenario(commands, run):
        return await asyncio.gather(*(commands.change(run, {"l2": penalty}) for penalty in penalties))

    answers = with_run(scenario)
    assert [answer["config"]["l2"] for answer in answers] == penalties
    seqs = [answer["seq"] for answer in answers]
    assert seqs == sorted(set(seqs))


def test_a_change_between_a_step_and_a_pause_takes_effect_between_them(with_run):
    async def scenario(commands, run):
        return await asyncio.gather(
            commands.command(run, "step", LONG_STEP),
            commands.change(run, {"l2": 0.5}),
            commands.command(run, "pause"),
        )

    stepped, changed, paused = with_run(scenario)
    assert [answer["config"]["l2"] for answer in (stepped, changed, paused)] == [0, 0.5, 0.5]
    assert stepped["step"] == changed["step"] == paused["step"] < LONG_STEP["count"]
    assert stepped["seq"] < changed["seq"] < paused["seq"]


def test_commands_before_a_replacement_take_effect_and_later_ones_name_the_new_run(with_run):
    async def scenario(commands, run):
        step = commands.command(run, "step", LONG_STEP)
        change = commands.change(run, {"l2": 0.5})
        stepped, changed, new = await asyncio.gather(step, change, create(commands, replaces=run.id))
        with pytest.raises(NotFound) as refused:
            await commands.command(run, "pause")
        return stepped, changed, new.id, refused.value

    stepped, changed, new, error = with_run(scenario)
    assert stepped["step"] < LONG_STEP["count"]
    assert changed["config"]["l2"] == 0.5
    assert (error.code, error.limit) == ("no_such_run", new)

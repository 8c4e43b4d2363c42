"""The recorded history of a run, as views are shown it: bounded, spread over all of it, and up to date."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from app import history_columns
from app.storage.store import Store
from app.streaming.recorded_history import HistoryLoader, steps_within
from app.workers.messages import Position


def points(*steps):
    common = dict.fromkeys(history_columns.NAMES, 0.5) | {"metrics": {"test_accuracy": 0.5}}
    return history_columns.from_points([common | {"step": step} for step in steps])


def row(run, step=-1):
    """What is kept of a run whose history goes to `step`."""
    nothing = ("reason", "reason_code", "reason_parameters", "speed", "latest", "learning_rate")
    zeros = ("raised", "attempt", "step", "epoch", "logged_attempt")
    texts = {"id": run, "config": "{}", "status": "paused", "pause_when": "[]"}
    return texts | dict.fromkeys(nothing) | dict.fromkeys(zeros, 0) | {"logged_step": step}


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "runs.sqlite3") as store:
        yield store


def recorded_history(store, history_loader, attempt=0, needs=("points", "weights"), until=None):
    async def work():
        await store.flush()
        return await history_loader.load(
            SimpleNamespace(id="run", position=Position(attempt, 0, 0)), needs, until
        )

    with ThreadPoolExecutor(1) as thread:  # in ours a browser test of this worker may keep a loop running
        return thread.submit(asyncio.run, work()).result()


def test_points_are_read_as_they_come_and_a_new_attempt_begins_anew(store):
    history_loader = HistoryLoader(store)
    store.add_points("run", 0, points(0, 1), row("run"))
    assert recorded_history(store, history_loader).points["step"] == [0, 1]
    store.add_points("run", 0, points(2), row("run"))
    assert recorded_history(store, history_loader).points["step"] == [0, 1, 2]
    store.add_points("run", 1, points(0), row("run"))
    found = recorded_history(store, history_loader, attempt=1)
    assert (found.attempt, found.points["step"]) == (1, [0])


def test_only_what_is_needed_is_read(store):
    found = recorded_history(store, HistoryLoader(store), needs=("weights",))
    assert (found.points, found.weights) == (None, ())


def test_weights_are_the_recorded_checkpoints_up_to_a_step(store):
    for step in (0, 4, 8):
        store.add_checkpoint("run", 0, step, 0, b"state %d" % step)
    assert recorded_history(store, HistoryLoader(store)).weights == (b"state 0", b"state 4", b"state 8")
    assert recorded_history(store, HistoryLoader(store), until=4).weights == (b"state 0", b"state 4")


@pytest.mark.parametrize("count", [1999, 2000, 2001, 4001, 9000])
def test_long_ways_are_thinned_and_keep_the_newest_point(count):
    thin = history_columns.thin(points(*range(count)), 2000)
    steps = thin["step"]
    assert len(thin["metrics"]["test_accuracy"]) == len(steps)
    assert min(count, 1000) <= len(steps) <= 2000
    assert steps[-1] == count - 1
    assert len({after - before for before, after in zip(steps, steps[1:], strict=False)}) == 1


def test_points_of_columns_are_the_points_they_were_made_from():
    whole = history_columns.to_points(points(3, 5))
    assert history_columns.from_points(whole) == points(3, 5)


def test_checkpoints_are_chosen_evenly_within_their_bytes():
    sizes = dict.fromkeys(range(0, 100, 10), 10)
    assert steps_within(sizes, 100) == list(range(0, 100, 10))
    assert steps_within(sizes, 40) == [0, 30, 60, 90]
    assert steps_within(sizes, 20) == [0, 90]
    assert steps_within(sizes, 19) == []
    assert steps_within({}, 10) == []
    assert steps_within({5: 10}, 10) == [5]

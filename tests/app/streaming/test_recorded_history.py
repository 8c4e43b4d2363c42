"""The recorded history of a run for views: limited, evenly spaced and up to date."""

from types import SimpleNamespace

import pytest

from app import history_columns
from app.storage.store import Store
from app.streaming.recorded_history import HistoryLoader, select_evenly
from app.workers.recorded import Position


def points(*steps):
    common = dict.fromkeys(history_columns.NAMES, 0.5) | {"metrics": {"test_accuracy": 0.5}}
    return history_columns.from_points([common | {"step": step} for step in steps])


def row(run, step=-1):
    """The row of a run whose history ends at `step`."""
    nulls = ("reason", "reason_code", "reason_parameters", "speed", "latest", "learning_rate")
    zeros = ("raised", "attempt", "step", "epoch", "logged_attempt")
    texts = {"id": run, "config": "{}", "status": "paused", "pause_when": "[]"}
    return texts | dict.fromkeys(nulls) | dict.fromkeys(zeros, 0) | {"logged_step": step}


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "runs.sqlite3") as store:
        yield store


@pytest.fixture
def load_history(store, run_async):
    """Loads the recorded history of the run "run" after a flush of the store."""
    loader = HistoryLoader(store)

    async def work(attempt, needs, until):
        await store.flush()
        run = SimpleNamespace(id="run", position=Position(attempt, 0, 0))
        return await loader.load(run, needs, until)

    return lambda attempt=0, needs=("points", "weights"), until=None: run_async(work(attempt, needs, until))


def test_newer_points_are_read_and_a_new_attempt_has_its_own_points(store, load_history):
    store.add_points("run", 0, points(0, 1), row("run"))
    assert load_history().points["step"] == [0, 1]
    store.add_points("run", 0, points(2), row("run"))
    assert load_history().points["step"] == [0, 1, 2]
    store.add_points("run", 1, points(0), row("run"))
    history = load_history(attempt=1)
    assert (history.attempt, history.points["step"]) == (1, [0])


def test_only_the_needed_parts_are_read(load_history):
    history = load_history(needs=("weights",))
    assert (history.points, history.weights) == (None, ())


def test_weights_are_the_recorded_checkpoints_up_to_a_step(store, load_history):
    for step in (0, 4, 8):
        store.attempts.add_checkpoint("run", (0, step, 0), "recorded", b"state %d" % step)
    assert load_history().weights == (b"state 0", b"state 4", b"state 8")
    assert load_history(until=4).weights == (b"state 0", b"state 4")


@pytest.mark.parametrize("count", [1999, 2000, 2001, 4001, 9000])
def test_long_histories_are_thinned_evenly_and_keep_the_newest_point(count):
    thinned = history_columns.thin(points(*range(count)), 2000)
    steps = thinned["step"]
    assert len(thinned["metrics"]["test_accuracy"]) == len(steps)
    assert min(count, 1000) <= len(steps) <= 2000
    assert steps[-1] == count - 1
    assert len({after - before for before, after in zip(steps, steps[1:], strict=False)}) == 1


def test_columns_of_points_of_columns_are_equal():
    records = history_columns.to_points(points(3, 5))
    assert history_columns.from_points(records) == points(3, 5)


def test_checkpoints_are_evenly_spaced_within_the_byte_limit():
    sizes = dict.fromkeys(range(0, 100, 10), 10)
    assert select_evenly(sizes, 100) == list(range(0, 100, 10))
    assert select_evenly(sizes, 40) == [0, 30, 60, 90]
    assert select_evenly(sizes, 20) == [0, 90]
    assert select_evenly(sizes, 19) == []
    assert select_evenly({}, 10) == []
    assert select_evenly({5: 10}, 10) == [5]

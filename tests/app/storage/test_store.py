"""The store: runs, points, events and checkpoints that were written are read again."""

import sqlite3

import pytest

from app import history_columns
from app.errors import Unavailable
from app.storage.store import Store
from app.storage.transaction import Batch


def points(*steps):
    common = {
        "validation_loss": None,
        "test_loss": float("inf"),
        "penalty": 0.0,
        "metrics": {"test_accuracy": 0.5},
    }
    return history_columns.from_points(
        [common | {"step": s, "epoch": s // 2, "train_loss": s / 7} for s in steps]
    )


def row(run, step=-1):
    """The row of a run whose history ends at `step`."""
    nulls = ("reason", "reason_code", "reason_parameters", "speed", "latest", "learning_rate")
    zeros = ("raised", "attempt", "step", "epoch", "logged_attempt")
    texts = {"id": run, "config": "{}", "status": "paused", "pause_when": "[]"}
    return texts | dict.fromkeys(nulls) | dict.fromkeys(zeros, 0) | {"logged_step": step}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def store(path):
    with Store(path) as store:
        yield store


@pytest.fixture
def flushed(store, run_async):
    """Flushes the store, and returns what a coroutine function reads from it."""

    async def work(read):
        await store.flush()
        return await read() if read else None

    return lambda read=None: run_async(work(read))


def test_points_of_several_transactions_are_read_in_order(store, flushed):
    store.add_points("run", 0, points(0, 1), row("run"))
    store.add_points("run", 0, points(2), row("run"))
    flushed()
    store.add_points("run", 0, points(4, 8), row("run"))
    store.add_points("other", 0, points(99), row("other"))
    history = flushed(lambda: store.history("run", 0, None, 1000))
    assert history["step"] == [0, 1, 2, 4, 8]
    assert history["metrics"]["test_accuracy"] == [0.5] * 5
    assert history["test_loss"] == [None] * 5


def test_points_and_logged_step_are_written_in_one_transaction(store, monkeypatch, flushed):
    monkeypatch.setattr("app.storage.writer.FLUSH_INTERVAL", 0.0)  # one transaction per write
    execute, states = Batch.execute, []

    def execute_and_record(batch, connection):
        execute(batch, connection)
        query = "SELECT (SELECT max(last) FROM points), logged_step FROM runs"
        states.append(connection.execute(query).fetchone())

    monkeypatch.setattr(Batch, "execute", execute_and_record)
    store.create_run(
        {"id": "run", "created": 0.0, "config": "{}", "status": "running", "speed": None, "seq": 1}
    )
    for step in (1, 3):
        store.add_points("run", 0, points(step - 1, step), row("run", step))
    flushed()
    assert (3, 3) in states
    assert all(logged == (-1 if last is None else last) for last, logged in states)


@pytest.mark.parametrize(
    ("after", "until", "expected"), [(None, 4, [0, 2, 4]), (1, 6, [2, 4, 6]), (6, 9, []), (-1, 0, [0])]
)
def test_the_history_can_be_read_between_two_steps(store, after, until, expected, flushed):
    store.add_points("run", 0, points(0, 2), row("run"))
    flushed()
    store.add_points("run", 0, points(4, 6), row("run"))
    assert flushed(lambda: store.history("run", 0, after, until))["step"] == expected


def test_a_metric_that_is_added_later_is_null_in_earlier_points():
    early, late = points(0), points(1)
    late["metrics"]["new"] = [1.0]
    assert history_columns.concatenate([early, late])["metrics"] == {
        "test_accuracy": [0.5, 0.5],
        "new": [None, 1.0],
    }


def test_the_newest_checkpoint_and_the_checkpoint_of_a_step_can_be_read(store, flushed):
    for step, state in ((0, b"first"), (10, b"old"), (10, b"new")):
        store.add_checkpoint("run", 0, step, 0, state)
    assert flushed(lambda: store.checkpoint("run", 0)) == b"new"
    assert flushed(lambda: store.checkpoint("run", 0, 0)) == b"first"
    assert flushed(lambda: store.checkpoint("run", 0, 5)) is None


def test_deleting_a_run_deletes_its_rows_in_every_table(store, path, flushed):
    store.create_run(
        {"id": "run", "created": 0.0, "config": "{}", "status": "paused", "speed": None, "seq": 1}
    )
    store.add_points("run", 0, points(1), row("run"))
    store.add_checkpoint("run", 0, 1, 0, b"state")
    store.add_event("run", 1, 0, 1, {"type": "change"})
    store.delete_run("run")
    flushed()
    with sqlite3.connect(path) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                  for name in ("runs", "points", "events", "checkpoints")]  # fmt: skip
    connection.close()
    assert counts == [0, 0, 0, 0]


def test_data_that_a_lock_kept_from_being_written_are_written_later(store, path, flushed):
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    store.add_checkpoint("run", 0, 1, 0, b"state")
    with pytest.raises(Unavailable, match="locked"):
        flushed()
    blocker.execute("ROLLBACK")
    blocker.close()
    assert flushed(lambda: store.checkpoint("run", 0)) == b"state"


def test_a_file_that_is_not_a_store_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"not a database" * 500)
    with pytest.raises(RuntimeError, match="cannot be used"):
        Store(tmp_path / "file")


def test_a_full_store_drops_only_checkpoints_between_the_first_and_the_newest(
    store, path, monkeypatch, flushed
):
    monkeypatch.setattr("app.storage.writer.MAX_UNWRITTEN", 20_000)
    monkeypatch.setattr("app.storage.writer.FLUSH_INTERVAL", 3600)  # only `flush` writes
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    store.add_points("run", 0, points(0, 1), row("run"))
    for step in range(5):
        store.add_checkpoint("run", 0, step, 0, b"%d" % step * 5000)
    assert store.full
    with pytest.raises(Unavailable, match="memory"):
        store.check()
    with pytest.raises(Unavailable, match="locked"):
        flushed()
    store.check()
    for step in range(5, 9):
        store.add_checkpoint("run", 0, step, 0, b"%d" % step * 5000)
    blocker.execute("ROLLBACK")
    blocker.close()
    checkpoints = flushed(lambda: store.checkpoints("run", 0))
    assert [step for step, _, _ in checkpoints] == [0, 4, 5, 6, 7, 8]
    assert flushed(lambda: store.history("run", 0, None, None))["step"] == [0, 1]
    assert not store.full

"""The store: runs, points, events and checkpoints that were written are read again."""

import contextlib
import json
import sqlite3
import time

import pytest

from app import history_columns
from app.errors import Damaged, Unavailable
from app.storage.bookmark_rows import Bookmark
from app.storage.experiment_rows import ExperimentRow
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
        store.attempts.add_checkpoint("run", (0, step, 0), "recorded", state)
    assert flushed(lambda: store.attempts.newest_checkpoint("run", 0)) == b"new"
    assert flushed(lambda: store.attempts.checkpoint_before("run", 0, 0)) == (0, b"first")
    assert flushed(lambda: store.attempts.checkpoint_before("run", 0, 9)) == (0, b"first")
    assert flushed(lambda: store.attempts.checkpoint_before("run", 1, 9)) is None


def test_a_newer_checkpoint_for_recovery_is_the_newest_and_replaces_the_one_before(store, path, flushed):
    store.attempts.add_checkpoint("run", (0, 10, 1), "recorded", b"recorded")
    for step in (5, 15):
        store.attempts.set_recovery("run", (0, step, 1), b"state %d" % step)
        flushed()
    assert flushed(lambda: store.attempts.newest_checkpoint("run", 0)) == b"state 15"
    assert [entry.step for entry in flushed(lambda: store.attempts.checkpoints("run", 0))] == [10]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM recovery").fetchone()[0] == 1
    connection.close()


def test_events_of_an_attempt_are_read_in_order_after_a_seq(store, flushed):
    for seq, attempt, step in ((3, 0, 7), (5, 0, 7), (9, 1, 2)):
        store.attempts.add_event("run", seq, (attempt, step, 1), {"type": "change", "changes": {"l2": seq}})
    events = flushed(lambda: store.attempts.events("run", 0))
    assert [(event["seq"], event["step"], event["epoch"]) for event in events] == [(3, 7, 1), (5, 7, 1)]
    assert events[0]["event"] == {"type": "change", "changes": {"l2": 3}}
    assert [event["seq"] for event in flushed(lambda: store.attempts.events("run", 0, 3))] == [5]


def test_a_deleted_attempt_leaves_the_others_whole(store, flushed):
    for attempt in (0, 1):
        store.attempts.begin("run", attempt, 1.0, {"attempt": attempt}, {"numpy": "2"})
        store.attempts.add_checkpoint("run", (attempt, 4, 0), "event", b"state")
        store.add_points("run", attempt, points(1), row("run"))
    store.attempts.end("run", 0, 8, 2, None)
    first, second = flushed(lambda: store.attempts.all("run"))
    assert (first["step"], first["epoch"], first["bytes"]) == (8, 2, 5)
    assert (second["config"], second["versions"]) == ({"attempt": 1}, {"numpy": "2"})
    store.attempts.delete("run", 0)
    assert [each["attempt"] for each in flushed(lambda: store.attempts.all("run"))] == [1]
    assert flushed(lambda: store.history("run", 0, None, None))["step"] == []
    assert flushed(lambda: store.history("run", 1, None, None))["step"] == [1]


def test_the_best_point_of_an_attempt_is_known_once_it_has_ended(store, flushed):
    for attempt in range(3):
        store.attempts.begin("run", attempt, 1.0, {}, None)
    store.attempts.end("run", 0, 8, 2, (6, 0.5))
    store.attempts.end("run", 1, 0, 0, None)
    first, second, third = flushed(lambda: store.attempts.all("run"))
    assert (first["best"], second["best"]) == ([6, 0.5], None)
    assert "best" not in third
    store.attempts.set_best("run", 1, (1, 0.25))
    assert flushed(lambda: store.attempts.all("run"))[1]["best"] == [1, 0.25]


def test_bookmarks_are_replaced_by_name_and_deleted_with_their_attempt(store, flushed):
    first, second = Bookmark("a", 0, 3, "note", 1.0), Bookmark("b", 1, 4, "", 2.0)
    for bookmark in (first._replace(step=9), second, first):
        store.bookmarks.put("run", bookmark)
    assert flushed(lambda: store.bookmarks.all("run")) == {"a": first, "b": second}
    store.attempts.delete("run", 1)
    assert flushed(lambda: store.bookmarks.all("run")) == {"a": first}
    store.bookmarks.delete("run", "a")
    assert flushed(lambda: store.bookmarks.all("run")) == {}


def test_deleting_a_run_deletes_its_rows_in_every_table(store, path, flushed):
    store.create_run(
        {"id": "run", "created": 0.0, "config": "{}", "status": "paused", "speed": None, "seq": 1}
    )
    store.add_points("run", 0, points(1), row("run"))
    store.attempts.add_checkpoint("run", (0, 1, 0), "recorded", b"state")
    store.attempts.add_event("run", 1, (0, 1, 0), {"type": "change"})
    store.attempts.begin("run", 0, 0.0, {}, {})
    store.attempts.set_recovery("run", (0, 1, 0), b"state")
    store.bookmarks.put("run", Bookmark("name", 0, 1, "", 0.0))
    store.delete_run("run")
    flushed()
    with sqlite3.connect(path) as connection:
        tables = ("runs", "points", "events", "checkpoints", "attempts", "recovery", "bookmarks")
        counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]
    connection.close()
    assert counts == [0] * 7


def test_members_of_an_experiment_are_counted_released_and_survive_its_deletion(store, flushed):
    store.experiments.create(
        ExperimentRow("one", 1.0, "Seeds", "{}", '{"seed": [0, 1]}', "grid", 10_000, None)
    )
    for number, run in enumerate("ab"):
        member = {"id": "one", "member": number, "values": {"seed": number}}
        store.create_run(row(run) | {"created": 1.0, "seq": 0, "experiment": json.dumps(member)})
    store.create_run(row("c") | {"created": 1.0, "seq": 0, "experiment": None})
    store.attempts.add_checkpoint("b", (0, 3, 1), "recorded", b"state", None)
    assert flushed(store.experiments.counts) == {"one": {"paused": 2}}
    assert [member["id"] for member in flushed(lambda: store.experiments.members("one"))] == ["a", "b"]
    assert flushed(lambda: store.experiments.member_bytes("one")) == {"a": 0, "b": 5}
    store.experiments.reserve_seq("one", 20_000)
    assert [experiment.seq for experiment in flushed(store.experiments.all)] == [20_000]
    store.experiments.release_members("one")
    store.experiments.delete("one")
    assert flushed(store.experiments.all) == [] and flushed(store.experiments.counts) == {}
    assert flushed(lambda: store.run("a"))["experiment"] is None


def test_a_store_of_format_11_receives_the_table_of_experiments(path, run_async):
    with Store(path) as store:
        store.create_run(row("a") | {"created": 1.0, "seq": 0})
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for statement in (
            "DROP INDEX members",
            "ALTER TABLE runs DROP COLUMN experiment",
            "DROP TABLE experiments",
            "UPDATE meta SET value = '11' WHERE key = 'format_version'",
        ):
            connection.execute(statement)
    with Store(path) as store:
        assert run_async(store.experiments.all()) == []
        assert run_async(store.experiments.members("one")) == []
        assert run_async(store.run("a"))["experiment"] is None
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'format_version'").fetchone() == ("13",)


def test_data_that_a_lock_kept_from_being_written_are_written_later(store, path, flushed):
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    store.attempts.add_checkpoint("run", (0, 1, 0), "recorded", b"state")
    with pytest.raises(Unavailable, match="locked"):
        flushed()
    blocker.execute("ROLLBACK")
    blocker.close()
    assert flushed(lambda: store.attempts.newest_checkpoint("run", 0)) == b"state"


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
        store.attempts.add_checkpoint("run", (0, step, 0), "recorded", b"%d" % step * 5000)
    assert store.problem.code == "store_full"
    with pytest.raises(Unavailable, match="memory"):
        store.check()
    with pytest.raises(Unavailable, match="locked"):
        flushed()
    store.check()
    for step in range(5, 9):
        store.attempts.add_checkpoint("run", (0, step, 0), "recorded", b"%d" % step * 5000)
    blocker.execute("ROLLBACK")
    blocker.close()
    checkpoints = flushed(lambda: store.attempts.checkpoints("run", 0))
    assert [entry.step for entry in checkpoints] == [0, 4, 5, 6, 7, 8]
    assert flushed(lambda: store.history("run", 0, None, None))["step"] == [0, 1]
    assert store.problem is None


def test_the_file_becomes_smaller_after_a_deletion(store, path, flushed):
    for step in range(100):
        store.attempts.add_checkpoint("run", (0, step, 0), "recorded", bytes(100_000))
    flushed()
    store.delete_run("run")
    flushed()
    deadline = time.monotonic() + 60
    while path.stat().st_size > 3_000_000:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_damaged_checkpoint_is_marked_and_the_state_before_it_is_used(store, path, flushed):
    for step in (0, 10, 20):
        store.attempts.add_checkpoint("run", (0, step, 0), "recorded", b"state %d" % step)
    store.attempts.set_recovery("run", (0, 25, 0), b"state 25")
    flushed()
    overwrite(path, "UPDATE checkpoints SET state = 'x' WHERE step = 20; UPDATE recovery SET state = 'x'")
    assert flushed(lambda: store.attempts.checkpoint_before("run", 0, 20)) == (10, b"state 10")
    assert flushed(lambda: store.attempts.states("run", 0, [10, 20])) == (b"state 10",)
    assert flushed(lambda: store.attempts.newest_checkpoint("run", 0)) == b"state 10"
    kinds = {entry.step: entry.kind for entry in flushed(lambda: store.attempts.checkpoints("run", 0))}
    assert kinds == {0: "recorded", 10: "recorded", 20: "damaged"}


def test_a_run_does_not_continue_from_a_checkpoint_before_its_last_event(store, path, flushed):
    for step, kind in ((0, "recorded"), (10, "event")):
        store.attempts.add_checkpoint("run", (0, step, 0), kind, b"state %d" % step)
    store.attempts.add_event("run", 1, (0, 10, 0), {"type": "change"})
    flushed()
    assert flushed(lambda: store.attempts.newest_checkpoint("run", 0)) == b"state 10"
    overwrite(path, "UPDATE checkpoints SET state = 'x' WHERE step = 10")
    with pytest.raises(Damaged, match="step 10"):
        flushed(lambda: store.attempts.newest_checkpoint("run", 0))


def overwrite(path, statements):
    connection = sqlite3.connect(path)
    connection.executescript(statements)
    connection.close()


def test_of_a_batch_only_the_faulty_parts_are_lost_and_that_is_logged(store, flushed, caplog):
    rows = {"created": 0.0, "config": "{}", "status": "running", "speed": None, "seq": 1}
    for run in ("good", "bad"):
        store.create_run({"id": run} | rows)
    flushed()
    store.attempts.set_beginning("good", b"kept")
    store.attempts.add_event("bad", 2**70, (0, 3, 0), {"type": "change"})
    store.attempts.add_event("good", 2, (0, 3, 0), {"type": "change"})
    store.add_points("good", 0, points(0, 1), row("good", 1))
    store.add_points("bad", 0, points(0, 1), row("bad", 2**70))
    with pytest.raises(Unavailable, match="A part of the data could not be stored"):
        flushed()
    flushed()
    assert flushed(lambda: store.attempts.beginning("good")) == b"kept"
    assert [event["seq"] for event in flushed(lambda: store.attempts.events("good", 0))] == [2]
    assert flushed(lambda: store.run("good"))["logged_step"] == 1
    assert flushed(lambda: store.history("good", 0, None, None))["step"] == [0, 1]
    assert flushed(lambda: store.run("bad"))["logged_step"] == -1
    assert flushed(lambda: store.history("bad", 0, None, None))["step"] == []  # as its row was not stored
    lost = [(line.run, line.getMessage().partition(":")[0]) for line in caplog.records]
    assert lost == [
        ("bad", "measured points could not be stored"), ("bad", "the event of step 3 could not be stored"),
        ("bad", "the state of the run could not be stored"),
    ]  # fmt: skip

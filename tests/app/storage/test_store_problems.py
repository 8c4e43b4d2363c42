"""A store whose file is renamed, replaced, damaged or read-only says so within seconds, and loses nothing."""

import os
import resource
import shutil
import sqlite3
import time

import pytest

from app.errors import Unavailable
from app.run_states import REASONS
from app.storage.file_watch import FileWatch
from app.storage.migrations import StoreError, is_read_only
from app.storage.store import Store
from app.storage.store_problem import SENTENCES
from app.storage.transaction import Batch

SECONDS = 5 * 12  # the bound is 5 s; tests run on busy machines


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "runs.sqlite3"


def stored(path, run_async):
    """Returns an open store with something in it."""
    store = Store(path)
    store.attempts.set_beginning("run", b"before")
    run_async(store.flush())
    return store


def wait_for(store, expected):
    """Waits until the store has the problem of this code, or none if it is None."""
    deadline = time.monotonic() + SECONDS
    while (store.problem.code if store.problem else None) != expected:
        assert time.monotonic() < deadline, store.problem
        time.sleep(0.02)


@pytest.fixture
def store(path, run_async):
    with stored(path, run_async) as store:
        yield store


@pytest.fixture
def found(store):
    return lambda expected: wait_for(store, expected)


def overwrite(path, start):
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(start)
        file.write(b"\xa5" * (size - start))


def test_every_problem_is_a_reason_for_a_pause():
    assert {code: REASONS[code].removeprefix("paused: ").split(":")[0] for code in SENTENCES} == {
        code: sentence.split(";")[0].split(":")[0] for code, sentence in SENTENCES.items()
    }


def test_a_renamed_file_is_noticed_and_what_was_put_meanwhile_is_stored_once_it_is_back(
    store, path, found, run_async
):
    path.rename(path.with_name("renamed"))
    found("store_missing")
    store.attempts.set_beginning("other", b"meanwhile")
    with pytest.raises(Unavailable, match="renamed or deleted"):
        run_async(store.flush())
    assert run_async(store.attempts.beginning("run")) == b"before"
    path.with_name("renamed").rename(path)
    found(None)
    run_async(store.flush())
    assert run_async(store.attempts.beginning("other")) == b"meanwhile"


def test_at_the_end_a_missing_file_is_not_said_to_be_writable_again(path, run_async, caplog):
    store = stored(path, run_async)
    path.unlink()
    wait_for(store, "store_missing")
    store.close()
    assert "renamed or deleted" in caplog.text and "written again" not in caplog.text


def test_a_read_only_file_is_noticed_and_written_again_later(store, path, found, run_async):
    path.chmod(0o444)
    found("store_read_only")
    path.chmod(0o644)
    found(None)
    run_async(store.flush())


@pytest.mark.parametrize("start", [0, 4096])
def test_a_damaged_file_is_noticed_and_left_as_it_is(path, run_async, start):
    store = stored(path, run_async)
    overwrite(path, start)
    wait_for(store, "store_damaged")
    content = path.read_bytes()
    store.attempts.set_beginning("other", b"meanwhile")
    with pytest.raises(Unavailable, match="damaged"):
        run_async(store.flush())
    store.close()
    assert path.read_bytes() == content
    assert not path.with_name("runs.sqlite3-wal").exists()


def test_another_store_that_is_copied_over_it_is_noticed_and_not_destroyed(path, tmp_path, run_async):
    with Store(tmp_path / "other.sqlite3") as other:
        for number in range(2000):
            other.attempts.set_beginning(f"other {number}", b"of the other")
    store = stored(path, run_async)
    shutil.copyfile(tmp_path / "other.sqlite3", path)
    wait_for(store, "store_replaced")
    store.attempts.set_beginning("run", b"meanwhile")
    store.close()
    assert path.read_bytes() == (tmp_path / "other.sqlite3").read_bytes()


def test_another_file_in_its_place_is_noticed_and_not_written(path, tmp_path, run_async):
    with Store(tmp_path / "other.sqlite3"):
        pass
    content = (tmp_path / "other.sqlite3").read_bytes()
    store = stored(path, run_async)
    os.replace(tmp_path / "other.sqlite3", path)
    wait_for(store, "store_replaced")
    store.attempts.set_beginning("run", b"meanwhile")
    store.close()
    assert path.read_bytes() == content
    assert {name.name for name in path.parent.iterdir()} == {"runs.sqlite3"}


@pytest.fixture
def looks(monkeypatch):
    """Returns a list to which every look at the file of a store adds its result."""
    look, results = FileWatch.problem, []

    def observed(watch):
        results.append(look(watch))
        return results[-1]

    monkeypatch.setattr(FileWatch, "problem", observed)
    return results


def test_writes_of_another_program_with_sqlite_are_no_problem(looks, store, path, run_async):
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO beginnings (run, state) VALUES ('third', x'00')")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = len(looks)
    deadline = time.monotonic() + SECONDS
    while len(looks) < before + 3:  # the first of them may have begun before
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert looks[before:] == [None] * len(looks[before:])
    run_async(store.flush())


def test_points_and_events_that_cannot_be_written_yet_are_read_from_memory(store, monkeypatch, run_async):
    def fail(batch, connection):
        raise sqlite3.OperationalError("disk I/O error")

    columns = {"step": [3], "epoch": [0], "train_loss": [0.5], "validation_loss": [None],
               "test_loss": [0.4], "penalty": [0.0], "metrics": {}}  # fmt: skip
    monkeypatch.setattr(Batch, "execute", fail)
    store.add_points("run", 0, columns, {"id": "run", "status": "paused"})
    store.attempts.add_event("run", 7, (0, 3, 0), {"type": "change"})
    run_async(store.settle())
    expected = {"seq": 7, "step": 3, "epoch": 0, "event": {"type": "change"}}
    for _ in range(2):
        assert run_async(store.history("run", 0, None, None)) == columns
        assert run_async(store.attempts.events("run", 0)) == [expected]
        assert run_async(store.history("run", 0, 3, None))["step"] == []
        monkeypatch.undo()
        run_async(store.flush())


def test_a_full_disk_is_noticed_and_everything_is_written_once_it_has_space(store, path, found, run_async):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        store.attempts.set_beginning("other", bytes(100_000))
        with pytest.raises(Unavailable):
            run_async(store.flush())
        found("store_failing")
        assert run_async(store.attempts.beginning("run")) == b"before"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    found(None)
    assert run_async(store.attempts.beginning("other")) == bytes(100_000)


def test_a_read_only_file_at_the_start_is_refused_with_a_sentence(path):
    with Store(path):
        pass
    path.chmod(0o444)
    with pytest.raises(StoreError, match="is read-only"):
        Store(path)


@pytest.mark.parametrize("looked_at", ["is_read_only", "FileWatch._read"])
def test_a_file_that_is_renamed_while_it_is_looked_at_is_missing_until_it_is_back(
    looked_at, path, store, run_async, monkeypatch
):
    moved = path.with_name("moved")
    name = f"app.storage.file_watch.{looked_at}"
    original = is_read_only if looked_at == "is_read_only" else FileWatch._read

    def renamed_before(*values):
        if path.exists():
            path.rename(moved)
        return original(*values)

    monkeypatch.setattr(name, renamed_before)
    os.utime(path)  # so that the file is read again
    wait_for(store, "store_missing")
    monkeypatch.setattr(name, original)
    moved.rename(path)
    wait_for(store, None)
    store.attempts.set_beginning("run", b"after")
    run_async(store.flush())

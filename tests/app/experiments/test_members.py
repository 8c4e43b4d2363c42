"""The members of an experiment as they are read: their newest state, also of those that leave the memory."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.runs.members import Members
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.storage.store import Store
from engine.tasks.resolve import parse


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store.sqlite") as store:
        yield store


@pytest.fixture
def run_cache(store):
    return RunCache(store, lambda run: False, SimpleNamespace())


@pytest.fixture
def members(run_cache):
    unused: Any = None
    return Members(run_cache, unused, unused, unused, unused)


@pytest.fixture
def run(run_cache, store):
    created = Run.create(parse({}), store, None, experiment={"id": "one", "member": 0, "values": {}})
    created.status = "running"
    store.update_run(created.row())
    run_cache.keep(created)
    return created


def change_while_rows_are_read(store, monkeypatch, change):
    """Calls `change` after the rows of the members were read, and before they are used."""
    read_rows = store.experiments.members

    async def members(experiment):
        rows = await read_rows(experiment)
        change()
        return rows

    monkeypatch.setattr(store.experiments, "members", members)


def test_a_member_that_ends_and_leaves_the_memory_while_its_row_is_read_has_ended(
    store, run_cache, members, run, monkeypatch, run_async
):
    def leave():
        run.status = "finished"
        run.release()
        del run_cache._runs[run.id]

    change_while_rows_are_read(store, monkeypatch, leave)
    assert [member.status for member in run_async(members.read("one"))] == ["finished"]


def test_a_member_that_is_deleted_while_its_row_is_read_is_not_a_member(
    store, run_cache, members, run, monkeypatch, run_async
):
    def delete():
        run.deleted = True
        run_cache.remove(run)

    change_while_rows_are_read(store, monkeypatch, delete)
    assert run_async(members.read("one")) == []

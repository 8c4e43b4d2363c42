"""The import client: a file that takes long delays no other."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.errors import ApiError, Invalid
from app.imports.importer import import_file
from app.imports.options import ImportOptions
from app.workers.current_task import CurrentTask
from app.workers.imports import client as import_client
from app.workers.imports.client import LARGE, MAX_WORKERS, ImportClient
from app.workers.messages import Answer


class WaitingChild:
    """Replaces a child process: answers when the test says so."""

    pid, ready, overdue, stuck = None, True, 0.0, False

    def __init__(self, main, received, ended, folder):
        self.name, self.sent, self.task = main.__name__, [], CurrentTask()
        self._received, self._ended = received, ended

    def send(self, message):
        self.sent.append(message)

    def answer(self, text):
        self._received(self, [Answer(self.sent[-1].request, text)])

    def end(self, message, stuck):
        """Ends while it works on a message, killed as stuck or not."""
        self.task.begin(str(message.request))
        self.stuck = stuck
        self._ended(self)

    def kill(self):
        """Nothing runs."""

    def join(self, timeout):
        """Nothing runs."""


@pytest.fixture
def started(monkeypatch):
    """The child processes that the client starts, in order."""
    children = []

    def start(*arguments):
        children.append(WaitingChild(*arguments))
        return children[-1]

    monkeypatch.setattr(import_client, "ChildProcess", start)
    return children


async def reading(client, name):
    """Returns a request to read a file, once it is sent."""
    read = asyncio.ensure_future(client.read(Path(name), {}, False))
    await asyncio.sleep(0)
    return read


def test_a_file_on_which_the_worker_is_stuck_is_refused_and_not_tried_again(started, tmp_path, run_async):
    async def read():
        async with ImportClient(tmp_path).started() as client:
            request = await reading(client, "endless.csv")
            started[0].end(started[0].sent[0], stuck=True)
            with pytest.raises(Invalid, match="did not get further for 7 s and was given up") as refused:
                await request
            assert (refused.value.status, refused.value.code) == (422, "import_stuck")

    run_async(read())
    assert len(started) == 1


def test_a_file_whose_worker_ends_because_of_others_is_read_in_a_new_one(started, tmp_path, run_async):
    async def read():
        async with ImportClient(tmp_path).started() as client:
            behind = await reading(client, "behind.csv")
            for number in range(1, 4):
                started[-1].end(SimpleNamespace(request="another"), stuck=True)
                while len(started) == number:
                    await asyncio.sleep(0)
            started[-1].answer(b"read")
            assert await behind == b"read"

    run_async(read())


def test_a_second_worker_reads_while_the_first_one_is_busy_and_there_are_no_more(
    monkeypatch, tmp_path, run_async
):
    started = []

    def start(*arguments):
        started.append(WaitingChild(*arguments))
        return started[-1]

    monkeypatch.setattr(import_client, "ChildProcess", start)

    async def read_three():
        async with ImportClient(tmp_path).started() as client:
            reads = []
            for number in range(MAX_WORKERS + 1):
                reads.append(asyncio.ensure_future(client.read(tmp_path / f"{number}.csv", {}, False)))
                await asyncio.sleep(0)
            assert [len(child.sent) for child in started] == [2] + [1] * (MAX_WORKERS - 1)
            started[1].answer(b"the second")
            assert await reads[1] == b"the second"
            again = asyncio.ensure_future(client.read(tmp_path / "again.csv", {}, False))
            await asyncio.sleep(0)
            started[1].answer(b"again")  # the worker that waits is used, not the busy one
            assert await again == b"again"
            for read in (reads[0], *reads[2:]):
                read.cancel()

    run_async(read_three())
    assert len(started) == MAX_WORKERS


def test_small_files_do_not_wait_for_large_ones_and_large_ones_wait_for_each_other(
    started, tmp_path, run_async
):
    large, small = tmp_path / "large.csv", tmp_path / "small.csv"
    large.write_bytes(bytes(LARGE + 1))
    small.write_bytes(b"a,b\n")

    async def read_all():
        async with ImportClient(tmp_path).started() as client:
            reads = [await reading(client, path) for path in (large, large, small, large, small)]
            paths = [[Path(message.path).name for message in child.sent] for child in started]
            assert paths == [["large.csv"] * 3, ["small.csv"] * 2]
            for each in reads:
                each.cancel()
            await asyncio.gather(*reads, return_exceptions=True)
            again = [await reading(client, path) for path in (small, large)]
            assert [len(child.sent) for child in started] == [4, 3]
            for each in again:
                each.cancel()

    run_async(read_all())


def test_a_table_that_the_disk_does_not_take_is_refused_as_not_stored(tmp_path, run_async):
    table = tmp_path / "a.csv"
    table.write_text("a,b,c\n" + "".join(f"{n},{n % 7},{n % 3}\n" for n in range(60)))
    content = import_file(table.read_bytes(), ImportOptions()).table.content
    (tmp_path / "datasets" / f"{content}.npz" / "in the way").mkdir(parents=True)

    async def read():
        async with ImportClient(tmp_path / "datasets").started() as client:
            await client.read(table, {}, True)

    with pytest.raises(
        ApiError, match="The data folder cannot be written or read: Is a directory"
    ) as refused:
        run_async(read())
    assert (refused.value.status, refused.value.code) == (503, "not_stored")

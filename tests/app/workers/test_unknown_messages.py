"""A message that its receiver does not handle raises an error that names the expected and received types."""

import asyncio
import gc
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from types import SimpleNamespace

import pytest

from app.runs.worker_events import WorkerEventHandler
from app.storage.table_files import TableFiles
from app.workers import supervisor
from app.workers.child_process import ChildProcess
from app.workers.child_process import import_worker as import_process
from app.workers.current_task import CurrentTask
from app.workers.imports import client as import_client
from app.workers.imports import worker as import_worker
from app.workers.imports.client import ImportClient
from app.workers.messages import (
    CancelViews,
    ExecuteCommand,
    LoadRun,
    Query,
    Stop,
    UnknownMessage,
    UnloadRun,
)
from app.workers.pool import Pool
from app.workers.training.worker import TrainingWorker
from app.workers.views.worker import ViewWorker
from engine.tasks.resolve import parse

CANCEL, UNLOAD = CancelViews("run", frozenset()), UnloadRun("run")
CONFIG = parse({"layers": [{"units": 2}], "dataset": {"name": "circle", "samples": 40}})
LOAD = LoadRun("run", CONFIG.model_dump(mode="json"), None, "paused", False, None, (0, -1))


def run_training_worker(pipe, folder):
    TrainingWorker(pipe, TableFiles(folder)).run()


@pytest.fixture
def import_main(monkeypatch):
    """The main function of the import worker, without its changes to the process."""
    monkeypatch.setattr(import_worker, "prepare_process", lambda niceness: None)
    yield import_worker.main
    gc.enable()


@pytest.fixture
def receivers(import_main):
    """Functions by name that handle the messages of a pipe until Stop."""
    return {
        "training worker": run_training_worker,
        "training session": run_training_worker,
        "view worker": lambda pipe, folder: ViewWorker(pipe, TableFiles(folder)).run(),
        "import worker": lambda pipe, folder: import_main(pipe, folder, CurrentTask()),
    }


@pytest.mark.parametrize(
    ("receiver", "messages", "expected"),
    [
        ("training worker", [CANCEL], ("LoadRun", "ExecuteCommand", "InterruptStep", "UnloadRun", "Stop")),
        ("training session", [LOAD, ExecuteCommand(1, "run", "unknown", {})], ("ExecuteCommand",)),
        ("view worker", [UNLOAD], ("ComputeViews", "CancelViews", "Query", "Stop")),
        ("view worker", [Query(1, "unknown", {}, None, {})], ("Query",)),
        ("import worker", [UNLOAD], ("ReadTable", "WriteTable", "Stop")),
    ],
)
def test_the_error_of_a_worker_names_the_expected_and_received_messages(
    receivers, tmp_path, receiver, messages, expected
):
    server, worker = Pipe()
    for message in messages:
        server.send(message)
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(receivers[receiver], worker, tmp_path)
        try:
            error = running.exception(60)
        finally:
            server.send(Stop())
    assert isinstance(error, UnknownMessage)
    before, received = str(error).split("received ")
    assert before.startswith(f"{receiver}: ")
    assert all(name in before for name in expected)
    assert received.startswith(type(messages[-1]).__name__)


def test_the_error_of_the_handler_of_worker_events_names_the_received_message():
    run_cache = SimpleNamespace(find=lambda run_id: SimpleNamespace(id=run_id), store=None)
    handler = WorkerEventHandler(run_cache, None, SimpleNamespace(pool=None), None, None)
    with pytest.raises(UnknownMessage, match="worker events: expected .*Progress.* received UnloadRun"):
        handler.on_message(UNLOAD)


class EchoingChild:
    """Replaces a child process: returns every message except Stop, at which it ends."""

    pid, ready, task = None, True, CurrentTask()

    def __init__(self, main, received, ended, folder):
        self.main, self.name = main, main.__name__
        self._received, self._ended = received, ended

    def send(self, message):
        loop = asyncio.get_running_loop()
        if isinstance(message, Stop):
            loop.call_soon(self._ended, self)
        else:
            loop.call_soon(self._received, self, [message])

    def kill(self):
        """Nothing runs."""

    def join(self, timeout):
        """Nothing runs."""


async def error_in_event_loop(request):
    """Returns the exception that a callback of the event loop raises during the request."""
    loop = asyncio.get_running_loop()
    error = loop.create_future()
    loop.set_exception_handler(lambda loop, context: error.set_result(context["exception"]))
    task = asyncio.ensure_future(request)
    try:
        return await error
    finally:
        task.cancel()


def test_the_error_of_the_import_client_names_the_expected_and_received_messages(
    monkeypatch, tmp_path, run_async
):
    monkeypatch.setattr(import_client, "ChildProcess", EchoingChild)

    async def read():
        async with ImportClient(tmp_path).started() as client:
            return await error_in_event_loop(client.read(tmp_path / "file.csv", {}, False))

    error = run_async(read())
    assert isinstance(error, UnknownMessage)
    assert str(error).startswith(
        "import client: expected Ready or Heartbeat or Answer or Refusal, received ReadTable"
    )


def test_the_error_of_the_worker_pool_names_the_expected_and_received_messages(
    monkeypatch, tmp_path, run_async
):
    monkeypatch.setattr(supervisor, "ChildProcess", EchoingChild)

    async def query():
        async with Pool(1, tmp_path).started(SimpleNamespace()) as workers:
            return await error_in_event_loop(workers.query("weights", {}, None, {}))

    error = run_async(query())
    assert isinstance(error, UnknownMessage)
    expected, received = str(error).split(", received ")
    assert expected.startswith("worker pool: expected Ready or Heartbeat or Answer or Refusal or Progress")
    assert received.startswith("Query")


def test_a_child_process_that_sends_an_unknown_message_is_killed_so_that_its_requests_fail(
    tmp_path, run_async, caplog
):
    async def exit_code():
        ended = asyncio.get_running_loop().create_future()

        def received(child, messages):
            raise UnknownMessage("a test", Stop, messages[0])

        child = ChildProcess(import_process, received, lambda child: ended.set_result(child), tmp_path)
        assert await ended is child
        return child.process.exitcode

    assert run_async(exit_code()) == -signal.SIGKILL
    assert "killed: a test: expected Stop, received Ready" in caplog.text

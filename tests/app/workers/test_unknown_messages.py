"""A message that its receiver does not handle is an error that names what was expected and what came."""

import gc
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from types import SimpleNamespace

import pytest

from app.runs.worker_events import WorkerEventHandler
from app.storage.table_files import TableFiles
from app.workers import import_worker
from app.workers.messages import (
    CancelViews,
    ExecuteCommand,
    LoadRun,
    Query,
    Stop,
    UnknownMessage,
    UnloadRun,
)
from app.workers.training_worker import TrainingWorker
from app.workers.view_worker import ViewWorker
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
    """By name, functions that handle the messages of a pipe until Stop."""
    return {
        "training worker": run_training_worker,
        "training session": run_training_worker,
        "view worker": lambda pipe, folder: ViewWorker(pipe, TableFiles(folder)).run(),
        "import worker": import_main,
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
def test_a_worker_names_the_messages_it_handles_and_the_one_it_received(
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


def test_the_handler_of_worker_events_names_the_message_it_received():
    run_cache = SimpleNamespace(find=lambda run_id: SimpleNamespace(id=run_id), store=None)
    handler = WorkerEventHandler(run_cache, None, SimpleNamespace(pool=None))
    with pytest.raises(UnknownMessage, match="worker events: expected .*Progress.* received UnloadRun"):
        handler.on_message(UNLOAD)

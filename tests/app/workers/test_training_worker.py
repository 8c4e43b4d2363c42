"""The training worker in a thread: failing runs, reports, and the division of time between runs."""

import contextlib
import threading
from multiprocessing import Pipe

import pytest

from app.workers.bundles import Incoming
from app.workers.messages import (
    ExecuteCommand,
    LoadRun,
    Progress,
    Ready,
    RecoverySaved,
    Refusal,
    SendWeights,
    Snapshot,
    Stop,
    Transition,
)
from app.workers.recorded import Position
from app.workers.training.worker import TrainingWorker
from engine.datasets.tables.library import NO_TABLES
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer

ENDLESS = {"layers": [{"units": 4}], "epochs": 1_000_000_000, "dataset": {"name": "circle", "samples": 100}}


class WorkerConnection:
    """The server's side of a worker's pipe."""

    def __init__(self):
        self.pipe, worker_pipe = Pipe()
        self.incoming = Incoming(self.pipe)
        self.thread = threading.Thread(target=self.run_worker, args=(worker_pipe,))
        self.thread.start()
        assert isinstance(self.incoming.recv(), Ready)

    @staticmethod
    def run_worker(connection):
        with connection:
            TrainingWorker(connection, NO_TABLES).run()

    def load(self, run, status="running", speed=None, **config):
        resolved = parse(ENDLESS | config).model_dump(mode="json")
        self.pipe.send(LoadRun(run, resolved, None, status, False, speed, (0, -1)))

    def execute(self, run, name, **arguments):
        self.pipe.send(ExecuteCommand(1, run, name, arguments))
        return self.next(lambda message: getattr(message, "request", None) == 1)

    def next(self, matches):
        """Returns the next message for which `matches` is true."""
        while not matches(message := self.receive()):
            pass
        return message

    def receive(self):
        assert self.incoming.poll(60), "the worker sends nothing"
        return self.incoming.recv()

    def stop(self):
        """Returns the messages that the worker sends before it ends."""
        self.pipe.send(Stop())
        messages = []
        with contextlib.suppress(EOFError):
            while True:
                messages.append(self.receive())
        self.thread.join()
        return messages


@pytest.fixture
def worker():
    connection = WorkerConnection()
    yield connection
    if connection.thread.is_alive():
        connection.stop()


@pytest.fixture
def failing_engine(monkeypatch):
    """The engine raises an exception at the first step of a run with seed 13."""
    advance = Trainer.advance

    def advance_or_raise(self, steps):
        if self.config.seed == 13:
            raise ZeroDivisionError("the engine has a fault")
        return advance(self, steps)

    monkeypatch.setattr(Trainer, "advance", advance_or_raise)


def test_an_exception_in_a_run_fails_this_run_only(worker, failing_engine):
    worker.load("good")
    worker.load("bad", seed=13)
    failed = worker.next(lambda message: isinstance(message, Transition) and message.status == "failed")
    assert (failed.run, failed.reason.text) == ("bad", "ZeroDivisionError: the engine has a fault")
    step = worker.next(lambda message: isinstance(message, Progress) and message.run == "good").position.step
    worker.next(lambda message: isinstance(message, Progress) and message.position.step > step)
    assert isinstance(worker.execute("bad", "snapshot"), Snapshot)


def test_an_exception_in_a_step_command_fails_the_run(worker, failing_engine):
    worker.load("bad", "paused", seed=13)
    worker.pipe.send(ExecuteCommand(1, "bad", "step", {"unit": "step", "count": 1}))
    failed = worker.next(lambda message: isinstance(message, Transition) and message.status == "failed")
    assert (failed.run, failed.position) == ("bad", Position(0, 0, 0))
    again = worker.execute("bad", "step", unit="step", count=1)
    assert isinstance(again, Refusal) and again.status == 409


def test_a_run_that_cannot_be_loaded_fails(worker):
    resolved = parse(ENDLESS).model_dump(mode="json")
    worker.pipe.send(LoadRun("bad", resolved, b"no checkpoint", "running", False, None, (2, 40)))
    failed = worker.next(lambda message: isinstance(message, Transition))
    assert (failed.status, failed.position) == ("failed", Position(2, 40, 0))
    assert isinstance(worker.execute("bad", "pause"), Refusal)


def test_points_that_were_logged_are_not_sent_again(worker):
    resolved = parse(ENDLESS).model_dump(mode="json")
    worker.pipe.send(LoadRun("run", resolved, None, "running", False, None, (0, 20)))
    progress = worker.next(lambda message: isinstance(message, Progress) and message.columns["step"])
    assert progress.columns["step"][0] == 21


def test_stop_saves_a_checkpoint_of_running_runs_after_their_last_points(worker):
    worker.load("running")
    worker.load("paused", "paused")
    worker.next(lambda message: isinstance(message, Progress) and message.position.step > 500)
    rest = [message for message in worker.stop() if isinstance(message, Progress | RecoverySaved)]
    assert isinstance(rest[-1], RecoverySaved)
    assert rest[-1].run == "running"
    progress = [message for message in rest if isinstance(message, Progress)]
    assert progress[-1].position == rest[-1].position


def reported_steps(messages):
    return [step for message in messages if isinstance(message, Progress) for step in message.columns["step"]]


def test_weights_are_sent_only_after_they_changed(worker):
    worker.load("run", "paused")
    worker.pipe.send(SendWeights("run", None, 30))
    snapshot = worker.next(lambda message: isinstance(message, Snapshot))
    worker.pipe.send(SendWeights("run", snapshot.version, 30))
    worker.execute("run", "step", unit="step", count=1)
    assert worker.next(lambda message: isinstance(message, Snapshot)).version.step == 1


def test_runs_get_similar_shares_of_the_time(worker):
    steps, first = {}, {}
    for run in ("a", "b", "c"):
        worker.load(run)
    while len(first) < 3 or min(steps[run] - first[run] for run in first) < 5000:
        message = worker.next(lambda message: isinstance(message, Progress))
        steps[message.run] = message.position.step
        if len(steps) == 3 and not first:  # now all three train
            first = dict(steps)
    taken = [steps[run] - first[run] for run in first]
    assert max(taken) < 5 * min(taken)

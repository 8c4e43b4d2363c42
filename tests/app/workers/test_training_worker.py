"""The training worker, in this process: what it does when a run breaks, and how it shares its time."""

import contextlib
import threading
from multiprocessing import Pipe

import pytest

from app.workers.messages import (
    CheckpointSaved,
    ExecuteCommand,
    LoadRun,
    Position,
    Progress,
    Ready,
    Refusal,
    SendWeights,
    Snapshot,
    Stop,
    Transition,
)
from app.workers.training_worker import TrainingWorker
from engine.datasets.tables.library import NO_TABLES
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer

ENDLESS = {"layers": [{"units": 4}], "epochs": 1_000_000_000, "dataset": {"name": "circle", "samples": 100}}


class Conversation:
    """The server's end of a worker's pipe."""

    def __init__(self):
        self.ours, theirs = Pipe()
        self.thread = threading.Thread(target=self.run_worker, args=(theirs,))
        self.thread.start()
        assert isinstance(self.ours.recv(), Ready)

    @staticmethod
    def run_worker(connection):
        with connection:
            TrainingWorker(connection, NO_TABLES).run()

    def load(self, run, status="running", speed=None, **config):
        resolved = parse(ENDLESS | config).model_dump(mode="json")
        self.ours.send(LoadRun(run, resolved, None, status, False, speed, (0, -1)))

    def execute(self, run, name, **arguments):
        self.ours.send(ExecuteCommand(1, run, name, arguments))
        return self.next(lambda message: getattr(message, "request", None) == 1)

    def next(self, matches):
        while not matches(message := self.receive()):
            pass
        return message

    def receive(self):
        assert self.ours.poll(60), "the worker sends nothing"
        return self.ours.recv()

    def stop(self):
        """Returns the messages that the worker sends before it ends."""
        self.ours.send(Stop())
        rest = []
        with contextlib.suppress(EOFError):
            while True:
                rest.append(self.receive())
        self.thread.join()
        return rest


@pytest.fixture
def worker():
    conversation = Conversation()
    yield conversation
    if conversation.thread.is_alive():
        conversation.stop()


@pytest.fixture
def broken(monkeypatch):
    """Runs of seed 13 break at their first step."""
    advance = Trainer.advance

    def breaking(self, steps):
        if self.config.seed == 13:
            raise ZeroDivisionError("the engine has a fault")
        return advance(self, steps)

    monkeypatch.setattr(Trainer, "advance", breaking)


def test_a_run_that_breaks_fails_with_the_reason_and_the_others_go_on(worker, broken):
    worker.load("good")
    worker.load("bad", seed=13)
    failed = worker.next(lambda message: isinstance(message, Transition) and message.status == "failed")
    assert (failed.run, failed.reason.text) == ("bad", "ZeroDivisionError: the engine has a fault")
    step = worker.next(lambda message: isinstance(message, Progress) and message.run == "good").position.step
    worker.next(lambda message: isinstance(message, Progress) and message.position.step > step)
    assert isinstance(worker.execute("bad", "snapshot"), Snapshot)


def test_a_step_that_breaks_is_refused_and_the_run_failed(worker, broken):
    worker.load("bad", "paused", seed=13)
    worker.ours.send(ExecuteCommand(1, "bad", "step", {"unit": "step", "count": 1}))
    failed = worker.next(lambda message: isinstance(message, Transition) and message.status == "failed")
    assert (failed.run, failed.position) == ("bad", Position(0, 0, 0))
    again = worker.execute("bad", "step", unit="step", count=1)
    assert isinstance(again, Refusal) and again.status == 409


def test_a_run_that_cannot_be_taken_up_fails_with_the_reason(worker):
    resolved = parse(ENDLESS).model_dump(mode="json")
    worker.ours.send(LoadRun("bad", resolved, b"no checkpoint", "running", False, None, (2, 40)))
    failed = worker.next(lambda message: isinstance(message, Transition))
    assert (failed.status, failed.position) == ("failed", Position(2, 40, 0))
    assert isinstance(worker.execute("bad", "pause"), Refusal)


def test_what_was_logged_already_is_not_reported_again(worker):
    resolved = parse(ENDLESS).model_dump(mode="json")
    worker.ours.send(LoadRun("run", resolved, None, "running", False, None, (0, 20)))
    progress = worker.next(lambda message: isinstance(message, Progress) and message.columns["step"])
    assert progress.columns["step"][0] == 21


def test_stop_saves_what_is_running_after_its_last_points(worker):
    worker.load("running")
    worker.load("paused", "paused")
    worker.next(lambda message: isinstance(message, Progress) and message.position.step > 500)
    rest = [message for message in worker.stop() if isinstance(message, Progress | CheckpointSaved)]
    assert isinstance(rest[-1], CheckpointSaved)
    assert rest[-1].run == "running"
    assert all(step <= rest[-1].position.step for step in reported_steps(rest))
    assert isinstance(rest[-2], Progress)


def reported_steps(messages):
    return [step for message in messages if isinstance(message, Progress) for step in message.columns["step"]]


def test_weights_are_sent_only_once_they_have_changed(worker):
    worker.load("run", "paused")
    worker.ours.send(SendWeights("run", None, 30))
    snapshot = worker.next(lambda message: isinstance(message, Snapshot))
    worker.ours.send(SendWeights("run", snapshot.version, 30))
    worker.execute("run", "step", unit="step", count=1)
    assert worker.next(lambda message: isinstance(message, Snapshot)).version.step == 1


def test_runs_share_the_time_evenly(worker):
    steps, first = {}, {}
    for run in ("a", "b", "c"):
        worker.load(run)
    while len(first) < 3 or min(steps[run] - first[run] for run in first) < 5000:
        message = worker.next(lambda message: isinstance(message, Progress))
        steps[message.run] = message.position.step
        if len(steps) == 3 and not first:  # from here on all three train
            first = dict(steps)
    taken = [steps[run] - first[run] for run in first]
    assert max(taken) < 5 * min(taken)

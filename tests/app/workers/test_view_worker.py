"""The view worker in a thread: computations take turns, and views get the recorded history they need."""

import contextlib
import threading
from multiprocessing import Pipe

import numpy as np
import pytest

from app import encoding, history_columns
from app.storage.table_files import TableFiles
from app.workers.bundles import Incoming
from app.workers.messages import (
    Answer,
    CancelViews,
    ComputeViews,
    Query,
    Ready,
    Refusal,
    Stop,
    ViewKey,
    ViewProgress,
    ViewResult,
)
from app.workers.recorded import EventInLog, RecordedHistory, Replay, Version
from app.workers.views.worker import ViewWorker
from engine.datasets import load
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.views import VIEWS, View

CONFIG = parse({"layers": [{"units": 3}], "dataset": {"name": "circle", "samples": 40}})
RESOLVED = CONFIG.model_dump(mode="json")
ENDLESS_RUN = RESOLVED | {"epochs": 1_000_000_000}
VERSION = Version(0, 0, 0)
ENDLESS, OTHER_ENDLESS = ViewKey("endless", "{}"), ViewKey("endless", '{"resolution": 50}')
FAILING = ViewKey("failing", "{}")
NETWORK = ViewKey("network", encoding.encode(VIEWS["network"].parse({})).decode())


def endless(checkpoint, data, options, history):
    while True:
        yield 0.25


def failing(checkpoint, data, options, history):
    yield 0.5
    raise ZeroDivisionError("the engine has a fault")


def point_steps(checkpoint, data, options, history):
    return {"steps": None if history is None else [point["step"] for point in history]}


def weight_sums(checkpoint, data, options, history):
    return {"sums": None if history is None else [float(theta.sum()) for theta in history]}


@pytest.fixture
def view_worker(monkeypatch, tmp_path):
    """The server's side of a view worker's pipe, with views for tests."""
    views = {
        "endless": View(endless, needs=("points",)),
        "failing": View(failing, needs=("points",)),
        "point_steps": View(point_steps, needs=("points",)),
        "weight_sums": View(weight_sums, needs=("weights",)),
    }
    for name, view in views.items():
        monkeypatch.setitem(VIEWS, name, view)
    pipe, worker_pipe = Pipe()
    thread = threading.Thread(target=ViewWorker(worker_pipe, TableFiles(tmp_path)).run)
    thread.start()
    server = ServerEnd(pipe)
    assert isinstance(server.recv(), Ready)
    yield server
    with contextlib.suppress(OSError):
        pipe.send(Stop())
    thread.join()


class ServerEnd(Incoming):
    """The server's side of the pipe."""

    def __init__(self, pipe):
        super().__init__(pipe)
        self.send = pipe.send


def receive(view_worker, message_type):
    """Returns the next message of a type."""
    while True:
        assert view_worker.poll(60), "the view worker sends nothing"
        message = view_worker.recv()
        if isinstance(message, message_type):
            return message


def compute_views(*keys, history=None, checkpoint=None):
    return ComputeViews("run", VERSION, RESOLVED, checkpoint, keys, history)


def query_view(view_worker, view, history=None, checkpoint=None):
    arguments = {"view": view, "options": {}, "run": "run"}
    view_worker.send(Query(1, "view", RESOLVED, checkpoint, arguments, history))
    return encoding.decode(receive(view_worker, Answer).text)


def test_a_view_in_slices_delays_neither_other_views_nor_queries(view_worker):
    view_worker.send(compute_views(ENDLESS))
    view_worker.send(compute_views(NETWORK))
    assert receive(view_worker, ViewResult).key == NETWORK
    view_worker.send(Query(1, "weights", RESOLVED, None, {}))
    assert receive(view_worker, Answer).request == 1


def test_a_long_computation_reports_its_progress(view_worker):
    view_worker.send(compute_views(ENDLESS))
    message = receive(view_worker, ViewProgress)
    assert (message.run, message.key) == ("run", ENDLESS)
    frame = encoding.decode(message.text)
    assert (frame["kind"], frame["view"], frame["progress"]) == ("view", "endless", 0.25)


def test_a_cancelled_view_is_no_longer_computed(view_worker):
    view_worker.send(compute_views(ENDLESS))
    receive(view_worker, ViewProgress)
    view_worker.send(CancelViews("other", frozenset({ENDLESS})))
    receive(view_worker, ViewProgress)
    view_worker.send(CancelViews("run", frozenset({ENDLESS})))
    view_worker.send(Query(1, "weights", RESOLVED, None, {}))
    receive(view_worker, Answer)
    view_worker.send(compute_views(OTHER_ENDLESS))
    # Two computations take turns: three messages of one would have a message of the other between them.
    assert {receive(view_worker, ViewProgress).key for _ in range(3)} == {OTHER_ENDLESS}


def test_the_worker_reports_a_view_that_fails_and_continues(view_worker):
    view_worker.send(compute_views(FAILING, NETWORK))
    assert "fault" in receive(view_worker, ViewResult).problem["message"]
    assert receive(view_worker, ViewResult).frame
    view_worker.send(Query(1, "view", RESOLVED, None, {"view": "failing", "options": {}, "run": "run"}))
    assert receive(view_worker, Refusal).status == 500


def points(*steps):
    common = dict.fromkeys(history_columns.NAMES, 0.5) | {"metrics": {"test_accuracy": 1.0}}
    return history_columns.from_points([common | {"step": step} for step in steps])


def trained(*steps, **changes):
    """Returns checkpoints at these steps."""
    trainer = Trainer(parse(RESOLVED | changes), load(CONFIG))
    checkpoints = []
    for step in steps:
        trainer.advance(step - trainer.state.step)
        checkpoints.append(trainer.checkpoint().to_bytes())
    return checkpoints


def test_a_view_gets_the_points_up_to_its_own_step_and_attempt(view_worker):
    (checkpoint,) = trained(4)
    histories = (RecordedHistory(0, points(0, 2, 4, 6)), RecordedHistory(1, points(0, 2)), None)
    answers = [query_view(view_worker, "point_steps", history, checkpoint) for history in histories]
    assert [answer["steps"] for answer in answers] == [[0, 2, 4], None, None]


def test_a_view_gets_recorded_weights_of_the_same_network_up_to_its_step(view_worker):
    first, second, third = trained(1, 5, 9)
    (other,) = trained(2, layers=[{"units": 2, "activation": "tanh"}])
    answer = query_view(
        view_worker, "weight_sums", RecordedHistory(0, None, (first, other, second, third)), second
    )
    sums = [
        query_view(view_worker, "weight_sums", RecordedHistory(0, None, (state,)), third)["sums"][0]
        for state in (first, second)
    ]
    assert np.allclose(answer["sums"], sums)


def replay_to(step, first=-1, events=()):
    return Replay("run", 0, first, step, tuple(EventInLog(*event) for event in events))


def test_views_of_a_past_step_are_those_of_the_training_at_that_step(view_worker):
    (lived,) = trained(30)
    view_worker.send(ComputeViews("run", VERSION, RESOLVED, lived, (NETWORK,)))
    expected = encoding.decode(receive(view_worker, ViewResult).frame)
    view_worker.send(ComputeViews("run", VERSION, RESOLVED, None, (NETWORK,), replay=replay_to(30)))
    assert encoding.decode(receive(view_worker, ViewResult).frame) == expected


def test_a_replay_from_a_cached_state_leaves_that_state_as_it_was(view_worker):
    states = dict(zip((30, 50), trained(30, 50), strict=True))
    for step in (30, 50, 30):
        view_worker.send(ComputeViews("run", VERSION, RESOLVED, None, (NETWORK,), replay=replay_to(step)))
        replayed = encoding.decode(receive(view_worker, ViewResult).frame)
        view_worker.send(ComputeViews("run", VERSION, RESOLVED, states[step], (NETWORK,)))
        assert encoding.decode(receive(view_worker, ViewResult).frame) == replayed


def test_a_query_about_a_step_uses_the_state_that_was_replayed_for_views(view_worker):
    view_worker.send(ComputeViews("run", VERSION, RESOLVED, None, (NETWORK,), replay=replay_to(30)))
    receive(view_worker, ViewResult)
    unreadable = b"what a replay would begin with"
    view_worker.send(Query(1, "weights", RESOLVED, unreadable, {}, replay=replay_to(30)))
    assert encoding.decode(receive(view_worker, Answer).text)["step"] == 30


def test_a_long_replay_reports_its_progress_and_delays_no_other_view(view_worker):
    steps = 10_000_000
    view_worker.send(ComputeViews("run", VERSION, ENDLESS_RUN, None, (NETWORK,), replay=replay_to(steps)))
    progress = receive(view_worker, ViewProgress)
    frame = encoding.decode(progress.text)
    assert progress.key == NETWORK and 0 < frame["progress"] < 1
    assert (frame["attempt"], frame["step"], frame["view"]) == (0, steps, "network")
    view_worker.send(Query(1, "weights", RESOLVED, None, {}))
    assert receive(view_worker, Answer).request == 1
    view_worker.send(compute_views(OTHER_ENDLESS))
    view_worker.send(CancelViews("run", frozenset({NETWORK})))
    assert receive(view_worker, ViewProgress)
    view_worker.send(Query(2, "weights", RESOLVED, None, {}))
    receive(view_worker, Answer)
    assert {receive(view_worker, ViewProgress).key for _ in range(3)} == {OTHER_ENDLESS}


def test_a_step_after_the_end_of_the_training_is_refused(view_worker):
    ending = RESOLVED | {"epochs": 1}
    view_worker.send(ComputeViews("run", VERSION, ending, None, (NETWORK,), replay=replay_to(500)))
    problem = receive(view_worker, ViewResult).problem
    assert (problem["code"], problem["field"], problem["given"]) == ("invalid", "step", 500)

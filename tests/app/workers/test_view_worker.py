"""The painter, in this process: what is under way takes turns, and views are shown the past they need."""

import contextlib
import threading
from multiprocessing import Pipe

import numpy as np
import pytest

from app import encoding, history_columns
from app.storage.table_files import TableFiles
from app.workers.messages import (
    Answer,
    Ask,
    Drop,
    Paint,
    Painted,
    Past,
    Ready,
    Refusal,
    Stop,
    Underway,
    Version,
    ViewKey,
)
from app.workers.view_worker import Painter
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.views import VIEWS, View

CONFIG = parse({"layers": [{"units": 3}], "dataset": {"name": "circle", "samples": 40}})
RESOLVED = CONFIG.model_dump(mode="json")
VERSION = Version(0, 0, 0)
ENDLESS, BROKEN = ViewKey("endless", "{}"), ViewKey("broken", "{}")
NETWORK = ViewKey("network", encoding.encode(VIEWS["network"].parse({})).decode())


def endless(checkpoint, data, options, path):
    while True:
        yield 0.25


def broken(checkpoint, data, options, path):
    yield 0.5
    raise ZeroDivisionError("the engine has a fault")


def seen(checkpoint, data, options, path):
    return {"steps": None if path is None else [point["step"] for point in path]}


def walked(checkpoint, data, options, path):
    return {"walked": None if path is None else [float(theta.sum()) for theta in path]}


@pytest.fixture
def painter(monkeypatch, tmp_path):
    """The server's end of a painter's pipe; with views made for tests."""
    views = {
        "endless": View(endless, needs=("points",)),
        "broken": View(broken, needs=("points",)),
        "seen": View(seen, needs=("points",)),
        "walked": View(walked, needs=("weights",)),
    }
    for name, view in views.items():
        monkeypatch.setitem(VIEWS, name, view)
    ours, theirs = Pipe()
    thread = threading.Thread(target=Painter(theirs, TableFiles(tmp_path)).live)
    thread.start()
    assert isinstance(ours.recv(), Ready)
    yield ours
    with contextlib.suppress(OSError):
        ours.send(Stop())
    thread.join()


def receive(painter, kind):
    while True:
        assert painter.poll(60), "the painter says nothing"
        message = painter.recv()
        if isinstance(message, kind):
            return message


def paint(*keys, past=None, checkpoint=None):
    return Paint("run", VERSION, RESOLVED, checkpoint, keys, past)


def ask(painter, view, past=None, checkpoint=None):
    arguments = {"view": view, "options": {}, "run": "run"}
    painter.send(Ask(1, "view", RESOLVED, checkpoint, arguments, past))
    return encoding.decode(receive(painter, Answer).text)


def test_a_view_in_slices_holds_up_neither_other_views_nor_questions(painter):
    painter.send(paint(ENDLESS))
    painter.send(paint(NETWORK))
    assert receive(painter, Painted).key == NETWORK
    painter.send(Ask(1, "weights", RESOLVED, None, {}))
    assert receive(painter, Answer).request == 1


def test_a_view_that_takes_its_time_says_how_far_it_is(painter):
    painter.send(paint(ENDLESS))
    hint = receive(painter, Underway)
    assert (hint.run, hint.key) == ("run", ENDLESS)
    frame = encoding.decode(hint.text)
    assert (frame["kind"], frame["view"], frame["progress"]) == ("view", "endless", 0.25)


def test_a_view_that_nobody_watches_any_more_is_given_up(painter):
    painter.send(paint(ENDLESS))
    receive(painter, Underway)
    painter.send(Drop("other", frozenset({ENDLESS})))
    receive(painter, Underway)
    painter.send(Drop("run", frozenset({ENDLESS})))
    painter.send(Ask(1, "weights", RESOLVED, None, {}))
    receive(painter, Answer)
    assert not painter.poll(0.4)


def test_a_view_that_breaks_between_its_slices_is_reported_and_the_painter_lives_on(painter):
    painter.send(paint(BROKEN, NETWORK))
    assert "fault" in receive(painter, Painted).problem["message"]
    assert receive(painter, Painted).text
    painter.send(Ask(1, "view", RESOLVED, None, {"view": "broken", "options": {}, "run": "run"}))
    assert receive(painter, Refusal).status == 500


def points(*steps):
    common = dict.fromkeys(history_columns.NAMES, 0.5) | {"metrics": {"test_accuracy": 1.0}}
    return history_columns.from_points([common | {"step": step} for step in steps])


def trained(*steps, **changes):
    """Checkpoints at these steps."""
    trainer = Trainer(parse(RESOLVED | changes), data())
    found = []
    for step in steps:
        trainer.advance(step - trainer.state.step)
        found.append(trainer.checkpoint().to_bytes())
    return found


def data():
    from engine.datasets import load

    return load(CONFIG)


def test_a_view_is_shown_the_points_up_to_its_own_step_and_attempt(painter):
    (checkpoint,) = trained(4)
    assert ask(painter, "seen", Past(0, points(0, 2, 4, 6)), checkpoint)["steps"] == [0, 2, 4]
    assert ask(painter, "seen", Past(1, points(0, 2)), checkpoint)["steps"] is None
    assert ask(painter, "seen", None, checkpoint)["steps"] is None


def test_a_view_is_shown_recorded_weights_of_the_same_network_up_to_its_step(painter):
    first, second, third = trained(1, 5, 9)
    (other,) = trained(2, layers=[{"units": 2, "activation": "tanh"}])
    answer = ask(painter, "walked", Past(0, None, (first, other, second, third)), second)
    sums = [ask(painter, "walked", Past(0, None, (each,)), third)["walked"][0] for each in (first, second)]
    assert np.allclose(answer["walked"], sums)

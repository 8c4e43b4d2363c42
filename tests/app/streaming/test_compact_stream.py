"""The compact encoding of a stream: what its messages contain, and when they are sent."""

import json
import re

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from faults import compact_messages

VIEWS = "decision_boundary,network,activation_histograms"


@pytest.fixture
def receive(server):
    """Receives compact messages up to the frame for which `is_last` is true, and acknowledges them."""

    def until(socket, is_last, acknowledges=True):
        frames = []
        while True:
            message = socket.recv(60)
            if acknowledges and compact_messages.asks(message):
                socket.send('{"received": true}')
            for frame in compact_messages.frames(message):
                frames.append(frame)
                if is_last(frame):
                    return frames

    return until


def assert_equal(decoded, plain):
    """A decoded view has the values of a REST answer."""
    if isinstance(plain, dict):
        plain.pop("run", None)
        assert set(plain) <= set(decoded)
        for name, value in plain.items():
            assert_equal(decoded[name], value)
    elif isinstance(decoded, np.ndarray):
        assert (decoded == np.array(plain, decoded.dtype)).all()
    elif isinstance(plain, list):
        for part, expected in zip(decoded, plain, strict=True):
            assert_equal(part, expected)
    else:
        assert decoded == plain


def is_exact_at(step):
    return lambda frame: frame.get("view") and frame["step"] == step and "rounded" not in frame


def test_views_of_a_paused_run_are_exact_and_other_frames_are_those_of_the_text_form(server, receive):
    run = server.run(start=False)
    server.do(run, "step", {"count": 30})
    missing = set(VIEWS.split(","))
    with server.stream(run, f"encoding=compact&views={VIEWS}") as socket:
        frames = receive(socket, lambda frame: missing.discard(frame.get("view")) or not missing)
    for frame in frames:
        if frame["kind"] == "view":
            assert frame["id"] == frame["view"] and "rounded" not in frame
            assert_equal(frame, server.call("GET", f"/api/runs/{run}/views/{frame['view']}"))
    logged = [frame for frame in frames if frame["kind"] != "view"]
    with server.stream(run) as socket:
        assert logged == [json.loads(socket.recv(60)) for _ in logged]


def test_maps_of_a_training_run_are_rounded_within_one_255th_of_their_range_and_decide_the_same(
    server, receive
):
    for dataset in ("circle", "blobs"):
        run = server.run(dataset={"name": dataset, "samples": 100}, speed=300)
        with server.stream(run, "encoding=compact&views=decision_boundary") as socket:
            picture = receive(socket, lambda frame: frame.get("rounded") and frame["step"] > 50)[-1]
            step = server.do(run, "pause")["step"]
            last = receive(socket, is_exact_at(step))[-1]
        at = f"/api/runs/{run}/views/decision_boundary?step={picture['step']}"
        values = np.array(server.call("GET", at)["values"], np.float32)
        reach = float(values.max() - values.min())
        assert np.abs(picture["values"] - values).max() <= reach / 255 + 1e-6
        decided = (lambda v: v.argmax(axis=0)) if len(values) > 1 else (lambda v: v >= 0.5)
        assert (decided(picture["values"]) == decided(values)).all()
        assert_equal(last, server.call("GET", f"/api/runs/{run}/views/decision_boundary"))


def frames_sent(server):
    return float(re.search(r"^perceptarium_frames_total (\S+)", server.client.get("/metrics").text, re.M)[1])


def test_a_viewer_that_acknowledges_nothing_gets_every_point_and_few_pictures(server, receive):
    run = server.run(start=False, speed=300, epochs=2000)
    before = frames_sent(server)
    with server.stream(run, f"encoding=compact&views={VIEWS}&fps=60") as socket:
        server.do(run, "start")
        frames = receive(
            socket, lambda frame: frame["kind"] == "status" and frame["status"] == "finished", False
        )
    pictures = [frame for frame in frames if frame.get("view") == "network"]
    late = [frame for frame in pictures if frame["step"] > 1500]
    assert server.steps(frames) == server.call("GET", f"/api/runs/{run}/history")["step"]
    assert pictures and not late
    assert frames_sent(server) - before >= len(frames)


def test_an_unknown_encoding_is_refused_and_a_compact_refusal_is_compact(server):
    run = server.run(start=False)
    with server.stream(run, "encoding=gif") as socket:
        error = json.loads(socket.recv(60))["error"]
    assert (error["field"], error["given"], error["limit"]) == ("encoding", "gif", ["json", "compact"])
    with server.stream("nope", "encoding=compact") as socket, pytest.raises(ConnectionClosed) as closed:
        assert compact_messages.frames(socket.recv(60))[0]["error"]["code"] == "no_such_run"
        socket.recv(60)
    assert closed.value.rcvd.code == 4404


def test_an_acknowledgement_has_no_other_content(server, receive):
    run = server.run(start=False)
    with server.stream(run, "encoding=compact") as socket:
        for message in ('{"received": 3}', '{"received": true, "fps": 3}'):
            socket.send(message)
        frames = receive(socket, lambda frame: (frame.get("error") or {}).get("code") == "unknown_field")
    fields = [frame["error"]["field"] for frame in frames if frame["kind"] == "error"]
    assert fields == ["received", "fps"]

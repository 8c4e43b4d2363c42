"""Errors in the stream: invalid messages, subscriptions and options."""

import json

import pytest
from websockets.exceptions import ConnectionClosed


def test_an_invalid_message_is_answered_with_an_error_and_the_stream_continues(server):
    run = server.run(start=False)
    invalid = {
        "nonsense": None,
        "[]": None,
        '{"subscribe":7}': "subscribe",
        '{"fps":0}': "fps",
        '{"fps":"30"}': "fps",
        '{"subscribe":["nope"]}': "subscribe.0",
        '{"subscribe":[{"view":"nope"}]}': "subscribe.0.view",
        '{"subscribe":[{"view":"network","option":{}}]}': "subscribe.0.option",
        '{"sub":[]}': "sub",
        '{"subscribe":["network","network"]}': "subscribe.1.id",
        '{"subscribe":[{"view":"network","options":{"resolution":"a"}}]}': "subscribe.0.options.resolution",
        '{"subscribe":[{"view":"network","options":{"nope":1}}]}': "subscribe.0.options.nope",
    }
    with server.stream(run) as socket:
        for text, field in invalid.items():
            socket.send(text)
            error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
            assert error["field"] == field, text
        socket.send(b"\x00\x01")
        server.frames(socket, lambda frame: frame["kind"] == "error")
        socket.send('{"subscribe":["network"]}')
        server.frames(socket, lambda frame: frame["kind"] == "view")


def test_an_option_that_does_not_fit_the_network_is_reported_once(server):
    run = server.run()
    request = {"view": "decision_boundary", "options": {"layer": 0, "unit": 99}}
    with server.stream(run) as socket:
        socket.send(json.dumps({"subscribe": [request, "network"]}))
        server.frames(socket, lambda frame: frame["kind"] == "error")
        views = []
        later = server.frames(
            socket, lambda frame: views.append(frame.get("view")) or views.count("network") == 5
        )
    assert all(frame["kind"] != "error" for frame in later)


def test_an_option_that_does_not_fit_is_named_by_its_index_in_the_subscription(server):
    run = server.run(start=False)
    request = {"view": "decision_boundary", "options": {"layer": 0, "unit": 99}}
    with server.stream(run) as first, server.stream(run) as second:
        for socket, subscribe, field in (
            (first, [request], "subscribe.0.options.unit"),
            (second, ["network", request], "subscribe.1.options.unit"),
        ):
            socket.send(json.dumps({"subscribe": subscribe}))
            error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
            assert (error["field"], error["given"]) == (field, 99)


def test_a_view_that_failed_is_sent_once_it_can_be_computed(server):
    run = server.run(start=False)
    request = {"view": "loss_landscape", "options": {"kind": "path", "resolution": 11}}
    with server.stream(run) as socket:
        socket.send(json.dumps({"subscribe": [request]}))
        error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
        assert error["field"] == "subscribe.0.options.kind"
        for _ in range(4):
            server.do(run, "step", {"count": 3})
        later = server.frames(socket, lambda frame: frame["kind"] == "view" and "progress" not in frame)
    assert later[-1]["landscape"] == "path" and later[-1]["step"] > 0
    assert all(frame["kind"] != "error" for frame in later)


def test_a_view_that_does_not_apply_is_named_by_its_index_in_the_subscription(server):
    run = server.run(start=False)
    with server.stream(run) as socket:
        socket.send(json.dumps({"subscribe": ["network", "reconstruction"]}))
        error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
    assert (error["field"], error["given"]) == ("subscribe.1.view", "reconstruction")


@pytest.mark.parametrize(
    ("query", "field"),
    [("after=x", "after"), ("after=-1", "after"), ("fps=no", "fps"), ("views=nope", "views"), ("x=1", "x")],
)
def test_an_invalid_option_in_the_url_closes_the_stream_with_the_reason(server, query, field):
    run = server.run(start=False)
    with server.stream(run, query) as socket:
        assert json.loads(socket.recv(60))["error"]["field"] == field
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(60)
    assert closed.value.rcvd.code == 1008

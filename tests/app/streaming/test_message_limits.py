"""Limits of a stream: messages, subscriptions, pings and unread errors; beyond, it is closed with 1008."""

import json
import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed

from app.connections.allowance import Allowance
from app.streaming.message_limits import MESSAGES_AT_ONCE, SUBSCRIPTIONS_AT_ONCE
from app.streaming.viewer import MAX_UNSENT_ERRORS


def test_an_allowance_is_used_up_and_grows_again_with_time():
    allowance = Allowance(rate=10, burst=5)
    assert all(allowance.take(1, now=0.0) for _ in range(5))
    assert not allowance.take(1, now=0.0)
    assert allowance.take(2, now=0.2) and not allowance.take(1, now=0.2)
    assert allowance.take(5, now=100.0) and not allowance.take(1, now=100.0)


def test_what_is_refused_does_not_use_up_the_allowance():
    allowance = Allowance(rate=1, burst=5)
    assert not allowance.take(6, now=0.0) and allowance.take(5, now=0.0)


def messages(kind: str) -> Iterator[str]:
    """Messages of which there are too many: without effect, or each with a new subscription."""
    for number in range(int(MESSAGES_AT_ONCE if kind == "messages" else SUBSCRIPTIONS_AT_ONCE) * 20):
        views = [
            {
                "view": "decision_boundary",
                "options": {"resolution": 10 + (number + each) % 90},
                "id": str(each),
            }
            for each in range(30)
        ]
        yield json.dumps({"fps": 30} if kind == "messages" else {"subscribe": views})


@pytest.mark.parametrize("kind", ["messages", "subscriptions"])
def test_a_stream_with_too_many_messages_or_new_subscriptions_is_closed_with_the_reason(server, kind):
    run = server.run(start=False)
    # Reads while it sends: websockets stops reading at 16 frames, and the close frame would stay unread.
    with (
        server.stream(run, max_queue=None) as stream,
        server.stream(run, "views=network") as neighbour,
    ):
        with pytest.raises(ConnectionClosed) as closed:
            for text in messages(kind):
                stream.send(text)
            while True:
                stream.recv(60)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008
        assert kind in closed.value.rcvd.reason
        server.frames(neighbour, lambda frame: frame["kind"] == "view")


def test_a_stream_with_the_messages_of_a_dragged_control_stays_open(server):
    run = server.run(start=False)
    with server.stream(run) as stream:
        for resolution in range(10, 100):
            view = {"view": "decision_boundary", "options": {"resolution": resolution}}
            stream.send(json.dumps({"subscribe": ["network", "activation_histograms", view]}))
        last = server.frames(
            stream,
            lambda frame: frame["kind"] == "view" and frame.get("values", {}).get("shape") == "1,99,99",
        )
    assert all(frame["kind"] != "error" for frame in last)


@pytest.mark.parametrize("kind", ["ping", "pong"])
def test_a_client_that_sends_pings_or_pongs_without_end_is_closed(server, kind):
    run = server.run(start=False)
    with server.stream(run, max_queue=None) as stream:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(1000):
                getattr(stream, kind)()
            while True:
                stream.recv(60)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008


def test_a_client_that_sends_a_too_large_message_receives_the_reason(server):
    run = server.run(start=False)
    with server.stream(run, max_queue=None) as stream:
        with pytest.raises(ConnectionClosed) as closed:
            stream.send("x" * (8 << 20))
            while True:
                stream.recv(60)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009


def test_a_client_that_does_not_read_its_errors_is_cut_off(server):
    run = server.run(start=False)
    message = '{"' + "x" * 60_000 + '":1}'
    with server.stream(run, max_queue=1) as stream, pytest.raises((ConnectionClosed, socket.error)):
        for _ in range(5 * MAX_UNSENT_ERRORS):
            stream.send(message)
        while True:
            stream.recv(60)

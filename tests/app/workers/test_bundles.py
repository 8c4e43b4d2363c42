"""Bundles: messages of a pipe that are written at once arrive one by one, in order."""

from multiprocessing import Pipe

import pytest

from app.workers import bundles
from app.workers.bundles import Incoming, Outgoing, parts, receive
from app.workers.heartbeat import BeatingConnection


@pytest.fixture
def ends():
    server, child = Pipe()
    with server, child:
        yield server, child


def test_messages_that_were_put_are_written_at_once_in_order(ends):
    server, child = ends
    outgoing = Outgoing(child)
    for message in ("a", {"b": b"\x80"}, 3):
        outgoing.put(message)
    assert not server.poll(0)
    outgoing.write()
    assert receive(server) == ["a", {"b": b"\x80"}, 3]
    assert not server.poll(0)


def test_a_bundle_of_one_message_is_an_ordinary_message(ends):
    server, child = ends
    outgoing = Outgoing(child)
    outgoing.put("a")
    outgoing.write()
    assert server.recv() == "a"
    outgoing.write()  # nothing was put
    child.send("b")
    assert receive(server) == ["b"]


def test_a_message_is_sent_as_it_was_when_it_was_put(ends):
    server, child = ends
    outgoing, message = Outgoing(child), [1]
    outgoing.put(message)
    message.append(2)
    outgoing.write()
    assert receive(server) == [[1]]


def test_large_messages_are_written_before_the_others(ends, monkeypatch):
    monkeypatch.setattr(bundles, "MAX_BYTES", 100)
    server, child = ends
    outgoing = Outgoing(child)
    outgoing.put("a")
    outgoing.put("b" * 100)
    outgoing.put("c")
    assert receive(server) == ["a", "b" * 100]
    assert not server.poll(0)
    outgoing.write()
    assert receive(server) == ["c"]


def test_the_messages_of_a_bundle_are_read_one_by_one(ends):
    server, child = ends
    incoming, connection = Incoming(server), BeatingConnection(child)
    with connection.together():
        connection.send(1)
        connection.send(2)
        assert not incoming.poll(0)
    assert server.poll(0) and incoming.recv() == 1
    assert not server.poll(0) and incoming.poll(0) and incoming.recv() == 2
    assert not incoming.poll(0)


def test_what_was_sent_before_an_error_is_written(ends):
    server, child = ends
    connection = BeatingConnection(child)
    with pytest.raises(ZeroDivisionError), connection.together():
        connection.send("before")
        raise ZeroDivisionError
    connection.send("after")
    assert (receive(server), receive(server)) == (["before"], ["after"])


def test_messages_are_divided_into_parts_in_order():
    assert list(parts(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(parts([], 2)) == []

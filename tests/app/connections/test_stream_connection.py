"""Requests that cannot open a WebSocket, messages that are written at once, and when reading pauses."""

import asyncio
import json
import socket
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from app.connections import stream_connection
from app.connections.stream_connection import PAUSE_ABOVE, StreamConnection
from app.connections.write_extension import WRITE

UPGRADE = (
    b"Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 3\r\n",
        b"".join(b"X-%d: a\r\n" % number for number in range(300)),
        b"X: " + b"a" * 20_000 + b"\r\n",
    ],
    ids=["body", "many headers", "long header"],
)
def test_a_request_that_cannot_open_a_stream_is_answered_and_closed_at_once(server, headers):
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(b"GET /api/runs/x/stream HTTP/1.1\r\n" + UPGRADE + headers + b"\r\n")
        answer = connection.makefile("rb").read()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ") and b"content-security-policy" in head
    assert json.loads(body)["error"]["code"] == "malformed_request"


class Line(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closing = self.aborted = False
        self.reads = True

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True


def received(client: ClientProtocol, line: Line) -> list[bytes]:
    """The payloads that arrive at the client."""
    client.receive_data(line.written)
    line.written = b""
    return [event.data for event in client.events_received() if hasattr(event, "opcode")]


def opened(app: Any, **options: Any) -> tuple[StreamConnection, Line, ClientProtocol]:
    """A connection on which a client has asked for a WebSocket of the application."""
    config = uvicorn.Config(app, ws_per_message_deflate=False, **options)
    config.load()
    connection, line = StreamConnection(config, ServerState(), {}), Line()
    client = ClientProtocol(parse_uri("ws://localhost/"))
    connection.connection_made(line)
    client.send_request(client.connect())
    connection.data_received(b"".join(client.data_to_send()))
    return connection, line, client


def test_a_message_is_written_only_while_the_client_reads_and_the_connection_is_open(run_async):
    async def serve() -> None:
        accepted = asyncio.get_running_loop().create_future()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            accepted.set_result(scope["extensions"][WRITE]["write"])
            while (await receive())["type"] != "websocket.disconnect":
                pass

        connection, line, client = opened(app)
        write = await accepted
        messages = [b"a", bytes(300), bytes(70_000)]
        assert all(map(write, messages))
        assert received(client, line) == messages
        connection.pause_writing()
        assert not write(b"while the client does not read")
        connection.resume_writing()
        assert write(b"b")
        assert received(client, line) == [b"b"]
        client.send_close(1000)
        connection.data_received(b"".join(client.data_to_send()))
        received(client, line)
        assert not write(b"after the end")
        assert not line.written
        connection.connection_lost(None)
        await asyncio.gather(*connection.tasks)

    run_async(serve())


def test_reading_pauses_only_while_the_application_is_behind_by_several_messages(run_async):
    async def serve() -> None:
        is_free, texts = asyncio.Event(), []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            await is_free.wait()
            while (message := await receive())["type"] != "websocket.disconnect":
                texts.append(message["text"])

        connection, line, client = opened(app)
        async with asyncio.timeout(30):
            while not line.written:
                await asyncio.sleep(0)
        received(client, line)

        def send(numbers: range) -> None:
            for number in numbers:
                client.send_text(str(number).encode())
            connection.data_received(b"".join(client.data_to_send()))

        send(range(PAUSE_ABOVE))
        assert line.reads
        send(range(PAUSE_ABOVE, 40))
        assert not line.reads
        is_free.set()
        async with asyncio.timeout(30):
            while len(texts) < 40:
                await asyncio.sleep(0)
        assert line.reads and texts == [str(number) for number in range(40)]
        connection.connection_lost(None)
        await asyncio.gather(*connection.tasks)

    run_async(serve())


def test_a_client_that_begins_a_message_and_answers_no_ping_is_cut(run_async):
    async def serve() -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            while (await receive())["type"] != "websocket.disconnect":
                pass

        connection, line, _ = opened(app, ws_ping_interval=0.01, ws_ping_timeout=0.01)
        connection.data_received(Frame(Opcode.TEXT, b"x" * 1000).serialize(mask=True)[:100])
        async with asyncio.timeout(30):
            while not line.aborted:
                await asyncio.sleep(0.001)
        connection.connection_lost(None)
        await asyncio.gather(*connection.tasks)

    run_async(serve())


def test_a_connection_is_cut_soon_after_the_application_has_ended(run_async, monkeypatch):
    monkeypatch.setattr(stream_connection, "FLUSH_SECONDS", 0.01)

    async def serve() -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 1008, "reason": "too slow"})

        connection, line, _ = opened(app)  # the client answers no close frame
        async with asyncio.timeout(30):
            while not line.aborted:
                await asyncio.sleep(0.001)
        connection.connection_lost(None)

    run_async(serve())

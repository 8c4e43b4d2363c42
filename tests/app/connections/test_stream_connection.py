"""Requests for a WebSocket that are valid HTTP and nothing else, and messages that are written at once."""

import asyncio
import json
import socket
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from app.connections.stream_connection import StreamConnection
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
        self.closing = False

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    abort = close

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def received(client: ClientProtocol, line: Line) -> list[bytes]:
    """The payloads that arrive at the client."""
    client.receive_data(line.written)
    line.written = b""
    return [event.data for event in client.events_received() if hasattr(event, "opcode")]


def test_a_message_is_written_only_while_the_client_reads_and_the_connection_is_open(run_async):
    async def serve() -> None:
        accepted = asyncio.get_running_loop().create_future()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            accepted.set_result(scope["extensions"][WRITE]["write"])
            while (await receive())["type"] != "websocket.disconnect":
                pass

        config = uvicorn.Config(app, ws_per_message_deflate=False)
        config.load()
        connection, line = StreamConnection(config, ServerState(), {}), Line()
        client = ClientProtocol(parse_uri("ws://localhost/"))
        connection.connection_made(line)
        client.send_request(client.connect())
        connection.data_received(b"".join(client.data_to_send()))
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

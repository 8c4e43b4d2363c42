"""Requests that are no valid HTTP, too large or not finished, sent over plain sockets."""

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from uvicorn.server import ServerState

from app.connections import http_connection
from app.connections.http_connection import HttpConnection
from app.connections.request_reader import FREE_CHUNKS, MAX_EXTENSIONS, MAX_HEAD

POST = b"POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


def exchange(server: Any, *parts: bytes) -> tuple[int, Any]:
    """Sends bytes on a new connection; returns status and JSON of the answer, once the server closes it."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), 60) as connection:
        received = b""
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass  # the server has closed the connection
        while data := connection.recv(1 << 16):
            received += data
            if b"\r\n\r\n" in received and received.endswith(b"}"):
                break
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def refusal(server: Any, *parts: bytes) -> tuple[int, str]:
    """Returns status and code of the error answer."""
    status, answer = exchange(server, *parts)
    return status, answer["error"]["code"]


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return f"{len(data):x}".encode() + extension + b"\r\n" + data + b"\r\n"


def test_a_body_with_two_kinds_of_length_is_refused(server):
    both = POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(b"{}") + chunk(b"")
    assert refusal(server, both) == (400, "malformed_request")


@pytest.mark.parametrize("name", [b"X-Large: ", b"Cookie: "])
def test_headers_over_the_limit_are_refused_and_smaller_ones_accepted(server, name):
    end = b"Content-Length: 2\r\nConnection: close\r\n\r\n[]"
    assert refusal(server, POST + name + b"a" * MAX_HEAD + b"\r\n" + end) == (431, "headers_too_large")
    many = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(40))
    assert refusal(server, POST, many, end) == (431, "headers_too_large")
    assert refusal(server, POST + name + b"a" * (MAX_HEAD - 1000) + b"\r\n" + end) == (422, "invalid")


def test_a_target_over_the_limit_is_refused(server):
    request = b"GET /?" + b"a" * MAX_HEAD + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    assert refusal(server, request) == (431, "headers_too_large")


def test_chunk_extensions_are_ignored(server):
    parts = [chunk(b"[", b";name=value"), chunk(b"]", b';a="b"'), chunk(b"")]
    assert refusal(server, CHUNKED, *parts) == (422, "invalid")


def test_chunk_extensions_have_a_bound(server):
    parts = [chunk(b"[" + b" " * 100, b";x=" + b"a" * 10_000)] * (4 * MAX_EXTENSIONS // 10_000)
    assert refusal(server, CHUNKED, *parts) == (400, "malformed_request")


def test_a_body_of_tiny_chunks_is_refused_and_one_of_lines_accepted(server):
    assert refusal(server, CHUNKED, chunk(b" ") * (2 * FREE_CHUNKS)) == (400, "malformed_request")
    lines = chunk(b" " * 40) * (2 * FREE_CHUNKS)
    assert refusal(server, CHUNKED, lines, chunk(b"[]"), chunk(b"")) == (422, "invalid")


@pytest.mark.parametrize("text", [b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"])
def test_what_is_no_http_is_refused_in_json(server, text):
    assert refusal(server, text + b"\r\n\r\n") == (400, "malformed_request")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Reads the body and answers with much data."""
    while (await receive()).get("more_body"):
        pass
    size = 20_000_000 if scope["path"] == "/large" else 2
    headers = [(b"content-length", str(size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for _ in range(20 if size > 2 else 1):
        await send({"type": "http.response.body", "body": b"x" * (size // 20 or 2), "more_body": size > 2})


@pytest.fixture
def answers(
    monkeypatch: pytest.MonkeyPatch, run_async: Callable[[Coroutine[Any, Any, Any]], Any]
) -> Callable[[list[bytes], float], bytes]:
    """Sends parts, with pauses, to a server that checks connections every 50 ms; returns what it answered."""
    monkeypatch.setattr(http_connection, "CHECK_SECONDS", 0.05)

    async def exchange(parts: list[bytes], pause: float) -> bytes:
        config = uvicorn.Config(application, lifespan="off", log_config=None, timeout_keep_alive=60)
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: HttpConnection(config, state, {}), "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), limit=1 << 10)
            for part in parts:
                writer.write(part)
                await asyncio.sleep(pause)
            if parts and b"/large" in parts[0]:
                while state.connections:
                    await asyncio.sleep(0.01)
            try:
                return await reader.read()
            except ConnectionError:
                return b"cut"
            finally:
                writer.close()

    return lambda parts, pause: run_async(exchange(parts, pause))


HEAD = b"Host: 127.0.0.1\r\n"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"


def test_a_connection_without_a_request_is_closed(answers):
    assert answers([], 0) == b""


@pytest.mark.parametrize(
    "parts",
    [
        [b"GET / HTTP/1.1\r\n", HEAD],
        [b"GET / HTTP/1.1\r\n" + HEAD + UPGRADE],
        [b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 100\r\n\r\n{"],
        [b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"],
    ],
)
def test_a_request_that_does_not_go_on_is_closed_with_408(answers, parts):
    assert b"HTTP/1.1 408 " in answers(parts, 0)


@pytest.mark.parametrize("head", [b"", HEAD + UPGRADE], ids=["request", "upgrade"])
def test_a_request_that_drips_is_closed(answers, head):
    dripping = [b"GET / HTTP/1.1\r\n" + head, *([b"X: y\r\n"] * 200)]
    received = answers(dripping, 0.01)
    assert b" 408 " in received or received == b"cut"


def test_a_client_that_takes_nothing_of_an_answer_is_cut(answers):
    received = answers([b"GET /large HTTP/1.1\r\n" + HEAD + b"\r\n"], 0)
    assert len(received) < 20_000_000


def test_a_connection_with_a_request_now_and_then_stays_open(answers):
    request = b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n"
    assert answers([request] * 30, 0.02).count(b" 200 ") == 30

"""Requests for a WebSocket that are valid HTTP and nothing else."""

import json
import socket

import pytest

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

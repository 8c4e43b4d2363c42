"""Requests that are open when the server stops, or that their client leaves: neither prints a traceback."""

import signal
import socket
import subprocess
from urllib.parse import urlsplit

import httpx


def test_an_unfinished_request_is_answered_with_503_when_the_server_stops_and_nothing_is_a_traceback(
    start, tmp_path
):
    process = start(
        "serve", "--port", "0", "--data-dir", tmp_path, "--workers", "1",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    address = urlsplit(process.stdout.readline().split()[-1])
    head = f"POST /api/runs HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 100\r\n\r\n{{".encode()
    with socket.create_connection((address.hostname, address.port), 60) as left:
        left.sendall(head)
    with socket.create_connection((address.hostname, address.port), 60) as waiting:
        waiting.sendall(head)
        httpx.get(f"http://{address.netloc}/version")  # both have been received
        process.send_signal(signal.SIGTERM)
        answer = b""
        while data := waiting.recv(4096):
            answer += data
    errors = process.communicate(timeout=60)[1]
    assert b" 503 " in answer and b'"stopping"' in answer
    assert process.returncode == 0 and "Traceback" not in errors, errors

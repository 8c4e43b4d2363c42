"""Clients for drills: sockets that do as they like, and a viewer that counts what it receives."""

import base64
import json
import os
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.shared.server import Client, Refused, Server, serving

TEXT, PING, PONG = 0x1, 0x9, 0xA


@contextmanager
def observed_server() -> Iterator[Server]:
    """Runs a server whose log is kept; raises AssertionError at the end if there is a traceback in it."""
    with tempfile.TemporaryFile("w+") as log:
        with serving("--workers", "1", log=log) as server:
            yield server
        log.seek(0)
        text = log.read()
    assert "Traceback" not in text, text[text.index("Traceback") :][:3000]


def memory_mb(server: Server) -> float:
    """Returns the resident memory of the server's process in MB."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    (resident,) = (int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return resident * 1024 / 1e6


def status(client: Client, method: str, path: str, body: Any = None) -> int:
    """Returns the status of an answer; 200 for every success."""
    try:
        client.call(method, path, body)
    except Refused as refusal:
        return refusal.status
    return 200


def raw_socket(server: Server, seconds: float = 60.0) -> socket.socket:
    """Returns a connected socket whose operations end after `seconds`."""
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname or "", address.port or 0), seconds)


def raw_stream(server: Server, run: str, query: str = "") -> socket.socket:
    """Returns a socket on which the stream of a run is open; what arrives is left in it."""
    stream = raw_socket(server)
    key = base64.b64encode(os.urandom(16)).decode()
    stream.sendall(
        f"GET /api/runs/{run}/stream?{query} HTTP/1.1\r\nHost: {urlsplit(server.url).netloc}\r\n"
        f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += stream.recv(1)
    if b" 101 " not in head:
        raise ConnectionError(head.decode())
    return stream


def client_frame(opcode: int, payload: bytes) -> bytes:
    """Returns a complete WebSocket frame of a client, masked with zeros; at most 64 KiB of payload."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


def until_cut(stream: socket.socket, data: bytes, seconds: float, pause: float = 0.0) -> float | None:
    """Sends the data again and again without reading; returns the seconds until that fails, or None."""
    start = time.perf_counter()
    stream.settimeout(1)
    while (now := time.perf_counter() - start) < seconds:
        time.sleep(pause)
        try:
            stream.sendall(data)
        except TimeoutError:
            continue  # the server does not read
        except OSError:
            return now
    return None


def close_code(stream: socket.socket) -> int | None:
    """Reads to the end; returns the code of the last frame if it is a close frame."""
    received = b""
    try:
        while data := stream.recv(1 << 16):
            received = (received + data)[-1000:]
    except OSError:
        pass
    position = received.rfind(b"\x88")
    return int.from_bytes(received[position + 2 : position + 4]) if position >= 0 else None


def until(condition: Callable[[], Any], seconds: float) -> bool:
    """Waits until the condition is true, at most so many seconds; returns whether it is."""
    deadline = time.perf_counter() + seconds
    while not (result := bool(condition())) and time.perf_counter() < deadline:
        time.sleep(0.01)
    return result


class Viewer:
    """A viewer that reads; `frames` counts those of its view."""

    def __init__(self) -> None:
        self.frames = 0
        self.error: Exception | None = None


@contextmanager
def viewer(server: Server, run: str, view: str, fps: float) -> Iterator[Viewer]:
    """Reads a stream in a thread during the context."""
    address = server.url.replace("http", "ws", 1) + f"/api/runs/{run}/stream?views={view}&fps={fps:g}"
    seen = Viewer()
    with connect(address, max_size=None, compression=None) as stream:

        def read() -> None:
            try:
                for text in stream:
                    seen.frames += json.loads(text)["kind"] == "view"
            except ConnectionClosed as error:
                seen.error = error

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        yield seen
    thread.join(5)


def pictures_per_second(seen: Viewer, seconds: float) -> float:
    """Returns how many frames of its view a viewer receives per second, measured for `seconds`."""
    before, start = seen.frames, time.perf_counter()
    time.sleep(seconds)
    return (seen.frames - before) / (time.perf_counter() - start)


def small_run(server: Server, **config: Any) -> str:
    """Returns the id of a new run that trains on, at 100 steps a second."""
    body = {"epochs": 1_000_000_000, "speed": 100, "dataset": {"name": "circle", "samples": 100}} | config
    run: str = server.client().call("POST", "/api/runs", body)["id"]
    return run

"""Connections: requests that do not go on, clients that take no answer, and viewers that do not read."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.shared.server import Server
from faults.clients import (
    TEXT,
    client_frame,
    memory_mb,
    observed_server,
    raw_socket,
    raw_stream,
    small_run,
)
from faults.rows import Row, at_most

HALF_OPEN, UPGRADES, UNREAD, SILENT, BEGUN = 200, 60, 20, 20, 20
MAX_SECONDS = 60.0
ESTABLISHED = "01"
VIEWS = "views=decision_boundary,network,activation_histograms,layer_health&fps=60"
PICTURES = {"layers": [{"units": 64}, {"units": 64}], "speed": 30}


def drill() -> Iterator[Row]:
    """At the same time: 200 connections with nothing, the beginning of a request or of its body, or one byte
    a second; 60 that begin to ask for a WebSocket and do not go on, or with one byte a second; 20 that ask
    for the largest file, and 20 viewers of large pictures, all of which read nothing; 20 viewers who begin a
    message and do not finish it; and a client that asks for `/version` 20 times a second.
    """
    with observed_server() as server:
        run = small_run(server, **PICTURES)
        before = memory_mb(server)
        opened = {
            "half-open": half_open(server),
            "upgrades": upgrades(server, run),
            "unread": unread(server),
            "silent": silent(server, run),
            "begun": begun(server, run),
        }
        delays: list[float] = []
        seconds = dict.fromkeys(opened, 0.0)
        most = closing(server, opened, seconds, delays)
        yield at_most(f"{HALF_OPEN} half-open connections are closed after", seconds["half-open"], 30, "s")
        yield at_most(f"{UPGRADES} begun upgrades are closed after", seconds["upgrades"], 30, "s")
        yield at_most(f"{UNREAD} unread answers are cut after", seconds["unread"], 45, "s")
        yield at_most(f"{SILENT} silent viewers are cut after", seconds["silent"], 45, "s")
        yield at_most(f"{BEGUN} viewers with a begun message are cut after", seconds["begun"], 45, "s")
        yield at_most("slowest answer to another client meanwhile", max(delays) * 1000, 250, "ms")
        yield at_most("memory of the server grows meanwhile by", most - before, 150, "MB")


def half_open(server: Server) -> list[socket.socket]:
    """Returns sockets with nothing, a part of the headers, a part of a body, or one byte a second."""
    head = f"POST /api/runs HTTP/1.1\r\nHost: {urlsplit(server.url).netloc}\r\n".encode()
    parts = [b"", head, head + b"Content-Length: 1000\r\n\r\n{", head + b"Content-Length: 99\r\n\r\n"]
    sockets = [raw_socket(server) for _ in range(HALF_OPEN)]
    for number, each in enumerate(sockets):
        each.sendall(parts[number % len(parts)])
    threading.Thread(target=drip, args=(sockets[3 :: len(parts)],), daemon=True).start()
    return sockets


def upgrades(server: Server, run: str) -> list[socket.socket]:
    """Returns sockets that begin to ask for a stream, and do not go on, or with one byte a second."""
    head = (
        f"GET /api/runs/{run}/stream HTTP/1.1\r\nHost: {urlsplit(server.url).netloc}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    ).encode()
    parts = [head, head + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ", head + b"X: "]
    sockets = [raw_socket(server) for _ in range(UPGRADES)]
    for number, each in enumerate(sockets):
        each.sendall(parts[number % len(parts)])
    threading.Thread(target=drip, args=(sockets[2 :: len(parts)],), daemon=True).start()
    return sockets


def drip(sockets: list[socket.socket]) -> None:
    """Sends one byte a second on each socket that is open."""
    for _ in range(60):
        for each in sockets:
            with contextlib.suppress(OSError):
                each.send(b" ")
        time.sleep(1)


def unread(server: Server) -> list[socket.socket]:
    """Returns sockets on which the largest file was requested."""
    sockets = []
    for _ in range(UNREAD):
        each = raw_socket(server)
        host = urlsplit(server.url).netloc
        each.sendall(f"GET /static/vendor/plotly.min.js HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        sockets.append(each)
    return sockets


def silent(server: Server, run: str) -> list[socket.socket]:
    """Returns streams with many large pictures."""
    return [raw_stream(server, run, VIEWS) for _ in range(SILENT)]


def begun(server: Server, run: str) -> list[socket.socket]:
    """Returns streams on which a message begins: its head and a part of what it announces."""
    streams = [raw_stream(server, run) for _ in range(BEGUN)]
    for each in streams:
        each.sendall(client_frame(TEXT, b'{"fps": 30}' + b" " * 1000)[:100])
    return streams


def closing(
    server: Server, opened: dict[str, list[socket.socket]], seconds: dict[str, float], delays: list[float]
) -> float:
    """Waits until the server has closed all sockets; returns the largest memory of the server in MB.

    `seconds` gets when the last one of each kind was closed, `delays` those of another client.
    """
    client, start, most = server.client(), time.perf_counter(), 0.0
    ports = {name: {each.getsockname()[1] for each in sockets} for name, sockets in opened.items()}
    while any(ports.values()) and time.perf_counter() - start < MAX_SECONDS:
        sent = time.perf_counter()
        client.call("GET", "/version")
        delays.append(time.perf_counter() - sent)
        most = max(most, memory_mb(server))
        still_open = open_ports(server)
        for name in [name for name, of_kind in ports.items() if of_kind]:
            ports[name] &= still_open
            seconds[name] = time.perf_counter() - start
        time.sleep(0.05)
    return most


def open_ports(server: Server) -> set[int]:
    """Returns the ports of the clients whose connection the server has not closed (Linux)."""
    port, ports = f"{urlsplit(server.url).port:04X}", set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state = line.split()[:4]
        if local.endswith(f":{port}") and state == ESTABLISHED:
            ports.add(int(remote.partition(":")[2], 16))
    return ports

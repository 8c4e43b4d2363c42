"""Drill: a thousand viewers of five runs."""

import multiprocessing
import selectors
import socket
import time
from collections.abc import Iterator
from itertools import cycle, islice
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.shared.server import Server, serving
from faults.clients import PING, PONG, TEXT, client_frame, memory_mb, raw_stream
from faults.compact_messages import asks
from faults.rows import Row, at_least, at_most
from faults.stream_bytes import SPEED, VIEWS, default_config

BINARY = 0x2
VIEWERS, RUNS, FPS = 1000, 5, 10
WARM_UP, SECONDS = 5.0, 15.0
PROBE_INTERVAL = 0.05
ACKNOWLEDGEMENT = client_frame(TEXT, b'{"received": true}')
MIN_PICTURES = 2000  # bytes of a message with pictures; others are smaller
TAIL = 40  # bytes that tell which pictures a message ends with: all viewers of a run share them


def drill() -> Iterator[Row]:
    """1,000 viewers of the default page of five runs, 200 each, 10 pictures a second, on the machine of the
    server. Spread: how long after the first viewer of a picture any other one receives it.
    """
    with serving() as server:
        body = default_config(server) | {"start": False, "speed": SPEED, "unwatched": "train"}
        runs = [server.client().call("POST", "/api/runs", body)["id"] for _ in range(RUNS)]
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_receive, args=(server.url, runs, theirs), daemon=True)
        process.start()
        ours.recv()  # all are connected
        for run in runs:
            server.client().call("POST", f"/api/runs/{run}/start")
        ours.send(None)
        time.sleep(WARM_UP)
        delays = _probe(server, SECONDS)
        spreads, rates = ours.recv()
        yield at_least("pictures of a viewer, median", float(np.median(rates)), 8, "a second")
        yield at_least("pictures of a viewer, fewest", min(rates), 6, "a second")
        yield at_most("spread of a picture, p99", float(np.percentile(spreads, 99)) * 1000, 250, "ms")
        yield at_most("GET /healthz, p99", float(np.percentile(delays, 99)) * 1000, 250, "ms")
        yield at_most("memory of the server", memory_mb(server), 250, "MB")
        process.join(30)


def _probe(server: Server, seconds: float) -> list[float]:
    """Returns the seconds of each of many requests."""
    client, times, end = server.client(), [], time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        client.call("GET", "/healthz")
        times.append(time.perf_counter() - start)
        time.sleep(max(0.0, start + PROBE_INTERVAL - time.perf_counter()))
    return times


def _receive(url: str, runs: list[str], connection: Any) -> None:
    """Opens all streams and says so; once the runs train, sends all spreads, and the rate of each viewer."""
    query = f"encoding=compact&views={VIEWS}&fps={FPS}"
    server: Any = SimpleNamespace(url=url)
    viewers = [_Viewer(raw_stream(server, run, query), run) for run in islice(cycle(runs), VIEWERS)]
    selector = selectors.DefaultSelector()
    for viewer in viewers:
        selector.register(viewer.stream, selectors.EVENT_READ, viewer)
    connection.send(None)
    connection.recv()
    first: dict[tuple[str, bytes], float] = {}
    spreads: list[float] = []
    start = time.perf_counter() + WARM_UP
    while time.perf_counter() < start + SECONDS:
        for key, _ in selector.select(0.1):
            for picture in key.data.read():
                now = time.perf_counter()
                seen = first.setdefault(picture, now)
                if now > start:
                    spreads.append(now - seen)
                    key.data.pictures += 1
    connection.send((spreads, [viewer.pictures / SECONDS for viewer in viewers]))


class _Viewer:
    """Splits what arrives into messages, and acknowledges those that ask for it."""

    def __init__(self, stream: socket.socket, run: str) -> None:
        self.stream, self.pictures = stream, 0
        self._run, self._data = run, bytearray()

    def read(self) -> Iterator[tuple[str, bytes]]:
        """Yields run and identity of each picture that has arrived."""
        self._data += self.stream.recv(1 << 17)
        while (message := self._next_frame()) is not None:
            opcode, content = message
            if opcode == PING:
                self.stream.send(client_frame(PONG, content))
            elif opcode == BINARY and asks(content):
                self.stream.send(ACKNOWLEDGEMENT)
            if opcode == BINARY and len(content) > MIN_PICTURES:
                yield self._run, content[-TAIL:]

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Returns opcode and content of a complete frame, if there is one."""
        data = self._data
        if len(data) < 2:
            return None
        size, head = data[1] & 0x7F, 2
        if size >= 126:
            head = 4 if size == 126 else 10
            size = int.from_bytes(data[2:head]) if len(data) >= head else len(data)
        if len(data) < head + size:
            return None
        opcode, content = data[0] & 0xF, bytes(data[head : head + size])
        del data[: head + size]
        return opcode, content

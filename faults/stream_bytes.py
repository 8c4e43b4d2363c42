"""Drill: what the pictures of the default page take, on a fast line and on one of 1 Mbit/s."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.shared.server import Server, serving
from faults import compact_messages
from faults.rows import Row, at_least, at_most, exactly
from faults.slow_line import slow_line

LINE = 1e6  # bits per second
VIEWS = "decision_boundary,network,activation_histograms"
SPEED = 300  # steps per second, that of the page
WARM_UP, SECONDS = 4.0, 15.0
# The server sends a frame of points at most every 33 ms, so the first viewer knows a step that much too late.
CLOSE_ENOUGH = 0.05


@dataclass
class Received:
    """What a viewer received: times and sizes of messages, of steps the time, and the points."""

    sizes: list[tuple[float, int]] = field(default_factory=list)
    pictures: list[tuple[float, int]] = field(default_factory=list)  # time and step of each map
    steps: list[tuple[float, int]] = field(default_factory=list)  # of any frame
    points: list[int] = field(default_factory=list)

    def add(self, message: bytes) -> None:
        """Adds a message that arrives now."""
        now = time.perf_counter()
        self.sizes.append((now, len(message)))
        for frame in compact_messages.heads(message):
            if frame["kind"] == "progress":
                self.points += frame["points"]["step"]
            if frame.get("view") == "decision_boundary":
                self.pictures.append((now, frame["step"]))
            self.steps.append((now, frame["step"]))

    def mbits(self, start: float, end: float) -> float:
        """Returns the Mbit/s between two times."""
        return sum(size for at, size in self.sizes if start <= at < end) * 8e-6 / (end - start)

    def pictures_per_second(self, start: float, end: float) -> float:
        """Returns the maps a second between two times."""
        return sum(start <= at < end for at, _ in self.pictures) / (end - start)


def drill() -> Iterator[Row]:
    """Two viewers of the default page at 300 steps a second, one of them on a line of 1 Mbit/s. The age of a
    picture is the time since the other viewer had anything of its step.
    """
    with serving("--workers", "1") as server, slow_line(server.url, LINE) as line:
        client = server.client()
        body = default_config(server) | {"start": False, "speed": SPEED, "unwatched": "train"}
        run = client.call("POST", "/api/runs", body)["id"]
        with viewer(server.url, run) as fast, viewer(line, run) as slow:
            client.call("POST", f"/api/runs/{run}/start")
            time.sleep(WARM_UP)
            start = time.perf_counter()
            time.sleep(SECONDS)
            end = time.perf_counter()
            client = server.client()  # the server has closed the idle connection
            client.call("POST", f"/api/runs/{run}/pause")
            expected = client.call("GET", f"/api/runs/{run}/history")["step"]
            deadline = time.perf_counter() + 10
            while slow.points != expected and time.perf_counter() < deadline:
                time.sleep(0.05)
        ages = [at - seen_at(fast, step) for at, step in slow.pictures if start <= at < end]
        rate = fast.pictures_per_second(start, end)
        yield at_least("default page, pictures", rate, 20, "a second")
        yield at_most(
            "default page, received, for 30 pictures a second",
            fast.mbits(start, end) / rate * 30,
            2.0,
            "Mbit/s",
        )
        yield at_most("line of 1 Mbit/s, received", slow.mbits(start, end), 0.4, "Mbit/s")
        yield at_least("line of 1 Mbit/s, pictures", slow.pictures_per_second(start, end), 2, "a second")
        yield at_most("line of 1 Mbit/s, oldest picture when it arrives", max(ages), 1.0, "s")
        yield exactly("line of 1 Mbit/s, points missing", len(set(expected) - set(slow.points)), 0, "points")


def seen_at(received: Received, step: int) -> float:
    """Returns when a viewer received something of this step or a later one."""
    return next(at for at, seen in received.steps if seen >= step) - CLOSE_ENOUGH


def default_config(server: Server) -> Any:
    """Returns the configuration of the default page."""
    with urlopen(server.url) as answer:
        page = answer.read().decode()
    match = re.search(r'id="default-config"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert match
    return json.loads(match[1])


@contextmanager
def viewer(url: str, run: str, fps: float = 30) -> Iterator[Received]:
    """Reads a compact stream in a thread during the context, and acknowledges like the page."""
    address = (
        url.replace("http", "ws", 1) + f"/api/runs/{run}/stream?encoding=compact&views={VIEWS}&fps={fps:g}"
    )
    received = Received()
    with connect(address, max_size=None, compression=None) as stream:

        def read() -> None:
            try:
                for message in stream:
                    assert isinstance(message, bytes)
                    if compact_messages.asks(message):
                        stream.send('{"received": true}')
                    received.add(message)
            except ConnectionClosed:
                return

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        yield received
    thread.join(5)

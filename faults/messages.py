"""Messages: one socket that sends too much, and what its neighbours notice."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.shared.server import Server
from faults.clients import (
    PING,
    PONG,
    TEXT,
    client_frame,
    close_code,
    memory_mb,
    observed_server,
    pictures_per_second,
    raw_stream,
    small_run,
    until,
    until_cut,
    viewer,
)
from faults.rows import Row, at_least, at_most, exactly

SECONDS = 45.0
POLICY_VIOLATION = 1008
PING_FRAME, PONG_FRAME = client_frame(PING, b"x" * 100), client_frame(PONG, b"x" * 100)
SMALL, LARGE = b"{}x" * 10, b'{"' + b"x" * 60_000 + b'":1}'


def drill() -> Iterator[Row]:
    """One socket sends messages, pings, pongs or subscriptions as fast as it can. The neighbour is a viewer
    of another run, who wants 10 pictures of its boundary a second.
    """
    with observed_server() as server:
        run, neighbour = small_run(server), small_run(server)
        with viewer(server, neighbour, "decision_boundary", 10) as seen:
            until(lambda: seen.frames > 0, 30)
            yield at_least("neighbour alone", pictures_per_second(seen, 4), 9, "pictures/s")
            for name, frame in (
                ("invalid messages", client_frame(TEXT, SMALL)),
                ("invalid messages of 60 KB", client_frame(TEXT, LARGE)),
                ("pings", PING_FRAME),
                ("pongs", PONG_FRAME),
            ):
                yield from _unread(server, run, name, frame)
            slow = client_frame(TEXT, LARGE)
            yield from _unread(server, run, "100 invalid messages of 60 KB a second", slow, 0.01)
            for name, frame_of in FLOODS.items():
                send = partial(_flood, frame_of)
                yield from _read(server, run, f"{name} as fast as possible", send, lambda: seen.frames, True)
            yield from _read(
                server, run, "subscriptions at 200 a second", _steady, lambda: seen.frames, False
            )


def _unread(server: Server, run: str, name: str, frame: bytes, pause: float = 0.0) -> Iterator[Row]:
    """A socket that sends and does not read; with a pause after every frame, if there is one."""
    before = memory_mb(server)
    with raw_stream(server, run) as stream:
        data = frame if pause else frame * max(1, 60_000 // len(frame))
        seconds = until_cut(stream, data, SECONDS, pause)
        yield at_most(f"{name}, nothing read: cut after", seconds or SECONDS + 1, SECONDS, "s")
        growth = memory_mb(server) - before
    yield at_most(f"{name}, nothing read: memory of the server grows by", growth, 30, "MB")


def _read(
    server: Server,
    run: str,
    name: str,
    send: Callable[[socket.socket], None],
    frames: Callable[[], int],
    is_refused: bool,
) -> Iterator[Row]:
    """A socket on which everything is read meanwhile; the pictures of the neighbour are counted."""
    with raw_stream(server, run) as stream, ThreadPoolExecutor(2) as threads:
        before, start = frames(), time.perf_counter()
        code, sent = threads.submit(close_code, stream), threads.submit(send, stream)
        time.sleep(5)
        pictures = (frames() - before) / (time.perf_counter() - start)
        yield at_least(f"{name}: neighbour", pictures, 8, "pictures/s")
        sent.result()
        if is_refused:
            yield exactly(f"{name}: close code", code.result() or 0, POLICY_VIOLATION, "")
        with contextlib.suppress(OSError):  # it was closed
            stream.shutdown(socket.SHUT_RDWR)


def _message(number: int) -> bytes:
    options = {"resolution": 20 + number % 80}
    text = json.dumps({"subscribe": [{"view": "decision_boundary", "options": options}]})
    return client_frame(TEXT, text.encode())


FLOODS: dict[str, Callable[[int], bytes]] = {
    "subscriptions": _message,
    "pings": lambda number: PING_FRAME,
    "pongs": lambda number: PONG_FRAME,
}


def _flood(frame_of: Callable[[int], bytes], stream: socket.socket) -> None:
    """Sends 2,000 frames at once."""
    with contextlib.suppress(OSError):
        for _ in range(4):
            stream.sendall(b"".join(map(frame_of, range(500))))


def _steady(stream: socket.socket) -> None:
    start = time.perf_counter()
    for number in range(1000):
        time.sleep(max(0.0, start + number / 200 - time.perf_counter()))
        stream.sendall(_message(number))

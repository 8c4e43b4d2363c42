"""Time: how much of a run's past is recorded, and how soon any step is shown, also in the page."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from websockets.sync.client import ClientConnection, connect

from benchmarks import time_in_page
from benchmarks.limits import Claim, at_least, at_most
from benchmarks.shared.server import Server, serving
from benchmarks.streaming import DEFAULT_VIEWS, training_speed
from benchmarks.summary import short
from benchmarks.trained_run import STEPS, trained
from benchmarks.workloads import WORKLOADS

SECONDS = 60  # of the run whose record is measured
WIDTH, NEAR = 1200, 6  # pixels of the time line, and from a pixel to a recorded step
VIEWERS = 100
DRAG_SECONDS = 1.5


def measure(quick: bool) -> dict[str, Any]:
    """Measures the record of a default run, the delays of its past steps, and what that costs others."""
    with serving() as server:
        record = _record(server, 3 if quick else SECONDS)
        delays = {name: _delays(server, name, 8 if quick else 60) for name in ("W1", "W2", "W3")}
        dragging = _dragging(server, 2 if quick else 7)
        crowd = _crowd(server, 10 if quick else VIEWERS, 2 if quick else 6)
        in_page = time_in_page.measure(server, quick)
    claims = _record_claims(record)
    for name, measured in delays.items():
        claims += [
            at_most(f"{name}: views of a recorded step, median", measured["recorded"]["median"], 50, "ms"),
            at_most(f"{name}: views of any step, median", measured["any"]["median"], 150, "ms"),
            at_most(f"{name}: views of any step, p95", measured["any"]["p95"], 400, "ms"),
        ]
    claims += [
        at_least("training while its past is dragged ÷ undisturbed", dragging["relative_speed"], 0.9, "×"),
        at_least(
            f"frames beside {crowd['viewers']} viewers in the past ÷ alone", crowd["relative_rate"], 0.8, "×"
        ),
    ]
    claims += time_in_page.claims(in_page)
    return {
        "claims": [claim.as_dict() for claim in claims],
        "record": record, "delays": delays, "dragging": dragging, "crowd": crowd, "page": in_page,
    }  # fmt: skip


def _record(server: Server, seconds: float) -> dict[str, Any]:
    """Trains the default configuration at full speed and reads what was recorded."""
    run = server.client().call("POST", "/api/runs", {"speed": "max", "epochs": 1_000_000})["id"]
    time.sleep(seconds)
    client = server.client()  # the server closes a connection that is idle for some seconds
    last = client.call("POST", f"/api/runs/{run}/pause")["step"]
    recorded = client.call("GET", f"/api/runs/{run}/checkpoints")
    client.call("DELETE", f"/api/runs/{run}")
    steps = np.array(recorded["steps"])
    pixels = np.arange(WIDTH)
    distances = np.abs(pixels[:, np.newaxis] - steps / last * (WIDTH - 1)).min(axis=1)
    return {
        "seconds": seconds,
        "steps_trained": last,
        "recorded": len(steps),
        "megabytes": short(recorded["bytes"] / 1e6),
        "in_first_tenth": int((steps <= last / 10).sum()),
        "pixels_near": short(float((distances <= NEAR).mean())),
    }


def _record_claims(record: dict[str, Any]) -> list[Claim]:
    what = f"default run, {record['seconds']} s at full speed"
    return [
        at_least(f"{what}: recorded steps", record["recorded"], 200),
        at_most(f"{what}: size of the record", record["megabytes"], 5, "MB"),
        at_least(f"{what}: recorded steps in the first tenth", record["in_first_tenth"], 60),
        at_least(f"{what}: pixels within {NEAR} px of a recorded step", record["pixels_near"], 0.95),
    ]


def _delays(server: Server, name: str, count: int) -> dict[str, dict[str, float]]:
    """Measures the time from requesting a step until all default views of it have come."""
    with trained(server, WORKLOADS[name].raw) as run:
        recorded = server.client().call("GET", f"/api/runs/{run}/checkpoints")["steps"]
        rng = random.Random(0)
        with _viewer(server, run) as socket:
            _show(socket, recorded[1])
            known = [_show(socket, step) for step in rng.sample(recorded, min(count, len(recorded)))]
            others = [_show(socket, rng.randrange(STEPS)) for _ in range(count)]
    return {"recorded": _percentiles(known), "any": _percentiles(others)}


def _dragging(server: Server, repetitions: int) -> dict[str, float]:
    """Measures the speed of a run with and without a viewer that requests 60 past steps per second."""
    client, ratios = server.client(), []
    with trained(server, {}) as run:
        for _ in range(repetitions):
            alone = training_speed(client, run, DRAG_SECONDS)
            with _viewer(server, run) as socket, _repeated(partial(_drag, socket)):
                ratios.append(training_speed(client, run, DRAG_SECONDS) / alone)
    return {"relative_speed": short(median(ratios))}


def _crowd(server: Server, viewers: int, seconds: float) -> dict[str, float]:
    """Measures the frames per second of a viewer of a running run, alone and beside viewers in its past."""
    with trained(server, {}) as run, _viewer(server, run) as watching, ExitStack() as stack:
        client = server.client()
        client.call("PATCH", f"/api/runs/{run}", {"speed": 300})
        client.call("POST", f"/api/runs/{run}/start")
        alone = _rate(watching, seconds)
        for index in range(viewers):
            socket = stack.enter_context(_viewer(server, run))
            socket.send(json.dumps({"at": {"step": 1 + index * (STEPS // viewers)}}))
            stack.enter_context(_repeated(partial(_receive, socket)))
        beside = _rate(watching, seconds)
    return {"viewers": viewers, "alone_fps": short(alone), "relative_rate": short(beside / alone)}


@contextmanager
def _viewer(server: Server, run: str) -> Iterator[ClientConnection]:
    address = server.url.replace("http", "ws", 1)
    views = ",".join(DEFAULT_VIEWS)
    with connect(f"{address}/api/runs/{run}/stream?views={views}&fps=30", max_size=None) as socket:
        yield socket


def _show(socket: ClientConnection, step: int) -> float:
    """Returns the milliseconds until all views of the step have come."""
    start, missing = time.perf_counter(), set(DEFAULT_VIEWS)
    socket.send(json.dumps({"at": {"step": step}}))
    while missing:
        frame = json.loads(socket.recv(60))
        if frame["kind"] == "error":
            raise AssertionError(frame["error"])
        if frame["kind"] == "view" and frame["step"] == step and "progress" not in frame:
            missing.discard(frame["view"])
    return (time.perf_counter() - start) * 1000


def _drag(socket: ClientConnection) -> None:
    """Requests another step, as at each frame of a drag, and receives frames until the next one."""
    end = time.perf_counter() + 1 / 60
    socket.send(json.dumps({"at": {"step": random.randrange(STEPS)}}))
    with suppress(TimeoutError):
        while (left := end - time.perf_counter()) > 0:
            socket.recv(left)


def _receive(socket: ClientConnection) -> None:
    with suppress(TimeoutError):
        socket.recv(0.2)


@contextmanager
def _repeated(work: Callable[[], object]) -> Iterator[None]:
    """Does the work again and again in a thread."""
    ended = threading.Event()

    def loop() -> None:
        while not ended.is_set():
            work()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _rate(socket: ClientConnection, seconds: float) -> float:
    """Returns the view frames per second."""
    frames, end = 0, time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        frames += '"kind":"view"' in str(socket.recv(left + 10))[:300]
    return frames / seconds


def _percentiles(values: list[float]) -> dict[str, float]:
    return {"median": short(median(values)), "p95": short(float(np.percentile(values, 95)))}

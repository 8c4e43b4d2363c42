"""Streaming: training speed with a viewer, and response times during training."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.limits import Claim, at_least, at_most
from benchmarks.shared.server import Client, Server, serving
from benchmarks.summary import short, summary
from benchmarks.timing import interleave
from benchmarks.workloads import WORKLOADS
from engine.views import VIEWS

WATCHED = ("W1", "W2", "W3")
RATES = {30: 0.95, 60: 0.9}  # views per second, and minimum relative training speed
DEFAULT_VIEWS = ("decision_boundary", "activation_histograms", "network")
PROBE_EVERY = 0.02


def measure(quick: bool) -> dict[str, Any]:
    """Measures throughput with and without a viewer, and round trips during two trainings."""
    seconds, repetitions = (0.7, 2) if quick else (1.5, 7)
    with serving() as server:
        watched = {name: _watched(server, name, seconds, repetitions) for name in WATCHED}
    with serving("--workers", "2") as server:
        delays = _delays(server, 2 if quick else 15)
    claims: list[Claim] = []
    for name, result in watched.items():
        for fps, minimum in RATES.items():
            claims.append(
                at_least(f"{name}: watched at {fps} fps ÷ unwatched", result["kept"][str(fps)], minimum, "×")
            )
    what = "GET /healthz beside 2 runs at full speed, p99 (bounds the event loop's delay)"
    claims.append(at_most(what, delays["busy_ms"]["p99"], 10, "ms"))
    return {"claims": [claim.as_dict() for claim in claims], "throughput": watched, "round_trips": delays}


def _watched(server: Server, name: str, seconds: float, repetitions: int) -> dict[str, Any]:
    """Measures steps per second of a run in turns, without a viewer and with one at each rate."""
    client = server.client()
    run = client.call("POST", "/api/runs", WORKLOADS[name].raw | {"start": False, "speed": "max"})
    frames: dict[str, list[float]] = {str(fps): [] for fps in RATES}

    def watched(fps: int) -> float:
        with viewer(server, run["id"], fps) as counts:
            speed = training_speed(client, run["id"], seconds)
        frames[str(fps)].append(counts["view"] / seconds / len(DEFAULT_VIEWS))
        return speed

    timers: dict[str, Callable[[], float]] = {"alone": lambda: training_speed(client, run["id"], seconds)}
    timers |= {str(fps): partial(watched, fps) for fps in RATES}
    training_speed(client, run["id"], seconds)
    speeds = interleave(timers, repetitions)
    client.call("DELETE", f"/api/runs/{run['id']}")
    kept = {
        str(fps): short(median(a / b for a, b in zip(speeds[str(fps)], speeds["alone"], strict=True)))
        for fps in RATES
    }
    return {
        "steps_per_second": {key: summary(values) for key, values in speeds.items()},
        "kept": kept,
        "pictures_of_each_view_per_second": {key: summary(values) for key, values in frames.items()},
    }


def training_speed(client: Client, run: str, seconds: float) -> float:
    """Returns steps per second between a start and a pause, which answer when they are executed."""
    before = client.call("POST", f"/api/runs/{run}/start")
    start = time.perf_counter()
    time.sleep(seconds)
    after = client.call("POST", f"/api/runs/{run}/pause")
    steps: int = after["step"] - before["step"]
    return steps / (time.perf_counter() - start)


@contextmanager
def viewer(server: Server, run: str, fps: int) -> Iterator[dict[str, int]]:
    """Receives all default views in a thread; yields the number of view frames and other frames."""
    views = ",".join(name for name in DEFAULT_VIEWS if name in VIEWS)
    address = server.url.replace("http", "ws", 1)
    counts = {"view": 0, "other": 0}
    with connect(f"{address}/api/runs/{run}/stream?views={views}&fps={fps}", max_size=None) as socket:

        def read() -> None:
            try:
                while True:
                    frame = "view" if '"kind":"view"' in str(socket.recv())[:300] else "other"
                    counts[frame] += 1
            except ConnectionClosed:
                return

        reader = threading.Thread(target=read)
        reader.start()
        yield counts
        socket.close()
        reader.join()


def _delays(server: Server, seconds: float) -> dict[str, Any]:
    """Measures round trips at fixed intervals, idle and during two trainings of W2 at full speed."""
    client = server.client()
    idle = _probe(client, seconds)
    runs = [client.call("POST", "/api/runs", WORKLOADS["W2"].raw | {"speed": "max"})["id"] for _ in range(2)]
    _probe(client, 0.5)
    busy = _probe(client, seconds)
    with viewer(server, runs[0], 30):
        watched = _probe(client, seconds)
    for run in runs:
        client.call("DELETE", f"/api/runs/{run}")
    return {"idle_ms": _percentiles(idle), "busy_ms": _percentiles(busy), "watched_ms": _percentiles(watched)}


def _probe(client: Client, seconds: float) -> list[float]:
    """Returns the milliseconds of each round trip."""
    times = []
    first = time.perf_counter()
    for index in range(int(seconds / PROBE_EVERY)):
        time.sleep(max(0.0, first + index * PROBE_EVERY - time.perf_counter()))
        start = time.perf_counter()
        client.call("GET", "/healthz")
        times.append((time.perf_counter() - start) * 1000)
    return times


def _percentiles(values: list[float]) -> dict[str, float]:
    names = {"median": 50, "p90": 90, "p99": 99, "maximum": 100}
    return {name: short(float(np.percentile(values, percent))) for name, percent in names.items()}

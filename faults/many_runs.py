"""Many runs: two hundred train at once, many are watched, and what waits says its place."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median
from typing import Any

from benchmarks.shared.server import Server, serving
from faults.clients import pictures_per_second, until, viewer
from faults.processes import cpu_seconds, read
from faults.rows import Row, at_least, at_most, exactly

RUNS, SPEED = 200, 300
# Steps after which few are measured and recorded: until then the beginning of all runs takes most time.
SETTLED = 1500
SECONDS, VIEW_SECONDS = 20.0, 10.0
WATCHED = 16


def drill() -> Iterator[Row]:
    """Two hundred runs of the default configuration train at 300 steps a second, in one process; then some of
    them are watched, and others train at full speed beside them.
    """
    with serving("--workers", "1") as server:
        with ThreadPoolExecutor(4) as threads:
            runs = list(threads.map(lambda number: _start(server, SPEED), range(RUNS)))
        until(lambda: _settled(server), 150)
        training = sum(run["status"] == "running" for run in _all(server))
        yield at_least(f"of {RUNS} runs train at once", training, RUNS, "runs")
        yield from _speeds(server, runs)
        with viewer(server, runs[0], "decision_boundary", 10) as seen:
            until(lambda: seen.frames > 0, 30)
            yield at_least("one of them watched", pictures_per_second(seen, VIEW_SECONDS), 8, "pictures/s")
        yield from _pauses(server, runs[:20])
        yield from _many_watched(server, runs[20 : 20 + WATCHED])
        yield from _full_speed(server, runs[40])
        yield from _queue(server)
    with serving("--workers", "1") as server:
        yield from _idle(server)


def _speeds(server: Server, runs: list[str]) -> Iterator[Row]:
    """The steps per second of every run over some seconds."""
    before, start = {run["id"]: run["step"] for run in _all(server)}, time.perf_counter()
    used = cpu_seconds(server.process.pid)
    time.sleep(SECONDS)
    used = cpu_seconds(server.process.pid) - used
    after, seconds = {run["id"]: run["step"] for run in _all(server)}, time.perf_counter() - start
    speeds = [(after[run] - before[run]) / seconds for run in runs]
    yield at_least("steps per second of a run, median", median(speeds), 0.8 * SPEED, "steps/s")
    yield at_least("slowest ÷ fastest", min(speeds) / max(speeds), 0.8, "")
    yield at_most("processor time of the server, without viewers", 100 * used / seconds, 40, "% of a core")


def _pauses(server: Server, runs: list[str]) -> Iterator[Row]:
    """The slowest of some pauses; each answers when it is in effect."""
    times = []
    for run in runs:
        start = time.perf_counter()
        server.client().call("POST", f"/api/runs/{run}/pause")
        times.append(time.perf_counter() - start)
        server.client().call("POST", f"/api/runs/{run}/start")
    yield at_most(f"pause, slowest of {len(runs)}", 1000 * max(times), 200, "ms")


def _many_watched(server: Server, runs: list[str]) -> Iterator[Row]:
    """Many runs with a viewer each, who all want the same."""
    with ExitStack() as stack:
        viewers = [stack.enter_context(viewer(server, run, "decision_boundary", 10)) for run in runs]
        until(lambda: all(seen.frames for seen in viewers), 60)
        before, start = [seen.frames for seen in viewers], time.perf_counter()
        time.sleep(VIEW_SECONDS)
        seconds = time.perf_counter() - start
        rates = [(seen.frames - count) / seconds for seen, count in zip(viewers, before, strict=True)]
    yield at_least(f"{len(runs)} watched alike: pictures of each", min(rates), 4, "pictures/s")
    yield at_least(f"{len(runs)} watched alike: slowest ÷ fastest", min(rates) / max(rates), 0.8, "")


def _full_speed(server: Server, limited: str) -> Iterator[Row]:
    """Two runs at full speed share what is left: the others keep their speed."""
    fast = [_start(server, "max") for _ in range(2)]
    until(lambda: all(read(server, run)["step"] > SETTLED for run in fast), 60)
    before, start = [read(server, run)["step"] for run in [*fast, limited]], time.perf_counter()
    time.sleep(VIEW_SECONDS)
    after, seconds = [read(server, run)["step"] for run in [*fast, limited]], time.perf_counter() - start
    speeds = [(end - begin) / seconds for begin, end in zip(before, after, strict=True)]
    yield at_least("beside two at full speed, a limited run", speeds[2], 0.8 * SPEED, "steps/s")
    yield at_least("two at full speed: slower ÷ faster", min(speeds[:2]) / max(speeds[:2]), 0.8, "")


def _queue(server: Server) -> Iterator[Row]:
    """Runs at full speed until some wait."""
    waiting: list[Any] = []

    def one_more_waits() -> bool:
        answer = read(server, _start(server, "max"))
        waiting.extend([answer] if answer["status"] == "queued" else [])
        return len(waiting) >= 3

    until(one_more_waits, 60)
    places = [answer["reason_parameters"]["place"] for answer in waiting]
    yield exactly("those that wait say their places", places == [1, 2, 3], 1, "")


def _idle(server: Server) -> Iterator[Row]:
    """The processor time of all processes while many runs are paused."""
    for _ in range(RUNS):
        server.client().call("POST", "/api/runs", {"start": False})
    time.sleep(3)
    pids = [
        server.process.pid,
        *(child["pid"] for child in server.client().call("GET", "/healthz")["children"]),
    ]
    before = sum(map(cpu_seconds, pids))
    time.sleep(VIEW_SECONDS)
    used = sum(map(cpu_seconds, pids)) - before
    yield at_most(f"{RUNS} paused runs: processor time", 100 * used / VIEW_SECONDS, 2, "% of a core")


def _settled(server: Server) -> bool:
    time.sleep(2)  # listing two hundred runs is work for the server
    return all(run["step"] > SETTLED for run in _all(server))


def _start(server: Server, speed: float | str) -> str:
    """Returns the id of a new run of the default configuration that trains without end."""
    run: str = server.client().call("POST", "/api/runs", {"epochs": 1_000_000_000, "speed": speed})["id"]
    return run


def _all(server: Server) -> list[Any]:
    runs: list[Any] = server.client().call("GET", "/api/runs?limit=1000")["runs"]
    return runs

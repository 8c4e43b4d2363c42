"""Processes: child processes that are stopped or hang, and what their runs and viewers notice."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.shared.server import Server, serving
from faults.clients import pictures_per_second, small_run, status, until, viewer
from faults.hanging_server import DRAW, FILE, STEP
from faults.imports import MAX_MEANWHILE, SMALL, Meanwhile, put
from faults.rows import Row, at_least, at_most, exactly

NOTICED, REPLACED = 10.0, 20.0  # seconds
LOAD, LOAD_SECONDS = 20, 15.0
PATIENCE = 100.0  # seconds in which a run whose step hangs should fail


def drill() -> Iterator[Row]:
    """A child process is stopped (SIGSTOP), or hangs in a step, in a view or in a file. Beside them train
    other runs, whose weights are compared with those of the same runs without a fault.
    """
    with serving("--workers", "1") as server:
        yield from _stopped(server, "training_worker", "train")
        yield from _stopped(server, "view_worker", "draw")
        yield from _same_weights(server)
        yield from _no_false_alarm(server)
    with serving("--workers", "1", module="faults.hanging_server") as server:
        yield from _hanging_step(server)
        yield from _hanging_view(server)
        yield from _hanging_import(server)


def _stopped(server: Server, name: str, ability: str) -> Iterator[Row]:
    """Stops the process of this name, and measures until it is killed and its replacement works."""
    pid = _pid(server, name)
    until(lambda: _readiness(server) == 200, 60)
    os.kill(pid, signal.SIGSTOP)
    start = time.perf_counter()
    until(lambda: _readiness(server) == 503, NOTICED)
    yield at_most(f"{name} stopped: /readyz answers 503 after", time.perf_counter() - start, NOTICED, "s")
    until(lambda: not _is_alive(pid), NOTICED + 5)
    yield at_most(f"{name} stopped: killed after", time.perf_counter() - start, NOTICED, "s")
    until(lambda: _readiness(server) == 200, REPLACED)
    yield at_most(f"{name} stopped: can {ability} again after", time.perf_counter() - start, REPLACED, "s")


def _same_weights(server: Server) -> Iterator[Row]:
    """Stops the worker of a run that ends after it, and compares the run with one without a fault."""
    config = {"epochs": 2000, "seed": 3}
    run = small_run(server, **config, speed=300)
    until(lambda: read(server, run)["step"] > 100, 60)
    os.kill(_pid(server, "training_worker"), signal.SIGSTOP)
    time.sleep(1)
    until(lambda: read(server, run)["steps_per_second"] > 0 and _readiness(server) == 200, REPLACED)
    server.client().call("PATCH", f"/api/runs/{run}", {"speed": "max"})
    other = small_run(server, **config, speed="max")
    for each in (run, other):
        until(lambda each=each: read(server, each)["status"] == "finished", 60)  # type: ignore[misc]
    weights = [server.client().call("GET", f"/api/runs/{each}/weights")["layers"] for each in (run, other)]
    histories = [
        server.client().call("GET", f"/api/runs/{each}/history")["train_loss"] for each in (run, other)
    ]
    yield exactly(
        "weights and points as without a fault",
        weights[0] == weights[1] and histories[0] == histories[1],
        1,
        "",
    )


def _no_false_alarm(server: Server) -> Iterator[Row]:
    """Other processes of higher priority take the processors; then the server itself does not run."""
    run, before = small_run(server, speed="max"), _restarts(server)
    with _load(LOAD):
        time.sleep(LOAD_SECONDS)
    yield exactly(
        f"{LOAD} processes take all processors for {LOAD_SECONDS:.0f} s: replaced",
        _restarts(server) - before,
        0,
        "",
    )
    children = [child["pid"] for child in server.client().call("GET", "/healthz")["children"]]
    for pid in (server.process.pid, *children):
        os.kill(pid, signal.SIGSTOP)
    time.sleep(15)
    for pid in (server.process.pid, *children):
        os.kill(pid, signal.SIGCONT)
    time.sleep(3)
    yield exactly(
        "everything stopped for 15 s, as when a laptop sleeps: replaced", _restarts(server) - before, 0, ""
    )
    server.client().call("DELETE", f"/api/runs/{run}")


def _hanging_step(server: Server) -> Iterator[Row]:
    """The run whose step hangs fails; the one beside it trains on."""
    beside, pid = small_run(server), _pid(server, "training_worker")
    hanging, start = small_run(server, name=STEP, speed="max"), time.perf_counter()
    until(lambda: not _is_alive(pid), 30)
    yield at_most("a step that does not end: killed after", time.perf_counter() - start, NOTICED, "s")
    while read(server, hanging)["status"] != "failed" and time.perf_counter() - start < PATIENCE:
        time.sleep(0.5)
    answer = read(server, hanging)
    yield exactly(
        "a step that does not end: fails as worker_hung", answer["reason_code"] == "worker_hung", 1, ""
    )
    yield at_most("a step that does not end: fails after", time.perf_counter() - start, 90, "s")
    server.client().call("DELETE", f"/api/runs/{hanging}")
    step = read(server, beside)["step"]
    until(lambda: read(server, beside)["step"] > step + 100, 20)
    yield exactly("the run beside it trains", read(server, beside)["status"] == "running", 1, "")


def _hanging_view(server: Server) -> Iterator[Row]:
    """A view that hangs is refused, and the viewers of other runs get theirs."""
    hanging, beside = small_run(server, name=DRAW), small_run(server)
    with viewer(server, hanging, "network", 10):
        start = time.perf_counter()
        time.sleep(1)
        with viewer(server, beside, "network", 10) as seen:
            until(lambda: seen.frames > 10, 120)
            seconds = time.perf_counter() - start
            yield at_most("a view that does not end: refused after", seconds, 30, "s")
            rate = pictures_per_second(seen, 5)
            yield at_least("a view that does not end: pictures of another run", rate, 8, "pictures/s")


def _hanging_import(server: Server) -> Iterator[Row]:
    """A file whose reading does not end is refused, and tables that others send meanwhile are read."""
    put(server, "small", SMALL)  # starts the process that reads
    with Meanwhile(server) as meanwhile:
        start = time.perf_counter()
        answer = put(server, "endless", FILE + b",b\n" + b"1,2\n3,4\n" * 20)
        seconds = time.perf_counter() - start
    yield exactly("a file whose reading does not end: answered with", answer, 422, "")
    yield at_most("a file whose reading does not end: refused after", seconds, NOTICED, "s")
    yield at_most("an import of another one meanwhile", max(meanwhile.seconds), MAX_MEANWHILE, "s")


@contextmanager
def _load(processes: int) -> Iterator[None]:
    """So many processes that calculate without end, at the priority of the server."""
    pids = []
    for _ in range(processes):
        pid = os.fork()
        if pid == 0:
            while True:
                pass
        pids.append(pid)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def read(server: Server, run: str) -> Any:
    """Returns the answer about a run."""
    return server.client().call("GET", f"/api/runs/{run}")


def cpu_seconds(pid: int) -> float:
    """Returns the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _readiness(server: Server) -> int:
    """Returns the status of the answer about what the server can do."""
    return status(server.client(), "GET", "/readyz")


def _pid(server: Server, name: str) -> int:
    """Returns the process id of a child process, once it has started."""
    pids: list[int] = []

    def found() -> list[int]:
        children = server.client().call("GET", "/healthz")["children"]
        pids[:] = [child["pid"] for child in children if child["name"] == name and child["ready"]]
        return pids

    until(found, 60)
    return pids[0]


def _restarts(server: Server) -> int:
    return sum(child["restarts"] for child in server.client().call("GET", "/healthz")["children"])


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

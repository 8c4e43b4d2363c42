"""Data folder: the file of the store is moved, replaced, damaged or locked, or its disk is full."""

import contextlib
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.storage.store import Store
from benchmarks.shared.server import Client, Refused, Server, serving
from faults.clients import status, until
from faults.rows import Row, at_most, exactly

NOTICED, PAUSED = 5.0, 10.0  # seconds
STORE = "runs.sqlite3"
CONFIG = {"dataset": {"name": "circle", "samples": 100}, "epochs": 10**9}


class Fault(NamedTuple):
    """What happens to the file, the reasons that runs may then have, and how it ends, if it can.

    `readable`: what was stored can still be read.
    """

    name: str
    begin: Callable[[Server], object]
    reasons: tuple[str, ...]
    end: Callable[[Server], object] | None = None
    readable: bool = True


def _path(server: Server) -> Path:
    return server.folder / STORE


def _other_store(server: Server) -> Path:
    """Returns another store with data of its own."""
    path = server.folder / "other"
    with Store(path) as store:
        for number in range(1000):
            store.attempts.set_beginning(f"run {number}", bytes(100))
    return path


def _overwrite(server: Server, start: int) -> None:
    with _path(server).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(start)
        file.write(b"\xa5" * max(0, size - start))


def _limit_files(server: Server, size: int) -> None:
    """Lets writes fail beyond this size of a file, as a quota does."""
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _fill(server: Server) -> None:
    with contextlib.suppress(OSError), (server.folder / "filler").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


FAULTS = (
    Fault(
        "file renamed",
        lambda server: _path(server).rename(server.folder / "renamed"),
        ("store_missing",),
        lambda server: (server.folder / "renamed").rename(_path(server)),
    ),
    Fault("file deleted", lambda server: _path(server).unlink(), ("store_missing",)),
    Fault(
        "file replaced",
        lambda server: _other_store(server).replace(_path(server)),
        ("store_replaced",),
    ),
    Fault(
        "file overwritten by another store",
        lambda server: shutil.copyfile(_other_store(server), _path(server)),
        ("store_replaced", "store_damaged"),
        readable=False,
    ),
    Fault(
        "beginning of the file damaged",
        lambda server: _overwrite(server, 0),
        ("store_damaged",),
        readable=False,
    ),
    Fault(
        "pages of the file damaged",
        lambda server: _overwrite(server, 4096),
        ("store_damaged",),
        readable=False,
    ),
    Fault(
        "file read-only",
        lambda server: _path(server).chmod(0o444),
        ("store_read_only",),
        lambda server: _path(server).chmod(0o644),
    ),
    Fault(
        "writing fails (limit of the size of files)",
        lambda server: _limit_files(server, 4096),
        ("store_failing", "disk_full"),
        lambda server: _limit_files(server, resource.RLIM_INFINITY),
    ),
)
FULL_DISK = Fault("disk full", _fill, ("disk_full",), lambda server: (server.folder / "filler").unlink())


def drill() -> Iterator[Row]:
    """Each fault happens while a run trains. Noticed: /readyz says so. Calls that read must go on, others be
    answered with 503. Where the fault can end, the run then goes on by itself, without a restart of the
    server, and no point is missing.
    """
    for fault in FAULTS:
        with tempfile.TemporaryDirectory() as folder, _logged(Path(folder)) as (server, log):
            yield from _rows(server, fault, log)
    with _small_disk() as disk:
        if disk is not None:
            with _logged(disk) as (server, log):
                yield from _rows(server, FULL_DISK, log)


@contextmanager
def _small_disk() -> Iterator[Path | None]:
    """Yields a folder on a disk of 20 MB; None where this process may not mount one."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", folder]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@contextmanager
def _logged(folder: Path) -> Iterator[tuple[Server, Path]]:
    with tempfile.TemporaryDirectory() as other:
        log = Path(other) / "log"
        with log.open("w") as file, serving("--workers", "1", folder=folder, log=file) as server:
            yield server, log


def _rows(server: Server, fault: Fault, log: Path) -> Iterator[Row]:
    client = server.client()
    run = client.call("POST", "/api/runs", CONFIG | {"start": True})["id"]
    until(lambda: client.call("GET", f"/api/runs/{run}")["step"] > 300, 60)
    time.sleep(1.5)  # the points until then are in the store
    fault.begin(server)
    client, start = server.client(), time.perf_counter()
    noticed = _seconds(start, lambda: _store(client) is not True)
    yield at_most(f"{fault.name}: noticed after", noticed, NOTICED, "s")
    paused = _seconds(start, lambda: client.call("GET", f"/api/runs/{run}")["status"] == "paused")
    yield at_most(f"{fault.name}: run paused after", paused, PAUSED, "s")
    code = client.call("GET", f"/api/runs/{run}")["reason_code"]
    yield exactly(f"{fault.name}: the reason is {code}", code in fault.reasons, 1, "")
    read, change = _statuses(client, run)
    if fault.readable:
        yield exactly(f"{fault.name}: calls that read and fail", sum(s >= 400 for s in read), 0, "")
    others = sum(status != 503 for status in change)
    yield exactly(f"{fault.name}: calls that change something without 503", others, 0, "")
    yield exactly(f"{fault.name}: answers with 500", [*read, *change].count(500), 0, "")
    if fault.end is not None:
        yield from _end(server, fault, fault.end, run)
    server.process.terminate()
    yield exactly(f"{fault.name}: exit code", server.process.wait(30), 0, "")
    yield exactly(f"{fault.name}: tracebacks in the log", log.read_text().count("Traceback"), 0, "")


def _end(server: Server, fault: Fault, end: Callable[[Server], object], run: str) -> Iterator[Row]:
    client = server.client()
    end(server)
    seconds = _seconds(time.perf_counter(), lambda: _store(client) is True)
    yield at_most(f"{fault.name}: can be written again after", seconds, PAUSED, "s")
    step = client.call("GET", f"/api/runs/{run}")["step"]
    until(lambda: client.call("GET", f"/api/runs/{run}")["step"] > step, 60)
    yield exactly(f"{fault.name}: points lost", _missing(client, run), 0, "")


def _store(client: Client) -> Any:
    try:
        return client.call("GET", "/readyz")["store"]
    except Refused as refused:
        return refused.body["store"]


def _seconds(start: float, condition: Callable[[], bool]) -> float:
    until(condition, 60)
    return time.perf_counter() - start


def _statuses(client: Client, run: str) -> tuple[list[int], list[int]]:
    """Returns the statuses of calls that read, and of calls that change something."""
    address = f"/api/runs/{run}"
    step = client.call("GET", address)["step"]
    reads = ["", "/history", "/events", "/checkpoints", "/attempts", "/weights", f"/weights?step={step // 2}",
             "/views/network", "/points", "/bookmarks"]  # fmt: skip
    changes: list[tuple[str, str, Any]] = [
        ("POST", "/api/runs", CONFIG), ("PATCH", address, {"l2": 0.1}), ("POST", f"{address}/start", None),
        ("POST", f"{address}/reset", None), ("DELETE", address, None), ("POST", f"{address}/fork", {}),
        ("PUT", f"{address}/bookmarks/a", {"step": step}),
        ("PATCH", f"{address}/points", {"remove": [{"part": "train", "index": 0}]}),
    ]  # fmt: skip
    paths = ["/api/runs", "/api/datasets", *(address + path for path in reads)]
    read = [status(client, "GET", path) for path in paths]
    return read, [status(client, *change) for change in changes]


def _missing(client: Client, run: str) -> int:
    """Returns how many points the history lacks, of those that a run without a fault has."""
    steps = client.call("GET", f"/api/runs/{run}/history")["step"]
    other = client.call("POST", "/api/runs", CONFIG | {"start": True})["id"]
    until(lambda: client.call("GET", f"/api/runs/{other}")["step"] > steps[-1], 60)
    expected = client.call("GET", f"/api/runs/{other}/history")["step"]
    return len({step for step in expected if step <= steps[-1]} ^ set(steps))

"""Imports: files that are made to take long, and what someone waits for who imports a small one meanwhile."""

import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.shared.server import Server
from faults.clients import observed_server
from faults.hostile_files import HOSTILE, distinct
from faults.rows import Row, at_most, exactly

MAX_SECONDS, MAX_MEANWHILE = 5.0, 5.0
AT_ONCE, LARGE = 3, partial(distinct, "%d.5 x", 256, 50_000_000)
SMALL = b"a,b\n" + b"1,2\n3,4\n" * 20


def drill() -> Iterator[Row]:
    """Files of up to 20 MB, each made to cost more than its size: archives, arrays and tables. The figure is
    the processor time of the process that reads them. Meanwhile another client imports a small table twice a
    second. Then three large ones at once.
    """
    statuses = []
    with observed_server() as server:
        put(server, "small", SMALL)  # starts the process that reads
        with Meanwhile(server) as meanwhile:
            for name, make in HOSTILE.items():
                content, before = make(), computation(server)
                statuses.append(put(server, "hostile", content))
                yield at_most(name, computation(server) - before, MAX_SECONDS, "s")
        yield at_most("slowest import of a small table meanwhile", max(meanwhile.seconds), MAX_MEANWHILE, "s")
        content = LARGE()
        with Meanwhile(server) as meanwhile, ThreadPoolExecutor(AT_ONCE) as threads:
            puts = [threads.submit(put, server, f"hostile-{n}", content) for n in range(AT_ONCE)]
            statuses += [each.result() for each in puts]
        what = f"slowest import of a small table beside {AT_ONCE} of {len(content) / 1e6:.0f} MB"
        yield at_most(what, max(meanwhile.seconds), MAX_MEANWHILE, "s")
        yield exactly("answers with 5xx", sum(status >= 500 for status in statuses), 0, "")


def computation(server: Server) -> float:
    """Returns the processor time of the processes that read files, in seconds (Linux)."""
    children = server.client().call("GET", "/healthz")["children"]
    pids = [child["pid"] for child in children if child["name"] == "import_worker"]
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def put(server: Server, name: str, content: bytes) -> int:
    """Sends a file, and returns the status of the answer."""
    address, head = f"{server.url}/api/datasets/{name}", {"Content-Type": "application/octet-stream"}
    request = urllib.request.Request(address, content, head, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


class Meanwhile:
    """A client that imports a small table twice a second; `seconds` has how long each took."""

    def __init__(self, server: Server) -> None:
        self.seconds: list[float] = []
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Meanwhile":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._ended.wait(0.5):
            start = time.perf_counter()
            put(self._server, "small", SMALL)
            self.seconds.append(time.perf_counter() - start)

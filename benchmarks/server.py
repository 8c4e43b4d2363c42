"""A real server process on a free port, with a data folder of its own that goes away with it."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from benchmarks.engine_processes import ROOT
from benchmarks.machine import THREADS


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class Client:
    """One kept connection; not for several threads."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a success. Raises Refused."""
        text = None if body is None else json.dumps(body)
        self.connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        data = answer.read()
        found = json.loads(data) if data else None
        if answer.status >= 400:
            raise Refused(answer.status, found)
        return found


class Server:
    """Where it is, and how long it took until it answered."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url, self.seconds = url, seconds

    def client(self) -> Client:
        """A new connection."""
        return Client(self.url)


@contextmanager
def serving(*flags: str) -> Iterator[Server]:
    """A server from its start to its end by SIGTERM. Its workers set their own BLAS threads, as in use."""
    environment = {name: value for name, value in os.environ.items() if name not in THREADS}
    command = [sys.executable, "-m", "app.cli.main", "serve", "--port", "0", "--no-open"]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--data-dir", folder, *flags],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1].rstrip("/")
                Client(url).call("GET", "/healthz")
                yield Server(url, time.perf_counter() - start)
            finally:
                process.terminate()
                process.wait(15)

"""Server: a server process on a free port with a temporary data folder, and an HTTP client."""

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
    """An answer with an error status."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class Client:
    """A persistent connection, for one thread."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Returns the JSON of the answer. Raises Refused for an error status."""
        text = None if body is None else json.dumps(body)
        self.connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        data = answer.read()
        content = json.loads(data) if data else None
        if answer.status >= 400:
            raise Refused(answer.status, content)
        return content


class Server:
    """The address of a server, and the seconds until its first answer."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url, self.seconds = url, seconds

    def client(self) -> Client:
        """Returns a new client."""
        return Client(self.url)


@contextmanager
def serving(*flags: str) -> Iterator[Server]:
    """Runs a server until the end of the context. Its workers set the number of BLAS threads."""
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

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
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from benchmarks.shared import ROOT
from benchmarks.shared.machine import THREADS


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
        """Returns the JSON of the answer to a body, which is sent as JSON unless it is bytes.

        Raises Refused for an error status.
        """
        text = body if body is None or isinstance(body, bytes) else json.dumps(body)
        self.connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        data = answer.read()
        content = json.loads(data) if data else None
        if answer.status >= 400:
            raise Refused(answer.status, content)
        return content


@dataclass(frozen=True)
class Server:
    """A server process: its address, the seconds until its first answer, its process and its data folder."""

    url: str
    seconds: float
    process: subprocess.Popen[str]
    folder: Path

    def client(self) -> Client:
        """Returns a new client."""
        return Client(self.url)


@contextmanager
def serving(
    *flags: str, folder: Path | None = None, log: IO[str] | None = None, module: str = "app.cli.main"
) -> Iterator[Server]:
    """Runs a server until the end of the context. Its workers set the number of BLAS threads.

    `folder` is its data folder (default: a temporary one); `log` receives what it reports (default: stderr);
    `module` is executed with the arguments of the command line.
    """
    environment = {name: value for name, value in os.environ.items() if name not in THREADS}
    command = [sys.executable, "-m", module, "serve", "--port", "0", "--no-open"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        data, start = folder or Path(temporary), time.perf_counter()
        process = subprocess.Popen(
            [*command, "--data-dir", str(data), *flags],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        with process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1].rstrip("/")
                Client(url).call("GET", "/healthz")
                yield Server(url, time.perf_counter() - start, process, data)
            finally:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()

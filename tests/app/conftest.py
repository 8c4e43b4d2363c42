"""A server process on a free port of the loopback interface, and a client of its public API."""

import asyncio
import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"layers": [{"units": 4}], "epochs": 1_000_000_000, "dataset": {"name": "circle", "samples": 100}}


TIMEOUT = 90.0  # seconds; long, because servers, training and a browser share two cores


def until(condition: Callable[[], Any], timeout: float = TIMEOUT) -> Any:
    """Returns the value of `condition` once it is true; fails after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, f"the condition is still false after {timeout} seconds"
        time.sleep(0.01)
    return value


class Server:
    """A server process and a client of its API."""

    def __init__(self, folder: Path, *flags: str, **environment: str) -> None:
        self.folder = folder
        arguments = ["serve", "--port", "0", "--data-dir", str(folder), *flags]
        command = [sys.executable, "-m", "app.cli.main", *arguments]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if "http://" not in line:
            self.process.kill()
            raise AssertionError(f"the server printed {line!r} (exit code {self.process.wait()})")
        self.url = line.split()[-1].rstrip("/")
        self.client = httpx.Client(base_url=self.url, timeout=TIMEOUT)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends the signal and returns the exit code; kills a process that does not end."""
        self.client.close()
        self.process.send_signal(number)
        try:
            return self.process.wait(TIMEOUT)
        finally:
            self.process.kill()
            assert self.process.stdout is not None
            self.process.stdout.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Returns the JSON of an answer that must be a success."""
        answer = self.client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, dict[str, Any]]:
        """Returns status and error object of an answer that must be an error."""
        if body is not None:
            options["json"] = body
        if "content" in options:
            options.setdefault("headers", {"content-type": "application/json"})
        answer = self.client.request(method, path, **options)
        assert set(answer.json()) == {"error"}
        error = answer.json()["error"]
        assert set(error) == {"code", "message", "field", "given", "limit"}
        return answer.status_code, error

    def run(self, **config: Any) -> str:
        """Creates a run and returns its id."""
        run: str = self.call("POST", "/api/runs", SMALL | config)["id"]
        return run

    @property
    def small(self) -> dict[str, Any]:
        """The configuration of a small run that does not end."""
        return dict(SMALL)

    def until(self, condition: Callable[[], Any]) -> Any:
        """Returns the value of `condition` once it is true."""
        return until(condition)

    @contextlib.contextmanager
    def background(self, work: Callable[[], Any]) -> Iterator[Future[Any]]:
        """Executes `work` in a thread during the context."""
        with ThreadPoolExecutor(1) as threads:
            yield threads.submit(work)

    def ended(self, run: str) -> Any:
        """Returns the run once it no longer trains."""
        return until(lambda: (answer := self.read(run))["status"] not in ("running", "queued") and answer)

    def weights(self, run: str) -> Any:
        """Returns the weights of the run, without the position."""
        answer = self.call("GET", f"/api/runs/{run}/weights")
        return {"layers": answer["layers"]}

    def read(self, run: str) -> Any:
        """Returns the run."""
        return self.call("GET", f"/api/runs/{run}")

    def do(self, run: str, command: str, body: Any = None) -> Any:
        """Executes start, pause, stop, reset or step."""
        return self.call("POST", f"/api/runs/{run}/{command}", body)

    def trained(self, run: str, steps: int = 1) -> Any:
        """Returns the run once it has taken `steps` steps."""
        return until(lambda: (answer := self.read(run))["step"] >= steps and answer)

    def pids(self, name: str) -> list[int]:
        """Returns the process ids of the started child processes of this name."""
        children = self.call("GET", "/healthz")["children"]
        return [child["pid"] for child in children if child["name"] == name and child["ready"]]

    def kill(self, name: str) -> int:
        """Kills a started child process of this name and returns its process id."""
        while True:
            pid: int = until(lambda: self.pids(name))[0]
            with contextlib.suppress(ProcessLookupError):  # it ended before the server noticed it
                os.kill(pid, signal.SIGKILL)
                return pid

    @staticmethod
    def frames(
        socket: ClientConnection, is_last: Callable[[Any], bool], timeout: float = TIMEOUT
    ) -> list[Any]:
        """Receives frames up to the one for which `is_last` is true."""
        frames: list[Any] = []
        deadline = time.monotonic() + timeout
        while not frames or not is_last(frames[-1]):
            frames.append(json.loads(socket.recv(max(0.0, deadline - time.monotonic()))))
        return frames

    @staticmethod
    def steps(frames: list[Any]) -> list[int]:
        """Returns the steps of all points in the frames, in order."""
        return [step for frame in frames if frame["kind"] == "progress" for step in frame["points"]["step"]]

    def stream(self, run: str, query: str = "", **options: Any) -> ClientConnection:
        """Opens the stream of a run."""
        address = self.url.replace("http", "ws", 1)
        return connect(f"{address}/api/runs/{run}/stream?{query}", max_size=None, compression=None, **options)


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line and returns the completed process with its output."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "app.cli.main", *arguments]
        return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT, check=False)

    return run


@pytest.fixture
def run_async() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine in a thread, because the main thread may have the event loop of a browser test."""

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, asyncio.wait_for(coroutine, TIMEOUT)).result()

    return run


@pytest.fixture
def read_typed() -> Callable[[dict[str, str]], np.ndarray]:
    """Reads an array of the typed form."""

    def read(typed: dict[str, str]) -> np.ndarray:
        array = np.frombuffer(base64.b64decode(typed["bdata"]), typed["dtype"])
        return array.reshape([int(size) for size in typed["shape"].split(",")])

    return read


@pytest.fixture(autouse=True)
def delete_runs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Deletes the runs of a test from the shared server, which would occupy its workers, and cookies."""
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        server.client.cookies.clear()  # a link to another language is remembered
        for run in server.call("GET", "/api/runs?limit=1000")["runs"]:
            server.client.delete(f"/api/runs/{run['id']}")


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """Starts servers that end with the test."""
    started: list[Server] = []

    def start(folder: Path, *flags: str, **environment: str) -> Server:
        started.append(Server(folder, "--workers", "1", *flags, **environment))
        return started[-1]

    try:
        yield start
    finally:
        for server in started:
            if server.process.poll() is None:
                server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that the tests of a worker share."""
    server = Server(tmp_path_factory.mktemp("data"), "--workers", "1")
    try:
        yield server
    finally:
        server.stop()

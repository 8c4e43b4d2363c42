"""`perceptarium serve --log-format`: what the server and its child processes write."""

import contextlib
import json
import os
import signal
import socket
import subprocess

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


def break_off(port):
    """Sends a part of a body and closes the connection."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            b"POST /api/runs?secret=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 99\r\n"
            b"Content-Type: application/json\r\n\r\n{" % port
        )


def test_events_of_runs_children_and_requests_are_json_objects_with_their_run(start, server, tmp_path):
    process = start(
        "--port", 0, "--data-dir", tmp_path, "--workers", 1, "--log-format", "json",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    url = process.stdout.readline().split()[-1]
    lines = []

    def until_logged(text):
        while text not in (lines[-1]["message"] if lines else ""):
            lines.append(json.loads(process.stderr.readline()))

    with httpx.Client(base_url=url, timeout=60) as client:
        run = client.post("/api/runs", json={"epochs": 1, "start": False}).json()["id"]
        until_logged("created")
        client.post(f"/api/runs/{run}/start")
        until_logged("finished at step ")
        assert [line["run"] for line in lines] == [run] * len(lines)
        break_off(int(url.rstrip("/").rpartition(":")[2]))
        until_logged("POST /api/runs was broken off")
        children = client.get("/healthz").json()["children"]
        worker = next(child["pid"] for child in children if child["name"].startswith("training"))
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        until_logged("replaced")
    process.terminate()
    process.wait(60)  # `communicate` loses what `readline` has read ahead
    lines += [json.loads(line) for line in process.stderr]
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    assert not any("traceback" in line or "secret" in line["message"] for line in lines)


def test_a_refused_stream_is_no_error_of_the_server(start, tmp_path):
    process = start(
        "--port", 0, "--data-dir", tmp_path, "--workers", 1, "--token", "the-right-token",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    url = process.stdout.readline().split()[-1].replace("http", "ws")
    with pytest.raises(InvalidStatus) as refused, connect(f"{url}api/runs/x/stream", compression=None):
        pass
    assert refused.value.response.status_code == 401
    process.terminate()
    assert process.communicate(timeout=60)[1] == ""

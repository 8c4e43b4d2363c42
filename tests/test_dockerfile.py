"""The Dockerfile, which is read, as building an image needs the internet; its health check is executed."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from app.cli import main

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "Dockerfile").read_text("utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
LINES = re.sub(r"\\\n\s*", "", TEXT).splitlines()
INSTRUCTIONS = [tuple(line.split(maxsplit=1)) for line in LINES if line and not line.startswith("#")]
STAGES = [number for number, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM"]
IMAGE = INSTRUCTIONS[STAGES[-1] :]


def of(name: str) -> list[str]:
    """What follows this instruction in the last stage, each time."""
    return [text for instruction, text in IMAGE if instruction == name]


def test_both_stages_begin_with_the_same_exact_version_of_python():
    images = {text.split()[0] for name, text in INSTRUCTIONS if name == "FROM"}
    assert len(STAGES) == 2 and len(images) == 1
    assert re.fullmatch(r"python:3\.1[123]\.\d+-slim-\w+", images.pop())
    assert (
        f"docker build -t perceptarium:{VERSION} ." in TEXT
        and f"-v perceptarium:/data perceptarium:{VERSION}" in TEXT
    )


def test_everything_that_is_copied_exists_and_is_sent_to_the_builder():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source
        for name, text in INSTRUCTIONS
        if name == "COPY" and "--from" not in text
        for source in text.split()[:-1]
    }
    assert copied and copied <= allowed and all((ROOT / source).exists() for source in copied)


def test_the_server_runs_as_a_user_without_rights_and_writes_only_into_the_volume():
    (user,) = of("USER")
    assert user not in ("root", "0")
    assert any(
        f"useradd --system --user-group --no-create-home --home-dir /data {user}" in run for run in of("RUN")
    )
    assert any(f"install --directory --owner {user} --group {user} /data" in run for run in of("RUN"))
    assert of("VOLUME") == of("WORKDIR") == ["/data"]
    order = [name for name, _ in IMAGE]
    assert order.index("USER") > max(number for number, name in enumerate(order) if name in ("RUN", "COPY"))


def test_the_command_is_the_server_itself_with_options_and_variables_that_exist():
    program, command, *options = json.loads(of("CMD")[0])
    assert (program, command) == ("perceptarium", "serve")
    main.serve.make_context("serve", options)
    names = {word.partition("=")[0] for text in of("ENV") for word in shlex.split(text)}
    variables = {parameter.envvar for parameter in main.serve.params if parameter.envvar}
    assert names - {"PATH", "PYTHONUNBUFFERED"} <= variables
    assert {"PERCEPTARIUM_HOST", "PERCEPTARIUM_DATA_DIR"} <= names
    port = next(word for text in of("ENV") for word in shlex.split(text) if "PORT" in word).partition("=")[2]
    assert of("EXPOSE") == [port]


class Answers(BaseHTTPRequestHandler):
    """Answers with the status of the server object, which keeps the paths."""

    server: "Asked"

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Nothing is logged."""


class Asked(HTTPServer):
    """A server that is or is not ready."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.paths: list[str] = []


@pytest.fixture
def asked() -> Iterator[Asked]:
    with Asked() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_succeeds_only_if_the_server_says_that_it_is_ready(
    asked: Asked, status: int, code: int
):
    asked.status = status
    program, *arguments = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    assert program == "python"
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment["PERCEPTARIUM_PORT"] = str(asked.server_port)
    check = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, timeout=60)
    assert (check.returncode, asked.paths) == (code, ["/readyz"])

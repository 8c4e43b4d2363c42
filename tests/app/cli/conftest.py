"""Processes that a test starts with the command line, and that end with it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import main, serve
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
CPU_SECONDS = 300


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line as a process, which is killed at the end of the test if it still runs.

    The system ends it after CPU_SECONDS of computation, also if the tests are killed.
    """
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
        limited = ["sh", "-c", f'ulimit -t {CPU_SECONDS}; exec "$@"', "sh"]
        command = [*limited, sys.executable, "-m", "app.cli.main", *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ROOT, text=True, **options)
        started.append(process)
        return process

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.communicate()


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """The settings with which a command line and an environment start the server."""

    def read(*arguments: str, **environment: str) -> Settings:
        for option in main.serve.params:
            if option.envvar:
                monkeypatch.delenv(str(option.envvar), raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(f"PERCEPTARIUM_{name}", value)
        started: list[Settings] = []

        def start(settings: Settings, open_browser: bool) -> int:
            started.append(settings)
            return 0

        monkeypatch.setattr(serve, "serve", start)
        assert main.main(arguments) == 0
        return started[0]

    return read

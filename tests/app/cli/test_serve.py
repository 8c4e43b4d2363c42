"""`perceptarium serve`: settings, port and data folder."""

import contextlib
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import httpx
import pytest

from app.cli import main
from app.cli.serve import CannotServe, data_folder, listening, url

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTED = (ROOT / "docs" / "protocol.md").read_text("utf-8")
OPTIONS = [parameter for parameter in main.serve.params if parameter.envvar]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_setting_is_documented(option):
    assert f"`{option.opts[0]}`" in DOCUMENTED
    assert f"`{option.envvar}`" in DOCUMENTED


def test_a_flag_takes_precedence_over_the_environment_and_that_over_the_default(settings_of):
    settings = settings_of(
        "--port", "7001", PORT="7000", HOST="0.0.0.0", ALLOWED_HOSTS="a.example, B.example,"
    )
    assert (settings.port, settings.host, settings.explicit_port) == (7001, "0.0.0.0", True)
    assert settings.allowed_hosts == ("a.example", "b.example")
    assert settings_of(PORT="7000").port == 7000


def test_budgets_are_sizes_with_a_unit_or_in_bytes(settings_of):
    assert settings_of().budgets == (64 * 1024**2, 512 * 1024**2, 8 * 1024**3)
    flags = ("--run-budget", "1.5 MiB", "--experiment-budget", "3MiB")
    settings = settings_of(*flags, SERVER_BUDGET="2000000000", RUN_BUDGET="7GiB")
    assert settings.budgets == (1.5 * 1024**2, 3 * 1024**2, 2_000_000_000)


def test_an_empty_environment_variable_is_ignored(settings_of):
    settings = settings_of(PORT="", WORKERS="", DATA_DIR="", HOST="")
    assert (settings.port, settings.host) == (8642, "127.0.0.1")
    assert not settings.explicit_port and not settings.explicit_data_dir and settings.workers >= 1


@pytest.mark.parametrize("arguments", [(), ("serve",), ("--no-open",), ("serve", "--no-open")])
def test_serve_is_the_default_command(settings_of, arguments):
    assert settings_of(*arguments).port == 8642


@pytest.mark.parametrize(
    ("name", "text", "limits"),
    [
        ("port", "65536", "from 0 to 65535, not '65536'"), ("port", "x", "from 0 to 65535, not 'x'"),
        ("workers", "0", "from 1 to 64, not '0'"), ("workers", "1.5", "from 1 to 64, not '1.5'"),
        ("runs-per-worker", "0", "from 1 to 1024, not '0'"),
        ("run-budget", "64", "from 1 MiB to 1024 TiB, such as 64MiB or 8GiB, not '64'"),
        ("server-budget", "much", "from 1 MiB to 1024 TiB, such as 64MiB or 8GiB, not 'much'"),
    ],
)  # fmt: skip
def test_an_invalid_setting_is_refused_with_its_flag_variable_and_range(
    command, name, text, limits, monkeypatch
):
    variable = f"PERCEPTARIUM_{name.upper().replace('-', '_')}"
    by_flag = command(f"--{name}", text)
    monkeypatch.setenv(variable, text)
    for process in (by_flag, command("serve")):
        assert process.returncode == 2
        assert f"--{name}" in process.stderr and variable in process.stderr and limits in process.stderr
        assert "Traceback" not in process.stderr


@pytest.mark.parametrize("arguments", [("--no-such-option",), ("nonsense",), ("train",), ("train", "a", "b")])
def test_an_invalid_command_line_is_refused(command, arguments):
    process = command(*arguments)
    assert process.returncode == 2 and "Usage: perceptarium" in process.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("serve", "-h"), ("train", "--help")])
def test_help_is_printed(command, arguments):
    process = command(*arguments)
    assert process.returncode == 0 and "Usage: perceptarium" in process.stdout


def test_every_option_has_a_help_text():
    for name in ("serve", "train"):
        options = [option for option in main.cli.commands[name].params if isinstance(option, click.Option)]
        assert options and all(option.help for option in options)


def test_the_version_is_printed_without_loading_numpy_or_the_web_framework(command):
    code = (
        "import sys; from app.cli.main import main; main(['--version']);"
        "print({'numpy', 'fastapi', 'tqdm', 'uvicorn'} & set(sys.modules))"
    )
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert process.stdout.splitlines()[1] == "set()"
    assert command("--version").stdout.startswith("perceptarium 0")


def test_a_busy_default_port_is_replaced_by_a_free_one_and_a_busy_explicit_port_is_an_error(settings_of):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        explicit = settings_of("--port", str(port))
        with pytest.raises(CannotServe, match=str(port)), listening(explicit):
            pass
        with listening(replace(explicit, explicit_port=False)) as listener:
            assert listener.getsockname()[1] > port


def test_no_two_servers_use_the_same_data_folder(settings_of, tmp_path):
    explicit = settings_of("--data-dir", str(tmp_path / "data"))
    with data_folder(explicit) as first:
        with pytest.raises(CannotServe, match="in use"), data_folder(explicit):
            pass
        with data_folder(replace(explicit, explicit_data_dir=False)) as second:
            assert second != first


@pytest.mark.parametrize(
    ("host", "expected"),
    [("0.0.0.0", "http://127.0.0.1:80/"), ("::1", "http://[::1]:80/"), ("desk", "http://desk:80/")],
)
def test_the_printed_address_has_a_host_that_a_browser_can_open(host, expected):
    assert url(host, 80) == expected


def test_a_server_runs_if_its_address_cannot_be_printed(server, start, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start("serve", "--port", port, "--data-dir", tmp_path, stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)

    def answers():
        assert process.poll() is None
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}/healthz").is_success

    server.until(answers)
    process.terminate()
    _, printed = process.communicate(timeout=60)
    assert (process.returncode, printed) == (0, "")

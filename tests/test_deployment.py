"""The commands and files of docs/deployment.md: they are run where that is possible, and read otherwise."""

import configparser
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

from app.cli import main
from app.cli.access import TOKEN
from app.storage.store import Store
from app.web.access.tokens import set_cookie

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line for language, block in BLOCKS if language == "sh" for line in block.replace("\\\n", " ").splitlines()
]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
VARIABLES = {parameter.envvar for parameter in main.serve.params if parameter.envvar}


def block(language):
    """The only block in this language."""
    (text,) = (text for name, text in BLOCKS if name == language)
    return text


def unit():
    parser = configparser.ConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(block("ini"))
    return parser["Service"]


def run(command, folder):
    """Runs a command in a folder with this Python as python3."""
    (folder / "bin").mkdir(exist_ok=True)
    if not (folder / "bin" / "python3").exists():
        (folder / "bin" / "python3").symlink_to(sys.executable)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["sh", "-ec", command], cwd=folder, env=os.environ | {"PATH": path}, check=True)


def test_the_commands_that_make_a_token_make_one_that_the_server_accepts(tmp_path):
    for command in COMMANDS[:2]:
        run(command, tmp_path)
    file = tmp_path / "perceptarium.env"
    name, _, token = file.read_text().strip().partition("=")
    assert name == "PERCEPTARIUM_TOKEN" and TOKEN.fullmatch(token)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_command_is_run_by_a_test_or_needs_a_system_that_no_test_has():
    run_by_tests = {"python3", "chmod", "curl", "install", "ln", "systemd-analyze", "perceptarium", "chown"}
    of_systems = {"systemctl", "journalctl", "docker", "nginx", "caddy", "/opt/perceptarium/bin/pip"}
    assert {command.split()[0] for command in COMMANDS} == run_by_tests | of_systems


def test_the_program_and_its_token_are_put_where_the_service_and_the_commands_look_for_them(tmp_path):
    (tmp_path / "perceptarium.env").touch()
    for folder in ("opt/perceptarium/bin", "etc", "usr/local/bin"):
        (tmp_path / folder).mkdir(parents=True)
    program = tmp_path / "opt/perceptarium/bin/perceptarium"
    program.touch()
    for command in COMMANDS:
        if command.startswith(("install ", "ln ")):
            run(re.sub(r" /(opt|etc|usr)/", rf" {tmp_path}/\1/", command), tmp_path)
    environment, start = unit()["EnvironmentFile"], shlex.split(unit()["ExecStart"])[0]
    assert stat.S_IMODE((tmp_path / environment[1:]).stat().st_mode) == 0o600
    assert (tmp_path / "usr/local/bin/perceptarium").resolve() == program == tmp_path / start[1:]


def test_the_service_starts_the_server_with_options_that_exist():
    program, command, *options = shlex.split(unit()["ExecStart"])
    assert program.endswith("/bin/perceptarium") and command == "serve"
    context = main.serve.make_context("serve", options)
    assert context.params["host"] == "127.0.0.1" and context.params["log_format"] == "json"
    assert context.params["data_dir"] == Path("/var/lib") / unit()["StateDirectory"]


def test_systemd_where_it_is_installed_accepts_the_service(tmp_path):
    text = block("ini").replace("/opt/perceptarium/bin/perceptarium", sys.executable)
    (tmp_path / "perceptarium.service").write_text(text)
    verify = ["systemd-analyze", "verify", str(tmp_path / "perceptarium.service")]
    found = shutil.which(verify[0]) is not None
    answer = subprocess.run(verify, capture_output=True, text=True).stderr if found else ""
    assert "perceptarium.service" not in answer, answer


def test_the_container_has_the_exact_version_and_settings_that_exist():
    (command,) = (shlex.split(line) for line in COMMANDS if line.startswith("docker run"))
    assert command[-1] == f"perceptarium:{VERSION}" and "--read-only" in command and "--memory" in command
    names = [command[i + 1].partition("=")[0] for i, word in enumerate(command) if word == "--env"]
    assert names and set(names) <= VARIABLES
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert "EXPOSE 8642" in image and "VOLUME /data" in image and "perceptarium:/data" in command
    assert f"docker build --tag perceptarium:{VERSION} ." in COMMANDS
    assert f"perceptarium-{VERSION}-py3-none-any.whl" in DOCUMENT and ":latest" not in DOCUMENT


def test_the_commands_of_a_backup_restore_it(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    with Store(folder / "runs.sqlite3"):
        pass
    monkeypatch.chdir(tmp_path)
    commands = [line for line in COMMANDS if line.startswith("perceptarium store")]
    assert [command.split()[2] for command in commands] == ["backup", "backup", "restore", "check"]
    for command in commands:
        words = shlex.split(command.replace("/var/lib/perceptarium", str(folder)))
        assert main.main(words[1:]) == 0, command
    assert (tmp_path / "perceptarium.backup").stat().st_size > 0


def test_restored_files_belong_to_the_owner_of_the_folder_before_the_service_starts(tmp_path):
    (change,) = [line for line in COMMANDS if line.startswith("chown")]
    restore = next(line for line in COMMANDS if line.startswith("perceptarium store restore"))
    order = [COMMANDS.index(line) for line in (restore, change, "systemctl start perceptarium")]
    assert order == sorted(order)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "runs.sqlite3").touch()
    (tmp_path / "data").symlink_to("private")  # as systemd does it for DynamicUser
    owner = (12345, 12345) if os.getuid() == 0 else (os.getuid(), os.getgid())
    os.chown(tmp_path / "private", *owner)
    run(change.replace("/var/lib/perceptarium", str(tmp_path / "data")), tmp_path)
    found = (tmp_path / "private" / "runs.sqlite3").stat()
    assert (found.st_uid, found.st_gid) == owner


def test_the_proxy_marks_the_cookie_as_one_for_tls_only():
    assert "proxy_cookie_flags ~ secure;" in block("nginx")
    header, pattern, replacement = shlex.split(block("caddy").splitlines()[2])[1:]
    cookie = set_cookie("perceptarium-8642", "token")
    assert header == "Set-Cookie"
    assert re.sub(pattern, replacement.replace("$1", r"\1"), cookie) == f"{cookie}; Secure"


def test_the_proxy_passes_on_host_and_websockets_to_the_port_of_the_service():
    nginx, caddy = block("nginx"), block("caddy")
    port = shlex.split(unit()["ExecStart"])[5]
    assert nginx.count("{") == nginx.count("}") and caddy.count("{") == caddy.count("}")
    assert f"proxy_pass http://127.0.0.1:{port};" in nginx and f"reverse_proxy 127.0.0.1:{port}" in caddy
    for line in (
        "proxy_set_header Host $host;",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header Connection $connection_upgrade;",
    ):
        assert line in nginx
    assert "$request " not in nginx and "$args" not in nginx  # the token is in the query

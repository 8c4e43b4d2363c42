"""The wheel contains all files, and works in a folder without the sources."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PACKAGED = {".py", ".js", ".css", ".html", ".svg", ".png", ".ico", ".json", ".webmanifest"}


def run(*command: object, **options: object) -> str:
    process = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=400, **options)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = (
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        folder,
        ROOT,
    )
    run(sys.executable, "-m", "pip", *build)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The scripts folder of an environment with the wheel and, by a path file, the other installed packages.

    The path files of that path file are not followed, so that an editable installation is not found.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    scheme = {"base": str(folder), "platbase": str(folder)}
    packages, scripts = (Path(sysconfig.get_path(name, "venv", scheme)) for name in ("purelib", "scripts"))
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = scripts / Path(sys.executable).name
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
    )
    return scripts


@pytest.fixture
def outside(tmp_path):
    """Options of a process in an empty folder, with an environment that does not name the sources."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PERCEPTARIUM"))
    }
    return {"cwd": tmp_path, "env": environment}


def test_the_wheel_contains_every_source_page_and_script_in_its_two_packages(wheel):
    contents = set(zipfile.ZipFile(wheel).namelist())
    expected = set()
    for top, target in (
        ("app", "app"),
        ("engine", "engine"),
        ("static", "app/static"),
        ("templates", "app/templates"),
    ):
        for path in (ROOT / top).rglob("*"):
            if path.suffix in PACKAGED and path.is_file():
                expected.add(f"{target}/{path.relative_to(ROOT / top).as_posix()}")
    assert expected <= contents
    assert {name.partition("/")[0] for name in contents} == {
        "app", "engine", f"perceptarium-{PROJECT['version']}.dist-info"
    }  # fmt: skip


def test_the_wheel_carries_its_licence(wheel):
    with zipfile.ZipFile(wheel) as archive:
        folder = f"perceptarium-{PROJECT['version']}.dist-info"
        assert "the Perceptarium authors" in archive.read(f"{folder}/licenses/LICENSE").decode()
        assert "License-Expression: MIT" in archive.read(f"{folder}/METADATA").decode()


def test_every_dependency_has_an_exact_tested_version_and_a_stated_reason():
    pinned = re.findall(r"^([\w-]+)==[\w.]+$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    reasons = (ROOT / "docs/decisions/0002-dependencies.md").read_text("utf-8")
    needed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    names = [re.split(r"[<>=!~\[ ]", line)[0].lower() for line in needed]
    assert {_plain(name) for name in names} <= {_plain(name) for name in pinned}
    names += PROJECT["optional-dependencies"]["bench"]
    assert [name for name in names if not re.search(rf"^\| `{name}` \|", reasons, re.MULTILINE)] == []


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def test_every_constraint_is_a_name_and_a_version():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_version_is_the_same_with_and_without_an_installation():
    assert f'"{PROJECT["version"]}"' in (ROOT / "app/__init__.py").read_text("utf-8")


@pytest.mark.slow
def test_the_installed_command_prints_its_version_in_any_folder(installed, outside):
    assert PROJECT["version"] in run(installed / "perceptarium", "--version", **outside)


@pytest.mark.slow
def test_an_installed_server_answers_and_serves_its_own_page_and_scripts(installed, outside):
    command = [
        installed / "perceptarium",
        "serve",
        "--port",
        "0",
        "--no-open",
        "--data-dir",
        outside["cwd"] / "data",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **outside)
    try:
        url = next(
            match[0] for line in server.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line))
        )
        for path in ("/healthz", "/version", "/api/catalogue"):
            assert urlopen(url + path, timeout=90).status == 200
        page = urlopen(url + "/", timeout=90).read().decode()
        script = re.search(r'src="(/static/[^"]+\.js)"', page)
        assert script and urlopen(url + script[1], timeout=90).headers["content-type"].startswith(
            "text/javascript"
        )
    finally:
        server.terminate()
        assert server.wait(timeout=90) == 0


@pytest.mark.slow
def test_the_installed_command_trains_without_a_page(installed, outside):
    (outside["cwd"] / "run.json").write_text('{"dataset": {"name": "gate_and"}, "layers": [], "epochs": 3}')
    run(installed / "perceptarium", "train", "run.json", "--output", "out", **outside)
    written = {path.name for path in (outside["cwd"] / "out").iterdir()}
    assert written == {"config.json", "history.csv", "weights.npz", "summary.json"}

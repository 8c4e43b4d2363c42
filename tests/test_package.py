"""The wheel carries everything, and works from a folder that knows nothing of the sources."""

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
SHIPPED = {".py", ".js", ".css", ".html", ".svg", ".png", ".ico", ".json", ".webmanifest"}


def run(*command: object, **options: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=400, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


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
    """The scripts folder of an environment with the wheel in it and, by a path file, today's other packages.

    A path file's own path files are not followed, so an editable installation of the sources stays out.
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
def elsewhere(tmp_path):
    """An empty folder to work in, and an environment without the sources in it."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PERCEPTARIUM"))
    }
    return {"cwd": tmp_path, "env": environment}


def test_the_wheel_carries_every_source_page_and_script_under_the_two_packages(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    expected = set()
    for top, target in (
        ("app", "app"),
        ("engine", "engine"),
        ("static", "app/static"),
        ("templates", "app/templates"),
    ):
        for path in (ROOT / top).rglob("*"):
            if path.suffix in SHIPPED and path.is_file():
                expected.add(f"{target}/{path.relative_to(ROOT / top).as_posix()}")
    assert expected <= inside
    assert {name.partition("/")[0] for name in inside} == {
        "app", "engine", f"perceptarium-{PROJECT['version']}.dist-info"
    }  # fmt: skip


def test_every_dependency_has_an_exact_tested_version_and_a_stated_reason():
    pinned = re.findall(r"^([\w-]+)==[\w.]+$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    reasons = (ROOT / "docs/decisions/0002-dependencies.md").read_text("utf-8")
    needed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    names = [re.split(r"[<>=!~\[ ]", line)[0].lower() for line in needed]
    assert {_plain(name) for name in names} <= {_plain(name) for name in pinned}
    every = names + PROJECT["optional-dependencies"]["bench"]
    assert [name for name in every if not re.search(rf"^\| `{name}` \|", reasons, re.MULTILINE)] == []


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def test_constraints_are_nothing_but_names_and_versions():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_version_is_the_same_with_and_without_an_installation():
    assert f'"{PROJECT["version"]}"' in (ROOT / "app/__init__.py").read_text("utf-8")


@pytest.mark.slow
def test_the_installed_command_tells_its_version_quickly_and_from_any_folder(installed, elsewhere):
    assert PROJECT["version"] in run(installed / "perceptarium", "--version", **elsewhere)


@pytest.mark.slow
def test_an_installed_server_answers_and_serves_its_own_page_and_scripts(installed, elsewhere):
    command = [
        installed / "perceptarium",
        "serve",
        "--port",
        "0",
        "--no-open",
        "--data-dir",
        elsewhere["cwd"] / "data",
    ]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **elsewhere
    )
    try:
        url = next(
            found[0] for line in server.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line))
        )
        for place in ("/healthz", "/version", "/api/catalogue"):
            assert urlopen(url + place, timeout=90).status == 200
        page = urlopen(url + "/", timeout=90).read().decode()
        script = re.search(r'src="(/static/[^"]+\.js)"', page)
        assert script and urlopen(url + script[1], timeout=90).headers["content-type"].startswith(
            "text/javascript"
        )
    finally:
        server.terminate()
        assert server.wait(timeout=90) == 0


@pytest.mark.slow
def test_the_installed_command_trains_without_a_page(installed, elsewhere):
    (elsewhere["cwd"] / "run.json").write_text('{"dataset": {"name": "gate_and"}, "layers": [], "epochs": 3}')
    run(installed / "perceptarium", "train", "run.json", "--output", "out", **elsewhere)
    made = {path.name for path in (elsewhere["cwd"] / "out").iterdir()}
    assert made == {"config.json", "history.csv", "weights.npz", "summary.json"}

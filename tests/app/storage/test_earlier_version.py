"""A data folder of version 0.1 is read, and its runs can be continued.

`version_0_1/data` holds six runs: one with dropout, edited weights, a disabled unit and a frozen weight; one
with drawn points; one on an imported table, after a reset; an autoencoder; a policy gradient run; one that
diverged. `answers.json` has the answers of that version about them, and their weights after five more steps.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.storage.store import Store

FOLDER = Path(__file__).with_name("version_0_1")
RECORDED = json.loads((FOLDER / "answers.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("version_0_1") / "data"
    shutil.copytree(FOLDER / "data", folder)
    return folder


def differences(now: Any, before: Any, path: str = "") -> list[str]:
    """Returns the differences between an answer and the recorded one; new fields are ignored."""
    if isinstance(before, dict):
        missing = [f"{path}.{key} is missing" for key in before if key not in now]
        shared = [(key, value) for key, value in before.items() if key in now]
        return missing + [
            line for key, value in shared for line in differences(now[key], value, f"{path}.{key}")
        ]
    if isinstance(before, list):
        if len(now) != len(before):
            return [f"{path} has {len(now)} items, not {len(before)}"]
        pairs = enumerate(zip(now, before, strict=True))
        return [line for index, pair in pairs for line in differences(*pair, f"{path}.{index}")]
    same = now == pytest.approx(before, rel=1e-4, abs=1e-6) if isinstance(before, float) else now == before
    return [] if same else [f"{path} is {now!r}, not {before!r}"]


def test_every_answer_about_a_stored_run_equals_the_recorded_answer(
    data: Path, start_server: Callable[..., Any]
) -> None:
    server = start_server(data)
    for path, before in RECORDED["answers"].items():
        query = "?numbers=40" if path.endswith("/points") else ""
        assert differences(server.call("GET", path + query), before) == [], path


def test_stored_runs_train_on_without_a_viewer_and_a_limit_of_steps(
    data: Path, start_server: Callable[..., Any]
) -> None:
    server = start_server(data)
    runs = server.call("GET", "/api/runs")["runs"]
    assert {run["config"]["unwatched"] for run in runs} == {"train"}
    assert {server.read(run["id"])["config"]["unwatched"] for run in runs} == {"train"}
    assert {run["config"]["steps"] for run in runs} == {None}
    assert {server.read(run["id"])["config"]["steps"] for run in runs} == {None}


def test_stored_runs_continue_with_the_recorded_weights(data: Path, start_server: Callable[..., Any]) -> None:
    server = start_server(data)
    for run, before in RECORDED["after_five_steps"].items():
        server.do(run, "step", {"unit": "step", "count": 5})
        assert differences(server.call("GET", f"/api/runs/{run}/weights"), before) == [], run


def test_a_diverged_run_can_be_reset(data: Path, start_server: Callable[..., Any]) -> None:
    server = start_server(data)
    runs = server.call("GET", "/api/runs")["runs"]
    diverged = next(run["id"] for run in runs if run["status"] == "diverged")
    assert server.do(diverged, "reset")["step"] == 0


def test_a_store_of_an_earlier_version_gives_space_back_after_deletions(data: Path) -> None:
    with Store(data / "runs.sqlite3"):
        pass
    connection = sqlite3.connect(data / "runs.sqlite3")
    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    connection.close()

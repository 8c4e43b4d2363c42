"""`perceptarium experiment`: files, messages and interruption."""

import csv
import json
import os
import pty
import signal
import subprocess
import termios
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.cli.experiment import experiment
from app.workers.child_process import THREAD_VARIABLES

CONFIG = {"dataset": {"name": "circle", "samples": 40}, "layers": [{"units": 2}]}


@pytest.fixture
def file(tmp_path):
    """Writes the body of an experiment, and returns the file."""

    def write(body):
        path = tmp_path / "experiment.json"
        path.write_text(body if isinstance(body, str) else json.dumps(body))
        return path

    return write


def test_an_experiment_writes_its_members_and_their_summary(command, file, tmp_path):
    body = {
        "config": CONFIG,
        "vary": {"optimizer.learning_rate": [0.1, 1], "seed": {"count": 2}},
        "steps": 30,
    }
    out = tmp_path / "out"
    process = command("experiment", str(file(body)), "--output", str(out))
    assert process.returncode == 0, process.stderr
    assert json.loads((out / "experiment.json").read_text()) == body
    rows = list(csv.DictReader((out / "members.csv").open()))
    assert [(row["optimizer.learning_rate"], row["seed"]) for row in rows] == [
        ("0.1", "0"), ("0.1", "1"), ("1", "0"), ("1", "1"),
    ]  # fmt: skip
    assert {(row["status"], row["steps"]) for row in rows} == {("finished", "30")}
    folders = sorted(path.name for path in (out / "members").iterdir())
    assert folders == ["000", "001", "002", "003"]
    for folder, row in zip(folders, rows, strict=True):
        config = json.loads((out / "members" / folder / "config.json").read_text())
        assert (config["seed"], config["optimizer"]["learning_rate"]) == (
            int(row["seed"]), float(row["optimizer.learning_rate"]),
        )  # fmt: skip
        summary = json.loads((out / "members" / folder / "summary.json").read_text())
        assert summary["latest"]["test_loss"] == float(row["test_loss"])
        names = {path.name for path in (out / "members" / folder).iterdir()}
        assert names == {"config.json", "history.csv", "weights.npz", "summary.json"}
    written = json.loads((out / "summary.json").read_text())
    printed = json.loads(process.stdout)
    assert printed["groups"] == written["groups"] and printed["counts"] == {"finished": 4}
    assert [group["n"] for group in written["groups"]] == [2, 2] and len(written["pairs"]) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "experiment.json"),
        ("[]", "an experiment is a JSON object"),
        ({"config": CONFIG}, "vary: is required"),
        ({"vary": {"seed": [0]}, "extra": 1}, "extra: There is no such field."),
        ({"vary": {"seed": [0]}, "sample": "all"}, "sample: must be one of grid, random (given: \"all\")"),
        ({"vary": {"seed": [0]}, "steps": 0}, "steps: must be at least 1 (given: 0)"),
        ({"vary": {"seed": [0]}, "config": 5}, "config: must be an object (given: 5)"),
        ({"vary": {"seed": [0]}, "name": 5}, "name: must be a text (given: 5)"),
        ({"vary": 5, "config": {"epochs": 1}, "steps": 9}, "vary: must be an object of varied fields"),
        ({"vary": {"seed": {"count": 600}}}, "vary.seed.count: must be a whole number from 1 to 512"),
        ({"vary": {"l2": [0, 1000]}}, "vary.l2: member 2 of 2: must be at most 100.0 (given: 1000)"),
        ({"config": {"epochs": 0}, "vary": {"seed": [0]}}, "config.epochs: must be at least 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_experiment_is_said_and_nothing_is_written(
    file, tmp_path, monkeypatch, capsys, body, message
):
    for variable in THREAD_VARIABLES:
        monkeypatch.setenv(variable, "1")
    with ThreadPoolExecutor(1) as thread:  # a browser test in the same process has an event loop in this one
        assert thread.submit(experiment, file(body), tmp_path / "out").result() == 2
    printed = capsys.readouterr()
    assert message in printed.err and printed.out == ""
    assert not (tmp_path / "out").exists()


def test_ctrl_c_ends_an_experiment_with_the_results_so_far(start, file, tmp_path):
    body = {"config": CONFIG | {"epochs": 10**9}, "vary": {"seed": {"count": 3}}}
    terminal, child_end = pty.openpty()
    termios.tcsetwinsize(child_end, (24, 120))
    output = tmp_path / "out"
    training = start("experiment", file(body), "--output", output, stdout=subprocess.PIPE, stderr=child_end)
    os.close(child_end)
    shown = b""
    while b"1 of 3" not in shown:
        shown += os.read(terminal, 1000)
    assert b"epoch" in shown
    training.send_signal(signal.SIGINT)
    printed, _ = training.communicate(timeout=120)
    os.close(terminal)
    assert training.returncode == 130 and json.loads(printed)["counts"] == {"stopped": 1}
    assert [row["status"] for row in csv.DictReader((tmp_path / "out" / "members.csv").open())] == ["stopped"]

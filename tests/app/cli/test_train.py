"""Training without a page, as somebody at a terminal does it."""

import json
import os
import pty
import signal
import subprocess
import sys
import termios
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
STOPPING = '{"early_stopping": null, "dataset": {"validation_fraction": 0.2}}'


def test_train_writes_everything_a_reader_needs(command, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"dataset": {"name": "circle", "samples": 40}, "epochs": 1000}))
    done = command(
        "train",
        str(config),
        "--set",
        "epochs=3",
        "--set",
        'layers=[{"units":2}]',
        "--set",
        "optimizer.name=sgd",
        "--output",
        str(tmp_path / "out"),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out" / "config.json").read_text())["optimizer"]["name"] == "sgd"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["status"], summary["epochs"]) == ("finished", 3)
    assert (tmp_path / "out" / "history.csv").read_text().startswith("step,epoch,train_loss")
    weights = np.load(tmp_path / "out" / "weights.npz", allow_pickle=False)
    assert weights["layers_0_weights"].shape == (2, 2)


def test_a_summary_that_cannot_be_printed_is_told_and_the_files_are_there(tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"dataset": {"name": "circle", "samples": 40}, "epochs": 2}))
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "app.cli.main", "train", str(config), "--output", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120)
    os.close(writing)
    assert done.returncode == 2
    assert done.stderr == "perceptarium: the summary cannot be printed: Broken pipe\n"
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["status"] == "finished"


@pytest.mark.parametrize(
    ("text", "change", "said"),
    [
        ("{", "epochs=1", "config.json"),
        ("{}", "epochs=0", "epochs"),
        ("{}", "epochs", "--set epochs"),
        ("{}", "layers.9.units=1", "layers has 1 entry, counted from 0"),
        ("{}", "layers.-1.units=1", "--set layers.-1.units=1: there is no such place"),
        ("{}", "layers.0.unit=1", "layers.0.unit: there is no such field"),
        ("{}", "optimizer.learning_rate.0=1", "optimizer.learning_rate"),
        ('{"epochs": 0}', "features.0=x1^2", "epochs: must be at least 1"),
        ("[]", "epochs=1", "epochs"),
    ],
)
def test_train_says_what_is_wrong(command, tmp_path, text, change, said):
    config = tmp_path / "config.json"
    config.write_text(text)
    done = command("train", str(config), "--set", change)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_train_finds_own_data_by_their_content_in_the_data_folder(
    start_server, command, tmp_path, monkeypatch
):
    server = start_server(tmp_path / "data")
    rows = "".join(f"{row % 7},{row % 5},{'yn'[row % 2]}\n" for row in range(60))
    put = server.client.put(
        "/api/datasets/mine", content="a,b,kind\n" + rows, headers={"content-type": "text/csv"}
    )
    assert put.is_success, put.text
    config = {"dataset": {"name": "mine", "content": put.json()["content"]}, "features": ["a"], "epochs": 2}
    (tmp_path / "config.json").write_text(json.dumps(config))
    monkeypatch.setenv("PERCEPTARIUM_DATA_DIR", str(tmp_path / "data"))
    done = command("train", str(tmp_path / "config.json"), "--output", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    trained = json.loads((tmp_path / "out" / "config.json").read_text())
    assert (trained["dataset"]["content"], trained["features"]) == (put.json()["content"], ["a"])


def test_train_says_when_there_is_no_such_file(command, tmp_path):
    done = command("train", str(tmp_path / "nope.json"))
    assert done.returncode == 2
    assert "nope.json" in done.stderr


@pytest.mark.parametrize(
    ("text", "change", "where", "expected"),
    [
        ("{}", "layers.0.units=5", "layers", [5]),
        ('{"layers": [{"units": 3}, {"units": 4}]}', "layers.1.units=5", "layers", [3, 5]),
        ("{}", "features.1=x1*x2", "features", ["x1", "x1*x2"]),
        (STOPPING, "early_stopping.patience=7", "early_stopping", 7),
    ],
)
def test_set_changes_one_entry_of_what_the_file_leaves_open(command, tmp_path, text, change, where, expected):
    config = tmp_path / "config.json"
    config.write_text(text)
    done = command(
        "train", str(config), "--set", "epochs=1", "--set", change, "--output", str(tmp_path / "out")
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out" / "config.json").read_text())[where]
    if where == "layers":
        found = [layer["units"] for layer in found]
    assert (found["patience"] if where == "early_stopping" else found) == expected


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_training_that_is_interrupted_writes_what_it_reached(tmp_path, how, code):
    (tmp_path / "config.json").write_text(json.dumps({"epochs": 1_000_000_000}))
    shown, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    arguments = [str(tmp_path / "config.json"), "--output", str(tmp_path / "out")]
    training = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "train", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    said = b""
    while b"epoch" not in said:
        said += os.read(shown, 1000)
    training.send_signal(how)
    printed = training.communicate(timeout=90)[0]
    assert training.returncode == code
    said += os.read(shown, 100_000)
    os.close(shown)
    assert b"Traceback" not in said
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary == json.loads(printed)
    assert summary["status"] == "stopped" and summary["steps"] > 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "config.json", "history.csv", "weights.npz", "summary.json",
    }  # fmt: skip

"""`perceptarium train`: files, messages, overrides and interruption."""

import json
import os
import pty
import signal
import subprocess
import termios

import numpy as np
import pytest

EARLY_STOPPING = '{"early_stopping": null, "dataset": {"validation_fraction": 0.2}}'


def test_train_writes_configuration_history_weights_and_summary(command, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"dataset": {"name": "circle", "samples": 40}, "epochs": 1000}))
    process = command(
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
    assert process.returncode == 0, process.stderr
    optimizer = json.loads((tmp_path / "out" / "config.json").read_text())["optimizer"]
    assert (optimizer["name"], optimizer["learning_rate"]) == ("sgd", 0.03)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["status"], summary["epochs"]) == ("finished", 3)
    assert (tmp_path / "out" / "history.csv").read_text().startswith("step,epoch,train_loss")
    weights = np.load(tmp_path / "out" / "weights.npz", allow_pickle=False)
    assert weights["layers_0_weights"].shape == (2, 2)


def test_train_ends_after_the_steps_that_the_configuration_names(command, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"dataset": {"name": "circle", "samples": 40}, "steps": 7}))
    summary = json.loads(command("train", str(config)).stdout)
    assert (summary["status"], summary["steps"], summary["reason_code"]) == ("finished", 7, "steps_done")


def test_a_configuration_with_a_byte_order_mark_as_editors_write_it_is_read(command, tmp_path):
    config = tmp_path / "config.json"
    config.write_text('{"dataset": {"name": "circle", "samples": 40}, "steps": 3}', encoding="utf-8-sig")
    assert json.loads(command("train", str(config)).stdout)["steps"] == 3


def test_a_summary_that_cannot_be_printed_is_an_error_after_the_files_are_written(start, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"dataset": {"name": "circle", "samples": 40}, "epochs": 2}))
    read_end, write_end = os.pipe()
    os.close(read_end)
    training = start("train", config, "--output", tmp_path / "out", stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)
    _, printed = training.communicate(timeout=120)
    assert training.returncode == 2
    assert printed == "perceptarium: the summary cannot be printed: Broken pipe\n"
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["status"] == "finished"


@pytest.mark.parametrize(
    ("text", "change", "message"),
    [
        ("{", "epochs=1", "config.json"),
        ("{}", "epochs=0", "epochs"),
        ("{}", "epochs", "--set epochs"),
        ("{}", "layers.9.units=1", "layers has 1 entry, counted from 0"),
        ("{}", "layers.-1.units=1", "--set layers.-1.units=1: there is no such field or entry"),
        ("{}", "layers.0.unit=1", "layers.0.unit: there is no such field"),
        ("{}", "optimizer.learning_rate.0=1", "optimizer.learning_rate"),
        ('{"epochs": 0}', "features.0=x1^2", "epochs: must be at least 1"),
        ("[]", "epochs=1", "epochs"),
    ],
)
def test_an_invalid_configuration_or_override_is_refused_with_its_field(
    command, tmp_path, text, change, message
):
    config = tmp_path / "config.json"
    config.write_text(text)
    process = command("train", str(config), "--set", change)
    assert process.returncode == 2
    assert message in process.stderr
    assert "Traceback" not in process.stderr


def test_train_loads_an_imported_data_set_from_the_data_folder(start_server, command, tmp_path, monkeypatch):
    server = start_server(tmp_path / "data")
    rows = "".join(f"{row % 7},{row % 5},{'yn'[row % 2]}\n" for row in range(60))
    put = server.client.put(
        "/api/datasets/mine", content="a,b,kind\n" + rows, headers={"content-type": "text/csv"}
    )
    assert put.is_success, put.text
    config = {"dataset": {"name": "mine", "content": put.json()["content"]}, "features": ["a"], "epochs": 2}
    (tmp_path / "config.json").write_text(json.dumps(config))
    monkeypatch.setenv("PERCEPTARIUM_DATA_DIR", str(tmp_path / "data"))
    process = command("train", str(tmp_path / "config.json"), "--output", str(tmp_path / "out"))
    assert process.returncode == 0, process.stderr
    trained = json.loads((tmp_path / "out" / "config.json").read_text())
    assert (trained["dataset"]["content"], trained["features"]) == (put.json()["content"], ["a"])


def test_a_missing_configuration_file_is_an_error_with_its_name(command, tmp_path):
    process = command("train", str(tmp_path / "nope.json"))
    assert process.returncode == 2
    assert "nope.json" in process.stderr


@pytest.mark.parametrize(
    ("text", "change", "field", "expected"),
    [
        ("{}", "layers.0.units=5", "layers", [5]),
        ('{"layers": [{"units": 3}, {"units": 4}]}', "layers.1.units=5", "layers", [3, 5]),
        ("{}", "features.1=x1*x2", "features", ["x1", "x1*x2"]),
        (EARLY_STOPPING, "early_stopping.patience=7", "early_stopping", 7),
        ('{"dataset": {"train_seed": 2}}', "dataset.train_samples=9", "dataset", (9, 2)),
    ],
)
def test_set_changes_one_entry_of_a_field_that_the_file_omits(
    command, tmp_path, text, change, field, expected
):
    config = tmp_path / "config.json"
    config.write_text(text)
    process = command(
        "train", str(config), "--set", "epochs=1", "--set", change, "--output", str(tmp_path / "out")
    )
    assert process.returncode == 0, process.stderr
    value = json.loads((tmp_path / "out" / "config.json").read_text())[field]
    if field == "layers":
        value = [layer["units"] for layer in value]
    if field == "dataset":
        value = (value["train_samples"], value["train_seed"])
    assert (value["patience"] if field == "early_stopping" else value) == expected


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_training_writes_its_files_and_a_summary(start, tmp_path, number, code):
    (tmp_path / "config.json").write_text(json.dumps({"epochs": 1_000_000_000}))
    screen, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    arguments = [str(tmp_path / "config.json"), "--output", str(tmp_path / "out")]
    training = start("train", *arguments, stdout=subprocess.PIPE, stderr=terminal)
    os.close(terminal)
    output = b""
    while b"epoch" not in output:
        output += os.read(screen, 1000)
    training.send_signal(number)
    printed = training.communicate(timeout=90)[0]
    assert training.returncode == code
    output += os.read(screen, 100_000)
    os.close(screen)
    assert b"Traceback" not in output
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary == json.loads(printed)
    assert summary["status"] == "stopped" and summary["steps"] > 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "config.json", "history.csv", "weights.npz", "summary.json",
    }  # fmt: skip

"""Automatic pause: a diagnosis in `pause_when` pauses the run to which it applies, also without viewers."""

import signal
import sqlite3

import pytest

from app.storage import statements

# All units output 0 from the first step on, and their gradients are 0.
DYING = {"layers": [{"units": 4, "activation": "relu"}], "initializer": {"bias": -100}, "speed": 200}


def pause_when(server, run, *names):
    return server.call("PATCH", f"/api/runs/{run}", {"pause_when": list(names)})


def wait_for_pause(server, run):
    return server.until(lambda: (answer := server.read(run))["status"] == "paused" and answer)


def test_a_diagnosis_in_pause_when_pauses_the_run_with_its_reason_and_is_removed(server):
    run = server.run(**DYING, start=False)
    assert pause_when(server, run, "dying_relu", "overfitting")["pause_when"] == ["dying_relu", "overfitting"]
    assert server.do(run, "start")["status"] == "running"
    answer = wait_for_pause(server, run)
    assert answer["status_reason"] == "paused: dying relu in layer 1 (1)"
    assert answer["reason_code"] == "diagnosed_in_layer"
    assert answer["reason_parameters"] == {"name": "dying_relu", "layer": 0, "number": 1.0}
    assert answer["pause_when"] == ["overfitting"]
    newest = server.call("GET", "/api/runs?limit=1")["runs"][0]
    assert newest["pause_when"] == ["overfitting"]


def test_the_diagnosis_is_sent_as_an_event_before_the_status(server):
    run = server.run(**DYING, start=False)
    pause_when(server, run, "dying_relu")
    with server.stream(run) as socket:
        server.do(run, "start")
        frames = server.frames(
            socket, lambda frame: frame["kind"] == "status" and frame["reason"] is not None
        )
    event, status = frames[-2:]
    assert (event["kind"], event["step"]) == ("event", status["step"])
    diagnosis = event["event"]
    assert (diagnosis["type"], diagnosis["name"], diagnosis["layer"], diagnosis["number"]) == (
        "diagnosis", "dying_relu", 0, 1.0,
    )  # fmt: skip
    assert diagnosis["found_at"] <= event["step"]
    assert diagnosis["suggestion"]["changes"]["layers"][0]["activation"] == "leaky_relu"
    assert (status["status"], status["pause_when"]) == ("paused", [])


def test_a_run_that_was_paused_automatically_continues_after_start(server):
    run = server.run(**DYING)
    pause_when(server, run, "dying_relu")
    step = wait_for_pause(server, run)["step"]
    answer = server.do(run, "start")
    assert (answer["status"], answer["status_reason"]) == ("running", None)
    assert (answer["reason_code"], answer["reason_parameters"]) == (None, {})
    server.trained(run, step + 200)


def test_a_run_without_diagnoses_is_not_paused(server):
    run = server.run(speed=300)
    names = [entry["name"] for entry in server.call("GET", "/api/catalogue")["diagnoses"]]
    assert {"dying_relu", "divergence", "plateau"} <= set(names)
    pause_when(server, run, *names)
    with server.stream(run, "views=layer_health") as socket:
        for _ in range(4):
            frame = server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
            assert frame["diagnoses"] == []
    assert server.read(run)["status"] == "running"


def test_a_diagnosis_that_is_not_in_pause_when_does_not_pause_the_run(server):
    run = server.run(**DYING, start=False)
    pause_when(server, run, "dying_relu", "overfitting")
    pause_when(server, run, "overfitting")
    server.do(run, "start")
    with server.stream(run, "views=layer_health") as socket:
        for _ in range(3):
            frame = server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
    assert "dying_relu" in [diagnosis["name"] for diagnosis in frame["diagnoses"]]
    assert server.read(run)["status"] == "running"


@pytest.mark.parametrize(
    ("names", "field"),
    [(["nonsense"], "pause_when.0"), (["plateau", 3], "pause_when.1"), ("plateau", "pause_when")],
)
def test_an_unknown_diagnosis_is_refused_and_nothing_changes(server, names, field):
    run = server.run(start=False)
    status, error = server.refused("PATCH", f"/api/runs/{run}", {"pause_when": names, "speed": 7})
    assert (status, error["field"]) == (422, field)
    assert server.read(run)["speed"] == "max"
    assert server.read(run)["pause_when"] == []


def test_a_diagnosis_that_does_not_apply_to_the_task_is_refused(server):
    policy = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "start": False}
    run = server.call("POST", "/api/runs", policy)["id"]
    status, error = server.refused("PATCH", f"/api/runs/{run}", {"pause_when": ["dying_relu"]})
    assert (status, error["field"], error["given"]) == (422, "pause_when.0", "dying_relu")
    diagnoses = server.call("GET", "/api/catalogue")["diagnoses"]
    assert error["limit"] == [entry["name"] for entry in diagnoses if "control" in entry["applies_to"]]
    assert server.call("PATCH", f"/api/runs/{run}", {"pause_when": []})["pause_when"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_pause_when_of_a_run_is_kept_after_a_restart(start_server, tmp_path, number):
    server = start_server(tmp_path)
    running, paused = server.run(speed=50), server.run(**DYING, start=False)
    pause_when(server, running, "overfitting")
    pause_when(server, paused, "dying_relu")
    server.stop(number)
    server = start_server(tmp_path)
    assert server.read(running)["pause_when"] == ["overfitting"]
    server.do(paused, "start")
    assert "dying relu" in wait_for_pause(server, paused)["status_reason"]
    server.stop()
    server = start_server(tmp_path)
    server.call("PATCH", f"/api/runs/{paused}", {"speed": 3})
    assert "dying relu" in server.read(paused)["status_reason"]


def test_a_store_of_an_earlier_format_is_migrated(start_server, tmp_path):
    server = start_server(tmp_path)
    run = server.run(start=False)
    server.stop()
    with sqlite3.connect(tmp_path / "runs.sqlite3") as connection:
        connection.execute("DROP INDEX members")
        connection.execute("ALTER TABLE runs DROP COLUMN experiment")
        connection.execute("DROP TABLE experiments")
        connection.execute("ALTER TABLE runs DROP COLUMN best")
        connection.execute("DROP INDEX checkpoint_entries")
        connection.execute("ALTER TABLE runs DROP COLUMN parent")
        connection.execute("DROP TABLE beginnings")
        connection.execute("DROP TABLE bookmarks")
        connection.execute("ALTER TABLE runs DROP COLUMN pause_when")
        connection.execute("DROP TABLE datasets")
        connection.execute("DROP TABLE uses")
        connection.execute("ALTER TABLE runs DROP COLUMN reason_code")
        connection.execute("ALTER TABLE runs DROP COLUMN reason_parameters")
        connection.execute("ALTER TABLE events DROP COLUMN epoch")
        connection.execute("ALTER TABLE checkpoints DROP COLUMN kind")
        connection.execute("ALTER TABLE checkpoints DROP COLUMN update_norm")
        connection.execute("ALTER TABLE checkpoints DROP COLUMN checksum")
        connection.execute("DROP TABLE attempts")
        connection.execute("DROP TABLE recovery")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'format_version'")
    connection.close()
    server = start_server(tmp_path)
    assert server.read(run)["pause_when"] == []
    (attempt,) = server.call("GET", f"/api/runs/{run}/attempts")["attempts"]
    assert (attempt["attempt"], attempt["step"], attempt["versions"]) == (0, 0, None)
    with sqlite3.connect(tmp_path / "runs.sqlite3") as connection:
        (version,) = connection.execute("SELECT value FROM meta WHERE key = 'format_version'").fetchone()
    connection.close()
    assert int(version) == statements.FORMAT_VERSION

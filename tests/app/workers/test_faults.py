"""Faults: after killed workers, killed servers and restarts, no point is lost or duplicated."""

import os
import signal
import sqlite3
import time

import pytest


def is_finished(frame):
    return frame["kind"] == "status" and frame["status"] == "finished"


def restarts(server):
    """How often the training worker and the view worker were replaced."""
    children = server.call("GET", "/healthz")["children"]
    return [child["restarts"] for child in children if child["name"] != "import_worker"]


def history_and_weights(server, **config):
    """History and weights of a run without faults."""
    run = server.run(**config)
    server.ended(run)
    return server.call("GET", f"/api/runs/{run}/history"), server.weights(run)


def test_runs_of_a_killed_worker_continue_without_a_lost_or_duplicated_point(server):
    config = {"epochs": 4000, "speed": 5000}
    run = server.run(**config, start=False)
    with server.stream(run) as socket:
        server.do(run, "start")
        for steps in (1500, 5000):
            server.frames(socket, lambda frame, steps=steps: frame["step"] > steps)
            server.kill("training_worker")
        frames = server.frames(socket, is_finished)
    history, weights = history_and_weights(server, epochs=4000)
    answer = server.call("GET", f"/api/runs/{run}/history")
    assert answer["step"] == history["step"]
    assert answer["train_loss"] == history["train_loss"]
    assert server.weights(run) == weights
    assert server.steps(frames) == [step for step in history["step"] if step in set(server.steps(frames))]
    assert len(set(server.steps(frames))) == len(server.steps(frames))


def test_a_killed_worker_is_replaced(server):
    pid = server.kill("training_worker")
    server.until(lambda: server.pids("training_worker") not in ([], [pid]))
    assert server.do(server.run(start=False), "step")["step"] == 1


def test_commands_sent_while_a_worker_ends_are_executed(server):
    run = server.run(speed=1000)
    server.trained(run)
    server.kill("training_worker")
    assert server.do(run, "pause")["status"] == "paused"
    assert server.do(run, "step", {"count": 3})["status"] == "paused"


def test_a_paused_run_is_unchanged_after_its_worker_was_killed(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 10})
    weights = server.weights(run)
    server.kill("training_worker")
    assert server.weights(run) == weights
    assert server.do(run, "step")["step"] == 11


def test_a_run_whose_worker_ends_repeatedly_fails(server):
    run = server.run(speed=1)
    server.trained(run)

    def failed():
        server.kill("training_worker")
        return server.read(run)["status"] == "failed"

    server.until(failed)
    assert "worker" in server.read(run)["status_reason"]
    assert server.do(run, "reset")["status"] == "paused"


def test_views_are_sent_after_the_view_worker_was_killed(server):
    run = server.run()
    with server.stream(run, "views=network") as socket:
        step = server.frames(socket, lambda frame: frame["kind"] == "view")[-1]["step"]
        server.kill("view_worker")
        server.frames(socket, lambda frame: frame["kind"] == "view" and frame["step"] > step + 2000)
    assert server.weights(run)["layers"]


def test_stopped_workers_are_replaced_and_their_runs_continue_with_the_same_weights(server):
    run = server.run(speed=300, epochs=2000)
    server.trained(run)
    server.until(lambda: server.client.get("/readyz").json() == {"train": True, "draw": True, "store": True})
    stopped = server.pids("training_worker") + server.pids("view_worker")
    before = restarts(server)
    with server.stream(run, "views=network") as socket:
        server.frames(socket, lambda frame: frame["kind"] == "view")
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        answer = server.until(lambda: (answer := server.client.get("/readyz")).status_code == 503 and answer)
        assert answer.json()["store"] is True and isinstance(answer.json()["train"], str)
        server.until(lambda: server.client.get("/readyz").status_code == 200)
        step = server.read(run)["step"]
        server.frames(socket, lambda frame: frame["kind"] == "view" and frame["step"] > step)
    assert not [pid for pid in stopped if is_alive(pid)]
    assert restarts(server) == [number + 1 for number in before]
    server.call("PATCH", f"/api/runs/{run}", {"speed": "max"})
    server.ended(run)
    history, weights = history_and_weights(server, epochs=2000)
    assert server.call("GET", f"/api/runs/{run}/history")["train_loss"] == history["train_loss"]
    assert server.weights(run) == weights


def test_a_running_run_continues_after_a_restart(start_server, tmp_path):
    server = start_server(tmp_path)
    run = server.run(speed=2000)
    paused = server.run(start=False, name="other")
    server.trained(run, 500)
    assert server.stop() == 0
    server = start_server(tmp_path)
    restarted = server.until(lambda: (answer := server.read(run))["status"] == "running" and answer)
    assert restarted["step"] >= 500
    server.trained(run, restarted["step"] + 100)
    assert server.read(paused)["status"] == "paused"
    assert server.read(paused)["name"] == "other"


def test_no_point_is_lost_or_duplicated_after_the_server_was_killed(start_server, tmp_path):
    server = start_server(tmp_path)
    run = server.run(epochs=4000, speed=5000)
    server.trained(run, 4000)
    server.stop(signal.SIGKILL)
    server = start_server(tmp_path)
    server.call("PATCH", f"/api/runs/{run}", {"speed": "max"})  # the speed was limited only until the kill
    server.until(lambda: server.read(run)["status"] == "finished")
    answer = server.call("GET", f"/api/runs/{run}/history")
    history, weights = history_and_weights(server, epochs=4000)
    assert answer["step"] == history["step"]
    assert answer["test_loss"] == history["test_loss"]
    assert server.weights(run) == weights


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGKILL])
def test_no_seq_is_used_again_after_a_restart(start_server, tmp_path, signal_number):
    server = start_server(tmp_path)
    run = server.run()
    with server.stream(run) as socket:
        seq = server.frames(socket, lambda frame: frame["seq"] > 20)[-1]["seq"]
    seq = max(seq, server.do(run, "pause")["seq"])
    server.stop(signal_number)
    server = start_server(tmp_path)
    assert server.do(run, "step")["seq"] > seq
    with server.stream(run, f"after={seq}") as socket:
        frames = server.frames(socket, lambda frame: frame["kind"] == "status")
    assert all(frame["seq"] > seq for frame in frames)


def test_a_viewer_with_all_frames_continues_after_a_clean_restart_without_a_reset(start_server, tmp_path):
    server = start_server(tmp_path)
    run = server.run(start=False)
    seq = server.do(run, "step", {"count": 3})["seq"]
    server.stop()
    server = start_server(tmp_path)
    with server.stream(run, f"after={seq}") as socket:
        server.do(run, "step")
        frames = server.frames(socket, lambda frame: frame["kind"] == "status" and frame["step"] == 4)
    assert frames[0]["seq"] == seq + 1
    assert server.steps(frames) == [4]


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_cleanly_within_15_seconds_during_training_and_streaming(
    start_server, tmp_path, signal_number
):
    server = start_server(tmp_path)
    run = server.run()
    server.trained(run)
    pids = server.pids("training_worker") + server.pids("view_worker")
    with server.stream(run, "views=network"):
        began = time.monotonic()
        assert server.stop(signal_number) == 0
    assert time.monotonic() - began < 15  # on an idle machine within five
    assert not [pid for pid in pids if is_alive(pid)]


def test_child_processes_end_after_the_server_was_killed(start_server, tmp_path):
    server = start_server(tmp_path)
    server.trained(server.run())
    pids = server.until(
        lambda: (view_workers := server.pids("view_worker")) and server.pids("training_worker") + view_workers
    )
    assert len(pids) >= 2 and all(map(is_alive, pids))
    server.stop(signal.SIGKILL)
    server.until(lambda: not [pid for pid in pids if is_alive(pid)])


def test_checkpoints_of_a_running_run_are_at_most_two_seconds_old(server):
    run = server.run(speed=1000)
    server.trained(run, 2100)
    step = server.read(run)["step"]
    assert server.call("GET", f"/api/runs/{run}/checkpoints")["steps"][-1] > step - 2100


def test_a_store_of_an_unknown_format_is_refused(start_server, tmp_path):
    server = start_server(tmp_path)
    server.stop()
    with sqlite3.connect(tmp_path / "runs.sqlite3") as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'format_version'")
    connection.close()
    with pytest.raises(AssertionError, match="printed ''"):
        start_server(tmp_path)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False

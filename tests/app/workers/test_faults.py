"""Faults: after killed workers, killed servers and restarts, no point is lost or duplicated."""

import os
import signal
import sqlite3
import time
from types import SimpleNamespace

import pytest

from app.storage.store import Store


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


@pytest.fixture(scope="module", params=[signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def restarted(request, server, tmp_path_factory):
    """A server that was ended or killed during training and streaming, and started again with its data."""
    folder = tmp_path_factory.mktemp("data")
    before = type(server)(folder, "--workers", "1")
    runs = {
        "trains": before.run(speed=2000),
        "paused": before.run(start=False, name="other"),
        "exact": before.run(epochs=4000, speed=5000),
    }
    seq = before.do(runs["paused"], "step", {"count": 3})["seq"]
    before.trained(runs["trains"], 500)
    before.trained(runs["exact"], 4000)
    children = before.until(
        lambda: (pids := before.pids("view_worker")) and pids + before.pids("training_worker")
    )
    with before.stream(runs["trains"], "views=network") as socket:
        newest = before.frames(socket, lambda frame: frame["kind"] == "view")[-1]
        began = time.monotonic()
        code = before.stop(request.param)
        seconds = time.monotonic() - began
    after = type(server)(folder, "--workers", "1")
    yield SimpleNamespace(
        server=after, runs=runs, seq=seq, newest=newest, code=code, seconds=seconds, children=children,
        is_clean=request.param == signal.SIGTERM,
    )  # fmt: skip
    after.stop()


def test_a_running_run_continues_after_a_restart_and_a_paused_one_is_paused(restarted):
    server, run = restarted.server, restarted.runs["trains"]
    answer = server.until(lambda: (answer := server.read(run))["status"] == "running" and answer)
    assert answer["step"] >= 500 or not restarted.is_clean
    server.trained(run, answer["step"] + 100)
    paused = server.read(restarted.runs["paused"])
    assert (paused["status"], paused["step"], paused["name"]) == ("paused", 3, "other")


def test_no_point_is_lost_or_duplicated_after_a_restart(restarted):
    server, run = restarted.server, restarted.runs["exact"]
    server.call("PATCH", f"/api/runs/{run}", {"speed": "max"})  # the speed was limited only until the end
    server.ended(run)
    answer = server.call("GET", f"/api/runs/{run}/history")
    history, weights = history_and_weights(server, epochs=4000)
    assert answer["step"] == history["step"]
    assert answer["test_loss"] == history["test_loss"]
    assert server.weights(run) == weights


def test_no_seq_is_used_again_after_a_restart(restarted):
    server, run, seq = restarted.server, restarted.runs["trains"], restarted.newest["seq"]
    assert server.read(run)["seq"] > seq
    with server.stream(run, f"after={seq}") as socket:
        frames = server.frames(socket, lambda frame: frame["kind"] == "status")
    assert all(frame["seq"] > seq for frame in frames)


def test_a_viewer_with_all_frames_continues_after_a_clean_restart_without_a_reset(restarted):
    server, run = restarted.server, restarted.runs["paused"]
    with server.stream(run, f"after={restarted.seq}") as socket:
        server.do(run, "step")
        frames = server.frames(socket, lambda frame: frame["kind"] == "status" and frame["step"] == 4)
    if restarted.is_clean:
        assert frames[0]["seq"] == restarted.seq + 1
        assert server.steps(frames) == [4]
    else:  # the seqs that were reserved before it was killed are not used
        assert frames[0]["kind"] == "reset" and frames[-1]["seq"] > restarted.seq


def test_all_processes_end_with_the_server_within_15_seconds(restarted):
    assert restarted.code == (0 if restarted.is_clean else -signal.SIGKILL)
    assert restarted.seconds < 15  # on an idle machine within five
    until = restarted.server.until
    until(lambda: not [pid for pid in restarted.children if is_alive(pid)])


def test_ctrl_c_ends_the_server_cleanly_during_training_and_streaming(start_server, tmp_path):
    server = start_server(tmp_path)
    run = server.run()
    server.trained(run)
    with server.stream(run, "views=network"):
        assert server.stop(signal.SIGINT) == 0


def test_checkpoints_of_a_running_run_are_at_most_two_seconds_old(server):
    run = server.run(speed=1000)
    server.trained(run, 2100)
    step = server.read(run)["step"]
    assert server.call("GET", f"/api/runs/{run}/checkpoints")["steps"][-1] > step - 2100


def test_a_store_of_an_unknown_format_is_refused(start_server, tmp_path):
    path = tmp_path / "runs.sqlite3"
    Store(path).close()
    with sqlite3.connect(path) as connection:
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

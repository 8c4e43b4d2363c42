"""Capacity: runs beyond that of the workers and of the memory."""

from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture(scope="module")
def small_server(server, tmp_path_factory):
    """A server in which two runs at full speed train at once, or 16 slow ones."""
    small = type(server)(tmp_path_factory.mktemp("data"), "--workers", "1", "--runs-per-worker", "2")
    yield small
    small.stop()


@pytest.fixture
def crowded(small_server):
    """The server without the runs of other tests."""
    yield small_server
    for run in small_server.call("GET", "/api/runs?limit=100")["runs"]:
        small_server.client.delete(f"/api/runs/{run['id']}")


def place(server, run):
    answer = server.read(run)
    assert (answer["status"], answer["reason_code"]) == ("queued", "waiting")
    assert str(answer["reason_parameters"]["place"]) in answer["status_reason"]
    return answer["reason_parameters"]["place"]


def test_runs_beyond_the_capacity_wait_say_their_place_and_start_when_others_stop(crowded):
    server = crowded
    runs = [server.run() for _ in range(6)]
    assert [server.read(run)["status"] for run in runs[:2]] == ["running", "running"]
    assert [place(server, run) for run in runs[2:]] == [1, 2, 3, 4]
    assert server.read(runs[2])["reason_parameters"] == {"place": 1, "waiting": 4, "training": 2}
    server.until(lambda: "perceptarium_queued_runs 4.0" in server.client.get("/metrics").text)
    assert server.refused("POST", f"/api/runs/{runs[5]}/step")[0] == 409
    stopped = server.do(runs[5], "stop")
    assert (stopped["status"], stopped["status_reason"]) == ("stopped", None)
    with server.stream(runs[4]) as socket:
        server.do(runs[0], "stop")
        server.until(lambda: server.read(runs[2])["status"] == "running")
        frame = server.frames(socket, lambda frame: frame.get("reason_parameters", {}).get("place") == 2)[-1]
        assert (frame["kind"], frame["status"], frame["reason_code"]) == ("status", "queued", "waiting")
    assert server.read(runs[2])["status_reason"] is None
    assert [place(server, run) for run in runs[3:5]] == [1, 2]


def test_a_run_that_is_started_beyond_the_capacity_is_queued(crowded):
    server = crowded
    runs = [server.run() for _ in range(2)]
    late = server.run(start=False)
    assert server.do(late, "start")["status"] == "queued"
    edit = {"weights": [{"layer": 0, "unit": 1, "source": "bias", "value": 0.5}]}
    edited = server.call("PATCH", f"/api/runs/{late}/weights", edit)
    assert (edited["status"], edited["reason_code"]) == ("queued", "waiting")
    paused = server.do(late, "pause")
    assert (paused["status"], paused["status_reason"]) == ("paused", None)
    assert server.do(late, "start")["status"] == "queued"
    assert server.do(late, "reset")["status"] == "paused"
    for run in runs:
        server.do(run, "stop")


def test_more_runs_that_need_little_train_at_once(crowded):
    server = crowded
    statuses = [server.read(server.run(speed=5))["status"] for _ in range(17)]
    assert statuses == ["running"] * 16 + ["queued"]
    assert place(server, server.run(speed=5)) == 2


def test_simultaneous_starts_do_not_exceed_the_capacity(crowded):
    server = crowded
    runs = [server.run(start=False) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda run: server.do(run, "start")["status"], runs))
    assert (answers.count("running"), answers.count("queued")) == (2, 4)
    children = server.call("GET", "/healthz")["children"]
    assert max(child["running"] for child in children) == 2


def test_no_run_stays_in_a_worker_after_a_hundred_were_trained_and_deleted(server):
    for number in range(100):
        run = server.run(epochs=1, dataset={"name": "circle", "samples": 20, "seed": number})
        server.ended(run)
        server.call("DELETE", f"/api/runs/{run}")
    children = server.call("GET", "/healthz")["children"]
    assert all(child["running"] == 0 for child in children)


def test_a_run_that_left_memory_continues_at_its_step(server):
    first = server.run(start=False)
    before = server.do(first, "step", {"count": 3})
    weights = server.weights(first)
    for number in range(300):
        server.run(start=False, dataset={"name": "circle", "samples": 20, "seed": number % 3})
    assert server.weights(first) == weights
    after = server.do(first, "step")
    assert (after["step"], after["latest"]["step"]) == (4, 4)
    assert after["seq"] > before["seq"]
    assert server.call("GET", f"/api/runs/{first}/history")["step"] == [0, 1, 2, 3, 4]

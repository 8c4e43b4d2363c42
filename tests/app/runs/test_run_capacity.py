"""Capacity: runs beyond that of the workers and of the memory."""

from concurrent.futures import ThreadPoolExecutor


def test_runs_beyond_the_capacity_are_queued_and_start_when_others_stop(server):
    runs = [server.run(speed=5) for _ in range(18)]
    assert [server.read(run)["status"] for run in runs[:2]] == ["running", "running"]
    queued = [run for run in runs if server.read(run)["status"] == "queued"]
    assert runs[-1] in queued
    assert server.refused("POST", f"/api/runs/{runs[-1]}/step")[0] == 409
    assert server.do(runs[-1], "stop")["status"] == "stopped"
    for run in runs[:-2]:
        server.do(run, "stop")
    server.until(lambda: server.read(runs[-2])["status"] == "running")


def test_a_run_that_is_started_beyond_the_capacity_is_queued(server):
    runs = [server.run(speed=5) for _ in range(16)]
    late = server.run(start=False)
    assert server.do(late, "start")["status"] == "queued"
    assert server.do(late, "pause")["status"] == "paused"
    assert server.do(late, "start")["status"] == "queued"
    assert server.do(late, "reset")["status"] == "paused"
    for run in runs:
        server.do(run, "stop")


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


def test_simultaneous_starts_do_not_exceed_the_capacity(server):
    runs = [server.run(start=False, speed=5) for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda run: server.do(run, "start")["status"], runs))
    assert (answers.count("running"), answers.count("queued")) == (16, 4)
    children = server.call("GET", "/healthz")["children"]
    assert max(child["running"] for child in children) == 16

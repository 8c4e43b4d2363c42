"""While nothing can be stored, runs pause with the reason, reading goes on, changes are refused."""


def test_runs_pause_while_nothing_can_be_stored_and_go_on_without_a_restart(start_server, tmp_path):
    server = start_server(tmp_path)
    run, waiting = server.run(speed=500), server.run(start=False)
    server.do(waiting, "step", {"count": 5})
    server.trained(run, 100)
    with server.stream(run) as socket:
        (tmp_path / "runs.sqlite3").rename(tmp_path / "moved")
        frames = server.frames(socket, lambda frame: frame["kind"] == "status" and frame["reason"])
    assert (frames[-1]["status"], frames[-1]["reason_code"]) == ("paused", "store_missing")
    answer = server.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["store"] == "the file of the store was renamed or deleted"
    step = frames[-1]["step"]
    for path in ("", "/history", f"/weights?step={step // 2}", "/events", "/checkpoints", "/views/network"):
        assert server.client.get(f"/api/runs/{run}{path}").is_success, path
    assert [entry["id"] for entry in server.call("GET", "/api/runs")["runs"]] == [waiting, run]
    assert server.call("GET", "/api/runs?status=running")["runs"] == []
    for method, path, body in (
        ("POST", "/api/runs", server.small),
        ("POST", f"/api/runs/{waiting}/start", None),
        ("PATCH", f"/api/runs/{run}", {"l2": 0.1}),
        ("PUT", f"/api/runs/{run}/bookmarks/a", {"step": 5}),
        ("DELETE", f"/api/runs/{waiting}", None),
    ):
        status, error = server.refused(method, path, body)
        assert (status, error["code"]) == (503, "store_missing"), path
    (tmp_path / "moved").rename(tmp_path / "runs.sqlite3")
    server.until(lambda: server.client.get("/readyz").is_success)
    assert server.do(run, "start")["status"] == "running"
    server.trained(run, step + 50)
    history = server.call("GET", f"/api/runs/{run}/history")["step"]
    assert history == sorted(set(history))

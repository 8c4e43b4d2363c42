"""Metrics: what happens on the server is counted."""

from prometheus_client.parser import text_string_to_metric_families


def metrics(server):
    """All samples, by name and labels."""
    answer = server.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name.removeprefix("perceptarium_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_runs_steps_viewers_frames_and_request_times_are_counted(server):
    before = metrics(server)
    run = server.run(start=False)
    with server.stream(run) as socket:
        server.do(run, "step", {"unit": "step", "count": 25})
        server.frames(socket, lambda frame: frame["kind"] == "progress" and frame["step"] == 25)
        during = metrics(server)
        assert during["viewers",] == before["viewers",] + 1
        assert during["frames_total",] > before["frames_total",]
    server.refused("POST", "/api/runs/nope/start")
    server.client.get("/nope")
    server.until(lambda: metrics(server)["viewers",] == before["viewers",])
    after = metrics(server)
    assert after["steps_total",] == before["steps_total",] + 25
    assert after["runs", "paused"] == before["runs", "paused"] + 1
    restarts = [labels for labels in after if labels[0] == "child_restarts_total"]
    names = {child["name"] for child in server.call("GET", "/healthz")["children"]}
    assert {name for _, name in restarts} == names and len(names) >= 2
    assert after["store_bytes",] > 0 and after["queued_runs",] == 0
    route, other = ("POST", "/api/runs/{id}/start", "404"), ("GET", "other", "404")
    for labels in (route, other):
        count = ("request_seconds_count", *labels)
        assert after[count] == before.get(count, 0) + 1


def test_data_that_wait_to_be_written_are_measured_until_they_are_written(server):
    run = server.run(start=False)
    server.do(run, "step", {"unit": "step", "count": 1})
    waiting = metrics(server)
    assert 0 <= waiting["store_lag_seconds",] < 60 and waiting["store_unwritten_bytes",] >= 0
    server.until(lambda: metrics(server)["store_lag_seconds",] == 0)
    server.until(lambda: metrics(server)["store_unwritten_bytes",] == 0)

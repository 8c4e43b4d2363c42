"""The log of a run: attempts, events and checkpoints are kept, and any step can be computed again."""

import asyncio
import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from app.runs.history.recorded_states import RecordedStates
from app.workers.recorded import Position


def weights(server, run, **options):
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return server.call("GET", f"/api/runs/{run}/weights?{query}")["layers"]


def events(server, run, attempt=0):
    answer = server.call("GET", f"/api/runs/{run}/events?attempt={attempt}")
    assert answer["attempt"] == attempt
    return answer["events"]


def test_every_change_is_an_event_with_the_step_after_which_it_took_effect(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 3})
    server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.5}})
    edit = {"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 1.0}]}
    server.call("PATCH", f"/api/runs/{run}/weights", edit)
    server.do(run, "step", {"count": 2})
    server.call("PATCH", f"/api/runs/{run}/points", {"add": [{"inputs": [0.1, 0.2], "target": 1}]})
    found = events(server, run)
    assert [(each["step"], each["event"]["type"]) for each in found] == [
        (3, "change"), (3, "operation"), (5, "data"),
    ]  # fmt: skip
    assert found[0]["event"]["changes"] == {"optimizer": {"learning_rate": 0.5}}
    assert found[1]["event"]["operations"] == edit
    after = server.call("GET", f"/api/runs/{run}/events?after={found[1]['seq']}")["events"]
    assert [each["seq"] for each in after] == [found[2]["seq"]]


def test_the_weights_of_a_step_have_the_configuration_of_that_step(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 3})
    before = server.read(run)["config"]
    server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.5}, "l2": 0.25})
    server.do(run, "step", {"count": 2})
    after = server.read(run)["config"]
    for step, config in ((2, before), (5, after)):
        assert server.call("GET", f"/api/runs/{run}/weights?step={step}")["config"] == config


def test_a_pause_is_an_event(server):
    run = server.run()
    server.trained(run)
    step = server.do(run, "pause")["step"]
    assert [(each["step"], each["event"]) for each in events(server, run)] == [(step, {"type": "paused"})]


def test_a_reset_keeps_the_attempt_before_it_with_points_events_and_checkpoints(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 40})
    server.call("PATCH", f"/api/runs/{run}", {"l2": 0.01})
    server.do(run, "step", {"count": 5})
    before, history = weights(server, run), server.call("GET", f"/api/runs/{run}/history")
    server.do(run, "reset")
    first, second = server.call("GET", f"/api/runs/{run}/attempts")["attempts"]
    assert (first["attempt"], first["step"], first["epoch"]) == (0, 45, 22)
    assert (second["attempt"], second["step"]) == (1, 0)
    best = min(zip(history["test_loss"], history["step"], strict=True))
    assert first["best"] == {"step": best[1], "score": best[0]}
    assert set(first["versions"]) == {"numpy", "perceptarium", "python"}
    earlier = server.call("GET", f"/api/runs/{run}/history?attempt=0")
    assert earlier["step"] == history["step"] and earlier["test_loss"] == history["test_loss"]
    assert server.call("GET", f"/api/runs/{run}/history")["step"] == []
    assert [each["step"] for each in events(server, run)] == [40]
    assert weights(server, run, attempt=0, step=45) == weights(server, run, attempt=0) == before


def test_any_step_has_the_weights_it_had_also_after_edits_and_drawn_points(server):
    run = server.run(start=False)
    lived = [weights(server, run)]
    for step in range(1, 9):
        server.do(run, "step", {"count": 30})
        if step == 3:
            server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.1}})
        if step == 5:
            operation = {"units": [{"layer": 0, "unit": 1, "action": "duplicate"}]}
            server.call("PATCH", f"/api/runs/{run}/weights", operation)
        if step == 6:
            server.call("PATCH", f"/api/runs/{run}/points", {"add": [{"inputs": [0.1, 0.2], "target": 1}]})
        lived.append(weights(server, run))
    recorded = server.call("GET", f"/api/runs/{run}/checkpoints")
    assert set(range(129)) <= set(recorded["steps"])
    assert recorded["bytes"] < recorded["budget"]
    kinds = dict(zip(recorded["steps"], recorded["kinds"], strict=True))
    assert (kinds[90], kinds[150], kinds[120]) == ("event", "event", "recorded")
    assert [weights(server, run, step=30 * step) for step in range(9)] == lived
    assert 239 not in kinds  # it is replayed, and one more step leads to the recorded one
    assert weights(server, run, step=239) not in (lived[7], lived[8])


def test_points_predictions_and_views_of_an_earlier_step_are_those_of_that_step(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 10})
    inputs = {"inputs": [[0.5, -1.0]]}
    prediction = server.call("POST", f"/api/runs/{run}/predict", inputs)
    view = server.call("GET", f"/api/runs/{run}/views/decision_boundary")
    points = server.call("GET", f"/api/runs/{run}/points")
    server.call("PATCH", f"/api/runs/{run}/points", {"add": [{"inputs": [0.1, 0.2], "target": 1}]})
    server.do(run, "step", {"count": 10})
    assert server.call("POST", f"/api/runs/{run}/predict", inputs | {"step": 9}) != prediction
    assert server.call("POST", f"/api/runs/{run}/predict", inputs)["outputs"] != prediction["outputs"]
    earlier = server.call("GET", f"/api/runs/{run}/points?step=9")
    assert len(earlier["train"]["inputs"]) == len(points["train"]["inputs"])
    assert (
        len(server.call("GET", f"/api/runs/{run}/points")["train"]["inputs"])
        == len(points["train"]["inputs"]) + 1
    )
    shown = server.call("GET", f"/api/runs/{run}/views/decision_boundary?step=9")
    assert shown["step"] == 9 and shown["values"] != view["values"]


@pytest.mark.parametrize(
    ("query", "field", "limit"), [("step=11", "step", [0, 10]), ("step=0&attempt=7", "attempt", [0])]
)
def test_a_step_or_attempt_that_does_not_exist_is_refused_with_what_does(server, query, field, limit):
    run = server.run(start=False)
    server.do(run, "step", {"count": 10})
    answer = server.client.get(f"/api/runs/{run}/weights?{query}")
    assert answer.status_code == (422 if field == "step" else 404)
    error = answer.json()["error"]
    assert (error["field"], error["limit"]) == (field, limit)


def test_the_log_survives_a_restart_of_the_server(start_server, tmp_path):
    first = start_server(tmp_path)
    run = first.run(start=False)
    first.do(run, "step", {"count": 10})
    first.call("PATCH", f"/api/runs/{run}", {"l2": 0.01})
    first.do(run, "reset")
    first.do(run, "step", {"count": 200})
    paths = ["attempts", "events?attempt=0", "checkpoints?attempt=0", "checkpoints", "weights?step=199"]
    before = [first.call("GET", f"/api/runs/{run}/{path}") for path in paths]
    first.stop()
    second = start_server(tmp_path)
    assert [second.call("GET", f"/api/runs/{run}/{path}") for path in paths] == before


def test_an_earlier_format_is_upgraded_without_update_norms_and_with_the_best_points_of_attempts(
    start_server, tmp_path
):
    server = start_server(tmp_path)
    run = server.run(start=False)
    server.do(run, "step", {"count": 50})
    server.do(run, "reset")
    before = server.call("GET", f"/api/runs/{run}/attempts")
    assert before["attempts"][0]["best"]["step"] > 0
    server.stop()
    change_store(tmp_path, *TO_FORMAT_8)
    server = start_server(tmp_path)
    assert server.call("GET", f"/api/runs/{run}/attempts") == before
    recorded = server.call("GET", f"/api/runs/{run}/checkpoints?attempt=0")
    assert recorded["steps"] == list(range(51)) and recorded["update_norms"] == [None] * 51
    server.stop()
    change_store(tmp_path, "DELETE FROM points")
    assert start_server(tmp_path).call("GET", f"/api/runs/{run}/attempts") == before


TO_FORMAT_8 = (
    "DROP INDEX members",
    "ALTER TABLE runs DROP COLUMN experiment",
    "DROP TABLE experiments",
    "ALTER TABLE attempts DROP COLUMN best",
    "DROP INDEX checkpoint_entries",
    "ALTER TABLE checkpoints DROP COLUMN update_norm",
    "ALTER TABLE checkpoints DROP COLUMN checksum",
    "ALTER TABLE recovery DROP COLUMN checksum",
    "ALTER TABLE beginnings DROP COLUMN checksum",
    "ALTER TABLE uses DROP COLUMN attempt",
    "ALTER TABLE uses DROP COLUMN bytes",
    "CREATE INDEX checkpoint_entries ON checkpoints (run, attempt, step, epoch, size, kind)",
    "UPDATE meta SET value = '8' WHERE key = 'format_version'",
)


def change_store(folder, *statements):
    """Executes SQL in the store of a data folder whose server is stopped."""
    with contextlib.closing(sqlite3.connect(folder / "runs.sqlite3")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_an_attempt_that_a_reset_ends_while_it_is_read_is_found_with_its_newest_step():
    run = SimpleNamespace(id="run", position=Position(0, 40, 4))

    async def settle():
        run.position = Position(1, 0, 0)

    async def stored_attempts(_):
        return [{"attempt": 0, "step": 30, "epoch": 3}]

    store = SimpleNamespace(settle=settle, attempts=SimpleNamespace(all=stored_attempts))
    read = RecordedStates(store, budget=1).attempt(run, None)
    with ThreadPoolExecutor(1) as thread:  # a browser test in the same process has an event loop in this one
        found = thread.submit(asyncio.run, read).result()
    assert found == {"attempt": 0, "step": 40, "epoch": 4}

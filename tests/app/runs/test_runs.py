"""Runs through REST: made, steered, read and deleted on a real server."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest


def test_a_run_starts_by_itself_and_says_where_it_is(server):
    answer = server.client.post("/api/runs", json=server.small)
    assert answer.status_code == 201
    run = answer.json()
    assert answer.headers["location"] == f"/api/runs/{run['id']}"
    assert run["status"] == "running"
    assert run["url"] == f"/runs/{run['id']}"
    assert run["config"]["optimizer"]["beta_1"] == 0.9
    assert run["parameters"] == 3 * 4 + 5
    assert server.trained(run["id"])["status"] == "running"


def test_a_run_that_is_not_to_start_waits_paused_and_has_its_first_numbers(server):
    run = server.run(start=False)
    assert server.read(run)["status"] == "paused"
    latest = server.until(lambda: server.read(run)["latest"])
    assert latest["step"] == 0
    assert latest["train_loss"] > 0


def test_all_fields_may_be_left_out(server):
    run = server.call("POST", "/api/runs", {"start": False})
    assert run["config"]["dataset"]["name"] == "spiral"


def test_a_run_ends_when_its_epochs_are_done(server):
    run = server.run(epochs=3)
    ended = server.ended(run)
    assert (ended["status"], ended["epoch"]) == ("finished", 3)
    assert ended["status_reason"] == "all 3 epochs are done"
    assert (ended["reason_code"], ended["reason_parameters"]) == ("epochs_done", {"epochs": 3})


def test_a_run_that_diverges_says_at_which_step(server):
    run = server.run(optimizer={"name": "sgd", "learning_rate": 1000}, loss={"name": "half_squared_error"},
                     layers=[{"units": 4, "activation": "relu"}], dataset={"name": "plane"})  # fmt: skip
    ended = server.ended(run)
    assert ended["status"] == "diverged"
    assert "step" in ended["status_reason"]
    assert (ended["reason_code"], ended["reason_parameters"]) == (
        "loss_diverged",
        {"step": ended["step"] + 1},
    )


def test_pause_stops_the_steps_at_once(server):
    run = server.run()
    server.trained(run)
    paused = server.do(run, "pause")
    assert paused["status"] == "paused"
    assert server.read(run)["step"] == paused["step"]


@pytest.mark.parametrize(("unit", "count", "steps"), [("step", 1, 1), ("step", 7, 7), ("epoch", 2, 4)])
def test_step_advances_exactly_and_stays_paused(server, unit, count, steps):
    run = server.run(start=False)
    after = server.do(run, "step", {"unit": unit, "count": count})
    assert (after["status"], after["step"]) == ("paused", steps)


def test_step_without_a_body_is_one_step(server):
    run = server.run(start=False)
    assert server.do(run, "step")["step"] == 1


LONG_STEP = {"unit": "step", "count": 1_000_000}


@pytest.mark.parametrize(("command", "status"), [("pause", "paused"), ("stop", "stopped")])
def test_a_step_in_progress_is_ended_by_a_command_and_both_answer_what_was_reached(server, command, status):
    run = server.run(start=False)
    with server.background(lambda: server.do(run, "step", LONG_STEP)) as stepping:
        server.trained(run)
        answer = server.do(run, command)
        stepped = stepping.result(60)
    assert answer["status"] == status
    assert stepped["status"] == "paused"
    assert stepped["step"] == answer["step"] < LONG_STEP["count"]


def test_reset_ends_a_step_in_progress_which_answers_what_was_reached(server):
    run = server.run(start=False)
    with server.background(lambda: server.do(run, "step", LONG_STEP)) as stepping:
        server.trained(run)
        answer = server.do(run, "reset")
        stepped = stepping.result(60)
    assert (answer["attempt"], answer["step"]) == (stepped["attempt"] + 1, 0)
    assert 0 < stepped["step"] < LONG_STEP["count"]


def test_stepping_and_training_give_the_same_weights(server):
    trained, stepped = server.run(epochs=20), server.run(epochs=20, start=False)
    server.ended(trained)
    for count in (1, 14, 25):
        server.do(stepped, "step", {"count": count})
    assert server.read(stepped)["status"] == "finished"
    assert server.weights(trained) == server.weights(stepped)


def test_reset_returns_to_the_same_initial_weights_in_a_new_attempt(server):
    run = server.run(start=False)
    before = server.weights(run)
    server.do(run, "step", {"count": 5})
    assert server.weights(run) != before
    after = server.do(run, "reset")
    assert (after["status"], after["step"], after["attempt"]) == ("paused", 0, 1)
    assert server.weights(run) == before
    assert server.call("GET", f"/api/runs/{run}/history")["step"] == []


def test_stop_ends_a_run_and_start_takes_it_up_again(server):
    run = server.run()
    server.trained(run)
    step = server.do(run, "stop")["step"]
    assert server.read(run)["status"] == "stopped"
    assert server.do(run, "start")["status"] == "running"
    server.trained(run, step + 1)


def test_a_finished_run_starts_again_once_its_epochs_were_raised(server):
    run = server.run(epochs=1)
    server.ended(run)
    status, error = server.refused("POST", f"/api/runs/{run}/start")
    assert (status, error["given"]) == (409, "finished")
    server.call("PATCH", f"/api/runs/{run}", {"epochs": 2})
    assert server.do(run, "start")["status"] in ("running", "finished")
    assert server.ended(run)["epoch"] == 2


# The commands that lead to each status, and what every command then answers: a status or 409.
REACHED = {
    "paused": [],
    "running": ["start"],
    "stopped": ["stop"],
}
AFTER = {
    "paused": {"start": "running", "pause": "paused", "step": "paused", "stop": "stopped", "reset": "paused"},
    "running": {"start": "running", "pause": "paused", "step": 409, "stop": "stopped", "reset": "paused"},
    "stopped": {"start": "running", "pause": "stopped", "step": 409, "stop": "stopped", "reset": "paused"},
    "finished": {"start": 409, "pause": "finished", "step": 409, "stop": "finished", "reset": "paused"},
}


@pytest.mark.parametrize("status", AFTER)
@pytest.mark.parametrize("command", ["start", "pause", "step", "stop", "reset"])
def test_commands_lead_where_the_table_says(server, status, command):
    if status == "finished":
        run = server.run(epochs=1)
        server.ended(run)
    else:
        run = server.run(start=False)
        for each in REACHED[status]:
            server.do(run, each)
    expected = AFTER[status][command]
    if expected == 409:
        assert server.refused("POST", f"/api/runs/{run}/{command}")[0] == 409
        expected = status
    else:
        assert server.do(run, command)["status"] == expected
    assert server.read(run)["status"] == expected


def test_a_change_takes_effect_and_is_shown(server):
    run = server.run()
    changes = {"optimizer": {"learning_rate": 0.5}, "batch_size": 7, "l2": 0.1, "name": "mine", "speed": 50}
    answer = server.call("PATCH", f"/api/runs/{run}", changes)
    assert answer["config"]["optimizer"]["learning_rate"] == 0.5
    assert (answer["config"]["batch_size"], answer["name"], answer["speed"]) == (7, "mine", 50)
    assert answer["learning_rate"] == 0.5


def test_a_change_that_needs_a_restart_is_a_conflict_naming_the_field(server):
    run = server.run()
    status, error = server.refused("PATCH", f"/api/runs/{run}", {"seed": 3})
    assert (status, error["code"], error["field"]) == (409, "needs_restart", "seed")


def test_speed_is_kept_to(server):
    run = server.run(start=False, speed=40)
    server.do(run, "start")
    server.trained(run, 30)
    server.until(lambda: (server.read(run)["steps_per_second"] or 0) == pytest.approx(40, rel=0.3))


def test_history_has_a_value_or_null_for_every_point(server):
    run = server.run(epochs=5)
    server.ended(run)
    history = server.call("GET", f"/api/runs/{run}/history")
    lengths = {
        len(history[name])
        for name in ("step", "epoch", "train_loss", "validation_loss", "test_loss", "penalty")
    }
    assert lengths == {len(history["metrics"]["train_accuracy"])}
    assert history["step"] == sorted(set(history["step"]))
    assert (history["step"][0], history["step"][-1]) == (0, server.read(run)["step"])
    assert set(history["validation_loss"]) == {None}


def test_history_after_a_step_has_only_later_points(server):
    run = server.run(epochs=5)
    server.ended(run)
    steps = server.call("GET", f"/api/runs/{run}/history")["step"]
    assert server.call("GET", f"/api/runs/{run}/history?after=3")["step"] == [
        step for step in steps if step > 3
    ]


def test_history_as_csv_says_the_same(server):
    run = server.run(epochs=5)
    server.ended(run)
    answer = server.client.get(f"/api/runs/{run}/history?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    history = server.call("GET", f"/api/runs/{run}/history")
    assert answer.headers["content-type"].startswith("text/csv")
    assert [float(row["train_loss"]) for row in rows] == history["train_loss"]
    assert [float(row["test_accuracy"]) for row in rows] == history["metrics"]["test_accuracy"]
    assert {row["validation_loss"] for row in rows} == {""}


def test_two_runs_of_one_configuration_have_the_same_points(server):
    first, second = server.run(epochs=9), server.run(epochs=9)
    server.ended(first), server.ended(second)
    histories = [server.call("GET", f"/api/runs/{run}/history") for run in (first, second)]
    assert histories[0]["train_loss"] == histories[1]["train_loss"]


def test_weights_recompute_the_predictions(server):
    run = server.run(epochs=10)
    server.ended(run)
    weights = server.weights(run)
    values = np.array([[0.5, -1.0], [3.0, 2.0]])
    for layer, function in zip(weights["layers"], (np.tanh, lambda z: 1 / (1 + np.exp(-z))), strict=True):
        values = function(values @ np.array(layer["weights"]) + layer["biases"])
    answer = server.call("POST", f"/api/runs/{run}/predict", {"inputs": [[0.5, -1.0], [3.0, 2.0]]})
    assert np.allclose(answer["outputs"], values, atol=1e-5)
    assert len(answer["classes"]) == 2


def test_weights_and_views_can_be_had_of_every_recorded_step(server):
    run = server.run(start=False)
    initial = server.call("GET", f"/api/runs/{run}/weights")
    for _ in range(3):
        server.do(run, "step", {"count": 4})
    recorded = server.call("GET", f"/api/runs/{run}/checkpoints")
    assert recorded["steps"] == [0, 4, 8, 12]
    assert recorded["epochs"] == [0, 2, 4, 6]
    assert server.call("GET", f"/api/runs/{run}/weights?step=0") == initial
    views = [server.call("GET", f"/api/runs/{run}/views/decision_boundary?step={s}") for s in (0, 4, 8, 12)]
    assert [view["step"] for view in views] == [0, 4, 8, 12]
    assert views[3]["values"] == server.call("GET", f"/api/runs/{run}/views/decision_boundary")["values"]
    assert views[0]["values"] != views[3]["values"]


def test_a_step_that_is_not_recorded_is_not_found(server):
    run = server.run(start=False)
    status, error = server.refused("GET", f"/api/runs/{run}/weights?step=3")
    assert (status, error["field"]) == (404, "step")


def test_typed_arrays_are_the_plain_ones_in_another_form(server, read_typed):
    run = server.run(start=False)
    path = f"/api/runs/{run}/views/decision_boundary?resolution=10"
    plain, typed = server.call("GET", path), server.call("GET", path + "&arrays=typed")
    assert np.allclose(read_typed(typed["values"]), plain["values"], atol=1e-7)
    assert np.shape(plain["values"]) == (1, 10, 10)


def test_the_points_of_a_run_are_those_it_trains_on(server):
    run = server.run(start=False)
    points = server.call("GET", f"/api/runs/{run}/points")
    assert len(points["train"]["inputs"]) == len(points["test"]["inputs"]) == 50
    assert server.call("GET", "/api/datasets/circle?samples=100&seed=0")["train"] == points["train"]


def test_a_new_run_replaces_one_without_a_name(server):
    old, named = server.run(start=False, speed=9), server.run(start=False, name="kept")
    new = server.run(start=False, replaces=old)
    server.run(start=False, replaces=named)
    assert server.refused("GET", f"/api/runs/{old}")[0] == 404
    assert server.read(named)["name"] == "kept"
    assert server.read(new)["speed"] == 9


def test_a_command_that_arrived_before_the_replacement_is_answered(server):
    old = server.run(start=False)
    with server.background(lambda: server.do(old, "step", LONG_STEP)) as stepping:
        server.trained(old)
        server.run(start=False, replaces=old)
        assert 0 < stepping.result(60)["step"] < LONG_STEP["count"]


@pytest.mark.parametrize("command", ["start", "pause", "step", "stop", "reset"])
def test_a_command_after_the_replacement_is_refused_with_the_id_of_the_new_run(server, command):
    old = server.run(start=False)
    new = server.run(start=False, replaces=old)
    status, error = server.refused("POST", f"/api/runs/{old}/{command}")
    assert (status, error["code"]) == (404, "no_such_run")
    assert (error["given"], error["limit"]) == (old, new)


def test_replacing_a_run_that_is_gone_is_no_error(server):
    assert server.run(start=False, replaces="0" * 12)


def test_a_running_run_can_be_deleted(server):
    run = server.run()
    server.trained(run)
    assert server.client.delete(f"/api/runs/{run}").status_code == 204
    assert server.refused("GET", f"/api/runs/{run}")[0] == 404
    assert run not in [each["id"] for each in server.call("GET", "/api/runs")["runs"]]


def test_the_list_has_the_newest_first_in_pages(server):
    runs = [server.run(start=False) for _ in range(3)][::-1]
    listed = [run["id"] for run in server.call("GET", "/api/runs?limit=2")["runs"]]
    assert listed == runs[:2]
    assert server.call("GET", f"/api/runs?limit=1&before={runs[1]}")["runs"][0]["id"] == runs[2]


def test_more_runs_than_places_wait_and_get_their_turn(server):
    runs = [server.run(speed=5) for _ in range(18)]
    assert [server.read(run)["status"] for run in runs[:2]] == ["running", "running"]
    queued = [run for run in runs if server.read(run)["status"] == "queued"]
    assert runs[-1] in queued
    assert server.refused("POST", f"/api/runs/{runs[-1]}/step")[0] == 409
    assert server.do(runs[-1], "stop")["status"] == "stopped"
    for run in runs[:-2]:
        server.do(run, "stop")
    server.until(lambda: server.read(runs[-2])["status"] == "running")


def test_a_run_started_beyond_the_places_is_queued_not_refused(server):
    runs = [server.run(speed=5) for _ in range(16)]
    late = server.run(start=False)
    assert server.do(late, "start")["status"] == "queued"
    assert server.do(late, "pause")["status"] == "paused"
    assert server.do(late, "start")["status"] == "queued"
    assert server.do(late, "reset")["status"] == "paused"
    for run in runs:
        server.do(run, "stop")


def test_a_hundred_runs_in_sequence_leave_nothing_behind(server):
    for number in range(100):
        run = server.run(epochs=1, dataset={"name": "circle", "samples": 20, "seed": number})
        server.ended(run)
        server.call("DELETE", f"/api/runs/{run}")
    children = server.call("GET", "/healthz")["children"]
    assert all(child["running"] == 0 for child in children)


def test_runs_that_had_to_leave_memory_go_on_where_they_were(server):
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


def test_starts_at_the_same_time_do_not_exceed_the_places(server):
    runs = [server.run(start=False, speed=5) for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda run: server.do(run, "start")["status"], runs))
    assert (answers.count("running"), answers.count("queued")) == (16, 4)
    children = server.call("GET", "/healthz")["children"]
    assert max(child["running"] for child in children) == 16

"""Runs through REST: created, started, paused, changed and deleted on a server."""

import pytest

from engine.optimizers import OPTIMIZERS


def test_a_new_run_starts_and_is_answered_with_its_location(server):
    answer = server.client.post("/api/runs", json=server.small)
    assert answer.status_code == 201
    run = answer.json()
    assert answer.headers["location"] == f"/api/runs/{run['id']}"
    assert run["status"] == "running"
    assert run["url"] == f"/runs/{run['id']}"
    assert run["config"]["optimizer"]["beta_1"] == 0.9
    assert run["parameters"] == 3 * 4 + 5
    assert server.trained(run["id"])["status"] == "running"


def test_a_run_that_is_not_started_is_paused_and_has_its_first_measurement(server):
    run = server.run(start=False)
    assert server.read(run)["status"] == "paused"
    latest = server.until(lambda: server.read(run)["latest"])
    assert latest["step"] == 0
    assert latest["train_loss"] > 0


def test_every_field_is_optional(server):
    run = server.call("POST", "/api/runs", {"start": False})
    assert run["config"]["dataset"]["name"] == "spiral"


def test_a_learning_rate_that_is_left_out_is_that_of_the_optimizer(server):
    rates = {name: entry.parameters["learning_rate"].default for name, entry in OPTIMIZERS.items()}
    rates.pop("perceptron")  # for a single layer
    runs = {name: server.run(optimizer={"name": name}, start=False) for name in rates}
    configs = {name: server.call("GET", f"/api/runs/{run}")["config"] for name, run in runs.items()}
    assert {name: config["optimizer"]["learning_rate"] for name, config in configs.items()} == rates


def test_a_learning_rate_of_null_returns_to_that_of_the_optimizer(server):
    run = server.run(optimizer={"name": "sgd", "learning_rate": 0.5}, start=False)
    answer = server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": None}})
    assert (answer["config"]["optimizer"]["learning_rate"], answer["learning_rate"]) == (0.03, 0.03)


def test_a_run_finishes_when_its_epochs_are_done(server):
    run = server.run(epochs=3)
    ended = server.ended(run)
    assert (ended["status"], ended["epoch"]) == ("finished", 3)
    assert ended["status_reason"] == "all 3 epochs are done"
    assert (ended["reason_code"], ended["reason_parameters"]) == ("epochs_done", {"epochs": 3})


def test_a_run_that_diverges_has_the_step_in_its_reason(server):
    run = server.run(optimizer={"name": "sgd", "learning_rate": 1000}, loss={"name": "half_squared_error"},
                     layers=[{"units": 4, "activation": "relu"}], dataset={"name": "plane"})  # fmt: skip
    ended = server.ended(run)
    assert ended["status"] == "diverged"
    assert "step" in ended["status_reason"]
    assert (ended["reason_code"], ended["reason_parameters"]) == (
        "loss_diverged",
        {"step": ended["step"] + 1},
    )


def test_no_step_is_trained_after_a_pause(server):
    run = server.run()
    server.trained(run)
    paused = server.do(run, "pause")
    assert paused["status"] == "paused"
    assert server.read(run)["step"] == paused["step"]


@pytest.mark.parametrize(("unit", "count", "steps"), [("step", 1, 1), ("step", 7, 7), ("epoch", 2, 4)])
def test_a_step_command_trains_exactly_its_steps_and_stays_paused(server, unit, count, steps):
    run = server.run(start=False)
    after = server.do(run, "step", {"unit": unit, "count": count})
    assert (after["status"], after["step"]) == ("paused", steps)


def test_a_step_command_without_a_body_trains_one_step(server):
    run = server.run(start=False)
    assert server.do(run, "step")["step"] == 1


LONG_STEP = {"unit": "step", "count": 1_000_000}


@pytest.mark.parametrize(("command", "status"), [("pause", "paused"), ("stop", "stopped")])
def test_pause_and_stop_end_a_step_command_and_both_are_answered_with_the_same_step(server, command, status):
    run = server.run(start=False)
    with server.background(lambda: server.do(run, "step", LONG_STEP)) as stepping:
        server.trained(run)
        answer = server.do(run, command)
        stepped = stepping.result(60)
    assert answer["status"] == status
    assert stepped["status"] == "paused"
    assert stepped["step"] == answer["step"] < LONG_STEP["count"]


def test_reset_ends_a_step_command_which_is_answered_with_the_step_that_was_reached(server):
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


def test_a_stopped_run_can_be_started_again(server):
    run = server.run()
    server.trained(run)
    step = server.do(run, "stop")["step"]
    assert server.read(run)["status"] == "stopped"
    assert server.do(run, "start")["status"] == "running"
    server.trained(run, step + 1)


def test_a_finished_run_can_be_started_again_after_its_epochs_were_raised(server):
    run = server.run(epochs=1)
    server.ended(run)
    status, error = server.refused("POST", f"/api/runs/{run}/start")
    assert (status, error["given"]) == (409, "finished")
    server.call("PATCH", f"/api/runs/{run}", {"epochs": 2})
    assert server.do(run, "start")["status"] in ("running", "finished")
    assert server.ended(run)["epoch"] == 2


def test_a_run_with_limited_steps_finishes_after_them_and_trains_on_when_they_were_raised(server):
    run = server.run(steps=5)
    ended = server.ended(run)
    assert (ended["status"], ended["step"], ended["config"]["steps"]) == ("finished", 5, 5)
    assert (ended["reason_code"], ended["reason_parameters"]) == ("steps_done", {"steps": 5})
    assert server.call("GET", f"/api/runs/{run}/history")["step"][-1] == 5
    server.call("PATCH", f"/api/runs/{run}", {"steps": 8})
    assert server.do(run, "start")["status"] in ("running", "finished")
    assert server.ended(run)["step"] == 8


# The commands that lead to each status, and the status after every further command, or 409.
LEADING_TO = {
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
def test_a_command_leads_to_the_status_of_the_table(server, status, command):
    if status == "finished":
        run = server.run(epochs=1)
        server.ended(run)
    else:
        run = server.run(start=False)
        for earlier in LEADING_TO[status]:
            server.do(run, earlier)
    expected = AFTER[status][command]
    if expected == 409:
        assert server.refused("POST", f"/api/runs/{run}/{command}")[0] == 409
        expected = status
    else:
        assert server.do(run, command)["status"] == expected
    assert server.read(run)["status"] == expected


def test_a_change_is_in_effect_when_it_is_answered(server):
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


def test_a_run_trains_at_its_speed(server):
    run = server.run(start=False, speed=40)
    server.do(run, "start")
    server.trained(run, 30)
    server.until(lambda: (server.read(run)["steps_per_second"] or 0) == pytest.approx(40, rel=0.3))


def test_a_new_run_replaces_one_without_a_name(server):
    old, named = server.run(start=False, speed=9), server.run(start=False, name="kept")
    new = server.run(start=False, replaces=old)
    server.run(start=False, replaces=named)
    assert server.refused("GET", f"/api/runs/{old}")[0] == 404
    assert server.read(named)["name"] == "kept"
    assert server.read(new)["speed"] == 9


def keep_by_name(server, run):
    server.call("PATCH", f"/api/runs/{run}", {"name": "kept"})


def keep_by_bookmark(server, run):
    server.call("PUT", f"/api/runs/{run}/bookmarks/here", {"step": 0})


def keep_by_fork(server, run):
    server.call("POST", f"/api/runs/{run}/fork", {"step": 0, "start": False})


@pytest.mark.parametrize("keep", [keep_by_name, keep_by_bookmark, keep_by_fork])
def test_a_run_with_a_name_a_bookmark_or_a_fork_is_kept(server, keep):
    run = server.run(start=False)
    keep(server, run)
    server.run(start=False, replaces=run)
    server.call("DELETE", f"/api/runs/{run}?unless_kept=true")
    assert server.read(run)["id"] == run
    server.call("DELETE", f"/api/runs/{run}")
    assert server.refused("GET", f"/api/runs/{run}")[0] == 404


def test_the_list_can_be_limited_to_a_status(server):
    training, idle = server.run(), server.run(start=False)
    for status, run in (("running", training), ("paused", idle)):
        listed = [each["id"] for each in server.call("GET", f"/api/runs?status={status}")["runs"]]
        assert listed == [run]
    assert server.refused("GET", "/api/runs?status=asleep")[1]["field"] == "status"


def test_unless_kept_deletes_any_other_run_that_does_not_train(server):
    training, idle = server.run(), server.run(start=False)
    for run in (training, idle):
        server.call("DELETE", f"/api/runs/{run}?unless_kept=true")
    assert server.read(training)["status"] == "running"
    assert server.refused("GET", f"/api/runs/{idle}")[0] == 404


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


def test_replacing_a_run_that_does_not_exist_is_no_error(server):
    assert server.run(start=False, replaces="0" * 12)


def test_a_running_run_can_be_deleted(server):
    run = server.run()
    server.trained(run)
    assert server.client.delete(f"/api/runs/{run}").status_code == 204
    assert server.refused("GET", f"/api/runs/{run}")[0] == 404
    assert run not in [entry["id"] for entry in server.call("GET", "/api/runs")["runs"]]

"""A run is continued from any step of another one, with or without changes."""

import sqlite3

import pytest

ROWS = "a,b,kind\n" + "".join(f"{row % 7},{row % 5},{'yn'[row % 2]}\n" for row in range(60))


def fork(server, run, **body):
    return server.call("POST", f"/api/runs/{run}/fork", body)


def weights(server, run, **options):
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return server.call("GET", f"/api/runs/{run}/weights?{query}")["layers"]


@pytest.fixture
def parent(server):
    """A paused run of 50 steps, whose learning rate was changed at step 20."""
    run = server.run(start=False)
    server.do(run, "step", {"count": 20})
    server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.1}})
    server.do(run, "step", {"count": 30})
    return run


@pytest.mark.parametrize("step", [0, 10, 20, 33, 50])
def test_a_fork_without_changes_does_what_its_parent_did(server, parent, step):
    answer = fork(server, parent, step=step, start=False)
    assert (answer["status"], answer["step"], answer["attempt"]) == ("paused", step, 0)
    assert answer["parent"] == {"id": parent, "attempt": 0, "step": step}
    assert answer["renewed"] == answer["renewed_codes"] == []
    assert "all weights" in answer["carried"]
    run = answer["id"]
    assert answer["url"] == f"/runs/{run}" and answer["config"]["name"] == ""
    assert weights(server, run) == weights(server, parent, step=step)
    if step < 20:
        server.do(run, "step", {"count": 20 - step})
        server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.1}})
    missing = 60 - max(step, 20)
    assert server.do(run, "step", {"count": missing})["step"] == 60
    server.do(parent, "step", {"count": 10})
    assert weights(server, run) == weights(server, parent)


@pytest.mark.parametrize(
    "config",
    [
        {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "episodes": 4},
        {"paradigm": "autoencoder", "dataset": {"name": "light_curves", "samples": 40}},
        {"layers": [{"units": 5, "dropout": 0.3}], "optimizer": {"name": "momentum"}},
    ],
)
def test_forks_of_every_paradigm_continue_bit_identically(server, config):
    run = server.call("POST", "/api/runs", config | {"start": False})["id"]
    server.do(run, "step", {"count": 5})
    copy = fork(server, run, start=False)
    assert copy["parent"]["step"] == 5 and copy["renewed"] == []
    for each in (run, copy["id"]):
        server.do(each, "step", {"count": 3})
    assert weights(server, run) == weights(server, copy["id"])


def test_without_a_body_a_fork_continues_from_the_newest_step_and_trains(server, parent):
    answer = server.client.post(f"/api/runs/{parent}/fork")
    assert answer.status_code == 201
    run = answer.json()["id"]
    assert answer.headers["location"] == f"/api/runs/{run}"
    assert answer.json()["parent"] == {"id": parent, "attempt": 0, "step": 50}
    server.trained(run, 200)
    server.do(run, "pause")
    history = server.call("GET", f"/api/runs/{run}/history")
    assert history["step"][0] == 50
    before = server.call("GET", f"/api/runs/{parent}/history")
    assert history["test_loss"][0] == before["test_loss"][before["step"].index(50)]


def test_every_answer_about_a_fork_has_its_parent_and_those_about_others_null(server, parent):
    run = fork(server, parent, step=7, start=False, name="branch")["id"]
    origin = {"id": parent, "attempt": 0, "step": 7}
    listed = {each["id"]: each["parent"] for each in server.call("GET", "/api/runs")["runs"]}
    assert listed[run] == origin and listed[parent] is None
    assert server.read(run)["parent"] == origin and server.read(run)["name"] == "branch"
    assert server.do(run, "step")["parent"] == origin
    assert server.read(parent)["parent"] is None
    assert fork(server, run, start=False)["parent"] == {"id": run, "attempt": 0, "step": 8}


def test_a_reset_of_a_fork_leads_back_to_its_beginning(server, parent):
    run = fork(server, parent, step=33, start=False)["id"]
    beginning = weights(server, run)
    server.do(run, "step", {"count": 40})
    later = weights(server, run)
    answer = server.do(run, "reset")
    assert (answer["status"], answer["step"], answer["attempt"]) == ("paused", 33, 1)
    assert weights(server, run) == beginning
    server.do(run, "step", {"count": 40})
    assert weights(server, run) == later == weights(server, run, attempt=0)
    assert server.call("GET", f"/api/runs/{run}/history")["step"][0] == 33
    attempts = server.call("GET", f"/api/runs/{run}/attempts")["attempts"]
    assert [(each["attempt"], each["step"]) for each in attempts] == [(0, 73), (1, 73)]


def test_a_reset_of_a_fork_keeps_the_changed_settings_and_the_weights_that_fit(server, parent):
    run = fork(server, parent, step=33, start=False)["id"]
    beginning = weights(server, run)
    server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.5}})
    operation = {"units": [{"layer": 0, "unit": 3, "action": "remove"}]}
    server.call("PATCH", f"/api/runs/{run}/weights", operation)
    answer = server.do(run, "reset")
    assert answer["step"] == 33 and answer["config"]["optimizer"]["learning_rate"] == 0.5
    kept = [row[:3] for row in beginning[0]["weights"]]
    assert weights(server, run)[0]["weights"] == kept


def test_steps_before_the_beginning_of_a_fork_are_refused_with_the_range(server, parent):
    run = fork(server, parent, step=33, start=False)["id"]
    server.do(run, "step", {"count": 7})
    recorded = server.call("GET", f"/api/runs/{run}/checkpoints")
    assert recorded["steps"] == list(range(33, 41))
    assert weights(server, run, step=33) == weights(server, parent, step=33)
    assert server.call("GET", f"/api/runs/{run}/views/network?step=35")["step"] == 35
    for path, body in [("weights?step=32", None), ("views/network?step=41", None), ("fork", {"step": 32})]:
        status, error = server.refused("POST" if body else "GET", f"/api/runs/{run}/{path}", body)
        assert (status, error["field"], error["limit"]) == (422, "step", [33, 40])


def test_a_fork_of_an_earlier_attempt(server, parent):
    expected = weights(server, parent, step=30)
    server.do(parent, "reset")
    answer = fork(server, parent, attempt=0, step=30, start=False)
    assert answer["parent"] == {"id": parent, "attempt": 0, "step": 30} and answer["attempt"] == 0
    assert weights(server, answer["id"]) == expected
    assert fork(server, parent, attempt=0, start=False)["step"] == 50
    assert fork(server, parent, start=False)["step"] == 0


def test_changed_units_keep_the_weights_that_fit(server, parent):
    answer = fork(server, parent, step=50, changes={"layers": [{"units": 6}, {"units": 3}]}, start=False)
    before, after = weights(server, parent), weights(server, answer["id"])
    assert [len(layer["biases"]) for layer in after] == [6, 3, 1]
    assert [row[:4] for row in after[0]["weights"]] == before[0]["weights"]
    first = {"layer": 0, "count": 12, "total": 18}
    assert {"code": "layer_weights", "parameters": first} in answer["carried_codes"]
    assert {"code": "layer_weights", "parameters": first | {"count": 6}} in answer["renewed_codes"]
    assert "weights of layer 1 (6 of 18)" in answer["renewed"]
    assert server.do(answer["id"], "step", {"count": 5})["step"] == 55


@pytest.mark.parametrize(
    ("changes", "renewed"),
    [
        ({"dataset": {"name": "xor"}}, {"epoch_order"}),
        ({"dataset": {"noise": 0.4}}, set()),
        ({"dataset": {"train_samples": 9}}, {"epoch_order"}),
        ({"optimizer": {"name": "sgd", "learning_rate": 0.02}}, {"optimizer_state"}),
        ({"layers": [{"activation": "relu"}]}, set()),
        ({"features": ["x1", "x2", "x1^2"]}, {"layer_weights", "optimizer_state"}),
        ({"loss": {"name": "mean_squared_error"}, "batch_size": 5, "dtype": "float64"}, set()),
        ({"seed": 3}, {"random_state"}),
    ],
)
def test_what_a_change_begins_anew_is_named(server, parent, changes, renewed):
    answer = fork(server, parent, step=40, changes=changes, start=False)
    assert {each["code"] for each in answer["renewed_codes"]} == renewed
    assert server.do(answer["id"], "step", {"count": 3})["step"] == 43


def test_a_fork_survives_a_restart_and_the_deletion_of_its_parent(start_server, tmp_path):
    first = start_server(tmp_path)
    parent = first.run(start=False)
    first.do(parent, "step", {"count": 10})
    first.call("PATCH", f"/api/runs/{parent}/points", {"add": [{"inputs": [0.1, 0.2], "target": 1}]})
    run = fork(first, parent, start=False)["id"]
    assert fork(first, parent, step=0)["status"] in ("running", "queued")
    beginning, points = weights(first, run), first.call("GET", f"/api/runs/{run}/points")
    first.do(run, "step", {"count": 5})
    later = weights(first, run)
    first.call("DELETE", f"/api/runs/{parent}")
    first.stop()
    second = start_server(tmp_path)
    answer = second.read(run)
    assert (answer["step"], answer["parent"]) == (15, {"id": parent, "attempt": 0, "step": 10})
    assert weights(second, run) == later
    assert second.do(run, "reset")["step"] == 10
    assert weights(second, run) == beginning
    assert second.call("GET", f"/api/runs/{run}/points") == points
    second.do(run, "step", {"count": 5})
    assert weights(second, run) == later == weights(second, run, attempt=0)


def test_a_fork_goes_on_with_imported_data_by_name(server, parent):
    answer = server.client.put("/api/datasets/fork-rows?target=kind", content=ROWS)
    assert answer.status_code == 201
    content = answer.json()["content"]
    try:
        forked = fork(server, parent, changes={"dataset": {"name": "fork-rows"}}, start=False)
        assert forked["config"]["dataset"]["content"] == content
        assert forked["config"]["features"] == ["a", "b"]
    finally:
        server.call("DELETE", "/api/datasets/fork-rows")
    assert server.do(forked["id"], "step", {"count": 2})["step"] == 52
    split = fork(server, forked["id"], changes={"dataset": {"seed": 3}}, start=False)
    assert split["config"]["dataset"]["content"] == content
    back = fork(server, split["id"], changes={"dataset": {"name": "xor"}}, start=False)
    assert back["config"]["dataset"]["content"] is None
    assert back["config"]["features"] == ["x1", "x2"]


def test_drawn_points_are_kept_until_the_generator_is_changed(server, parent):
    server.call("PATCH", f"/api/runs/{parent}/points", {"add": [{"inputs": [0.1, 0.2], "target": 1}]})
    drawn = server.read(parent)["config"]["dataset"]["content"]
    same = fork(server, parent, changes={"batch_size": 5}, start=False)
    assert same["config"]["dataset"]["content"] == drawn
    other = fork(server, parent, changes={"dataset": {"samples": 120}}, start=False)["config"]["dataset"]
    assert (other["content"], other["samples"], other["noise"]) == (None, 120, 0.1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"step": 51}, "step"),
        ({"step": -1}, "step"),
        ({"step": "ten"}, "step"),
        ({"attempt": 3}, "attempt"),
        ({"attempt": -1}, "attempt"),
        ({"changes": 5}, "changes"),
        ({"changes": None}, "changes"),
        ({"changes": {"paradigm": "autoencoder"}}, "changes.paradigm"),
        ({"changes": {"layers": [{"units": 0}]}}, "changes.layers.0.units"),
        ({"changes": {"layers": [{"units": 2000}] * 3}}, "changes.layers.0.units"),
        ({"changes": {"dataset": {"name": "nowhere"}}}, "changes.dataset.name"),
        ({"changes": {"dataset": {"name": "a" * 64, "content": "b" * 64}}}, "changes.dataset.content"),
        ({"changes": {"optimizer": {"learning_rate": "fast"}}}, "changes.optimizer.learning_rate"),
        ({"changes": {"start": True}}, "changes.start"),
        ({"start": "yes"}, "start"),
        ({"name": 5}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"from": 5}, "from"),
    ],
)
def test_an_invalid_fork_is_refused_with_the_field(server, parent, body, field):
    status, error = server.refused("POST", f"/api/runs/{parent}/fork", body)
    assert (status, error["field"]) == (404 if body == {"attempt": 3} else 422, field)
    assert len(server.call("GET", "/api/runs")["runs"]) == 1


def test_a_fork_of_no_run_is_not_found(server):
    status, error = server.refused("POST", "/api/runs/nothing/fork", {})
    assert (status, error["code"]) == (404, "no_such_run")


def test_the_state_with_which_a_fork_begins_is_deleted_with_the_run(start_server, tmp_path):
    server = start_server(tmp_path)
    parent = server.run(start=False)
    run = fork(server, parent, start=False)["id"]
    server.call("DELETE", f"/api/runs/{run}")
    server.stop()
    with sqlite3.connect(next(tmp_path.glob("*.sqlite*"))) as connection:
        assert connection.execute("SELECT count(*) FROM beginnings").fetchone() == (0,)


def test_a_diverged_run_goes_on_from_an_earlier_step_with_a_lower_rate(server):
    rate = {"name": "sgd", "learning_rate": 1000}
    parent = server.run(dataset={"name": "sine"}, start=False, layers=[{"units": 8, "activation": "relu"}])
    server.do(parent, "step", {"count": 10})
    answer = fork(server, parent, changes={"optimizer": rate})
    assert server.ended(answer["id"])["status"] == "diverged"
    calm = fork(server, answer["id"], step=10, changes={"optimizer": {"learning_rate": 0.001}}, start=False)
    assert weights(server, calm["id"]) == weights(server, parent)
    assert server.do(calm["id"], "step", {"count": 50})["step"] == 60


def test_a_finished_run_goes_on_in_a_fork_with_more_epochs(server):
    parent = server.run(epochs=3)
    steps = server.ended(parent)["step"]
    longer = server.ended(fork(server, parent, changes={"epochs": 5})["id"])
    assert (longer["status"], longer["epoch"], longer["step"]) == ("finished", 5, steps // 3 * 5)
    assert server.ended(fork(server, parent)["id"])["step"] == steps


def test_a_running_parent_trains_on_while_it_is_forked(server):
    parent = server.run()
    server.trained(parent, 500)
    runs = [fork(server, parent, start=False), fork(server, parent, step=77, start=False)]
    assert runs[0]["step"] >= 500 and runs[1]["step"] == 77
    for run in runs:
        server.trained(parent, run["step"])
        assert weights(server, run["id"]) == weights(server, parent, step=run["step"])
    assert server.read(parent)["status"] == "running"


def test_a_fork_continues_from_its_beginning_when_its_worker_is_lost(start_server, tmp_path):
    server = start_server(tmp_path)
    parent = server.run(start=False)
    server.do(parent, "step", {"count": 40})
    run = fork(server, parent, step=30, start=False)["id"]
    beginning = weights(server, run)
    server.kill("training_worker")
    assert weights(server, run) == beginning
    server.do(run, "step", {"count": 10})
    assert weights(server, run) == weights(server, parent)


def test_a_reset_leads_back_to_the_beginning_also_after_the_first_attempt_was_deleted(start_server, tmp_path):
    server = start_server(tmp_path, "--run-budget", "1MiB")
    parent = server.run(start=False, layers=[{"units": 250}, {"units": 250}])
    server.do(parent, "step", {"count": 3})
    run = fork(server, parent, start=False)["id"]
    beginning = weights(server, run, arrays="typed")
    for _ in range(3):
        server.do(run, "step", {"count": 3})
        assert server.do(run, "reset")["step"] == 3
    attempts = server.call("GET", f"/api/runs/{run}/attempts")["attempts"]
    assert attempts[0]["attempt"] > 0
    assert weights(server, run, arrays="typed") == beginning
    server.do(run, "step", {"count": 3})
    assert weights(server, run, arrays="typed", step=3) == beginning


def test_the_stream_of_a_fork_begins_at_its_first_step(server, parent):
    run = fork(server, parent, step=33, start=False)["id"]
    with server.stream(run, "after=0") as socket:
        server.do(run, "step", {"count": 20})
        frames = server.frames(socket, lambda frame: frame["kind"] == "status" and frame["step"] == 53)
    steps = server.steps(frames)
    assert steps[0] == 33 and steps == sorted(set(steps)) and steps[-1] <= 53


def test_the_family_of_a_run_is_its_ancestors_and_all_their_forks(server, parent):
    server.run(start=False)  # no relative
    children = [fork(server, parent, step=step, start=False)["id"] for step in (10, 20)]
    grandchild = fork(server, children[0], start=False)["id"]
    family = [parent, *children, grandchild]
    for member in family:
        listed = [run["id"] for run in server.call("GET", f"/api/runs?family={member}")["runs"]]
        assert listed == family[::-1]
    page = server.call("GET", f"/api/runs?family={parent}&limit=2&before={grandchild}")["runs"]
    assert [run["id"] for run in page] == children[::-1]


def test_a_run_without_forks_is_its_own_family(server, parent):
    assert [run["id"] for run in server.call("GET", f"/api/runs?family={parent}")["runs"]] == [parent]


def test_forks_of_a_deleted_run_remain_a_family(server, parent):
    children = [fork(server, parent, step=step, start=False)["id"] for step in (10, 20)]
    server.call("DELETE", f"/api/runs/{parent}")
    listed = [run["id"] for run in server.call("GET", f"/api/runs?family={children[0]}")["runs"]]
    assert listed == children[::-1]


def test_the_family_of_no_run_is_not_found(server):
    status, error = server.refused("GET", "/api/runs?family=nothing")
    assert (status, error["code"], error["field"]) == (404, "no_such_run", "family")

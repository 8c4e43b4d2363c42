"""Policy gradient: such a run is started, paused, changed, viewed and continued like every run."""

import csv
import io
import json

import pytest

CART_POLE = {
    "paradigm": "policy_gradient",
    "environment": {"name": "cart_pole"},
    "layers": [{"units": 4}],
    "episodes": 4,
    "discount": 0.99,
}
SCHEDULING = CART_POLE | {"environment": {"name": "scheduling", "horizon": 10}}
TELESCOPE = CART_POLE | {"environment": {"name": "telescope"}}


def create(server, config, **fields):
    return server.call("POST", "/api/runs", config | {"start": False, "speed": "max"} | fields)["id"]


def steps(server, run, count):
    return server.call("POST", f"/api/runs/{run}/step", {"unit": "step", "count": count})


@pytest.mark.parametrize("config", [CART_POLE, SCHEDULING, TELESCOPE])
def test_a_step_command_records_the_returns_of_every_step_with_their_spread(server, config):
    run = create(server, config)
    answer = steps(server, run, 5)
    assert (answer["step"], answer["epoch"], answer["status"]) == (5, 5, "paused")
    history = server.call("GET", f"/api/runs/{run}/history")
    assert history["step"] == [1, 2, 3, 4, 5]
    assert history["train_loss"] == [None] * 5
    metrics = history["metrics"]
    assert all(metrics["return_p10"][i] <= metrics["return_p90"][i] for i in range(5))
    assert ("slowdown_mean" in metrics) == (config is SCHEDULING)
    assert answer["latest"]["metrics"]["length_mean"] == metrics["length_mean"][-1]


def test_the_history_as_a_file_has_a_column_for_every_metric(server):
    run = create(server, SCHEDULING)
    steps(server, run, 2)
    text = server.client.get(f"/api/runs/{run}/history?format=csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    assert rows[0]["train_loss"] == ""
    assert float(rows[0]["slowdown_mean"]) >= 1


def test_changing_resetting_and_finishing_work_as_for_every_run(server):
    run = create(server, CART_POLE, epochs=30)
    steps(server, run, 2)
    changed = server.call(
        "PATCH", f"/api/runs/{run}", {"entropy_bonus": 0.2, "optimizer": {"learning_rate": 0.1}}
    )
    assert (changed["config"]["entropy_bonus"], changed["learning_rate"]) == (0.2, 0.1)
    first = server.call("GET", f"/api/runs/{run}/history")["metrics"]["return_mean"]
    reset = server.call("POST", f"/api/runs/{run}/reset")
    assert (reset["step"], reset["attempt"]) == (0, 1)
    steps(server, run, 1)
    assert server.call("GET", f"/api/runs/{run}/history")["metrics"]["return_mean"] == first[:1]
    server.do(run, "start")
    ended = server.ended(run)
    assert (ended["status"], ended["step"]) == ("finished", 30)


@pytest.mark.parametrize("view", ["episode", "policy", "comparison", "network", "decision_boundary",
                                  "activation_histograms", "activation_curves"])  # fmt: skip
def test_the_views_that_apply_are_computed_before_and_after_training(server, view):
    run = create(server, SCHEDULING)
    before = server.call("GET", f"/api/runs/{run}/views/{view}")
    steps(server, run, 3)
    after = server.call("GET", f"/api/runs/{run}/views/{view}")
    assert (before["step"], after["step"]) == (0, 3)
    assert before != after


@pytest.mark.parametrize("view", ["layer_health", "loss_landscape", "results", "sample_trace", "perceptron"])
def test_a_view_that_does_not_apply_is_refused_with_its_name(server, view):
    run = create(server, CART_POLE)
    status, error = server.refused("GET", f"/api/runs/{run}/views/{view}")
    assert (status, error["field"], error["given"]) == (422, "view", view)


def test_predictions_are_probabilities_of_the_actions(server):
    run = create(server, CART_POLE)
    steps(server, run, 2)
    answer = server.call("POST", f"/api/runs/{run}/predict", {"inputs": [[0, 0, 0.5, 0], [0, 0, -0.5, 0]]})
    assert all(abs(sum(row) - 1) < 1e-5 for row in answer["outputs"])
    assert set(answer["classes"]) <= {"left", "right"}
    states = server.call("GET", f"/api/runs/{run}/points")
    assert len(states["train"]["inputs"][0]) == 4


def test_long_episodes_do_not_block_other_runs_of_a_worker(server):
    slow = create(
        server, SCHEDULING | {"episodes": 256, "environment": {"name": "scheduling", "horizon": 200}}
    )
    server.do(slow, "start")
    quick = server.run()
    assert server.trained(quick, 2000)["status"] == "running"
    server.do(slow, "pause")


def test_the_command_line_trains_a_policy_to_the_end(command, tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(SCHEDULING | {"epochs": 3}))
    process = command("train", str(path), "--set", "environment.load=0.5", "--output", str(tmp_path / "out"))
    assert process.returncode == 0, process.stderr
    summary = json.loads(process.stdout)
    assert (summary["status"], summary["steps"]) == ("finished", 3)
    assert summary["latest"]["metrics"]["slowdown_mean"] >= 1
    assert "return_p90" in (tmp_path / "out" / "history.csv").read_text().splitlines()[0]

"""Reading runs: history, weights, views, points and the list of runs."""

import csv
import io

import numpy as np


def test_every_list_of_the_history_has_a_value_or_null_for_every_point(server):
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


def test_the_history_after_a_step_has_only_later_points(server):
    run = server.run(epochs=5)
    server.ended(run)
    steps = server.call("GET", f"/api/runs/{run}/history")["step"]
    assert server.call("GET", f"/api/runs/{run}/history?after=3")["step"] == [
        step for step in steps if step > 3
    ]


def test_the_history_as_csv_has_the_same_values(server):
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


def test_weights_and_views_are_available_for_every_recorded_step(server):
    run = server.run(start=False)
    initial = server.call("GET", f"/api/runs/{run}/weights")
    for _ in range(3):
        server.do(run, "step", {"count": 4})
    recorded = server.call("GET", f"/api/runs/{run}/checkpoints")
    assert recorded["steps"] == list(range(13))
    assert recorded["epochs"] == [step // 2 for step in range(13)]
    assert server.call("GET", f"/api/runs/{run}/weights?step=0") == initial
    views = [server.call("GET", f"/api/runs/{run}/views/decision_boundary?step={s}") for s in (0, 4, 8, 12)]
    assert [view["step"] for view in views] == [0, 4, 8, 12]
    assert views[3]["values"] == server.call("GET", f"/api/runs/{run}/views/decision_boundary")["values"]
    assert views[0]["values"] != views[3]["values"]


def test_a_step_beyond_the_newest_is_refused_with_the_range(server):
    run = server.run(start=False)
    status, error = server.refused("GET", f"/api/runs/{run}/weights?step=3")
    assert (status, error["field"], error["limit"]) == (422, "step", [0, 0])


def test_typed_arrays_have_the_values_of_plain_ones(server, read_typed):
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


def test_the_list_of_runs_has_pages_with_the_newest_first(server):
    runs = [server.run(start=False) for _ in range(3)][::-1]
    page = [run["id"] for run in server.call("GET", "/api/runs?limit=2")["runs"]]
    assert page == runs[:2]
    assert server.call("GET", f"/api/runs?limit=1&before={runs[1]}")["runs"][0]["id"] == runs[2]

"""Drawn points: added, moved and removed while a run continues with the same weights."""

import contextlib

import numpy as np
import pytest

CIRCLE = {"dataset": {"name": "circle", "samples": 40}, "start": False, "epochs": 1_000_000}


def change_points(server, run, **operations):
    return server.call("PATCH", f"/api/runs/{run}/points", operations)


def points(server, run):
    return server.call("GET", f"/api/runs/{run}/points")


def test_points_are_added_moved_and_removed(server):
    run = server.run(**CIRCLE)
    before = points(server, run)
    answer = change_points(
        server, run,
        add=[{"inputs": [5.5, -5.5], "target": 1}, {"inputs": [0, 0], "target": 0, "part": "test"}],
        move=[{"part": "train", "index": 0, "inputs": [1, 2]}], remove=[{"part": "train", "index": 1}],
    )  # fmt: skip
    after = points(server, run)
    expected = [[1, 2], *before["train"]["inputs"][2:], [5.5, -5.5]]
    assert after["train"]["inputs"] == expected
    assert after["train"]["targets"] == [before["train"]["targets"][0], *before["train"]["targets"][2:], 1]
    assert after["test"]["inputs"] == [*before["test"]["inputs"], [0, 0]]
    assert answer["event"]["type"] == "data" and answer["event"]["rows"] == 41
    assert answer["config"]["dataset"]["content"] == answer["event"]["content"]
    assert answer["config"]["dataset"]["name"] == "circle"


def test_the_weights_stay_the_same_and_the_training_continues(server):
    run = server.run(**CIRCLE | {"start": True, "speed": 200})
    server.trained(run, 20)
    server.do(run, "pause")
    weights, step = server.weights(run), server.read(run)["step"]
    change_points(server, run, add=[{"inputs": [0, 0], "target": 0}] * 20)
    assert server.weights(run) == weights
    assert server.read(run)["step"] == step
    server.do(run, "start")
    server.trained(run, step + 20)
    change_points(server, run, remove=[{"part": "train", "index": 3}])
    assert server.read(run)["status"] == "running"
    server.trained(run, server.read(run)["step"] + 20)


def test_viewers_receive_the_event_before_the_status(server):
    run = server.run(**CIRCLE)
    with server.stream(run, f"after={server.read(run)['seq']}") as stream:
        event = change_points(server, run, add=[{"inputs": [1, 1], "target": 1}])["event"]
        frames = server.frames(
            stream, lambda frame: frame["kind"] == "status" and frame["config"]["dataset"]["content"]
        )
    (received,) = [frame["event"] for frame in frames if frame["kind"] == "event"]
    assert received == event
    assert frames[-1]["config"]["dataset"]["content"] == event["content"]


def test_the_previous_content_undoes_a_change(server):
    run = server.run(**CIRCLE)
    before = points(server, run)
    previous = change_points(server, run, remove=[{"part": "test", "index": 0}])["event"]["previous"]
    assert points(server, run) != before
    assert change_points(server, run, content=previous)["event"]["rows"] == 40
    assert points(server, run) == before


def test_the_previous_content_restores_the_parts_of_imported_data(server):
    rows = "".join(f"{row % 7},{row % 5},{'yn'[row % 2]}\n" for row in range(60))
    put = server.client.put(
        "/api/datasets/drawable", content="a,b,kind\n" + rows, headers={"content-type": "text/csv"}
    )
    assert put.is_success, put.text
    run = server.run(dataset={"name": "drawable", "samples": 40, "test_fraction": 0.3}, start=False)
    server.call("DELETE", "/api/datasets/drawable")
    before = points(server, run)
    previous = change_points(server, run, add=[{"inputs": [1, 1], "target": "y"}])["event"]["previous"]
    change_points(server, run, content=previous)
    assert points(server, run) == before


def test_a_run_continues_bit_identically_after_a_restart(start_server, tmp_path):
    server = start_server(tmp_path)
    add = [{"inputs": [float(index), 1.0], "target": index % 2} for index in range(7)]

    def results(restart):
        nonlocal server
        run = server.run(**CIRCLE | {"batch_size": 7, "optimizer": {"name": "adam"}})
        server.do(run, "step", {"count": 13})
        change_points(server, run, add=add)
        server.do(run, "step", {"count": 5})
        if restart:
            server.stop()
            server = start_server(tmp_path)
        server.do(run, "step", {"count": 11})
        return server.weights(run), points(server, run)

    assert results(restart=False) == results(restart=True)


def test_reset_keeps_the_points_and_returns_to_the_initial_weights(server):
    run = server.run(**CIRCLE)
    initial = server.weights(run)
    server.do(run, "step", {"count": 5})
    change_points(server, run, add=[{"inputs": [1, 1], "target": 1}])
    drawn = points(server, run)
    server.do(run, "reset")
    assert server.weights(run) == initial
    assert points(server, run) == drawn


def test_a_view_of_an_earlier_step_uses_the_points_of_that_step(server):
    run = server.run(**CIRCLE)
    server.do(run, "step", {"count": 5})
    results = server.call("GET", f"/api/runs/{run}/views/results?step=0")
    change_points(server, run, remove=[{"part": "test", "index": index} for index in range(10)])
    server.do(run, "step", {"count": 5})
    assert server.call("GET", f"/api/runs/{run}/views/results?step=0") == results


def test_another_run_can_start_with_the_drawn_points(server):
    run = server.run(**CIRCLE)
    change_points(server, run, add=[{"inputs": [1, 1], "target": 1}])
    config = server.read(run)["config"]
    other = server.run(**config | {"layers": [{"units": 3}], "start": False})
    assert points(server, other) == points(server, run)


@pytest.mark.parametrize(
    ("name", "inputs", "target"),
    [
        ("plane", [1, 1], 0.5),
        ("sine", [1], -0.5),
        ("blobs", [1, 1], 2),
        ("discs", [1, 1], [1, 0, 1]),
        ("moons", [1, 1], "lower"),
    ],
)
def test_points_of_every_task_can_be_added(server, name, inputs, target):
    run = server.run(dataset={"name": name, "samples": 20}, start=False)
    change_points(server, run, add=[{"inputs": inputs, "target": target}])
    train = points(server, run)["train"]
    assert train["inputs"][-1] == inputs
    assert train["targets"][-1] == (1 if target == "lower" else target)
    server.do(run, "step", {"count": 3})


def test_a_run_trains_on_a_single_point(server):
    run = server.run(**CIRCLE)
    parts = points(server, run)
    every_point = [
        {"part": part, "index": index}
        for part in ("train", "test")
        for index in range(len(parts[part]["inputs"]))
    ]
    change_points(server, run, remove=every_point, add=[{"inputs": [1, 1], "target": 1}])
    assert points(server, run)["train"]["inputs"] == [[1, 1]]
    assert server.do(run, "step", {"count": 5})["step"] == 5
    assert server.client.get(f"/api/runs/{run}/views/decision_boundary?resolution=8").is_success
    change_points(
        server, run, add=[{"inputs": [2, index / 9], "target": 0, "part": "test"} for index in range(60)]
    )
    assert server.read(run)["config"]["dataset"]["samples"] == 61


def test_the_rows_of_a_truth_table_become_training_points(server):
    run = server.run(dataset={"name": "gate_xor"}, start=False)
    change_points(server, run, add=[{"inputs": [0.5, 0.5], "target": 1}])
    after = points(server, run)
    assert (len(after["train"]["inputs"]), len(after["test"]["inputs"])) == (5, 0)


INVALID = [
    ({"add": [{"inputs": [1], "target": 1}]}, "add.0.inputs"),
    ({"add": [{"inputs": [1, "x"], "target": 1}]}, "add.0.inputs"),
    ({"add": [{"inputs": [1, 1e300], "target": 1}]}, "add.0.inputs"),
    ({"add": [{"inputs": [1, 1], "target": 2}]}, "add.0.target"),
    ({"add": [{"inputs": [1, 1], "target": True}]}, "add.0.target"),
    ({"add": [{"inputs": [1, 1], "target": 1, "part": "best"}]}, "add.0.part"),
    ({"add": [{"inputs": [1, 1], "target": 1, "colour": 1}]}, "add.0.colour"),
    ({"add": 3}, "add"), ({"add": [3]}, "add.0"), ({"paint": []}, "paint"),
    ({"move": [{"part": "train", "index": 20, "inputs": [1, 1]}]}, "move.0.index"),
    ({"move": [{"part": [], "index": 0, "inputs": [1, 1]}]}, "move.0.part"),
    ({"remove": [{"part": "train", "index": -1}]}, "remove.0.index"),
    ({"remove": [{"part": "train", "index": index} for index in range(20)]}, "remove"),
    ({"add": [{"inputs": [1, 1], "target": 1}] * 5000}, "add"),
    ({"content": "0" * 64}, "content"), ({"content": "../x"}, "content"), ({"content": 3}, "content"),
]  # fmt: skip


@pytest.mark.parametrize(("operations", "field"), INVALID)
def test_an_invalid_change_of_points_is_refused_and_changes_nothing(server, operations, field):
    run = server.run(**CIRCLE)
    before = points(server, run)
    status, error = server.refused("PATCH", f"/api/runs/{run}/points", operations)
    assert (status, error["field"]) == (422, field)
    assert points(server, run) == before
    assert server.read(run)["config"]["dataset"]["content"] is None


@pytest.mark.parametrize("body", [{}, None])
def test_an_empty_change_is_refused_with_the_possible_operations(server, body):
    run = server.run(**CIRCLE)
    status, error = server.refused("PATCH", f"/api/runs/{run}/points", body)
    assert (status, error["code"], error["field"]) == (422, "invalid", None)
    assert error["limit"] == ["add", "move", "remove", "content"]
    assert "add, move, remove, content" in error["message"]
    assert server.read(run)["config"]["dataset"]["content"] is None


def test_points_with_more_than_two_inputs_cannot_be_changed(server):
    run = server.run(dataset={"name": "iris"}, start=False)
    status, error = server.refused("PATCH", f"/api/runs/{run}/points", {"add": []})
    assert status == 422 and "one or two inputs" in error["message"]
    assert (error["field"], error["given"], error["limit"]) == ("inputs", 4, 2)


@pytest.mark.parametrize("paradigm", ["autoencoder", "policy_gradient"])
def test_points_of_other_paradigms_cannot_be_changed(server, paradigm):
    run = server.call("POST", "/api/runs", {"paradigm": paradigm, "start": False})["id"]
    status, error = server.refused("PATCH", f"/api/runs/{run}/points", {"add": []})
    assert (status, error["field"], error["given"]) == (422, "paradigm", paradigm)


def test_the_network_learns_the_drawn_points(server):
    run = server.run(**CIRCLE | {"epochs": 400, "start": True})
    change_points(server, run, add=[{"inputs": [0.0, 0.0], "target": 0}] * 60)
    server.ended(run)
    outputs = server.call("POST", f"/api/runs/{run}/predict", {"inputs": [[0.0, 0.0]]})["outputs"]
    assert np.ravel(outputs)[0] < 0.5


def test_drawn_points_count_in_the_budget_of_the_run_and_go_with_their_attempts_and_the_run(
    start_server, tmp_path
):
    server = start_server(tmp_path, "--run-budget", "1MiB")
    run = server.run(dataset={"name": "circle", "samples": 5000}, start=False, epochs=1)

    def files():
        sizes = []
        for path in (tmp_path / "datasets").iterdir():
            with contextlib.suppress(FileNotFoundError):  # the server deletes it at this moment
                sizes.append(path.stat().st_size)
        return sizes

    def drag(x):
        change_points(server, run, move=[{"part": "train", "index": 0, "inputs": [x, 0]}])

    for x in range(3):
        drag(x)
    checkpoints = server.call("GET", f"/api/runs/{run}/checkpoints")
    assert checkpoints["drawn_bytes"] == sum(files())
    assert server.call("GET", "/healthz")["checkpoints"]["bytes"] == sum(files()) + checkpoints["bytes"]
    assert len(files()) == 8  # the points before and after each change
    server.do(run, "reset")
    for x in range(3, 10):
        drag(x)
    (only,) = server.call("GET", f"/api/runs/{run}/attempts")["attempts"]
    assert only["attempt"] == 1
    # The first attempt was deleted with its points, except for the last ones, with which the second began.
    server.until(lambda: len(files()) == 16)
    assert points(server, run)["train"]["inputs"][0] == [9, 0]
    server.stop()
    server = start_server(tmp_path)
    assert server.call("GET", f"/api/runs/{run}/checkpoints")["drawn_bytes"] == sum(files())
    server.call("DELETE", f"/api/runs/{run}")
    server.until(lambda: not files())
    assert server.call("GET", "/healthz")["checkpoints"]["bytes"] == 0

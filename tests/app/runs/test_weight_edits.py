"""Weight edits: changes of weights and units, and their persistence."""

import json

import numpy as np
import pytest

EDIT = {"weights": [{"layer": 0, "unit": 1, "source": "bias", "value": 0.5}]}


def edit(server, run, operations):
    return server.call("PATCH", f"/api/runs/{run}/weights", operations)


def layers(server, run, step=""):
    return server.call("GET", f"/api/runs/{run}/weights{step}")["layers"]


def test_a_weight_gets_the_value_and_the_answer_has_the_event(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 3})
    answer = edit(server, run, EDIT)
    assert answer["event"] == {"type": "operation", "operations": EDIT}
    assert (answer["id"], answer["status"], answer["step"], answer["parameters"]) == (run, "paused", 3, 17)
    assert layers(server, run)[0]["biases"][1] == 0.5


def test_an_edit_is_sent_as_an_event_followed_by_a_status(server):
    run = server.run(start=False)
    with server.stream(run) as socket:
        edit(server, run, {"units": [{"layer": 0, "unit": 2, "action": "duplicate"}]})
        frames = server.frames(
            socket, lambda frame: frame["kind"] == "status" and frame["config"]["layers"][0]["units"] == 5
        )
    event = frames[-2]
    assert (event["kind"], event["event"]["type"], event["seq"] + 1) == (
        "event",
        "operation",
        frames[-1]["seq"],
    )
    assert frames[-1]["parameters"] == 3 * 5 + 6
    assert frames[-1]["latest"]["train_loss"] > 0


def test_a_running_run_continues_after_a_unit_was_removed(server):
    run = server.run()
    step = server.trained(run, 100)["step"]
    answer = edit(server, run, {"units": [{"layer": 0, "unit": 0, "action": "remove"}]})
    assert (answer["status"], answer["config"]["layers"][0]["units"]) == ("running", 3)
    assert server.trained(run, step + 1000)["parameters"] == 3 * 3 + 4


@pytest.mark.parametrize("status", ["finished", "stopped"])
def test_editing_the_weights_of_an_ended_run_does_not_start_it(server, status):
    run = server.run(**({"epochs": 2} if status == "finished" else {}))
    if status == "stopped":
        server.do(run, "stop")
    step = server.ended(run)["step"]
    answer = edit(server, run, EDIT)
    assert (answer["status"], answer["step"]) == (status, step)
    assert layers(server, run)[0]["biases"][1] == 0.5


def test_an_invalid_edit_is_refused_with_its_field_and_changes_nothing(server):
    run = server.run(start=False)
    before = layers(server, run)
    invalid = {"weights": [EDIT["weights"][0], {"layer": 7, "unit": 0, "source": 0, "value": 1}]}
    for operations, field in (
        (invalid, "weights.1.layer"),
        ({}, None),
        ({"units": 3}, "units"),
        ({"x": []}, "x"),
    ):
        status, error = server.refused("PATCH", f"/api/runs/{run}/weights", operations)
        assert (status, error["field"]) == (422, field)
    assert layers(server, run) == before


def test_an_empty_edit_is_refused_with_the_possible_operations(server):
    run = server.run(start=False)
    for operations in ({}, {"x": []}):
        error = server.refused("PATCH", f"/api/runs/{run}/weights", operations)[1]
        assert error["limit"] == ["weights", "freeze", "units"]


def test_weights_have_the_frozen_parameters_and_the_disabled_units(server):
    run = server.run(start=False)
    assert not {"frozen", "off"} & set(layers(server, run)[0])
    edit(
        server, run,
        {"freeze": [{"layer": 0, "unit": 1, "frozen": True}],
         "units": [{"layer": 0, "unit": 3, "action": "off"}]},
    )  # fmt: skip
    hidden, output = layers(server, run)
    assert hidden["frozen"] == [[False, True, False, False]] * 3
    assert hidden["off"] == [3]
    assert "frozen" not in output
    server.do(run, "step", {"count": 5})
    assert layers(server, run)[0]["biases"][1] == hidden["biases"][1]


def test_views_and_weights_of_earlier_steps_have_the_units_of_those_steps(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 4})
    edit(server, run, {"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]})
    server.do(run, "step", {"count": 4})
    counts = {}
    for step in server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]:
        view = server.call("GET", f"/api/runs/{run}/views/network?step={step}")
        weights = layers(server, run, f"?step={step}")
        counts[step] = view["layers"][0]["units"]
        assert np.shape(weights[0]["weights"])[1] == counts[step]
    assert counts == {step: 4 if step < 4 else 5 for step in range(9)}


def test_views_show_an_edit_of_a_paused_run_at_once(server):
    run = server.run(start=False)
    with server.stream(run, "views=network") as socket:
        server.frames(socket, lambda frame: frame["kind"] == "view")
        edit(server, run, {"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]})
        frames = server.frames(
            socket, lambda frame: frame["kind"] == "view" and frame["layers"][0]["units"] == 5
        )
    assert frames[-1]["step"] == 0 and server.read(run)["status"] == "paused"


def test_a_run_continues_bit_identically_when_its_worker_is_killed_after_an_edit(start_server, tmp_path):
    server = start_server(tmp_path)
    edits = {
        **EDIT,
        "freeze": [{"layer": 1, "unit": 0, "source": 2, "frozen": True}],
        "units": [{"layer": 0, "unit": 1, "action": "duplicate"}, {"layer": 0, "unit": 0, "action": "off"}],
    }
    results = []
    for killed in (False, True):
        run = server.run(start=False, epochs=40)
        server.do(run, "step", {"count": 11})
        edit(server, run, edits)
        if killed:
            server.kill("training_worker")
        server.do(run, "step", {"count": 20})
        server.do(run, "start")
        assert server.ended(run)["status"] == "finished"
        history = server.call("GET", f"/api/runs/{run}/history")
        results.append((server.weights(run), history["step"], history["train_loss"]))
    assert json.dumps(results[0]) == json.dumps(results[1])

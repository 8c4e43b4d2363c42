"""Operations on weights and units: what is edited stays edited, whatever happens then."""

import json

import numpy as np
import pytest

EDIT = {"weights": [{"layer": 0, "unit": 1, "source": "bias", "value": 0.5}]}


def operate(server, run, operations):
    return server.call("PATCH", f"/api/runs/{run}/weights", operations)


def layers(server, run, step=""):
    return server.call("GET", f"/api/runs/{run}/weights{step}")["layers"]


def test_a_weight_takes_the_value_and_the_answer_says_what_was_done(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 3})
    answer = operate(server, run, EDIT)
    assert answer["event"] == {"type": "operation", "operations": EDIT}
    assert (answer["id"], answer["status"], answer["step"], answer["parameters"]) == (run, "paused", 3, 17)
    assert layers(server, run)[0]["biases"][1] == 0.5


def test_an_operation_is_recorded_as_an_event_and_a_status_that_follows(server):
    run = server.run(start=False)
    with server.stream(run) as socket:
        operate(server, run, {"units": [{"layer": 0, "unit": 2, "action": "duplicate"}]})
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


def test_a_running_run_goes_on_after_a_unit_was_removed(server):
    run = server.run()
    step = server.trained(run, 100)["step"]
    answer = operate(server, run, {"units": [{"layer": 0, "unit": 0, "action": "remove"}]})
    assert (answer["status"], answer["config"]["layers"][0]["units"]) == ("running", 3)
    assert server.trained(run, step + 1000)["parameters"] == 3 * 3 + 4


@pytest.mark.parametrize("ending", ["finished", "stopped"])
def test_weights_of_a_run_that_has_ended_can_be_edited_and_nothing_starts(server, ending):
    run = server.run(**({"epochs": 2} if ending == "finished" else {}))
    if ending == "stopped":
        server.do(run, "stop")
    step = server.ended(run)["step"]
    answer = operate(server, run, EDIT)
    assert (answer["status"], answer["step"]) == (ending, step)
    assert layers(server, run)[0]["biases"][1] == 0.5


def test_a_queued_run_can_be_edited_and_still_waits(server):
    for _ in range(16):
        server.run(speed=5)
    late = server.run()
    assert operate(server, late, EDIT)["status"] == "queued"


def test_a_wrong_operation_names_the_field_and_changes_nothing(server):
    run = server.run(start=False)
    before = layers(server, run)
    bad = {"weights": [EDIT["weights"][0], {"layer": 7, "unit": 0, "source": 0, "value": 1}]}
    for operations, field in (
        (bad, "weights.1.layer"),
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


def test_weights_tell_what_is_frozen_and_what_is_off(server):
    run = server.run(start=False)
    assert not {"frozen", "off"} & set(layers(server, run)[0])
    operate(
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


def test_earlier_steps_can_be_looked_at_with_the_units_they_had(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 4})
    operate(server, run, {"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]})
    server.do(run, "step", {"count": 4})
    counts = {}
    for step in server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]:
        view = server.call("GET", f"/api/runs/{run}/views/network?step={step}")
        weights = layers(server, run, f"?step={step}")
        counts[step] = view["layers"][0]["units"]
        assert np.shape(weights[0]["weights"])[1] == counts[step]
    assert counts == {0: 4, 4: 5, 8: 5}


def test_views_show_an_edit_of_a_paused_run_at_once(server):
    run = server.run(start=False)
    with server.stream(run, "views=network") as socket:
        server.frames(socket, lambda frame: frame["kind"] == "view")
        operate(server, run, {"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]})
        found = server.frames(
            socket, lambda frame: frame["kind"] == "view" and frame["layers"][0]["units"] == 5
        )
    assert found[-1]["step"] == 0 and server.read(run)["status"] == "paused"


def test_a_run_goes_on_to_the_same_bits_when_its_worker_is_killed_after_an_edit(start_server, tmp_path):
    server = start_server(tmp_path)
    edits = {
        **EDIT,
        "freeze": [{"layer": 1, "unit": 0, "source": 2, "frozen": True}],
        "units": [{"layer": 0, "unit": 1, "action": "duplicate"}, {"layer": 0, "unit": 0, "action": "off"}],
    }
    ends = []
    for killed in (False, True):
        run = server.run(start=False, epochs=40)
        server.do(run, "step", {"count": 11})
        operate(server, run, edits)
        if killed:
            server.kill("training_worker")
        server.do(run, "step", {"count": 20})
        server.do(run, "start")
        assert server.ended(run)["status"] == "finished"
        history = server.call("GET", f"/api/runs/{run}/history")
        ends.append((server.weights(run), history["step"], history["train_loss"]))
    assert json.dumps(ends[0]) == json.dumps(ends[1])

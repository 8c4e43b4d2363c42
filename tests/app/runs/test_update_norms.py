"""The update norms of recorded steps follow from the weights that the server has of these steps."""

import math

import pytest
from pytest import approx

PARADIGMS = [
    {},
    {"layers": [{"units": 4, "activation": "prelu", "dropout": 0.2, "frozen": True}, {"units": 3}]},
    {"paradigm": "autoencoder", "layers": [{"units": 3}], "dataset": {"name": "light_curves", "samples": 40}},
    {
        "paradigm": "policy_gradient", "layers": [{"units": 4}], "dataset": None, "episodes": 2,
        "environment": {"name": "cart_pole"},
    },
]  # fmt: skip


def recorded(server, run, attempt=None):
    """Returns the update norms of an attempt by step."""
    query = "" if attempt is None else f"?attempt={attempt}"
    answer = server.call("GET", f"/api/runs/{run}/checkpoints{query}")
    return dict(zip(answer["steps"], answer["update_norms"], strict=True))


def parameters(server, run, step):
    layers = server.call("GET", f"/api/runs/{run}/weights?step={step}")["layers"]
    lists = [
        row for layer in layers for row in (*layer["weights"], layer["biases"], layer.get("alpha") or [])
    ]
    return [value for values in lists for value in values]


def norm(server, run, before, after):
    """The norm of the change between two steps per step, from their weights, which are rounded in JSON."""
    pairs = zip(parameters(server, run, before), parameters(server, run, after), strict=True)
    return approx(math.sqrt(sum((b - a) ** 2 for a, b in pairs)) / (after - before), rel=1e-3)


def create(server, config):
    body = server.small | config
    body = {name: value for name, value in body.items() if value is not None}
    return server.call("POST", "/api/runs", body | {"start": False, "speed": "max"})["id"]


@pytest.mark.parametrize("config", PARADIGMS, ids=["supervised", "prelu", "autoencoder", "policy"])
def test_the_norm_of_every_recorded_step_follows_from_the_weights_of_both_steps(server, config):
    run = create(server, config)
    server.do(run, "step", {"count": 4})
    server.do(run, "step", {"count": 130 if "paradigm" not in config else 3})
    norms = recorded(server, run)
    steps = list(norms)
    assert norms[0] is None
    for before, after in [(0, 1), (3, 4), (4, 5), tuple(steps[-2:])]:
        assert norms[after] == norm(server, run, before, after)
    assert all(each is not None for each in list(norms.values())[1:])


def test_edits_count_and_a_change_of_the_number_of_parameters_makes_it_null(server):
    run = create(server, {})
    server.do(run, "step", {"count": 140})
    edit = {"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 3.0}]}
    before = recorded(server, run)[140]
    server.call("PATCH", f"/api/runs/{run}/weights", edit)
    assert recorded(server, run)[140] == norm(server, run, 138, 140) != before
    server.do(run, "step", {"count": 1})
    assert recorded(server, run)[141] == norm(server, run, 140, 141)
    operation = {"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]}
    server.call("PATCH", f"/api/runs/{run}/weights", operation)
    server.do(run, "step", {"count": 1})
    norms = recorded(server, run)
    assert norms[141] is None and norms[142] == norm(server, run, 141, 142)


def test_a_reset_and_a_fork_begin_with_an_unknown_norm_and_go_on_with_known_ones(server):
    run = create(server, {})
    server.do(run, "step", {"count": 5})
    first = recorded(server, run)
    server.do(run, "reset")
    server.do(run, "step", {"count": 5})
    assert recorded(server, run) == recorded(server, run, 0) == first
    fork = server.call("POST", f"/api/runs/{run}/fork", {"step": 3, "start": False})["id"]
    server.do(fork, "step", {"count": 2})
    assert recorded(server, fork) == {3: None, 4: first[4], 5: first[5]}


def test_norms_are_right_or_null_after_the_worker_of_a_training_run_was_lost(server):
    run = server.run(speed=2000)
    server.trained(run, 300)
    server.kill("training_worker")
    step = server.read(run)["step"]
    server.trained(run, step + 500)
    server.do(run, "pause")
    norms = recorded(server, run)
    steps = list(norms)
    unknown = [step for step in steps if norms[step] is None]
    assert unknown[0] == 0 and len(unknown) <= 2
    for before, after in zip(steps[-12:], steps[-11:], strict=False):
        if norms[after] is not None:
            assert norms[after] == norm(server, run, before, after)


def test_a_paused_run_continues_with_known_norms_after_a_restart_of_the_server(start_server, tmp_path):
    first = start_server(tmp_path)
    run = create(first, {})
    first.do(run, "step", {"count": 201})
    before = recorded(first, run)
    first.stop()
    second = start_server(tmp_path)
    assert recorded(second, run) == before
    second.do(run, "step", {"count": 3})
    norms = recorded(second, run)
    assert norms[202] == norm(second, run, 201, 202)
    assert norms[204] == norm(second, run, 202, 204)

"""Members of equal shape train together in a worker, and have the same weights as runs that train alone."""

import pytest

from engine.training.recorded_steps import MAX_PER_DOUBLING, TOGETHER_PER_DOUBLING, next_recorded
from tests.app.conftest import SMALL, until

XOR = {
    "dataset": {"name": "gate_xor"}, "layers": [{"units": 2, "activation": "tanh"}],
    "optimizer": {"name": "sgd", "learning_rate": 0.3}, "batch_size": 4,
}  # fmt: skip
ENDLESS = SMALL | {"name": ""}


def at(experiment):
    return f"/api/experiments/{experiment['id']}"


@pytest.fixture
def create(server):
    """Creates experiments, which are deleted with their members after the test."""
    created = []

    def work(vary, config=ENDLESS, **options):
        created.append(server.call("POST", "/api/experiments", {"config": config, "vary": vary} | options))
        return created[-1]

    yield work
    for experiment in created:
        server.client.delete(at(experiment))


def members_of(server, experiment):
    return server.call("GET", at(experiment))["members"]


def ended(server, experiment):
    """The members, once none trains."""
    until(lambda: server.call("GET", at(experiment))["status"] == "finished")
    return members_of(server, experiment)


def training(server, experiment):
    """The members, once each of them has taken steps."""

    def found():
        members = members_of(server, experiment)
        return all(member["step"] for member in members) and members

    return until(found)


def points_of(server, run):
    """The measured points of a run."""
    points = server.call("GET", f"/api/runs/{run}/history")
    return {name: points[name] for name in points if name not in ("run", "seq")}


def recorded(server, run):
    """Step, epoch and kind of each recorded step of a run."""
    steps = server.call("GET", f"/api/runs/{run}/checkpoints")
    return list(zip(steps["steps"], steps["epochs"], steps["kinds"], strict=True))


def expected_steps(last, per_doubling):
    """The steps that a run records until it ends."""
    steps = [0]
    while (step := next_recorded(steps[-1], per_doubling)) < last:
        steps.append(step)
    return [*steps, last]


def test_batched_members_have_the_weights_and_points_of_the_same_runs_alone_but_fewer_recorded_steps(
    server, create
):
    members = ended(server, create({"seed": {"count": 24}}, XOR | {"epochs": 300}))
    assert {(member["mode"], member["mode_reason"]) for member in members} == {("batched", None)}
    for member in (members[0], members[13]):
        alone = server.run(**(XOR | {"epochs": 300, "seed": member["values"]["seed"]}))
        assert server.ended(alone)["status"] == member["status"]
        assert server.weights(member["run"]) == server.weights(alone)
        assert points_of(server, member["run"]) == points_of(server, alone)
        few, many = recorded(server, member["run"]), recorded(server, alone)
        assert [step for step, *_ in few] == expected_steps(member["step"], TOGETHER_PER_DOUBLING)
        assert [step for step, *_ in many] == expected_steps(member["step"], MAX_PER_DOUBLING)
        assert set(few) < set(many)


def test_a_step_that_a_batched_member_did_not_record_has_the_weights_of_the_same_run_alone(server, create):
    member = ended(server, create({"seed": {"count": 2}}, XOR | {"epochs": 300}))[1]
    alone = server.run(**(XOR | {"epochs": 300, "seed": 1}))
    server.ended(alone)
    for step in (33, 113, 299):
        assert step not in [each for each, *_ in recorded(server, member["run"])]
        same = [server.call("GET", f"/api/runs/{run}/weights?step={step}") for run in (member["run"], alone)]
        assert same[0]["layers"] == same[1]["layers"]


def test_limits_early_stopping_and_divergence_end_each_member_for_itself(server, create):
    config = XOR | {"early_stopping": {"monitor": "train_loss", "patience": 20}, "batch_size": 2, "l2": 1}
    members = ended(
        server, create({"optimizer.learning_rate": [1000, 0.0001, 2.0], "steps": [40, 200]}, config)
    )
    assert {member["mode"] for member in members} == {"batched"}
    assert {member["status"] for member in members} == {"diverged", "finished"}
    for member in members:
        rate, steps = member["values"].values()
        alone = server.run(**(config | {"optimizer": {"name": "sgd", "learning_rate": rate}, "steps": steps}))
        expected = server.ended(alone)
        names = ("status", "reason_code", "step", "epoch", "latest")
        assert {name: member[name] for name in names} == {name: expected[name] for name in names}
        assert server.weights(member["run"]) == server.weights(alone)


def test_a_change_takes_a_member_out_of_its_batch_and_the_others_go_on_together(server, create):
    experiment = create({"seed": {"count": 4}}, start=True)
    first, second, *others = training(server, experiment)
    server.call("PATCH", f"/api/runs/{first['run']}", {"optimizer": {"learning_rate": 0.02}})
    server.do(second["run"], "pause")
    step = server.read(second["run"])["step"]
    for member in others:
        server.trained(member["run"], step + 100)
    server.trained(first["run"], step + 100)
    members = members_of(server, experiment)
    assert [member["mode"] for member in members] == ["alone", "batched", "batched", "batched"]
    assert members[0]["mode_reason"].startswith("its configuration was changed at step ")
    assert (members[1]["status"], members[1]["step"]) == ("paused", step)
    server.do(second["run"], "start")
    server.trained(second["run"], step + 100)
    server.call("POST", f"{at(experiment)}/stop")
    assert {member["status"] for member in members_of(server, experiment)} == {"stopped"}


def test_members_whose_shape_no_other_has_train_alone_and_say_why(server, create):
    layers = [[{"units": 2, "activation": "tanh"}]] * 2 + [[{"units": 3, "activation": "tanh"}]]
    experiment = create({"layers": layers[1:], "seed": [0, 1]}, start=False)
    assert [member["mode"] for member in members_of(server, experiment)] == ["batched"] * 4
    single = members_of(server, create({"layers": layers[1:]}, start=False))
    assert [member["mode"] for member in single] == ["alone"] * 2
    assert "layers.0.units" in single[0]["mode_reason"]


def test_batched_members_go_on_after_their_worker_was_killed(server, create):
    config = XOR | {"epochs": 6000}
    experiment = create({"seed": {"count": 4}}, config)
    training(server, experiment)
    server.kill("training_worker")
    members = ended(server, experiment)
    assert {member["mode"] for member in members} == {"batched"}
    alone = server.run(**(config | {"seed": 3}))
    server.ended(alone)
    assert server.weights(members[3]["run"]) == server.weights(alone)
    assert points_of(server, members[3]["run"]) == points_of(server, alone)


def test_a_paused_experiment_goes_on_in_its_batch_with_the_same_weights(server, create):
    config = XOR | {"name": "", "epochs": 1_000_000_000}
    experiment = create({"seed": {"count": 4}}, config)
    training(server, experiment)
    server.call("POST", f"{at(experiment)}/pause")
    paused = members_of(server, experiment)
    server.call("POST", f"{at(experiment)}/start")
    for member in paused:
        server.trained(member["run"], member["step"] + 1)
    server.call("POST", f"{at(experiment)}/pause")
    member = members_of(server, experiment)[2]
    assert (member["mode"], member["status"]) == ("batched", "paused")
    alone = server.call("POST", "/api/runs", config | {"seed": 2, "start": False})["id"]
    server.do(alone, "step", {"count": member["step"]})
    assert server.weights(member["run"]) == server.weights(alone)

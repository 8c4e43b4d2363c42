"""Experiments through the API: members, commands, summary, deletion, and ends of processes."""

import csv
import io
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app.conftest import SMALL, until

XOR = {
    "dataset": {"name": "gate_xor"}, "layers": [{"units": 2, "activation": "tanh"}],
    "optimizer": {"name": "sgd", "learning_rate": 0.3}, "batch_size": 4,
}  # fmt: skip
ENDLESS = SMALL | {"name": ""}
ALONE = {"layers": [[{"units": units}] for units in range(1, 71)]}  # of different shapes: each trains alone


@pytest.fixture
def create(server):
    """Creates experiments, which are deleted with their members after the test."""
    created = []

    def work(vary, config=ENDLESS, **options):
        created.append(server.call("POST", "/api/experiments", {"config": config, "vary": vary} | options))
        return created[-1]

    yield work
    for experiment in created:
        server.client.delete("/api" + experiment["url"])


def reached(server, experiment, status):
    """The experiment once it has the status."""
    return until(
        lambda: (answer := server.call("GET", "/api" + experiment["url"]))["status"] == status and answer
    )


def test_an_experiment_answers_with_its_address_and_has_runs_as_members(server, create):
    vary = {"optimizer.learning_rate": [0.1, 0.2], "seed": {"count": 3}}
    created = create(vary, name="Rates", steps=4)
    assert created["url"] == f"/experiments/{created['id']}"
    assert (created["size"], created["vary"], created["sample"]) == (6, vary, "grid")
    read = reached(server, created, "finished")
    assert (read["name"], read["counts"], read["config"]) == (
        "Rates",
        {"finished": 6},
        ENDLESS | {"steps": 4},
    )
    assert [(member["member"], *member["values"].values()) for member in read["members"]] == [
        (0, 0.1, 0), (1, 0.1, 1), (2, 0.1, 2), (3, 0.2, 0), (4, 0.2, 1), (5, 0.2, 2),
    ]  # fmt: skip
    runs = [member["run"] for member in read["members"]]
    assert [group["values"] for group in read["groups"]] == [
        {"optimizer.learning_rate": 0.1}, {"optimizer.learning_rate": 0.2},
    ]  # fmt: skip
    assert [group["members"] for group in read["groups"]] == [runs[:3], runs[3:]]
    for member in read["members"]:
        run = server.read(member["run"])
        assert run["experiment"] == {"id": created["id"], "batch": 0} | {
            name: member[name] for name in ("member", "values", "mode", "mode_reason")
        }
        assert (run["config"]["seed"], run["config"]["unwatched"]) == (member["values"]["seed"], "train")
        assert run["config"]["optimizer"]["learning_rate"] == member["values"]["optimizer.learning_rate"]
        assert (member["mode"], member["step"], member["latest"]) == ("batched", 4, run["latest"])
        assert member["best"]["score"] <= run["latest"]["test_loss"]
    alone = server.run(**(SMALL | {"seed": 2, "optimizer": {"learning_rate": 0.2}, "steps": 4}))
    server.ended(alone)
    assert server.weights(runs[5]) == server.weights(alone)
    assert created["id"] in [each["id"] for each in server.call("GET", "/api/experiments")["experiments"]]


@pytest.mark.parametrize(
    ("config", "group"),
    [
        ({"dataset": {"name": "moons"}}, "dataset"),
        ({}, "dataset"),
        ({"paradigm": "policy_gradient"}, "environment"),
    ],
)
def test_an_experiment_names_the_data_or_environment_of_its_members(server, create, config, group):
    created = create({"seed": [0, 1]}, config, start=False)
    member = server.call("GET", "/api" + created["url"])["members"][1]["run"]
    assert created["source"] == server.read(member)["config"][group]["name"]


@pytest.mark.parametrize(
    "vary",
    [{"dataset.name": ["moons", "spiral"]}, {"dataset": [{"name": "moons"}, {"name": "spiral"}]}],
)
def test_an_experiment_that_varies_the_data_names_none(create, vary):
    assert create(vary, {}, start=False)["source"] is None


def test_members_start_pause_and_stop_together(server, create):
    experiment = create(ALONE, start=False)
    assert (experiment["status"], experiment["counts"]) == ("paused", {"paused": 70})
    started = server.call("POST", f"/api{experiment['url']}/start")
    assert started["status"] == "running" and started["counts"]["queued"] > 0
    assert started["counts"]["running"] + started["counts"]["queued"] == 70
    first = server.call("GET", "/api" + experiment["url"])["members"][0]["run"]
    server.trained(first)
    assert server.call("POST", f"/api{experiment['url']}/pause")["counts"] == {"paused": 70}
    before = [member["step"] for member in server.call("GET", "/api" + experiment["url"])["members"]]
    assert server.call("POST", f"/api{experiment['url']}/stop")["counts"] == {"stopped": 70}
    assert [member["step"] for member in server.call("GET", "/api" + experiment["url"])["members"]] == before
    assert server.call("POST", f"/api{experiment['url']}/start")["status"] == "running"


def test_other_runs_train_before_the_members_that_wait(server, create):
    create(ALONE)
    run = server.run(start=True)
    answer = server.read(run)
    assert (answer["status"], answer["reason_parameters"]["place"]) == ("queued", 1)
    assert answer["reason_parameters"]["waiting"] > 1


def test_nothing_is_created_if_a_member_is_not_possible(server):
    body = {"config": {}, "vary": {"seed": {"count": 3}, "l2": [0, 1000]}}
    status, error = server.refused("POST", "/api/experiments", body)
    assert (status, error["field"], error["given"], error["limit"]) == (422, "vary.l2", 1000, 100)
    body = {"config": {}, "vary": {"seed": {"count": 32}, "dataset.seed": {"count": 32}}}
    status, error = server.refused("POST", "/api/experiments", body)
    assert (status, error["code"], error["given"], error["limit"]) == (422, "too_many_members", 1024, 512)
    assert server.call("GET", "/api/experiments") == {"experiments": []}
    assert server.call("GET", "/api/runs") == {"runs": []}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"config": {}}, 422, "vary"),
        ({"config": [], "vary": {"seed": [0]}}, 422, "config"),
        ({"vary": {"seed": [0]}, "extra": 1}, 422, "extra"),
        ({"vary": {"seed": [0]}, "sample": "all"}, 422, "sample"),
        ({"vary": {"seed": [0]}, "members": 0, "sample": "random"}, 422, "members"),
        ({"vary": {"seed": [0]}, "steps": 0}, 422, "steps"),
        ({"vary": {"seed": [0]}, "name": 3}, 422, "name"),
        ({"vary": []}, 422, "vary"),
    ],
)
def test_a_wrong_body_is_refused_with_its_field(server, body, status, field):
    answer, error = server.refused("POST", "/api/experiments", body)
    assert (answer, error["field"]) == (status, field)


def test_the_list_is_newest_first_and_continues_after_an_experiment(server, create):
    ids = [create({"seed": [seed]}, start=False)["id"] for seed in range(3)]
    listed = server.call("GET", "/api/experiments?limit=2")["experiments"]
    assert [each["id"] for each in listed] == ids[:0:-1]
    assert (listed[0]["status"], listed[0]["size"]) == ("paused", 1)
    rest = server.call("GET", f"/api/experiments?before={ids[1]}")["experiments"]
    assert [each["id"] for each in rest] == ids[:1]
    assert server.refused("GET", "/api/experiments?before=none")[1]["field"] == "before"
    for path in ("", "/summary", "/start"):
        method = "POST" if path == "/start" else "GET"
        status, error = server.refused(method, f"/api/experiments/none{path}")
        assert (status, error["code"], error["given"]) == (404, "no_such_experiment", "none")


def test_an_experiment_names_the_member_with_the_lowest_loss(server, create):
    experiment = create({"seed": {"count": 4}}, XOR, steps=20)
    read = reached(server, experiment, "finished")
    best = min(read["members"], key=lambda member: member["best"]["score"])
    assert read["best"] == best["best"] | {"run": best["run"]}
    listed = server.call("GET", "/api/experiments")["experiments"]
    assert next(each for each in listed if each["id"] == experiment["id"])["best"] == read["best"]
    assert create({"seed": {"count": 2}}, start=False)["best"] is None


def test_deleting_takes_the_members_along_unless_they_are_kept(server, create):
    empty = server.call("GET", "/healthz")["checkpoints"]["bytes"]
    first, second = (create({"seed": {"count": 70}}, steps=1) for _ in range(2))
    runs = [member["run"] for member in reached(server, first, "finished")["members"]]
    kept = [member["run"] for member in reached(server, second, "finished")["members"]]
    server.call("DELETE", f"/api{second['url']}?keep=true")
    assert {server.read(run)["experiment"] for run in (kept[0], kept[-1])} == {None}
    before = server.call("GET", "/healthz")["checkpoints"]["bytes"]
    server.call("DELETE", "/api" + first["url"])
    assert server.call("GET", "/healthz")["checkpoints"]["bytes"] < before
    assert {run["id"] for run in server.call("GET", "/api/runs?limit=1000")["runs"]} == set(kept)
    assert server.refused("GET", f"/api/runs/{runs[0]}")[0] == 404
    assert server.call("GET", "/api/experiments") == {"experiments": []}
    for run in kept:
        server.call("DELETE", f"/api/runs/{run}")
    assert server.call("GET", "/healthz")["checkpoints"]["bytes"] == empty


def test_a_deleted_member_leaves_the_experiment_and_one_that_a_page_left_does_not(server, create):
    experiment = create({"seed": {"count": 3}}, start=False)
    runs = [member["run"] for member in server.call("GET", "/api" + experiment["url"])["members"]]
    server.call("DELETE", f"/api/runs/{runs[1]}")
    server.call("DELETE", f"/api/runs/{runs[2]}?unless_kept=true")
    server.call("POST", "/api/runs", {"replaces": runs[0], "start": False})
    read = server.call("GET", "/api" + experiment["url"])
    assert [member["run"] for member in read["members"]] == [runs[0], runs[2]] and read["size"] == 2


# ---- summary


def test_the_summary_finds_the_two_minima_of_xor_and_describes_the_group(server, create):
    experiment = create({"seed": {"count": 24}}, XOR | {"epochs": 4000})
    members = reached(server, experiment, "finished")["members"]
    summary = server.call("GET", f"/api{experiment['url']}/summary?metric=train_loss")
    low, high = summary["minima"]
    assert (len(low["members"]), round(low["loss"], 3)) == (10, 0.003)
    assert (len(high["members"]), round(high["loss"], 3)) == (14, 0.348)
    assert max(low["spread"], high["spread"]) < 0.001
    losses = sorted(member["latest"]["train_loss"] for member in members)
    (group,) = summary["groups"]
    assert (group["values"], group["n"], group["diverged"]) == ({}, 24, 0)
    assert group["median"] == pytest.approx((losses[11] + losses[12]) / 2)
    assert group["interquartile_mean"] == pytest.approx(sum(losses[6:18]) / 12)
    assert group["interval"][0] < group["interquartile_mean"] < group["interval"][1]
    assert (summary["higher_is_better"], summary["pairs"]) == (False, [])
    first = server.call("GET", f"/api{experiment['url']}/summary?metric=train_loss&at=0")["groups"][0][
        "median"
    ]
    best = server.call("GET", f"/api{experiment['url']}/summary?metric=train_loss&at=best")["groups"][0][
        "median"
    ]
    assert best <= group["median"] < first


def test_groups_are_compared_in_the_direction_of_the_metric(server, create):
    config = SMALL | {"dataset": {"name": "gauss", "samples": 60}, "optimizer": {"name": "sgd"}}
    vary = {"optimizer.learning_rate": [1e-8, 0.1], "seed": {"count": 4}}
    experiment = create(vary, config, steps=300)
    reached(server, experiment, "finished")
    for metric, is_higher in (("test_loss", False), ("test_accuracy", True)):
        summary = server.call("GET", f"/api{experiment['url']}/summary?metric={metric}")
        (pair,) = summary["pairs"]
        assert summary["higher_is_better"] is is_higher and pair["groups"] == [0, 1]
        assert pair["probability"] < 0.5 and pair["interval"][1] < 0.5
    default = server.call("GET", f"/api{experiment['url']}/summary")
    assert (default["metric"], default["at"]) == ("test_loss", "final")
    answer = server.client.get(f"/api{experiment['url']}/summary?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [float(row["optimizer.learning_rate"]) for row in rows] == [1e-8, 0.1]
    assert [float(row["median"]) for row in rows] == [group["median"] for group in default["groups"]]
    assert [float(row["quartile_3"]) for row in rows] == [
        group["quartiles"][1] for group in default["groups"]
    ]


def test_diverged_members_are_counted_and_stop_alone(server, create):
    config = SMALL | {"dataset": {"name": "plane"}, "layers": [{"units": 4, "activation": "relu"}]}
    config |= {"loss": {"name": "half_squared_error"}, "optimizer": {"name": "sgd"}}
    experiment = create({"optimizer.learning_rate": [0.001, 1000]}, config, steps=200)
    assert reached(server, experiment, "finished")["counts"] == {"finished": 1, "diverged": 1}
    groups = server.call("GET", f"/api{experiment['url']}/summary")["groups"]
    assert [(group["n"], group["diverged"]) for group in groups] == [(1, 0), (0, 1)]
    assert (groups[1]["median"], groups[1]["interval"], groups[0]["interval"]) == (None, None, None)


@pytest.mark.parametrize(
    ("query", "field"),
    [("metric=no_such", "metric"), ("at=last", "at"), ("at=-1", "at"), ("format=x", "format")],
)
def test_a_wrong_option_of_the_summary_is_refused(server, create, query, field):
    experiment = create({"seed": [0]}, steps=1)
    reached(server, experiment, "finished")
    status, error = server.refused("GET", f"/api{experiment['url']}/summary?{query}")
    assert (status, error["field"]) == (422, field) and error["limit"]


def test_an_experiment_that_has_not_begun_has_an_empty_summary(server, create):
    experiment = create({"seed": {"count": 2}}, start=False)
    summary = server.call("GET", f"/api{experiment['url']}/summary")
    assert (summary["groups"][0]["n"], summary["groups"][0]["median"], summary["minima"]) == (0, None, [])


# ---- ends of processes


def test_an_experiment_goes_on_after_a_kill_of_the_server_and_of_its_worker(start_server, tmp_path):
    server = start_server(tmp_path)
    body = {"config": ENDLESS, "vary": {"seed": {"count": 3}}, "name": "Seeds"}
    experiment = server.call("POST", "/api/experiments", body)
    members = server.call("GET", "/api" + experiment["url"])["members"]
    for member in members:
        server.trained(member["run"])
    seq = server.call("GET", "/api" + experiment["url"])["seq"]
    server.stop(signal.SIGKILL)

    server = start_server(tmp_path)
    assert server.call("GET", "/api" + experiment["url"])["seq"] > seq
    assert server.call("GET", "/api/experiments")["experiments"][0]["name"] == "Seeds"
    for member in members:
        server.trained(member["run"])
    server.kill("training_worker")
    steps = {
        member["run"]: member["step"] for member in server.call("GET", "/api" + experiment["url"])["members"]
    }
    for run, step in steps.items():
        server.trained(run, step + 1)
    stopped = server.call("POST", f"/api{experiment['url']}/stop")
    assert stopped["counts"] == {"stopped": 3}
    server.stop()

    server = start_server(tmp_path)
    read = server.call("GET", "/api" + experiment["url"])
    assert (read["status"], read["vary"]) == ("stopped", {"seed": {"count": 3}})
    assert [(member["run"], member["values"]) for member in read["members"]] == [
        (member["run"], member["values"]) for member in members
    ]
    server.call("DELETE", "/api" + experiment["url"])
    assert server.call("GET", "/api/runs") == {"runs": []}


def test_a_pause_during_a_start_pauses_all_members(server, create):
    experiment = create({"seed": {"count": 40}}, start=False)
    address = f"/api/experiments/{experiment['id']}"
    with ThreadPoolExecutor(1) as threads:
        started = threads.submit(server.call, "POST", f"{address}/start")
        until(lambda: server.call("GET", address)["counts"] != {"paused": 40})
        assert server.call("POST", f"{address}/pause")["counts"] == {"paused": 40}
        started.result()
    assert server.call("GET", address)["counts"] == {"paused": 40}


def test_losses_of_different_functions_are_not_compared(server, create):
    losses = ["mean_squared_error", "mean_absolute_error"]
    config = {"dataset": {"name": "sine", "samples": 60}, "layers": [{"units": 3}]}
    created = create({"loss.name": losses, "seed": {"count": 3}}, config, steps=20)
    members = reached(server, created, "finished")["members"]
    squared, absolute = ([m["run"] for m in members if m["values"]["loss.name"] == name] for name in losses)
    path = f"/api/experiments/{created['id']}"
    summary = server.call("GET", f"{path}/summary")
    assert (summary["metric"], summary["same_loss"]) == ("test_rmse", False)
    assert [pair["groups"] for pair in summary["pairs"]] == [[0, 1]]
    assert sorted(run for minimum in summary["minima"] for run in minimum["members"]) == sorted(squared)
    assert sorted(summary["distances"]["runs"]) == sorted(squared)
    by_loss = server.call("GET", f"{path}/summary?metric=test_loss")
    assert (by_loss["pairs"], by_loss["same_loss"]) == ([], False)
    assert server.refused("GET", f"{path}/line?runs={squared[0]},{absolute[0]}")[0] == 409
    assert server.call("GET", f"{path}/line?runs={squared[0]},{squared[1]}")["loss"]


def test_the_curves_and_the_best_value_include_the_last_step_of_a_run_between_two_recorded_ones(
    server, create
):
    created = create({"seed": {"count": 2}}, ENDLESS | {"batch_size": 2}, start=False)
    path = f"/api/experiments/{created['id']}"
    for member in server.call("GET", path)["members"]:
        server.do(member["run"], "step", {"count": 333})
    members = server.call("GET", path)["members"]
    history = server.call("GET", f"/api/runs/{members[0]['run']}/history")
    assert history["step"][-1] < 333
    curves = server.call("GET", f"{path}/curves?points=1000")
    assert curves["step"][-1] == 333
    last = [member["values"][-1] for member in curves["members"]]
    assert last == [member["latest"]["test_loss"] for member in members]
    best = server.call("GET", f"{path}/summary?at=best")["members"]
    for member, value in zip(members, best, strict=True):
        assert value["value"] <= member["latest"]["test_loss"]
    at_end = server.call("GET", f"{path}/summary?at=333")["members"]
    assert [value["step"] for value in at_end] == [333, 333]

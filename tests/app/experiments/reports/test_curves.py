"""The curves of an experiment and its halving through the API."""

import statistics

import pytest

from app.experiments.reports.curves import MemberHistory, curves_of
from tests.app.conftest import SMALL, until

ENDLESS = SMALL | {"name": ""}
RATES = {"optimizer.learning_rate": [1e-6, 0.05], "seed": {"count": 3}}


@pytest.fixture
def create(server):
    """Creates experiments, which are deleted with their members after the test."""
    created = []

    def work(vary, config=ENDLESS, **options):
        created.append(server.call("POST", "/api/experiments", {"config": config, "vary": vary} | options))
        return "/api" + created[-1]["url"]

    yield work
    for experiment in created:
        server.client.delete("/api" + experiment["url"])


def finished(server, url):
    return until(lambda: (answer := server.call("GET", url))["status"] == "finished" and answer)


def test_curves_have_the_measured_values_of_all_members_and_the_band_of_each_group(server, create):
    url = create(RATES, steps=40)
    members = finished(server, url)["members"]
    curves = server.call("GET", f"{url}/curves?metric=train_loss")
    assert (curves["metric"], "test_loss" in curves["metrics"]) == ("train_loss", True)
    histories = {each["run"]: server.call("GET", f"/api/runs/{each['run']}/history") for each in members}
    for curve in curves["members"]:
        history = histories[curve["run"]]
        assert (curves["step"], curve["values"]) == (history["step"], history["train_loss"])
    assert [group["values"]["optimizer.learning_rate"] for group in curves["groups"]] == [1e-6, 0.05]
    for group in curves["groups"]:
        own = [histories[run] for run in group["members"]]
        assert group["n"] == [3] * len(curves["step"]) and group["epoch"] == own[0]["epoch"]
        columns = zip(*(history["train_loss"] for history in own), strict=True)
        assert group["median"] == pytest.approx([statistics.median(column) for column in columns])
        assert all(low <= high for low, high in zip(group["low"], group["high"], strict=True))
    thinned = server.call("GET", f"{url}/curves?points=2")
    assert (thinned["metric"], thinned["step"]) == ("test_loss", [0, 40])
    for query, field in (("metric=no_such", "metric"), ("points=1", "points"), ("extra=1", "extra")):
        status, error = server.refused("GET", f"{url}/curves?{query}")
        assert (status, error["field"]) == (422, field)
    assert server.refused("GET", "/api/experiments/none/curves")[0] == 404
    status, error = server.refused("POST", f"{url}/halve")
    assert (status, error["code"], error["given"], error["limit"]) == (409, "too_few_members", 0, 2)


def test_the_summary_says_what_each_member_reached_and_when_it_was_as_good_as_the_goal(server, create):
    url = create(RATES, steps=200)
    members = finished(server, url)["members"]
    histories = [server.call("GET", f"/api/runs/{each['run']}/history") for each in members]
    goal = histories[3]["train_loss"][-1]
    summary = server.call("GET", f"{url}/summary?metric=train_loss&goal={goal}")
    assert summary["goal"] == goal and "train_loss" in summary["metrics"]
    for found, member, history in zip(summary["members"], members, histories, strict=True):
        assert (found["run"], found["value"], found["step"]) == (
            member["run"], member["latest"]["train_loss"], 200,
        )  # fmt: skip
        points = zip(history["step"], history["train_loss"], strict=True)
        assert found["reached"] == next((step for step, loss in points if loss <= goal), None)
    assert summary["members"][0]["reached"] is None and summary["members"][3]["reached"] is not None
    best = server.call("GET", f"{url}/summary?metric=train_loss&at=best")["members"]
    assert [found["value"] for found in best] == [min(history["train_loss"]) for history in histories]
    assert server.refused("GET", f"{url}/summary?goal=low")[1]["field"] == "goal"


def test_curves_of_an_experiment_that_has_not_begun_have_no_points(server, create):
    curves = server.call("GET", f"{create({'seed': {'count': 2}}, start=False)}/curves")
    assert curves["step"] == [] and [each["values"] for each in curves["members"]] == [[], []]
    assert curves["groups"][0]["median"] == []


def test_halving_pauses_the_members_with_the_higher_losses_at_an_equal_step(server, create):
    url = create({"optimizer.learning_rate": [1e-8, 0.01, 2e-8, 0.02], "seed": [0]})
    members = [member["run"] for member in server.call("GET", url)["members"]]
    for run in members:
        until(lambda run=run: (latest := server.read(run)["latest"]) and latest["step"] >= 100)
    status, error = server.refused("POST", f"{url}/halve?metric=no_such")
    assert (status, error["field"]) == (422, "metric")
    answer = server.call("POST", f"{url}/halve?metric=train_loss")
    assert set(answer["paused"]) == {members[0], members[2]} and answer["at"] >= 100
    assert (answer["metric"], answer["counts"]) == ("train_loss", {"running": 2, "paused": 2})
    states = {member["run"]: member["status"] for member in server.call("GET", url)["members"]}
    assert [states[run] for run in members] == ["paused", "running", "paused", "running"]
    again = server.call("POST", f"{url}/halve?metric=train_loss")
    assert len(again["paused"]) == 1 and again["counts"] == {"running": 1, "paused": 3}
    assert server.refused("POST", f"{url}/halve")[0] == 409


def test_curves_by_seconds_have_the_same_values_at_the_time_that_the_steps_took(server, create):
    url = create(RATES, steps=40)
    members = finished(server, url)["members"]
    curves = server.call("GET", f"{url}/curves?metric=train_loss&by=seconds&points=50")
    assert curves["step"] is None and curves["untimed"] == []
    seconds = curves["seconds"]
    assert seconds[0] == 0 and len(seconds) == 50 and sorted(set(seconds)) == seconds
    for curve, member in zip(curves["members"], members, strict=True):
        losses = server.call("GET", f"/api/runs/{member['run']}/history")["train_loss"]
        shown = [value for value in curve["values"] if value is not None]
        assert shown[0] == losses[0] and set(shown) <= set(losses)
    ends = [curve["values"][-1] for curve in curves["members"]]
    assert any(end is not None for end in ends), "one member is the last one"


def test_members_without_recorded_times_are_named_and_have_no_curve_by_seconds():
    columns = {"step": [0, 1], "epoch": [0, 0], "train_loss": [1.0, 0.5], "metrics": {}}
    histories = [MemberHistory("old", columns), MemberHistory("new", columns | {"seconds": [0.3, 0.25]})]
    groups = [{"values": {}, "members": ["old", "new"]}]
    found = curves_of(groups, histories, "train_loss", 2, "seconds")
    assert (found["untimed"], found["seconds"]) == (["old"], [0, 0.25])
    assert [curve["values"] for curve in found["members"]] == [[None, None], [1.0, 0.5]]


def test_the_problems_of_members_are_named_by_the_diagnoses(server, create):
    config = ENDLESS | {"initializer": {"name": "zeros"}}
    url = create({"seed": {"count": 2}}, config=config, steps=20)
    members = finished(server, url)["members"]
    found = server.call("GET", f"{url}/diagnoses")["members"]
    assert [each["run"] for each in found] == [member["run"] for member in members]
    assert {each["problem"] for each in found} == {"zero_weights"} and found[0]["layers"] == [0]


def test_members_that_train_together_say_how_they_differ_from_a_single_training(server, create):
    url = create({"seed": {"count": 4}}, steps=40)
    members = finished(server, url)["members"]
    found = server.call("GET", f"{url}/rounding")
    assert (found["batched"], found["alone"]) == (4, 0)
    (checked,) = found["checked"]
    assert checked["run"] == members[0]["run"] and checked["difference"] < 1e-6
    first, last = checked["steps"]
    assert 0 <= first < last <= 40

"""Halving by rule: the worse half of the members pauses at every comparison, until one is left."""

import pytest

from tests.app.conftest import SMALL, until

RATES = {"optimizer.learning_rate": [1e-6, 1e-5, 0.03, 0.05], "seed": {"count": 2}}


@pytest.fixture
def create(server):
    """Creates experiments, which are deleted with their members after the test."""
    created = []

    def work(vary, **options):
        body = {"config": SMALL | {"name": ""}, "vary": vary} | options
        created.append(server.call("POST", "/api/experiments", body))
        return "/api" + created[-1]["url"]

    yield work
    for experiment in created:
        server.client.delete("/api" + experiment["url"])


def ended(server, url):
    """The experiment once no member trains and no comparison is due."""

    def read():
        answer = server.call("GET", url)
        busy = answer["counts"].keys() & {"running", "queued"}
        return not busy and answer["halving"]["until"] is None and answer

    return until(read)


def loss_at(server, run, step):
    history = server.call("GET", f"/api/runs/{run}/history")
    points = zip(history["step"], history["test_loss"], strict=True)
    return max((at, loss) for at, loss in points if at <= step)[1]


def test_the_worse_half_pauses_at_every_comparison_and_the_last_member_goes_on(server, create):
    url = create(RATES, steps=100, halve={"every": 20})
    answer = ended(server, url)
    rounds = answer["halving"]["rounds"]
    assert [(each["at"], each["members"], len(each["paused"])) for each in rounds] == [
        (20, 8, 4), (40, 4, 2), (60, 2, 1),
    ]  # fmt: skip
    members = {member["run"]: member for member in answer["members"]}
    left = set(members)
    for each in rounds:
        losses = {run: loss_at(server, run, each["at"]) for run in left}
        expected = sorted(losses, key=losses.get)[len(left) - len(each["paused"]) :]
        assert set(each["paused"]) == set(expected)
        for run in each["paused"]:
            assert (members[run]["status"], members[run]["step"]) == ("paused", each["at"])
            server.until(lambda run=run: server.read(run)["reason_code"] == "halved")
        left -= set(each["paused"])
    (winner,) = left
    assert server.until(lambda: (run := server.read(winner))["status"] == "finished" and run)["step"] == 100


def test_members_that_end_before_the_comparison_take_no_part(server, create):
    vary = {"steps": [5, 30, 31, 32]}
    answer = ended(server, create(vary, halve={"every": 10, "metric": "train_loss"}))
    (first, second) = answer["halving"]["rounds"]
    assert (first["at"], first["members"], first["metric"]) == (10, 3, "train_loss")
    assert (second["at"], second["members"]) == (20, 2)


def test_a_paused_experiment_waits_for_its_members_before_it_compares(server, create):
    url = create({"seed": {"count": 4}}, steps=40, halve={"every": 20}, start=False)
    assert server.call("GET", url)["halving"] == {
        "every": 20, "metric": None, "until": 20, "rounds": [],
    }  # fmt: skip
    members = server.call("GET", url)["members"]
    first = members[0]["run"]
    server.call("POST", f"/api/runs/{first}/start")
    until(lambda: server.call("GET", f"/api/runs/{first}")["reason_code"] == "halving_waits")
    assert server.call("GET", url)["halving"]["rounds"] == []
    server.call("POST", f"{url}/start")
    assert [each["at"] for each in ended(server, url)["halving"]["rounds"]] == [20]


def test_a_request_is_recorded_as_a_round_too(server, create):
    url = create({"seed": {"count": 4}})
    until(lambda: all(member["step"] > 0 for member in server.call("GET", url)["members"]))
    halved = server.call("POST", f"{url}/halve")
    halving = server.call("GET", url)["halving"]
    assert halving["every"] is None
    assert halving["rounds"] == [
        {"at": halved["at"], "metric": "test_loss", "members": 4, "paused": halved["paused"]}
    ]


@pytest.mark.parametrize("halve", [{"every": 0}, {}, {"every": 5, "other": 1}, 7])
def test_an_impossible_rule_is_refused_with_its_field(server, halve):
    body = {"config": SMALL, "vary": {"seed": [0]}, "halve": halve}
    answer = server.client.post("/api/experiments", json=body)
    assert answer.status_code == 422 and answer.json()["error"]["field"].startswith("halve")

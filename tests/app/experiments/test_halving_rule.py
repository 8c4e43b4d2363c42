"""Halving by rule: the worse half of the members pauses at every comparison, until one is left."""

import json
import signal
import sqlite3
from contextlib import closing

import pytest
from websockets.sync.client import connect

from tests.app.conftest import SMALL, Server, until

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


def test_an_experiment_trains_after_every_frame_until_its_last_member_has_ended(server, create):
    url = create(RATES, steps=100, halve={"every": 20}, start=False)
    statuses, rounds, seen = {}, [], []
    seq = server.call("GET", url)["seq"]
    with connect(server.url.replace("http", "ws") + f"{url}/stream?after={seq}") as socket:
        server.call("POST", f"{url}/start")

        def is_last(frame):
            if frame["kind"] == "halving":
                rounds[:] = frame["halving"]["rounds"]
                return False
            statuses[frame["run"]] = frame["status"]
            paused = {run for each in rounds for run in each["paused"]}
            seen.append((set(statuses.values()), paused))
            return frame["status"] == "finished"

        Server.frames(socket, is_last)
    trains = [bool(values & {"running", "queued"}) for values, _ in seen]
    assert all(trains[trains.index(True) : -1])  # the first frames are from before the start
    assert [len(each["paused"]) for each in rounds] == [4, 2, 1]
    answer = server.call("GET", url)
    codes = {member["run"]: member["reason_code"] for member in answer["members"]}
    assert {run for run, code in codes.items() if code == "halved"} == seen[-1][1]


def test_answers_say_that_it_trains_between_two_comparisons(server, create):
    url = create({"seed": {"count": 4}}, steps=400, halve={"every": 5})
    found = []

    def has_ended():
        answer = server.call("GET", url)
        listed = server.call("GET", "/api/experiments?limit=1")["experiments"][0]
        if not answer["counts"].get("finished"):
            found.extend(
                [answer["status"], *([] if listed["counts"].get("finished") else [listed["status"]])]
            )
        return answer["counts"].get("finished")

    until(has_ended)
    assert set(found) <= {"running", "queued"}


def stored_halving(folder, experiment, change):
    """Changes what is stored of the rule of an experiment while no server uses the file."""
    (path,) = (path for path in folder.rglob("*.sqlite*") if not path.name.endswith(("-wal", "-shm")))
    with closing(sqlite3.connect(path)) as connection:
        (text,) = connection.execute("SELECT halving FROM experiments WHERE id = ?", (experiment,)).fetchone()
        changed = json.dumps(json.loads(text) | change)
        connection.execute("UPDATE experiments SET halving = ? WHERE id = ?", (changed, experiment))
        connection.commit()


def test_a_comparison_that_the_end_of_the_server_interrupted_is_carried_out_after_the_restart(
    start_server, tmp_path
):
    server = start_server(tmp_path)
    body = {"config": SMALL, "vary": {"seed": {"count": 4}}, "steps": 40, "halve": {"every": 20}}
    experiment = server.call("POST", "/api/experiments", body | {"start": False})["id"]
    url = f"/api/experiments/{experiment}"
    worst, *better, _ = (member["run"] for member in server.call("GET", url)["members"])
    for run in (worst, *better):  # the last one is waited for: without what is stored, nothing would happen
        server.do(run, "start")
    until(lambda: all(server.read(run)["reason_code"] == "halving_waits" for run in (worst, *better)))
    server.stop(signal.SIGKILL)
    found = {"at": 20, "metric": "test_loss", "paused": [worst], "members": 3}
    pending = {"found": found, "going": better, "until": 30}
    stored_halving(tmp_path, experiment, {"pending": pending})
    server = start_server(tmp_path)
    until(lambda: server.call("GET", url)["halving"]["rounds"][:1] == [found])
    assert server.read(worst)["reason_code"] == "halved"
    second = until(lambda: server.call("GET", url)["halving"]["rounds"][1:])
    assert (second[0]["at"], second[0]["members"]) == (30, 2)


def test_another_rule_compares_at_its_first_step_that_no_member_has_reached(server, create):
    url = create({"seed": {"count": 4}}, steps=40, halve={"every": 20}, start=False)
    first, second, *_ = (member["run"] for member in server.call("GET", url)["members"])
    server.do(first, "step", {"count": 13})
    server.do(second, "start")
    until(lambda: server.read(second)["reason_code"] == "halving_waits")
    answer = server.call("PATCH", url, {"halve": {"every": 6, "metric": "train_loss"}})
    assert answer["halving"] == {"every": 6, "metric": "train_loss", "until": 24, "rounds": []}
    until(lambda: server.read(second)["reason_code"] == "halving_waits" and server.read(second)["step"] == 24)
    server.call("POST", f"{url}/start")
    rounds = ended(server, url)["halving"]["rounds"]
    assert [(each["at"], each["members"], each["metric"]) for each in rounds] == [
        (24, 4, "train_loss"), (30, 2, "train_loss"),
    ]  # fmt: skip


def test_without_the_rule_members_that_wait_go_on_to_their_end(server, create):
    url = create({"seed": {"count": 3}}, steps=40, halve={"every": 20}, start=False)
    first, *others = (member["run"] for member in server.call("GET", url)["members"])
    server.do(first, "start")
    until(lambda: server.read(first)["reason_code"] == "halving_waits")
    assert server.call("PATCH", url, {"halve": None})["halving"] is None
    server.ended(first)
    assert server.read(first)["step"] == 40
    server.call("POST", f"{url}/start")
    assert {server.ended(run)["step"] for run in others} == {40}


def test_a_rule_is_set_for_members_that_train_without_one(server, create):
    url = create({"seed": {"count": 4}})
    until(lambda: all(member["step"] > 0 for member in server.call("GET", url)["members"]))
    server.call("PATCH", url, {"halve": {"every": 1000}})
    assert [each["members"] for each in until(lambda: ended_rounds(server, url, 2))] == [4, 2]


def ended_rounds(server, url, count):
    rounds = server.call("GET", url)["halving"]["rounds"]
    return len(rounds) == count and rounds


def test_an_impossible_change_of_the_rule_is_refused_with_its_field(server, create):
    url = create({"seed": {"count": 2}}, steps=5)
    until(lambda: server.call("GET", url)["status"] == "finished")
    for halve, field in (({"every": 0}, "halve.every"), ({"every": 5, "metric": "x"}, "halve.metric")):
        status, error = server.refused("PATCH", url, {"halve": halve})
        assert (status, error["field"]) == (422, field)
    assert server.refused("PATCH", url, {"other": 1})[1]["field"] == "other"


@pytest.mark.parametrize("halve", [{"every": 0}, {}, {"every": 5, "other": 1}, 7])
def test_an_impossible_rule_is_refused_with_its_field(server, halve):
    body = {"config": SMALL, "vary": {"seed": [0]}, "halve": halve}
    answer = server.client.post("/api/experiments", json=body)
    assert answer.status_code == 422 and answer.json()["error"]["field"].startswith("halve")


def test_a_rule_by_a_metric_that_no_member_measures_is_refused(server, create):
    before = server.call("GET", "/api/experiments")["experiments"]
    body = {"config": SMALL | {"name": ""}, "vary": {"seed": {"count": 2}}, "start": False}
    for metric in ("nope", "validation_loss", "test_rmse"):
        rule = {"every": 5, "metric": metric}
        answer = server.client.post("/api/experiments", json=body | {"halve": rule})
        error = answer.json()["error"]
        assert (answer.status_code, error["field"], error["given"]) == (422, "halve.metric", metric)
        assert "test_accuracy" in error["limit"]
    assert server.call("GET", "/api/experiments")["experiments"] == before
    url = create({"seed": {"count": 2}}, start=False)  # nothing is measured yet
    answer = server.client.patch(url, json={"halve": {"every": 5, "metric": "nope"}})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "halve.metric")
    assert server.call("GET", url)["halving"] is None
    assert server.client.patch(url, json={"halve": {"every": 5, "metric": "test_f1"}}).status_code == 200

"""Any 2 to 8 runs are compared: fields that differ, aligned histories, and scores."""

import pytest

from app.experiments.reports.comparison import align, differences
from tests.app.conftest import SMALL

COMPARE = "/api/runs/compare?runs="
POINT = {"epoch": [0], "train_loss": [0.5], "validation_loss": [None], "test_loss": [0.25], "penalty": [0.0]}


def history(*steps, metrics=()):
    """A history with the same values at every step."""
    columns = {name: values * len(steps) for name, values in POINT.items()}
    return {"step": list(steps), "metrics": {name: [1.0] * len(steps) for name in metrics}} | columns


def test_only_fields_that_differ_are_listed_and_lists_of_other_length_as_a_whole():
    first = {"a": 1, "b": {"c": 2, "d": [1, 2]}, "layers": [{"units": 4}, {"units": 5}]}
    second = {"a": 1, "b": {"c": 3, "d": [1, 2]}, "layers": [{"units": 4}, {"units": 6}]}
    third = {"b": {"c": 2, "d": [1]}, "layers": [{"units": 4}, {"units": 5}]}
    assert differences([first, second]) == [
        {"field": "b.c", "values": [2, 3]}, {"field": "layers.1.units", "values": [5, 6]},
    ]  # fmt: skip
    assert differences([first, third]) == [
        {"field": "a", "values": [1, None]}, {"field": "b.d", "values": [[1, 2], [1]]},
    ]  # fmt: skip
    layers = [[{"units": 1}], []]
    assert differences([{"layers": value} for value in layers]) == [{"field": "layers", "values": layers}]


def test_histories_have_the_steps_of_all_runs_and_null_where_a_run_has_none():
    aligned = align([history(0, 2, metrics=["train_accuracy"]), history(0, 1)])
    assert aligned["step"] == [0, 1, 2]
    assert [run["train_loss"] for run in aligned["runs"]] == [[0.5, None, 0.5], [0.5, 0.5, None]]
    assert [run["seconds"] for run in aligned["runs"]] == [None, None]
    timed = align(
        [history(0, 2) | {"seconds": [None, 1.5]}, history(0, 1, 2) | {"seconds": [0.0, 0.5, 0.25]}]
    )
    assert [run["seconds"] for run in timed["runs"]] == [[0.0, None, 1.5], [0.0, 0.5, 0.75]]
    assert [run["metrics"] for run in aligned["runs"]] == [{"train_accuracy": [1.0, None, 1.0]}, {}]


def test_runs_are_compared_with_their_newest_and_best_scores(server):
    configs = [{"optimizer": {"learning_rate": rate}, "tags": ["compared"]} for rate in (0.1, 0.2, 0.3)]
    runs = [server.run(**config, start=False) for config in configs]
    for run, steps in zip(runs, (4, 9, 0), strict=True):
        if steps:
            server.do(run, "step", {"count": steps})
    found = server.call("GET", COMPARE + ",".join(runs))
    assert [(run["id"], run["step"]) for run in found["runs"]] == list(zip(runs, (4, 9, 0), strict=True))
    assert found["differences"] == [{"field": "optimizer.learning_rate", "values": [0.1, 0.2, 0.3]}]
    for run, aligned in zip(found["runs"], found["history"]["runs"], strict=True):
        alone = server.call("GET", f"/api/runs/{run['id']}/history")
        assert (run["seq"], run["attempt"]) == (alone["seq"], alone["attempt"])
        losses = dict(zip(found["history"]["step"], aligned["test_loss"], strict=True))
        measured = [losses[step] for step in alone["step"]]
        assert measured == alone["test_loss"]
        score = next(score for score in found["scores"] if score["name"] == "test_loss")
        index = runs.index(run["id"])
        assert score["latest"][index] == (run["latest"] and run["latest"]["test_loss"])
        best = score["best"][index]
        assert (best and best["value"]) == min(measured, default=None) and not score["higher_is_better"]
    accuracy = next(score for score in found["scores"] if score["name"] == "test_accuracy")
    assert accuracy["higher_is_better"]


@pytest.mark.parametrize(
    ("chosen", "given"), [("", 0), ("a", 1), ("a,b,c,d,e,f,g,h,i", 9), ("a,b,a", "a"), (" a , a ", "a")]
)
def test_fewer_than_two_more_than_eight_or_equal_runs_are_refused(server, chosen, given):
    status, error = server.refused("GET", COMPARE + chosen)
    assert (status, error["field"], error["given"]) == (422, "runs", given)


def test_an_unknown_run_is_named(server):
    known = server.run(start=False)
    status, error = server.refused("GET", f"{COMPARE}{known},missing")
    assert (status, error["code"], error["field"], error["given"]) == (404, "no_such_run", "runs", "missing")


def test_the_list_has_all_runs_those_that_are_no_members_or_those_of_one_experiment(server):
    alone = server.run(start=False)
    body = {"config": SMALL, "vary": {"seed": {"count": 2}}, "start": False}
    experiment = server.call("POST", "/api/experiments", body)["id"]
    members = [each["run"] for each in server.call("GET", f"/api/experiments/{experiment}")["members"]]

    def listed(choice):
        return {run["id"] for run in server.call("GET", f"/api/runs{choice}")["runs"]}

    assert listed("") == listed("?experiment=all") == {alone, *members}
    assert listed("?experiment=none") == listed(f"?experiment=none&family={alone}") == {alone}
    assert listed(f"?experiment={experiment}") == set(members)
    status, error = server.refused("GET", "/api/runs?experiment=missing")
    assert (status, error["field"], error["given"]) == (404, "experiment", "missing")
    server.call("DELETE", f"/api/experiments/{experiment}")


def test_tags_can_change_while_training_and_are_refused_by_name(server):
    run = server.run(tags=["lecture 3"])
    changed = server.call("PATCH", f"/api/runs/{run}", {"tags": ["wide", "lecture 4"]})
    assert changed["config"]["tags"] == ["wide", "lecture 4"] and changed["status"] == "running"
    assert server.call("PATCH", f"/api/runs/{run}", {"tags": []})["config"]["tags"] == []
    for tags, field in (([" a"], "tags.0"), (["a", "b,c"], "tags.1"), ([""], "tags.0"), ("a", "tags")):
        status, error = server.refused("PATCH", f"/api/runs/{run}", {"tags": tags})
        assert (status, error["field"]) == (422, field)
    status, error = server.refused(
        "PATCH", f"/api/runs/{run}", {"tags": [str(number) for number in range(21)]}
    )
    assert (status, error["field"], error["limit"]) == (422, "tags", 20)

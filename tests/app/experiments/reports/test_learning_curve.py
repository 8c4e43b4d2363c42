"""The learning curve of an experiment through the API."""

import csv
import io

import numpy as np
import pytest
from scipy import stats

from tests.app.conftest import until

CONFIG = {
    "dataset": {"name": "moons", "samples": 200, "noise": 0.2, "test_fraction": 0.8, "train_seed": 3},
    "layers": [{"units": 4, "activation": "tanh"}],
}


@pytest.fixture
def create(server):
    created = []

    def work(vary, **options):
        body = {"config": CONFIG, "vary": vary} | options
        created.append(f"/api/experiments/{server.call('POST', '/api/experiments', body)['id']}")
        return created[-1]

    yield work
    for experiment in created:
        server.client.delete(experiment)


def test_a_finished_experiment_has_errors_by_number_of_examples_and_the_evidence(server, create):
    vary = {"dataset.train_samples": [5, 20, None], "seed": {"count": 3}}
    experiment = create(vary, steps=60)
    until(lambda: server.call("GET", experiment)["status"] == "finished")
    found = server.call("GET", f"{experiment}/learning_curve")
    assert (found["metric"], found["is_complement"], found["seeds"]) == ("accuracy", True, ["seed"])
    assert {"loss", "accuracy", "f1"} <= set(found["metrics"])
    (curve,) = found["curves"]
    assert (curve["values"], curve["available"]) == ({}, 40)
    assert [size["samples"] for size in curve["sizes"]] == [5, 20, 40]
    for size in curve["sizes"]:
        runs = [server.read(run) for run in size["members"]]
        assert [run["config"]["seed"] for run in runs] == [0, 1, 2]
        for part in ("train", "test"):
            errors = [1 - run["latest"]["metrics"][f"{part}_accuracy"] for run in runs]
            assert size[part]["errors"] == pytest.approx(errors)
            assert (size[part]["n"], size[part]["median"]) == (3, pytest.approx(np.median(errors)))
            assert size[part]["quartiles"] == pytest.approx(np.percentile(errors, [25, 75]).tolist())
    evidence = curve["evidence"]
    assert (evidence["smaller"], evidence["larger"]) == (20, 40)
    larger, smaller = (np.array(curve["sizes"][i]["test"]["errors"]) for i in (2, 1))
    expected = stats.ttest_rel(larger, smaller).confidence_interval(0.95)
    assert evidence["slope"]["mean"] == pytest.approx((larger - smaller).mean())
    assert evidence["slope"]["interval"] == pytest.approx(list(expected))
    losses = server.call("GET", f"{experiment}/learning_curve?metric=loss")
    assert (losses["metric"], losses["is_complement"]) == ("loss", False)
    text = server.client.get(f"{experiment}/learning_curve?format=csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["train_samples"] for row in rows] == ["5", "20", "40"]
    assert float(rows[2]["test_median"]) == pytest.approx(curve["sizes"][2]["test"]["median"])
    status, error = server.refused("GET", f"{experiment}/learning_curve?metric=mae")
    assert (status, error["field"], error["given"]) == (422, "metric", "mae")
    assert error["limit"] == found["metrics"]


def test_other_varied_fields_give_curves_of_their_own_and_nothing_is_known_before_training(server, create):
    experiment = create({"dataset.train_samples": [5, 10], "l2": [0, 0.1]}, start=False)
    found = server.call("GET", f"{experiment}/learning_curve")
    assert [curve["values"] for curve in found["curves"]] == [{"l2": 0}, {"l2": 0.1}]
    assert [curve["evidence"] for curve in found["curves"]] == [None, None]
    assert found["seeds"] == [] and [len(curve["sizes"]) for curve in found["curves"]] == [2, 2]


def test_an_experiment_with_one_number_of_examples_has_no_learning_curve(server, create):
    experiment = create({"seed": {"count": 2}}, start=False)
    status, error = server.refused("GET", f"{experiment}/learning_curve")
    assert (status, error["code"]) == (409, "no_learning_curve")
    assert error["field"] == "dataset.train_samples"

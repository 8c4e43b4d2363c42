"""Errors: every invalid request is refused with its field, and never answered with 5xx."""

import pytest

from engine.diagnostics import DIAGNOSES

INVALID_CONFIGURATIONS = [
    ({"layerz": []}, "layerz"),
    ({"layers": [{"units": 8}, {"units": 8}, {"units": 0}]}, "layers.2.units"),
    ({"layers": [{"activation": "nope"}]}, "layers.0.activation"),
    ({"layers": [{"units": 1}] * 129}, "layers"),
    ({"layers": 5}, "layers"),
    ({"optimizer": {"learning_rate": -1}}, "optimizer.learning_rate"),
    ({"optimizer": {"learning_rate": "0.1"}}, "optimizer.learning_rate"),
    ({"optimizer": {"name": "nope"}}, "optimizer.name"),
    ({"dataset": {"name": "nope"}}, "dataset.name"),
    ({"dataset": {"samples": 10**9}}, "dataset.samples"),
    ({"dataset": {"noise": 2}}, "dataset.noise"),
    ({"features": ["x9"]}, "features.0"),
    ({"batch_size": 0}, "batch_size"),
    ({"batch_size": 1.5}, "batch_size"),
    ({"seed": 2**53}, "seed"),
    ({"epochs": True}, "epochs"),
    ({"dtype": "float16"}, "dtype"),
    ({"loss": {"name": "nope"}}, "loss.name"),
    ({"start": "yes"}, "start"),
    ({"speed": 0}, "speed"),
    ({"speed": "fast"}, "speed"),
    ({"replaces": 5}, "replaces"),
    ({"views": "network"}, "views"),
    ({"views": ["nope"]}, "views"),
]


@pytest.mark.parametrize(("body", "field"), INVALID_CONFIGURATIONS)
def test_an_invalid_configuration_is_refused_with_its_field(server, body, field):
    status, error = server.refused("POST", "/api/runs", body)
    assert (status, error["field"]) == (422, field)
    assert error["message"]


@pytest.mark.parametrize("text", ["{", "nonsense", '{"seed": NaN}', "\xff", "[" * 10_000, '{"seed":1}x'])
def test_a_body_that_is_not_json_is_refused(server, text):
    status, error = server.refused("POST", "/api/runs", content=text.encode("latin-1"))
    assert (status, error["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("text", ["[]", "5", '"text"', "null"])
def test_a_body_that_is_not_an_object_is_refused(server, text):
    assert server.refused("POST", "/api/runs", content=text)[0] == 422


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/runs?limit=0", "limit"),
        ("/api/runs?limit=many", "limit"),
        ("/api/runs?limits=5", "limits"),
        ("/api/runs/{run}/history?after=x", "after"),
        ("/api/runs/{run}/history?format=xml", "format"),
        ("/api/runs/{run}/weights?step=-1", "step"),
        ("/api/runs/{run}/weights?steps=1", "steps"),
        ("/api/runs/{run}/views/decision_boundary?step=x", "step"),
        ("/api/runs/{run}/views/decision_boundary?arrays=x", "arrays"),
        ("/api/runs/{run}/views/decision_boundary?resolution=x", "resolution"),
        ("/api/runs/{run}/views/decision_boundary?resolution=100000", "resolution"),
        ("/api/runs/{run}/views/decision_boundary?nope=1", "nope"),
        ("/api/runs/{run}/views/decision_boundary?layer=9&unit=9", "layer"),
        ("/api/runs/{run}/points?arrays=x", "arrays"),
        ("/api/datasets/circle?samples=1", "samples"),
        ("/api/datasets/circle?samples=x", "samples"),
        ("/api/datasets/circle?noise=9", "noise"),
        ("/api/datasets/circle?train_samples=251", "train_samples"),
        ("/api/datasets/circle?nois=0", "nois"),
    ],
)
def test_an_invalid_option_is_refused_with_its_name(server, path, field):
    run = server.run(start=False)
    status, error = server.refused("GET", path.format(run=run))
    assert (status, error["field"]) == (422, field)


@pytest.mark.parametrize(
    ("path", "message", "limit"),
    [
        ("/api/runs?limit=many", "must be a whole number", None),
        ("/api/runs?limit=1.5", "must be a whole number", None),
        ("/api/runs?limit=0", "must be at least 1", 1),
        ("/api/runs?limit=1001", "must be at most 1000", 1000),
        ("/api/datasets/circle?noise=much", "must be a number", None),
        ("/api/datasets/circle?noise=nan", "must be a finite number", None),
    ],
)
def test_an_invalid_option_is_refused_with_the_message_of_an_invalid_field(server, path, message, limit):
    _, error = server.refused("GET", path)
    assert (error["message"], error["limit"]) == (message, limit)
    assert error["given"] == path.partition("=")[2]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/api/runs", {"layerz": [], "epochs": 0}, "layerz"),
        ("POST", "/api/runs", {"epochs": 0, "layers": [{"units": 0}, {"unit": 3}]}, "layers.1.unit"),
        ("POST", "/api/runs", {"paradigm": "autoencoder", "corruption": {"nois": 1}}, "corruption.nois"),
        ("PATCH", "/api/runs/{run}/weights", {"weights": [{"layer": "x", "colour": 1}]}, "weights.0.colour"),
        ("PATCH", "/api/runs/{run}/points", {"add": [{"inputs": 1, "colour": 1}]}, "add.0.colour"),
        ("POST", "/api/runs/{run}/step", {"count": 0, "unit_": 1}, "unit_"),
        ("POST", "/api/runs/{run}/predict", {"inputs": 5, "input": 1}, "input"),
    ],
)
def test_an_unknown_field_is_refused_before_any_value_is_validated(server, method, path, body, field):
    run = server.run(start=False)
    status, error = server.refused(method, path.format(run=run), body)
    assert (status, error["code"], error["field"]) == (422, "unknown_field", field)


def many_fields(count):
    """An object with that many unknown fields, as JSON."""
    return "{" + ",".join(f'"k{index}":0' for index in range(count)) + "}"


@pytest.mark.parametrize("part", ["{}", '{{"dataset": {}}}', '{{"layers": [{}]}}'])
def test_the_first_of_many_unknown_fields_is_named(server, part):
    status, error = server.refused("POST", "/api/runs", content=part.format(many_fields(20_000)).encode())
    assert (status, error["code"]) == (422, "unknown_field")
    assert error["field"].rpartition(".")[2] == "k0"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/runs", many_fields(300_000)),
        ("PATCH", "/api/runs/{run}", many_fields(300_000)),
        ("PATCH", "/api/runs/{run}", '{"pause_when":[' + ",".join(["1"] * 1_000_000) + "]}"),
        ("POST", "/api/runs/{run}/start", many_fields(300_000)),
        ("POST", "/api/runs/{run}/predict", '{"inputs":[' + ",".join(["[1]"] * 800_000) + "]}"),
        ("POST", "/api/runs", "[" * 1_000_000),
    ],
    ids=["fields", "changes", "diagnoses", "command", "inputs", "lists"],
)
def test_a_body_with_too_many_values_is_refused_before_it_is_decoded(server, method, path, body):
    run = server.run(start=False)
    status, error = server.refused(method, path.format(run=run), content=body.encode())
    assert (status, error["code"]) == (413, "too_many_values")
    assert error["given"] > error["limit"] > 10_000


def test_a_list_with_more_wrong_values_than_it_may_have_entries_is_refused_with_that_limit(server):
    run = server.run(start=False)
    status, error = server.refused("PATCH", f"/api/runs/{run}", {"pause_when": [1] * 40_000})
    assert (status, error["field"], error["limit"]) == (422, "pause_when", len(DIAGNOSES))


def test_as_many_rows_as_a_prediction_may_have_are_accepted(server):
    run = server.run(start=False)
    answer = server.call("POST", f"/api/runs/{run}/predict", {"inputs": [[0.5, 0.25]] * 10_000})
    assert len(answer["outputs"]) == 10_000


def nested(levels):
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/api/runs", '{"layers": %s}', "layers.0"),
        ("POST", "/api/runs", '{"seed": %s}', "seed"),
        ("POST", "/api/runs", '{"layerz": %s}', "layerz"),
        ("POST", "/api/runs", '{"speed": %s}', "speed"),
        ("PATCH", "/api/runs/{run}", '{"layers": %s}', "layers.0"),
        ("PATCH", "/api/runs/{run}", '{"l2": %s}', "l2"),
        ("PATCH", "/api/runs/{run}/weights", '{"weights": %s}', "weights.0"),
        ("PATCH", "/api/runs/{run}/points", '{"add": %s}', "add.0"),
        ("PATCH", "/api/runs/{run}/points", '{"content": %s}', "content"),
        ("POST", "/api/runs/{run}/predict", '{"inputs": %s}', "inputs.0"),
        ("POST", "/api/runs/{run}/step", '{"count": %s}', "count"),
    ],
)
def test_deeply_nested_lists_are_refused_with_the_field_or_as_malformed(server, method, path, body, field):
    run = server.run(start=False)
    status, error = server.refused(method, path.format(run=run), content=body % nested(253))
    assert (status, error["field"]) == (422, field)
    status, error = server.refused(method, path.format(run=run), content=body % nested(1000))
    assert (status, error["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("value", [["x1"], {"a": [None, True, 1.5]}, [], "x1"])
def test_an_error_contains_the_refused_value_as_json(server, value):
    assert server.refused("POST", "/api/runs", {"speed": value})[1]["given"] == value


def test_an_error_contains_only_the_beginning_of_a_long_value(server):
    given = server.refused("POST", "/api/runs", {"speed": [True] * 1000})[1]["given"]
    assert given.startswith("[true,true,") and given.endswith("…") and len(given) == 201


@pytest.mark.parametrize("digits", [30, 5000])
def test_a_number_too_large_for_json_is_refused(server, digits):
    status, error = server.refused("GET", f"/api/datasets/circle?seed={'9' * digits}")
    assert (status, error["field"]) == (422, "seed")
    assert error["given"].startswith("999")


def test_a_list_before_an_unknown_run_is_not_found(server):
    status, error = server.refused("GET", "/api/runs?before=nope")
    assert (status, error["code"], error["field"]) == (404, "no_such_run", "before")


@pytest.mark.parametrize(
    ("command", "body", "field"),
    [
        ("step", {"unit": "year"}, "unit"),
        ("step", {"count": 0}, "count"),
        ("step", {"count": 1.5}, "count"),
        ("step", {"count": True}, "count"),
        ("step", {"counts": 1}, "counts"),
        ("start", {"now": True}, "now"),
        ("predict", {}, "inputs"),
        ("predict", {"inputs": 5}, "inputs"),
        ("predict", {"input": []}, "input"),
    ],
)
def test_an_invalid_command_is_refused_with_its_field(server, command, body, field):
    run = server.run(start=False)
    status, error = server.refused("POST", f"/api/runs/{run}/{command}", body)
    assert (status, error["field"]) == (422, field)


@pytest.mark.parametrize("inputs", [[[1]], [[1, 2, 3]], ["ab"], [[1, "x"]], [[None, 1]], [[1, 2], [3]], [[]]])
def test_inputs_that_do_not_fit_the_data_are_refused(server, inputs):
    run = server.run(start=False)
    status, error = server.refused("POST", f"/api/runs/{run}/predict", {"inputs": inputs})
    assert status == 422
    assert error["field"].startswith("inputs")


def test_an_input_that_is_too_large_is_refused_with_the_limit(server):
    run = server.run(start=False)
    _, error = server.refused("POST", f"/api/runs/{run}/predict", {"inputs": [[1, 1e300]]})
    assert (error["field"], error["given"], error["limit"]) == ("inputs.0.1", 1e300, 1e300)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"epochs": 0}, "epochs"),
        ({"speed": -5}, "speed"),
        ({"optimizer": {"learning_rate": "x"}}, "optimizer.learning_rate"),
        ({"nope": 1}, "nope"),
        ({"optimizer": {"nope": 1}}, "optimizer.nope"),
    ],
)
def test_an_invalid_change_is_refused_with_its_field_and_changes_nothing(server, changes, field):
    run = server.run(start=False)
    before = server.read(run)["config"]
    status, error = server.refused(
        "PATCH", f"/api/runs/{run}", changes | {"l1": 0.5} if field != "speed" else changes
    )
    assert (status, error["field"]) == (422, field)
    assert server.read(run)["config"] == before


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "allowed"),
    [
        ("GET", "/api/runs?limits=5", None, "limits", "before"),
        ("GET", "/api/runs/{run}/history?foo=5", None, "foo", "after"),
        ("POST", "/api/experiments", {"vary": {}, "foo": 1}, "foo", "members"),
        ("POST", "/api/experiments", {"vary": {}, "halve": {"every": 5, "foo": 1}}, "halve.foo", "metric"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_there_are(server, method, path, body, field, allowed):
    status, error = server.refused(method, path.format(run=server.run(start=False)), body)
    assert (status, error["code"], error["field"]) == (422, "unknown_field", field)
    assert allowed in error["limit"]


@pytest.mark.parametrize("vary", [5, None, True, 0.5, "epochs", ["epochs"]])
def test_varied_fields_that_are_no_object_are_refused(server, vary):
    body = {"config": {"epochs": 1}, "vary": vary, "steps": 1000, "start": False}
    assert server.refused("POST", "/api/experiments", body) == (
        422,
        {"code": "invalid", "message": "must be an object of varied fields", "field": "vary", "given": vary,
         "limit": None},
    )  # fmt: skip


@pytest.mark.parametrize("body", [{"vary": {"seed": [1]}, "config": 5}, {"vary": {"seed": [1]}, "halve": 5}])
def test_a_value_that_must_be_an_object_is_refused_with_these_words(server, body):
    assert server.refused("POST", "/api/experiments", body)[1]["message"] == "must be an object"

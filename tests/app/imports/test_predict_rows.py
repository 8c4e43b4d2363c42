"""Predictions for rows with the column names and words of an imported table, as JSON objects and as CSV."""

from itertools import product

import numpy as np
import pytest

TABLE = {"content-type": "text/csv"}
COLOURS, SIZES = ("red", "green", "blue"), ("S", "L")


def text_of(separator=",", decimal="."):
    """Rows of a weight, a colour, a size and a kind: heavy red or small ones are yes."""
    rng = np.random.default_rng(3)
    lines = ["weight,colour,size,kind,note".replace(",", separator)]
    for colour, size, _ in product(COLOURS, SIZES, range(20)):
        weight = round(float(rng.uniform(0, 10)), 2)
        kind = "yes" if (colour == "red" and weight > 5) or size == "S" else "no"
        lines.append(separator.join([f"{weight:.2f}".replace(".", decimal), colour, size, kind, "same"]))
    return "\n".join(lines) + "\n"


@pytest.fixture
def run(server):
    answer = server.client.put("/api/datasets/kinds?target=kind", content=text_of(), headers=TABLE)
    assert answer.status_code == 201, answer.text
    identity = server.run(dataset={"name": "kinds"}, epochs=2)
    server.ended(identity)
    yield identity
    server.client.delete("/api/datasets/kinds")


def encoded(weight, colour, size):
    """The inputs by hand: weight, one column per colour in alphabetical order, and 1 for the size S."""
    return [weight, *(float(colour == name) for name in sorted(COLOURS)), float(size == "S")]


ROWS = [(7.25, "red", "L"), (1.5, "blue", "S"), (9.0, "green", "L")]


def outputs(server, run, body):
    return server.call("POST", f"/api/runs/{run}/predict", body)


def test_objects_with_names_and_words_have_the_outputs_of_their_numbers(server, run):
    objects = [{"size": size, "colour": colour, "weight": weight} for weight, colour, size in ROWS]
    by_words = outputs(server, run, {"inputs": objects})
    by_numbers = outputs(server, run, {"inputs": [encoded(*row) for row in ROWS]})
    assert by_words["outputs"] == by_numbers["outputs"]
    assert by_words["classes"] == by_numbers["classes"]
    assert set(by_words["classes"]) <= {"yes", "no"}
    assert by_words["ignored"] == []


@pytest.mark.parametrize(("separator", "decimal"), [(",", "."), (";", ","), ("\t", ".")])
def test_csv_with_the_columns_of_the_table_has_the_outputs_of_its_rows(server, run, separator, decimal):
    text = text_of(separator, decimal)
    answer = server.client.post(f"/api/runs/{run}/predict", content=text.encode(), headers=TABLE)
    assert answer.status_code == 200, answer.text
    rows = [line.split(separator) for line in text.splitlines()[1:]]
    numbers = [encoded(float(row[0].replace(decimal, ".")), *row[1:3]) for row in rows]
    assert answer.json()["outputs"] == outputs(server, run, {"inputs": numbers})["outputs"]
    assert answer.json()["ignored"] == ["kind", "note"]


def test_csv_is_predicted_at_the_step_of_the_query(server, run):
    text = "weight,colour,size\n7.25,red,L\n"
    answer = server.client.post(f"/api/runs/{run}/predict?step=0", content=text, headers=TABLE).json()
    at_start = outputs(server, run, {"inputs": [encoded(7.25, "red", "L")], "step": 0})
    assert answer["outputs"] == at_start["outputs"]
    assert answer["outputs"] != outputs(server, run, {"inputs": [encoded(7.25, "red", "L")]})["outputs"]


def test_the_inputs_of_built_in_data_have_names_too(server):
    run = server.run(dataset={"name": "iris"}, features=None, start=False)
    names = server.call("GET", f"/api/runs/{run}/points?numbers=4")["inputs"]
    row = [5.1, 3.5, 1.4, 0.2]
    named = outputs(server, run, {"inputs": [dict(zip(names, row, strict=True))]})
    assert named["outputs"] == outputs(server, run, {"inputs": [row]})["outputs"]


@pytest.mark.parametrize(
    ("row", "field", "given"),
    [
        ({"weight": 1, "colour": "red"}, "inputs.1.size", ["weight", "colour"]),
        ({"weight": 1, "colour": "pink", "size": "S"}, "inputs.1.colour", "pink"),
        ({"weight": "heavy", "colour": "red", "size": "S"}, "inputs.1.weight", "heavy"),
        ({"weight": None, "colour": "red", "size": "S"}, "inputs.1.weight", None),
        ({"weight": 1e300, "colour": "red", "size": "S"}, "inputs.1.weight", 1e300),
        ({"weight": True, "colour": "red", "size": "S"}, "inputs.1.weight", True),
        ([1, 0, 0, 1, 0], "inputs.1", [1, 0, 0, 1, 0]),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_row_and_column(server, run, row, field, given):
    first = {"weight": 1, "colour": "red", "size": "S"}
    status, error = server.refused("POST", f"/api/runs/{run}/predict", {"inputs": [first, row]})
    assert (status, error["field"], error["given"]) == (422, field, given)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "inputs"),
        ("weight,colour,size\n", "inputs"),
        ("weight,colour,size\n1,red\n", "inputs.0"),
        ("weight,colour,size\n1,red,S\n2,red,S,4\n", "inputs.1"),
        ("1,red,S\n2,red,S\n", "inputs.0.weight"),
    ],
)
def test_a_text_that_is_no_such_table_is_refused(server, run, text, field):
    status, error = server.refused("POST", f"/api/runs/{run}/predict", content=text, headers=TABLE)
    assert (status, error["field"]) == (422, field)


def test_a_csv_body_that_is_not_utf_8_or_has_too_many_cells_is_refused(server, run):
    path = f"/api/runs/{run}/predict"
    assert server.refused("POST", path, content=b"weight\n\xff\xfe\n", headers=TABLE)[0] == 400
    assert server.refused("POST", path, content="," * 500_001, headers=TABLE)[0] == 413


def test_dates_are_predicted_from_their_text_in_json_and_csv(server):
    days = [f"{1 + row % 28:02}.{1 + row // 28:02}.2024" for row in range(60)]
    text = "day,a,y\n" + "".join(f"{day},{row % 7},{row / 3}\n" for row, day in enumerate(days))
    assert server.client.put("/api/datasets/days", content=text, headers=TABLE).status_code == 201
    identity = server.run(dataset={"name": "days"}, epochs=1)
    server.ended(identity)
    objects = [{"day": day, "a": row % 7} for row, day in enumerate(days[:20])]
    by_text = outputs(server, identity, {"inputs": objects})
    csv = "day,a\n" + "".join(f"{row['day']},{row['a']}\n" for row in objects)
    answer = server.client.post(f"/api/runs/{identity}/predict", content=csv.encode(), headers=TABLE)
    # 2024-01-01 was a Monday: day of the year, weekday, days since the first one, and a.
    numbers = [[row + 1, row % 7 + 1, row, row % 7] for row in range(20)]
    assert by_text["outputs"] == outputs(server, identity, {"inputs": numbers})["outputs"]
    assert answer.json()["outputs"] == by_text["outputs"]
    refused = server.client.post(
        f"/api/runs/{identity}/predict", json={"inputs": [{"day": "soon", "a": 1}]}
    ).json()
    assert refused["error"]["field"] == "inputs.0.day"
    server.client.delete("/api/datasets/days")

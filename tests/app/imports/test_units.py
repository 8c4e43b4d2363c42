"""Import of numbers with a unit in each cell, and of codes that look like them; predictions with units."""

import pytest

TABLE = {"content-type": "text/csv"}


def text_of(cells, rows=40):
    lines = [f"{cells[row % len(cells)]};{row * 7 % 11};{row % 3}" for row in range(rows)]
    return "\n".join(["a;b;y", *lines]) + "\n"


def column(answer):
    return answer["columns"][0]


def warnings(answer):
    return {entry["code"]: entry["parameters"] for entry in answer["warning_codes"]}


@pytest.mark.parametrize(
    ("cells", "unit", "largest"),
    [
        (["0,5 cm", "1,25 cm", "3 cm"], "cm", 3),
        (["0.5cm", "5.1cm", "-"], "cm", 5.1),
        (["20 °C", "-3.5 °C", "n/a"], "°C", 20),
        (["3 µm/s", "4 µm/s"], "µm/s", 4),
        (["12 m²", "20 m²"], "m²", 20),
        (["1.234,5 kg", "12 kg"], "kg", 1234.5),
        (["50%", "20%"], "%", 50),
    ],
)
def test_numbers_that_all_have_one_unit_are_numbers_and_the_unit_is_named(read, cells, unit, largest):
    entry = column(read(text_of(cells)).answer)
    assert (entry["type"], entry["maximum"]) == ("number", largest)
    assert entry["type_reason"]["code"] == "type_unit"
    assert entry["type_reason"]["parameters"]["unit"] == unit


@pytest.mark.parametrize(
    "cells",
    [["12A", "4B"], ["1D2", "4B"], ["B12", "C4"], ["12h30", "13h15"], ["3rd", "23rd"], ["1st", "2nd", "3rd"],
     ["5 m", "5 km"], ["5 cm", "6", "7 cm"]],
)  # fmt: skip
def test_codes_times_and_several_units_are_texts(read, cells):
    assert column(read(text_of(cells)).answer)["type"] == "text"


@pytest.mark.parametrize(
    ("cells", "units"), [(["5 m", "5 km", "7 m"], "km, m"), (["5 cm", "6", "7 cm"], "cm, none")]
)
def test_several_units_are_named(read, cells, units):
    assert warnings(read(text_of(cells)).answer)["mixed_units"] == {"name": "a", "units": units}


@pytest.mark.parametrize("cells", [["12A", "4B"], ["1st", "2nd"], ["5 m", "7 m"]])
def test_codes_and_equal_units_give_no_warning_about_units(read, cells):
    assert "mixed_units" not in warnings(read(text_of(cells)).answer)


def lines_with(last):
    lines = [f"{row} cm;{row * row % 7};{row % 3}" for row in range(300)]
    return "\n".join(["a;b;y", *lines, f"{last};1;1"]) + "\n"


@pytest.mark.parametrize("last", ["5 km", "broken"])
def test_a_rare_cell_with_another_unit_or_a_word_is_a_problem_that_names_it(read, last):
    (problem,) = read(lines_with(last)).answer["problems"]
    assert (problem["row"], problem["column"], problem["given"]) == (302, "a", last)


def test_a_number_without_the_unit_of_the_others_is_read_and_named(read):
    answer = read(lines_with("500")).answer
    assert (column(answer)["type"], column(answer)["maximum"], answer["problems"]) == ("number", 500, [])
    assert warnings(answer)["mixed_units"] == {"name": "a", "units": "cm, none"}
    assert column(answer)["type_reason"]["code"] == "type_numbers"


def test_a_column_with_a_unit_can_be_read_as_text(read):
    entry = column(read(text_of(["5 mg", "10 mg"]), text=("a",)).answer)
    assert (entry["type"], entry["categories"]) == ("text", ["5 mg", "10 mg"])


def test_tables_of_which_all_columns_have_units_have_a_header_or_none(read):
    rows = "".join(f"{row} cm,{row * 3 % 7} s\n" for row in range(30))
    with_names, without = read("length,time\n" + rows).answer, read(rows).answer
    assert (with_names["header"], without["header"]) == (True, False)
    assert with_names["rows"] == without["rows"] == 30


def test_12e3_among_codes_is_a_code(read):
    entry = column(read(text_of(["12E3", "12E4", "13E4", "12E5", "1E3", "12A4"])).answer)
    assert entry["type"] == "text" and "12E3" in entry["categories"]


@pytest.mark.parametrize("rows", [7, 30])
def test_row_names_of_tables_of_any_size_are_no_inputs(read, rows):
    lines = [f"car {row},{row * 3 % 7},{row * 5 % 11}" for row in range(rows)]
    answer = read("\n".join(["m,x,y", *lines]) + "\n").answer
    assert (column(answer)["role"], warnings(answer)["row_texts"]) == ("ignored", {"name": "m"})


@pytest.fixture
def predict(server):
    """Predicts rows, as JSON or CSV, with a network of a table whose first column has these cells."""
    names = []

    def with_table(cells):
        name = f"units{len(names)}"
        names.append(name)
        body = text_of(cells, 60).encode()
        answer = server.client.put(f"/api/datasets/{name}?target=y", content=body, headers=TABLE)
        assert answer.status_code == 201, answer.text
        run = server.run(dataset={"name": name}, epochs=1)
        server.ended(run)

        def rows(cell, as_csv=False):
            path = f"/api/runs/{run}/predict"
            if as_csv:
                answer = server.client.post(path, content=f"a;b\n{cell};2\n".encode(), headers=TABLE)
            else:
                answer = server.client.post(path, json={"inputs": [{"a": cell, "b": 2}]})
            return answer.json()

        return rows

    yield with_table
    for name in names:
        server.client.delete(f"/api/datasets/{name}")


@pytest.mark.parametrize(
    ("cells", "given", "number"),
    [
        (["0,5 cm", "1,25 cm", "3 cm"], ["0,5 cm", "0.5", "0,5", "0.5 cm"], 0.5),
        (["50%", "20%"], ["29%", "29", "29 %"], 29),
        (["1.234,5 €", "12 €"], ["1234,5 €", "1234,5"], 1234.5),
    ],
)
def test_predictions_take_the_number_with_and_without_its_unit(predict, cells, given, number):
    rows = predict(cells)
    expected = rows(number)["outputs"]
    for cell in given:
        assert rows(cell)["outputs"] == expected, cell
    assert rows(given[0], as_csv=True)["outputs"] == expected


@pytest.mark.parametrize(
    ("cells", "given"), [(["0.29", "0.5"], "29%"), (["5 cm", "7 cm"], "5 km"), (["$5", "$7"], "€5")]
)
@pytest.mark.parametrize("as_csv", [False, True])
def test_another_unit_than_that_of_the_table_is_refused(predict, cells, given, as_csv):
    error = predict(cells)(given, as_csv)["error"]
    assert (error["field"], error["given"]) == ("inputs.0.a", given)


def test_a_sign_between_groups_of_digits_is_refused_where_it_could_be_a_decimal_sign(predict):
    assert predict(["1.234,5 €", "12 €"])("1.234")["error"]["field"] == "inputs.0.a"

"""Import of tables: what may be meant in another way is said, or read as it is likelier meant."""

import numpy as np
import pytest

from app.imports.errors import Refused
from app.imports.pictures.pixels import to_pixels


def table(*names, rows, last=()):
    """A table of as many rows; each cell is a function of its row, or a list that repeats."""
    cells = [
        [str(part(row)) if callable(part) else part[row % len(part)] for part in names] for row in range(rows)
    ]
    header = ["abcdefgh"[index] for index in range(len(names))]
    return "\n".join(",".join(line) for line in [header, *cells, *last]) + "\n"


def column(answer, name):
    return next(entry for entry in answer["columns"] if entry["name"] == name)


def warnings(answer):
    return {entry["code"]: entry["parameters"] for entry in answer["warning_codes"]}


def test_codes_such_as_1d2_are_texts_and_fortran_numbers_are_numbers(read):
    codes = read(table(["1D2", "2E3", "3D4", "2A1"], lambda row: row % 3, lambda row: row, rows=40)).answer
    assert column(codes, "a")["type"] == "text"
    fortran = read(table(["1.5D2", "2D+03", "0.5d-1"], lambda row: row % 3, lambda row: row, rows=40)).answer
    assert (column(fortran, "a")["minimum"], column(fortran, "a")["maximum"]) == (0.05, 2000)


@pytest.mark.parametrize("cells", [["01067", "80331", "10115"], ["01.2018", "04.2021"], ["0003", "0107"]])
def test_numbers_that_begin_with_0_are_said_to_look_like_codes(read, cells):
    answer = read(table(cells, lambda row: row % 3, lambda row: row, rows=40)).answer
    cell = next(cell for cell in cells if cell.startswith("0"))
    assert warnings(answer)["codes"] == {"name": "a", "cell": cell}
    assert column(answer, "a")["type"] == "number"


def test_numbers_below_1_are_no_codes(read):
    answer = read(table(["0.5", "0", "-0.25", "10.05"], lambda row: row % 3, lambda row: row, rows=40)).answer
    assert "codes" not in warnings(answer)


@pytest.mark.parametrize(
    ("year", "expected"), [("40", "1940"), ("97", "1997"), ("29", "2029"), ("30", "1930"), ("00", "2000")]
)
def test_years_of_two_digits_are_those_of_spreadsheets(read, year, expected):
    days = [f"{day:02}.01.{year}" for day in range(1, 29)]
    answer = read(table(days, lambda row: row % 3, lambda row: row, rows=28)).answer
    assert column(answer, "a")["minimum"] == f"{expected}-01-01"


def test_days_and_months_of_one_digit_may_stand_before_a_year_of_two(read):
    days = [f"1/{day}/72" for day in range(1, 29)]
    answer = read(table(days, lambda row: row % 3, lambda row: row, rows=28)).answer
    assert (column(answer, "a")["type"], column(answer, "a")["minimum"]) == ("date", "1972-01-01")


@pytest.mark.parametrize("word", ["Total", "Summe", "TOTALS:", '"Grand total"'])
def test_a_row_of_sums_at_the_end_is_left_out_and_named(read, word):
    last = [[word, "800", "780"]]
    answer = read(table(["x", "y"], lambda row: row, lambda row: row % 5, rows=40, last=last)).answer
    assert answer["rows"] == 40 and column(answer, "a")["categories"] == ["x", "y"]
    assert word.strip('"') in warnings(answer)["footer"]["line"].replace('"', "")


def test_rows_named_like_a_sum_are_rows_where_there_are_several(read):
    answer = read(table(["total", "part"], lambda row: row, lambda row: row % 5, rows=40)).answer
    assert answer["rows"] == 40 and "footer" not in warnings(answer)


@pytest.mark.parametrize("mark", [-99.9, -999.9, 1e20])
def test_numbers_that_measuring_devices_write_for_missing_values_are_suspected(read, mark):
    text = table(
        lambda row: mark if row % 9 == 0 else row % 30, lambda row: row % 3, lambda row: row, rows=60
    )
    assert warnings(read(text).answer)["sentinel"]["value"] == mark


def test_a_last_column_with_few_values_is_no_target_which_is_said_and_asked(read):
    text = table(lambda row: row, lambda row: row * 2, lambda row: "x" if row % 3 == 0 else "", rows=60)
    answer = read(text).answer
    assert answer["target"] == ["b"]
    assert warnings(answer)["few_targets"] == {"name": "c", "count": 20, "other": "b"}
    assert [each["value"] for each in answer["questions"][0]["readings"]] == ["b", "c"]


def test_spellings_that_differ_in_capital_letters_are_named(read):
    text = table(lambda row: row, lambda row: row % 7, ["Yes", "no", "yes"], rows=60)
    assert warnings(read(text).answer)["spellings"] == {"name": "c", "first": "Yes", "second": "yes"}


@pytest.mark.parametrize(
    ("name", "role"),
    [("PatientID", "ignored"), ("patient id", "ignored"), ("valid", "input"), ("COVID", "input")],
)
def test_texts_called_an_identifier_are_no_input(read, name, role):
    text = table(lambda row: f"P{row % 20}", lambda row: row, lambda row: row % 2, rows=60)
    answer = read(text.replace("a,b,c", f"{name},b,c", 1)).answer
    assert column(answer, name)["role"] == role
    assert ("named_texts" in warnings(answer)) == (role == "ignored")


def test_the_error_about_a_pixel_names_one_that_is_not_allowed():
    images = np.array([[[0.5, 0.25], [1.0, -0.75]]])
    with pytest.raises(Refused, match=r"the pixel -0\.75"):
        to_pixels(images)

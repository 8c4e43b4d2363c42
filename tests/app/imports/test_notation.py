"""Import of CSV files: how numbers are written, and what is asked where two readings are possible."""

import pytest

from app.imports.text.notation import NOTATIONS, Notation


def rows(*lines):
    return "\n".join(lines) + "\n"


def numbers(read, cells, delimiter=";", **options):
    """The numbers of a column with these cells, quoted where they contain the delimiter."""
    quoted = [f'"{cell}"' if delimiter in cell else cell for cell in cells]
    lines = [f"{row}{delimiter}{cell}{delimiter}{row % 2}" for row, cell in enumerate(quoted)]
    result = read(
        rows(delimiter.join(("row", "x", "kind")), *lines), target=("x",), task="regression", **options
    )
    return result.table.y.tolist(), result.answer


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["2,150", "850", "1,107", "12"], [2150, 850, 1107, 12]),
        (["1.234,56", "12,5", "1.000.000,00", "7"], [1234.56, 12.5, 1000000, 7]),
        (["1,234.56", "12.5", "1,000,000.00", "7"], [1234.56, 12.5, 1000000, 7]),
        (["1 107", "850", "2 300 000", "12"], [1107, 850, 2300000, 12]),
        (["1\u00a0107,5", "850,25", "2\u202f300", "12"], [1107.5, 850.25, 2300, 12]),
        (["1'107", "850", "2’300.5", "12"], [1107, 850, 2300.5, 12]),
        (["1.234.567", "1.234", "12", "999"], [1234567, 1234, 12, 999]),
        (["1,00,000", "2,50,000", "12", "99"], [100000, 250000, 12, 99]),
        (["0,123", "1,234", "12,5", "3"], [0.123, 1.234, 12.5, 3]),
        (["50%", "12.5 %", "7%", "0%"], [50, 12.5, 7, 0]),
        (["$5.50", "-$3", "$1,200", "$ 7"], [5.5, -3, 1200, 7]),
        (["5,50 €", "3 €", "-1.200,00 €", "7 €"], [5.5, 3, -1200, 7]),
        (["(12.50)", "3.25", "($7)", "1"], [-12.5, 3.25, -7, 1]),
        (["−1", "−2.5", "3", "4"], [-1, -2.5, 3, 4]),
        (["1.5D+03", "2.0d-01", "1.5E3", "7"], [1500, 0.2, 1500, 7]),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_numbers_have_their_value_in_every_notation(cells, values, delimiter, read):
    assert numbers(read, cells, delimiter)[0] == values


@pytest.mark.parametrize(
    ("delimiter", "cells", "value"),
    [(",", ["2,150", "1,107", "3,275", "9,100"], 2150), (";", ["2,150", "1,107", "3,275", "9,100"], 2.15)],
)
def test_of_two_possible_readings_the_likelier_is_taken_and_both_are_asked(delimiter, cells, value, read):
    read_as, answer = numbers(read, cells, delimiter)
    assert read_as[0] == value
    (question,) = answer["questions"]
    assert question["column"] == "x"
    examples = [reading["examples"][0] for reading in question["readings"]]
    assert [example["cell"] for example in examples] == ["2,150", "2,150"]
    assert {example["read"] for example in examples} == {2150, 2.15}
    assert examples[0]["read"] == value
    assert "ambiguous_numbers" in [warning["code"] for warning in answer["warning_codes"]]


def test_of_two_readings_that_each_read_other_cells_one_is_taken_and_both_are_asked(read):
    text = rows("x;y", *(f"{cell};{row}" for row, cell in enumerate([*range(1, 11), "1.5", "1,5"] * 3)))
    answer = read(text).answer
    (question,) = answer["questions"]
    examples = [
        {example["cell"]: example["read"] for example in reading["examples"]}
        for reading in question["readings"]
    ]
    assert examples == [{"1.5": 1.5, "1,5": None}, {"1.5": None, "1,5": 1.5}]
    assert {"cell": "1.5", "read": 1.5, "other": "1,5", "name": "x"} in [
        warning["parameters"] for warning in answer["warning_codes"] if warning["code"] == "two_notations"
    ]


def test_dates_that_are_possible_in_one_order_each_are_read_in_one(read):
    days = ["13/01/2020", "01/13/2020", *(f"{day:02}/02/2020" for day in range(1, 11))] * 3
    answer = read(rows("x\ty", *(f"{cell}\t{row % 2}" for row, cell in enumerate(days)))).answer
    assert answer["columns"][0]["type"] == "date"
    assert [problem["code"] for problem in answer["problems"]] == ["not_a_date"]


@pytest.mark.parametrize("sign", [",", "."])
def test_the_same_sign_for_decimals_and_between_groups_is_refused(sign, refusal):
    problem = refusal(rows("x;y", "1,5;1", "2,5;2", "3,5;3", "4,5;4"), decimal=sign, thousands=sign)
    assert (problem.code, problem.field, problem.given) == ("conflicting_options", "thousands", sign)


def test_every_reading_of_a_question_can_be_set_as_an_option(read):
    cells = ["2,150", "1,107", "3,275", "9,100"]
    _, answer = numbers(read, cells)
    for reading in answer["questions"][0]["readings"]:
        values, _ = numbers(read, cells, **{reading["option"]: reading["value"]})
        assert values[0] == reading["examples"][0]["read"]


def test_another_column_with_a_decimal_comma_decides_what_1_234_means(read):
    text = rows("a;b;y", "1,5;1.234;1", "2,25;2.345;2", "3,5;3.456;3", "4,75;4.567;4")
    assert read(text).table.X[:, 1].tolist() == [1234, 2345, 3456, 4567]


def test_three_decimals_after_a_point_are_decimals_in_a_comma_separated_file(read):
    read_as, answer = numbers(read, ["1.234", "2.345", "3.456", "4.567"], ",")
    assert read_as == [1.234, 2.345, 3.456, 4.567]
    assert answer["questions"] == []


def test_integers_that_are_no_exact_number_are_names(read):
    names = [str(2**53 + 1 + 2 * row) for row in range(4)]
    result = read(rows("x,id", *(f"{row},{names[row % 4]}" for row in range(16))), target=("id",))
    assert result.table.header.classes == tuple(names)
    assert "long_integers" in [warning["code"] for warning in result.answer["warning_codes"]]


def test_numbers_with_different_units_give_a_warning(read):
    _, answer = numbers(read, ["50%", "0.5", "7%", "0%"])
    assert "mixed_units" in [warning["code"] for warning in answer["warning_codes"]]
    _, answer = numbers(read, ["$5", "€3", "$7", "$1"])
    assert "mixed_units" in [warning["code"] for warning in answer["warning_codes"]]
    _, answer = numbers(read, ["$5", "3", "$7", "$1"])
    assert answer["warnings"] == []


@pytest.mark.parametrize(
    "cell", ["1,23", "12,34,5", "1.2.3", "1,2345", "$", "%", "5$$", "--5", "$5€", "(5", "1 2"]
)
def test_a_cell_that_is_no_number_of_a_notation_is_not_read_as_one(cell):
    assert Notation(".", ",").number(cell) is None


@pytest.mark.parametrize("cell", ["$" * 60, "1 " * 30, "1" + "," * 59, "(" * 60, "1" * 60 + "x"])
def test_no_cell_is_a_number_by_accident(cell):
    assert all(notation.number(cell) is None for notation in NOTATIONS)


MIXED = rows(
    "grouped;comma;point;y", "1.234;1,5;2.5;1", "987;12,25;3.75;2", "2.345.678;3;4.25;3", "12;4,125;5;4"
)


@pytest.mark.parametrize(
    "options", [{"decimal": ","}, {"thousands": "."}, {"decimal": ",", "thousands": "."}]
)
def test_columns_in_another_notation_than_the_one_that_was_set_are_read_and_named(options, read):
    result = read(MIXED, target=("y",), **options)
    expected = [[1234, 1.5, 2.5], [987, 12.25, 3.75], [2345678, 3, 4.25], [12, 4.125, 5]]
    assert result.table.X.tolist() == expected
    named = [w["parameters"]["name"] for w in result.answer["warning_codes"] if w["code"] == "other_notation"]
    assert named == ["point"]


def test_a_column_that_no_single_other_notation_reads_stays_as_the_option_says(refusal):
    text = rows("a;y", *(f"{row},5;{row}" for row in range(9)), "soon;3")
    assert refusal(text, decimal=",").code == "not_a_number"


def test_a_comma_that_comes_late_is_read_as_if_it_came_early(read):
    early = [f"{row};{row}5,25;{row}" for row in range(300)]
    for late, value in (("7,5", 7.5), ("1,234", 1.234)):
        table = read(rows("a;b;y", *early, f"{late};3,5;4"), target=("y",)).table
        assert table.X[-1].tolist() == [value, 3.5]


def test_a_point_that_comes_after_many_whole_numbers_is_a_sign_between_groups_beside_decimal_commas(read):
    early = [f"{row};{row}5,25;{row}" for row in range(300)]
    result = read(rows("a;b;y", *early, "1.234;3,5;4"), target=("y",))
    assert result.table.X[-1].tolist() == [1234, 3.5]


def test_what_a_late_point_means_is_asked_where_nothing_shows_it(read):
    early = [f"{row};{row}" for row in range(300)]
    (question,) = read(rows("a;y", *early, "1.234;4"), target=("y",)).answer["questions"]
    (point, comma) = [reading["examples"][0] for reading in question["readings"]]
    assert question["column"] == "a" and point["cell"] == comma["cell"] == "1.234"
    assert [point["read"], comma["read"]] == [1.234, 1234]

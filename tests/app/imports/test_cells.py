"""Import of CSV files: rows, columns and cells."""

import pytest

from engine.datasets.tables.limits import MAX_CATEGORIES, MAX_COLUMNS, MAX_NAME_LENGTH, MAX_ROWS

PLAIN = "length,width,kind\n5.1,3.5,a\n4.9,3.0,b\n4.7,3.2,a\n6.3,2.9,b\n"


def rows(*lines):
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("text", ["", "  \n \n", "\ufeff"])
def test_an_empty_file_is_refused(text, refusal):
    assert refusal(text).code == "empty_file"


def test_a_header_without_rows_is_refused(refusal):
    assert refusal("a,b,c\n").code == "no_rows"


def test_a_row_of_another_length_is_refused_with_its_number(refusal):
    short = refusal(rows("a,b,c", "1,2,3", "4,5", "6,7,8"))
    assert (short.row, short.given, short.limit) == (3, 2, 3)
    long = refusal(rows("a,b,c", "1,2,3", "4,5,6", "7,8,9,10,11"))
    assert (long.row, long.given) == (4, 5)
    assert "5 cells, but the header has 3" in long.text


def test_a_very_long_row_is_refused_with_its_number(refusal):
    problem = refusal("a,b\n1,2\n" + ",".join("9" for _ in range(50_000)) + "\n")
    assert (problem.row, problem.given, problem.limit) == (3, 50_000, 2)


def test_a_very_long_cell_is_refused_with_its_row(refusal):
    problem = refusal('a,b\n1,2\n3,"' + "x" * 200_000 + "\n")
    assert problem.row is not None and "quotation mark" in problem.text


def test_duplicate_column_names_are_made_unique_with_a_warning(read):
    result = read(rows("x,x,x,y", "1,2,3,4", "4,5,6,7", "7,8,9,1", "0,1,2,3"))
    assert result.table.header.inputs == ("x", "x (2)", "x (3)")
    assert [warning for warning in result.answer["warnings"] if "“x (2)”" in warning]


def test_a_column_without_a_name_is_named_with_a_warning(read):
    result = read(rows("x,,y", "1,2,3", "4,5,6", "7,8,9", "0,1,2"))
    assert result.table.header.inputs == ("x", "column 2")
    assert any("column 2" in warning for warning in result.answer["warnings"])


def test_a_long_column_name_is_shortened(read):
    assert len(read(PLAIN.replace("length", "l" * 500)).table.header.inputs[0]) == MAX_NAME_LENGTH


@pytest.mark.parametrize("columns", [65, MAX_COLUMNS])
def test_more_inputs_than_the_graph_shows_give_a_warning(columns, read):
    lines = [",".join(str((row * 7 + column) % 11) for column in range(columns)) for row in range(12)]
    result = read(rows(",".join(f"c{column}" for column in range(columns)), *lines), task="regression")
    assert len(result.table.header.inputs) == columns - 1
    assert any("inputs" in warning for warning in result.answer["warnings"]) == (columns - 1 > 64)


def test_too_many_columns_are_refused_with_the_limit(refusal):
    problem = refusal(",".join(f"c{column}" for column in range(MAX_COLUMNS + 1)) + "\n")
    assert (problem.given, problem.limit) == (MAX_COLUMNS + 1, MAX_COLUMNS)


def test_too_many_rows_are_refused_with_the_first_row_over_the_limit(refusal):
    problem = refusal("a,b\n" + "1,2\n" * (MAX_ROWS + 3))
    assert (problem.row, problem.limit) == (MAX_ROWS + 2, MAX_ROWS)


def test_one_column_is_refused(refusal):
    assert refusal(rows("a", "1", "2", "3", "4")).code == "one_column"


def test_too_few_rows_are_refused(refusal):
    problem = refusal(rows("a,b", "1,2", "2,3", "4,5"))
    assert (problem.code, problem.given, problem.limit) == ("too_few_rows", 3, 4)


@pytest.mark.parametrize("cell", ["1e999", "-1e999", "inf", "Infinity"])
def test_a_number_that_is_not_finite_is_refused_with_row_and_column(cell, refusal):
    problem = refusal(rows("a,b", "1,2", f"{cell},3", "4,5", "6,7"))
    assert (problem.row, problem.column, problem.given) == (3, "a", cell)
    assert "Row 3, column “a”" in problem.text


@pytest.mark.parametrize("cell", ["1.1e100", "-1e308", "1e999", "inf"])
@pytest.mark.parametrize("neighbour", ["2", "-"])  # read by NumPy, and cell by cell
def test_a_number_whose_square_would_be_infinite_is_refused_with_row_and_column(cell, neighbour, refusal):
    problem = refusal(
        rows("a,b,c", *(f"{row},{row % 3},{row % 2}" for row in range(20)), f"{cell},{neighbour},1")
    )
    assert (problem.row, problem.column, problem.given) == (22, "a", cell)


def test_a_line_of_millions_of_cells_is_refused_at_once(refusal):
    problem = refusal("," * 1_500_000)
    assert (problem.row, problem.given, problem.limit) == (1, 1_500_000, 256)
    problem = refusal(PLAIN + "," * 1_500_000)
    assert problem.limit == 256


def test_text_in_a_column_of_numbers_is_refused_with_row_and_column(refusal):
    problem = refusal(rows("a,b", *(f"{row},{row}" for row in range(9)), "1o,3"))
    assert (problem.row, problem.column, problem.given) == (11, "a", "1o")


def test_text_in_a_column_of_numbers_is_a_category_with_the_option_text(read):
    result = read(rows("a,b", *(f"{row},{row}" for row in range(9)), "1o,3"), text=("a",))
    assert result.table.header.inputs[-1] == "a=1o"


@pytest.mark.parametrize("cell", ["1_000", "0x10", "1.2.3", "1e"])
def test_number_formats_of_python_that_tables_do_not_use_are_refused(cell, refusal):
    problem = refusal(rows("a,b", *(f"{row},{row}" for row in range(9)), f"{cell},3"))
    assert problem.given == cell


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "null", "?", "-"])
def test_missing_values_are_recognised_and_counted(cell, read):
    result = read(rows("a,b", *(f"{row},{row}" for row in range(30)), f"{cell},3"))
    missing = result.answer["missing"]
    assert (missing["rule"], missing["cells"], missing["dropped"]) == ("drop", 1, 1)
    assert len(result.table.X) == 30


def test_many_missing_values_are_filled_with_the_median(read):
    result = read(rows("a,b", "1,1", "2,2", ",3", "9,4", ",5"))
    assert result.answer["missing"]["rule"] == "median"
    assert result.table.X[:, 0].tolist() == [1, 2, 2, 9, 2]
    assert result.answer["missing"]["filled"] == 2


@pytest.mark.parametrize(("rule", "filled"), [("mean", 4.0), ("median", 2.0)])
def test_the_rule_for_missing_values_can_be_set(rule, filled, read):
    result = read(rows("a,b", "1,1", "2,2", ",3", "9,4", "1,5", "2,6", "9,7"), missing=rule)
    assert result.table.X[2, 0] == (filled if rule == "mean" else 2.0)


def test_missing_text_is_a_separate_category(read):
    result = read(rows("c,x,y", "red,1,1", "blue,2,2", ",3,3", "red,4,5"), missing="median")
    assert result.table.header.sources[0].categories == ("blue", "red", "(missing)")


def test_a_row_without_a_target_is_dropped_by_every_rule(read):
    result = read(rows("a,b", "1,1", "2,", "3,3", "4,4", "5,5"), missing="median")
    assert result.table.X[:, 0].tolist() == [1, 3, 4, 5]
    assert result.answer["missing"]["dropped"] == 1


def test_text_is_encoded_as_one_input_per_category(read):
    result = read(rows("c,y", "red,1", "blue,2", "green,3", "red,4"))
    assert result.table.header.inputs == ("c=blue", "c=green", "c=red")
    assert result.table.X.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_text_of_two_categories_is_encoded_as_one_input(read):
    result = read(rows("c,y", "yes,1", "no,2", "no,3", "yes,4"))
    assert result.table.header.inputs == ("c=yes",)
    assert result.table.X[:, 0].tolist() == [1, 0, 0, 1]


def test_text_of_too_many_categories_is_ignored_with_a_warning(read):
    lines = [f"name{row // 2},{row},{row * 2}" for row in range(2 * MAX_CATEGORIES + 2)]
    result = read(rows("who,x,y", *lines))
    assert result.table.header.inputs == ("x",)
    assert any(f"at most {MAX_CATEGORIES}" in warning for warning in result.answer["warnings"])
    assert read(rows("who,x,y", *lines[:-2])).table.header.inputs[-1] == "x"
    assert len(read(rows("who,x,y", *lines[:-2])).table.header.inputs) == MAX_CATEGORIES + 1


def test_a_constant_column_is_ignored_with_a_warning(read):
    result = read(rows("a,b,y", "1,7,1", "2,7,2", "3,7,3", "4,7,4"))
    assert result.table.header.inputs == ("a",)
    assert result.answer["warnings"] == ["“b” is 7 in every row and is ignored."]
    parameters = {"name": "b", "value": "7"}
    assert result.answer["warning_codes"] == [{"code": "constant_column", "parameters": parameters}]


def test_the_reason_of_the_suggested_task_has_a_code_and_parameters(read):
    answer = read(rows("a,y", "1,no", "2,yes", "3,no", "4,yes")).answer
    assert (answer["task"], answer["task_reason"]) == ("binary", "“y” has two values")
    assert answer["task_reason_code"] == "two_values"
    assert answer["task_reason_parameters"] == {"name": "y", "count": 2}


def test_an_empty_column_is_ignored_with_a_warning(read):
    result = read(rows("a,b,y", "1,,1", "2,,2", "3,,3", "4,,4"))
    assert result.table.header.inputs == ("a",)
    assert any("“b” has no values" in warning for warning in result.answer["warnings"])


def test_a_table_of_constant_inputs_is_refused(refusal):
    assert refusal(rows("a,b,y", "1,7,1", "1,7,2", "1,7,3", "1,7,4")).code == "no_inputs"


def test_an_ignored_column_is_not_an_input(read):
    assert read(PLAIN, ignore=("width",)).table.header.inputs == ("length",)

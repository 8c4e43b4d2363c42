"""Import of CSV files: detection of the dialect, the columns and the task, and refused files."""

import codecs

import numpy as np
import pytest

from app.imports.errors import Refused
from app.imports.importer import ImportOptions, import_file
from engine.datasets.tables.limits import MAX_CATEGORIES, MAX_CLASSES, MAX_COLUMNS, MAX_NAME_LENGTH, MAX_ROWS

PLAIN = "length,width,kind\n5.1,3.5,a\n4.9,3.0,b\n4.7,3.2,a\n6.3,2.9,b\n"


def read(file, **options):
    raw = file.encode() if isinstance(file, str) else file
    return import_file(raw, ImportOptions(**options))


def refusal(file, **options):
    """The problem of a refused file, or the first in the list of problems."""
    try:
        result = read(file, **options)
    except Refused as error:
        return error.problem
    assert result.table is None
    return result.problems[0]


def rows(*lines):
    return "\n".join(lines) + "\n"


# ---- dialect


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
def test_the_delimiter_is_detected(delimiter):
    result = read(PLAIN.replace(",", delimiter))
    assert result.answer["delimiter"] == delimiter
    assert result.table.header.inputs == ("length", "width")


def test_a_comma_between_digits_is_a_decimal_sign_if_the_delimiter_is_another_character():
    result = read(rows("a;b;c", "1,5;2;3,25", "2,5;3;4,5", "3;4;5,5", "4;5,5;6"))
    assert (result.answer["delimiter"], result.answer["decimal"]) == (";", ",")
    assert result.table.X.tolist() == [[1.5, 2], [2.5, 3], [3, 4], [4, 5.5]]
    assert result.table.y.tolist() == [3.25, 4.5, 5.5, 6]


def test_quoted_decimal_commas_are_read_if_the_delimiter_is_a_comma():
    result = read(rows("x,y", '"1,5",2', '"2,5",3', '"3,5",4', '"4,5",5'))
    assert result.answer["decimal"] == ","
    assert result.table.X[:, 0].tolist() == [1.5, 2.5, 3.5, 4.5]


def test_a_first_row_without_numbers_is_the_header():
    assert read(PLAIN).answer["header"] is True
    without = read(rows(*PLAIN.splitlines()[1:]))
    assert without.answer["header"] is False
    assert without.table.header.inputs == ("column 1", "column 2")
    assert np.array_equal(without.table.X, read(PLAIN).table.X)


def test_options_take_precedence_over_detection():
    result = read("1;2\n3;4\n5;6\n7;8\n9;1\n", header=True, delimiter=";", decimal=".")
    assert result.table.header.inputs == ("1",)
    assert result.answer["rows"] == 4


def test_quoted_cells_may_contain_delimiters_and_line_ends():
    result = read('note,x,y\n"a, b",1,2\n"c\nd",2,3\n"a, b",3,4\n"c\nd",4,5\n')
    assert result.table.header.sources[0].categories == ("a, b", "c\nd")


def test_numbers_are_read_exactly():
    values = [0.1, 1e-300, -9.876543210987654e99, 123456789.123456789]
    result = read("x,y\n" + "".join(f"{value!r},{row}\n" for row, value in enumerate(values)))
    assert result.table.X[:, 0].tolist() == values


def test_parsing_by_numpy_and_cell_by_cell_gives_the_same_numbers():
    numbers = np.random.default_rng(0).standard_normal((50, 3))
    text = "a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in numbers.tolist())
    quoted = text.replace("a,b,c", '"a",b,c')
    assert np.array_equal(read(text).table.X, numbers[:, :2])
    assert np.array_equal(read(quoted).table.X, numbers[:, :2])
    assert read(text).table.content == read(quoted).table.content


def test_blank_lines_and_the_type_of_line_end_change_nothing():
    for end in ("\r\n", "\r", "\n\n"):
        assert read(PLAIN.replace("\n", end)).table.content == read(PLAIN).table.content


# ---- encodings


@pytest.mark.parametrize(
    ("encode", "encoding_name"),
    [
        (lambda text: text.encode(), "UTF-8"),
        (lambda text: codecs.BOM_UTF8 + text.encode(), "UTF-8 with a byte order mark"),
        (lambda text: text.encode("utf-16"), "UTF-16"),
        (lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "UTF-16"),
        (lambda text: text.encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (lambda text: text.encode("utf-16-be"), "UTF-16 without a byte order mark"),
        (lambda text: text.encode("latin-1"), "Latin-1"),
    ],
)
def test_the_encoding_is_detected(encode, encoding_name):
    result = read(encode(PLAIN.replace("length", "Länge")))
    assert result.answer["encoding"] == encoding_name
    assert result.table.header.inputs == ("Länge", "width")


def test_latin_1_gives_a_warning():
    assert any(
        "Latin-1" in warning for warning in read(PLAIN.replace("a", "ä").encode("latin-1")).answer["warnings"]
    )


def test_invalid_utf_16_is_refused_with_its_row():
    problem = refusal(codecs.BOM_UTF16_LE + "a,b\n1,2\n".encode("utf-16-le") + b"\x00\xd8\x41\x00")
    assert problem.row == 3 and "UTF-16" in problem.text


@pytest.mark.parametrize(
    ("signature", "name"), [(b"PK\x03\x04", "spreadsheet"), (b"\x89PNG", "image"), (b"%PDF", "PDF")]
)
def test_a_file_of_another_format_is_refused_with_the_format_name(signature, name):
    assert name in refusal(signature + b"\x00\x01\x02").text


def test_a_nul_byte_is_refused_with_its_row():
    problem = refusal(b"a,b\n1,2\n3,\x004\n")
    assert problem.row == 3 and "NUL" in problem.text


# ---- rows and columns


@pytest.mark.parametrize("text", ["", "  \n \n", "\ufeff"])
def test_an_empty_file_is_refused(text):
    assert refusal(text).code == "empty_file"


def test_a_header_without_rows_is_refused():
    assert refusal("a,b,c\n").code == "no_rows"


def test_a_row_of_another_length_is_refused_with_its_number():
    short = refusal(rows("a,b,c", "1,2,3", "4,5", "6,7,8"))
    assert (short.row, short.given, short.limit) == (3, 2, 3)
    long = refusal(rows("a,b,c", "1,2,3", "4,5,6", "7,8,9,10,11"))
    assert (long.row, long.given) == (4, 5)
    assert "5 cells, but the header has 3" in long.text


def test_a_very_long_row_is_refused_with_its_number():
    problem = refusal("a,b\n1,2\n" + ",".join("9" for _ in range(50_000)) + "\n")
    assert (problem.row, problem.given, problem.limit) == (3, 50_000, 2)


def test_a_very_long_cell_is_refused_with_its_row():
    problem = refusal('a,b\n1,2\n3,"' + "x" * 200_000 + "\n")
    assert problem.row is not None and "quotation mark" in problem.text


def test_duplicate_column_names_are_made_unique_with_a_warning():
    result = read(rows("x,x,x,y", "1,2,3,4", "4,5,6,7", "7,8,9,1", "0,1,2,3"))
    assert result.table.header.inputs == ("x", "x (2)", "x (3)")
    assert [warning for warning in result.answer["warnings"] if "“x (2)”" in warning]


def test_a_column_without_a_name_is_named_with_a_warning():
    result = read(rows("x,,y", "1,2,3", "4,5,6", "7,8,9", "0,1,2"))
    assert result.table.header.inputs == ("x", "column 2")
    assert any("column 2" in warning for warning in result.answer["warnings"])


def test_a_long_column_name_is_shortened():
    assert len(read(PLAIN.replace("length", "l" * 500)).table.header.inputs[0]) == MAX_NAME_LENGTH


@pytest.mark.parametrize("columns", [65, MAX_COLUMNS])
def test_more_inputs_than_the_graph_shows_give_a_warning(columns):
    lines = [",".join(str((row * 7 + column) % 11) for column in range(columns)) for row in range(12)]
    result = read(rows(",".join(f"c{column}" for column in range(columns)), *lines), task="regression")
    assert len(result.table.header.inputs) == columns - 1
    assert any("inputs" in warning for warning in result.answer["warnings"]) == (columns - 1 > 64)


def test_too_many_columns_are_refused_with_the_limit():
    problem = refusal(",".join(f"c{column}" for column in range(MAX_COLUMNS + 1)) + "\n")
    assert (problem.given, problem.limit) == (MAX_COLUMNS + 1, MAX_COLUMNS)


def test_too_many_rows_are_refused_with_the_first_row_over_the_limit():
    problem = refusal("a,b\n" + "1,2\n" * (MAX_ROWS + 3))
    assert (problem.row, problem.limit) == (MAX_ROWS + 2, MAX_ROWS)


def test_one_column_is_refused():
    assert refusal(rows("a", "1", "2", "3", "4")).code == "one_column"


def test_too_few_rows_are_refused():
    problem = refusal(rows("a,b", "1,2", "2,3", "4,5"))
    assert (problem.code, problem.given, problem.limit) == ("too_few_rows", 3, 4)


# ---- cells


@pytest.mark.parametrize("cell", ["1e999", "-1e999", "inf", "Infinity"])
def test_a_number_that_is_not_finite_is_refused_with_row_and_column(cell):
    problem = refusal(rows("a,b", "1,2", f"{cell},3", "4,5", "6,7"))
    assert (problem.row, problem.column, problem.given) == (3, "a", cell)
    assert "Row 3, column “a”" in problem.text


@pytest.mark.parametrize("cell", ["1.1e100", "-1e308", "1e999", "inf"])
@pytest.mark.parametrize("neighbour", ["2", "-"])  # read by NumPy, and cell by cell
def test_a_number_whose_square_would_be_infinite_is_refused_with_row_and_column(cell, neighbour):
    problem = refusal(
        rows("a,b,c", *(f"{row},{row % 3},{row % 2}" for row in range(20)), f"{cell},{neighbour},1")
    )
    assert (problem.row, problem.column, problem.given) == (22, "a", cell)


def test_a_line_of_millions_of_cells_is_refused_at_once():
    problem = refusal("," * 1_500_000)
    assert (problem.row, problem.given, problem.limit) == (1, 1_500_000, 256)
    problem = refusal(PLAIN + "," * 1_500_000)
    assert problem.limit == 256


def test_text_in_a_column_of_numbers_is_refused_with_row_and_column():
    problem = refusal(rows("a,b", *(f"{row},{row}" for row in range(9)), "1o,3"))
    assert (problem.row, problem.column, problem.given) == (11, "a", "1o")


def test_text_in_a_column_of_numbers_is_a_category_with_the_option_text():
    result = read(rows("a,b", *(f"{row},{row}" for row in range(9)), "1o,3"), text=("a",))
    assert result.table.header.inputs[-1] == "a=1o"


@pytest.mark.parametrize("cell", ["1_000", "0x10", "1.2.3", "1e"])
def test_number_formats_of_python_that_tables_do_not_use_are_refused(cell):
    problem = refusal(rows("a,b", *(f"{row},{row}" for row in range(9)), f"{cell},3"))
    assert problem.given == cell


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "null", "?", "-"])
def test_missing_values_are_recognised_and_counted(cell):
    result = read(rows("a,b", *(f"{row},{row}" for row in range(30)), f"{cell},3"))
    missing = result.answer["missing"]
    assert (missing["rule"], missing["cells"], missing["dropped"]) == ("drop", 1, 1)
    assert len(result.table.X) == 30


def test_many_missing_values_are_filled_with_the_median():
    result = read(rows("a,b", "1,1", "2,2", ",3", "9,4", ",5"))
    assert result.answer["missing"]["rule"] == "median"
    assert result.table.X[:, 0].tolist() == [1, 2, 2, 9, 2]
    assert result.answer["missing"]["filled"] == 2


@pytest.mark.parametrize(("rule", "filled"), [("mean", 4.0), ("median", 2.0)])
def test_the_rule_for_missing_values_can_be_set(rule, filled):
    result = read(rows("a,b", "1,1", "2,2", ",3", "9,4", "1,5", "2,6", "9,7"), missing=rule)
    assert result.table.X[2, 0] == (filled if rule == "mean" else 2.0)


def test_missing_text_is_a_separate_category():
    result = read(rows("c,x,y", "red,1,1", "blue,2,2", ",3,3", "red,4,5"), missing="median")
    assert result.table.header.sources[0].categories == ("blue", "red", "(missing)")


def test_a_row_without_a_target_is_dropped_by_every_rule():
    result = read(rows("a,b", "1,1", "2,", "3,3", "4,4", "5,5"), missing="median")
    assert result.table.X[:, 0].tolist() == [1, 3, 4, 5]
    assert result.answer["missing"]["dropped"] == 1


def test_text_is_encoded_as_one_input_per_category():
    result = read(rows("c,y", "red,1", "blue,2", "green,3", "red,4"))
    assert result.table.header.inputs == ("c=blue", "c=green", "c=red")
    assert result.table.X.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_text_of_two_categories_is_encoded_as_one_input():
    result = read(rows("c,y", "yes,1", "no,2", "no,3", "yes,4"))
    assert result.table.header.inputs == ("c=yes",)
    assert result.table.X[:, 0].tolist() == [1, 0, 0, 1]


def test_text_of_too_many_categories_is_ignored_with_a_warning():
    lines = [f"name{row},{row},{row * 2}" for row in range(MAX_CATEGORIES + 1)]
    result = read(rows("who,x,y", *lines))
    assert result.table.header.inputs == ("x",)
    assert any(f"at most {MAX_CATEGORIES}" in warning for warning in result.answer["warnings"])
    assert read(rows("who,x,y", *lines[:-1])).table.header.inputs[-1] == "x"
    assert len(read(rows("who,x,y", *lines[:-1])).table.header.inputs) == MAX_CATEGORIES + 1


def test_a_constant_column_is_ignored_with_a_warning():
    result = read(rows("a,b,y", "1,7,1", "2,7,2", "3,7,3", "4,7,4"))
    assert result.table.header.inputs == ("a",)
    assert result.answer["warnings"] == ["“b” is 7 in every row and is ignored."]
    parameters = {"name": "b", "value": "7"}
    assert result.answer["warning_codes"] == [{"code": "constant_column", "parameters": parameters}]


def test_the_reason_of_the_suggested_task_has_a_code_and_parameters():
    answer = read(rows("a,y", "1,no", "2,yes", "3,no", "4,yes")).answer
    assert (answer["task"], answer["task_reason"]) == ("binary", "“y” has two values")
    assert answer["task_reason_code"] == "two_values"
    assert answer["task_reason_parameters"] == {"name": "y", "count": 2}


def test_an_empty_column_is_ignored_with_a_warning():
    result = read(rows("a,b,y", "1,,1", "2,,2", "3,,3", "4,,4"))
    assert result.table.header.inputs == ("a",)
    assert any("“b” has no values" in warning for warning in result.answer["warnings"])


def test_a_table_of_constant_inputs_is_refused():
    assert refusal(rows("a,b,y", "1,7,1", "1,7,2", "1,7,3", "1,7,4")).code == "no_inputs"


def test_an_ignored_column_is_not_an_input():
    assert read(PLAIN, ignore=("width",)).table.header.inputs == ("length",)


# ---- target and task


def test_a_number_suggests_regression():
    result = read(rows("a,b", *(f"{row},{row * 0.5}" for row in range(20))))
    assert (result.answer["task"], result.answer["target"]) == ("regression", ["b"])


def test_two_values_suggest_binary():
    assert read(PLAIN).answer["task"] == "binary"
    result = read(rows("a,b", *(f"{row},{row % 2}" for row in range(20))))
    assert result.answer["task"] == "binary"
    assert result.table.header.classes == ("0", "1")


def test_several_values_suggest_multiclass():
    result = read(rows("a,b", *(f"{row},{'xyz'[row % 3]}" for row in range(20))))
    assert result.answer["task"] == "multiclass"
    assert result.table.y.tolist() == [row % 3 for row in range(20)]
    numbers = read(rows("a,b", *(f"{row},{row % 3}" for row in range(20))))
    assert numbers.answer["task"] == "multiclass"
    assert numbers.table.header.classes == ("0", "1", "2")


def test_several_columns_of_0_and_1_suggest_multilabel():
    result = read(rows("x,red,round", "1,0,1", "2,1,1", "3,0,0", "4,1,0"))
    assert (result.answer["task"], result.answer["target"]) == ("multilabel", ["red", "round"])
    assert result.table.y.tolist() == [[0, 1], [1, 1], [0, 0], [1, 0]]


def test_a_truth_table_has_one_target():
    result = read(rows("x1,x2,y", "0,0,0", "0,1,1", "1,0,1", "1,1,0"))
    assert (result.answer["task"], result.answer["target"]) == ("binary", ["y"])


def test_a_column_with_a_usual_target_name_is_the_target():
    assert read(rows("class,a,b", "u,1,2", "v,2,3", "u,3,4", "v,4,6")).answer["target"] == ["class"]


def test_target_and_task_can_be_set():
    numbers = rows("a,b", *(f"{row % 3},{row % 2}" for row in range(20)))
    assert read(numbers, task="regression").table.header.task == "regression"
    other = read(numbers, target=("a",))
    assert (other.answer["task"], other.table.header.inputs) == ("multiclass", ("b",))
    assert (
        read(rows("x,p,q", "1,0,1", "2,1,1", "3,0,0", "4,1,0"), target=("p,q",)).answer["task"]
        == "multilabel"
    )


@pytest.mark.parametrize("option", ["target", "ignore", "text", "number"])
def test_an_unknown_column_is_refused_with_the_names_of_the_columns(option):
    problem = refusal(PLAIN, **{option: ("colour",)})
    assert problem.given == "colour" and problem.limit == ["length", "width", "kind"]


@pytest.mark.parametrize(("first", "second"), [("text", "number"), ("target", "ignore")])
def test_a_column_in_two_exclusive_options_is_refused(first, second):
    problem = refusal(PLAIN, **{first: ("kind",), second: ("width", "kind")})
    assert (problem.given, problem.limit, problem.option) == ("kind", [first, second], second)
    assert problem.code == "conflicting_options"


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_a_target_of_one_class_is_refused(task):
    problem = refusal(rows("a,kind", "1,x", "2,x", "3,x", "4,x"), task=task)
    assert problem.column == "kind" and "the same value, “x”" in problem.text
    assert refusal(rows("a,kind", "1,x", "2,x", "3,x", "4,x")).column == "kind"


def test_a_constant_target_of_a_regression_is_refused():
    problem = refusal(rows("a,b", "1,5", "2,5", "3,5", "4,5"), target=("b",), task="regression")
    assert problem.code == "constant_target"


def test_too_many_classes_are_refused():
    lines = [f"{row},n{row}" for row in range(MAX_CLASSES + 1)]
    problem = refusal(rows("a,kind", *lines), target=("kind",), task="multiclass")
    assert (problem.given, problem.limit) == (MAX_CLASSES + 1, MAX_CLASSES)


def test_binary_of_three_values_is_refused():
    problem = refusal(rows("a,k", "1,x", "2,y", "3,z", "4,x"), task="binary")
    assert (problem.code, problem.given) == ("binary_values", ["x", "y", "z"])


def test_a_text_target_of_a_regression_is_refused():
    assert refusal(PLAIN, task="regression").code == "target_is_text"


def test_labels_other_than_0_and_1_are_refused():
    problem = refusal(rows("x,p,q", "1,0,1", "2,2,1", "3,0,0", "4,1,0"), target=("p", "q"))
    assert problem.column == "p"


# ---- the answer


def test_the_answer_contains_the_first_rows_and_describes_the_columns():
    answer = read(PLAIN).answer
    assert answer["preview"]["rows"][0] == ["5.1", "3.5", "a"]
    assert [column["role"] for column in answer["columns"]] == ["input", "input", "target"]
    assert [column["type"] for column in answer["columns"]] == ["number", "number", "text"]
    assert answer["columns"][0]["minimum"] == 4.7
    assert len(answer["sample"]["inputs"]) == len(answer["sample"]["targets"]) == 4

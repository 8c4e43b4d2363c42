"""Import of spreadsheets: rows and columns have the numbers of the sheet; what is no plain cell is said."""

import pytest

from tests.app.imports.test_formats import ARFF, NAMES, ROWS, xlsx

EMPTY = [None] * 4


def placed(rows, above=0, before=0):
    """The rows of a sheet whose table begins below and behind empty cells."""
    return [*[EMPTY] * above, *([None] * before + list(row) for row in rows)]


def with_word(row):
    """The rows, with a word in a column of numbers."""
    return [["soon", *cells[1:]] if number == row else cells for number, cells in enumerate(ROWS)]


def warnings(answer):
    return {entry["code"]: entry["parameters"] for entry in answer["warning_codes"]}


@pytest.mark.parametrize("above", [0, 3])
def test_a_problem_names_the_row_of_the_sheet(refusal, above):
    problem = refusal(xlsx({"a": placed([NAMES, *with_word(4)], above, 1)}))
    assert (problem.code, problem.row, problem.given) == ("not_a_number", above + 6, "soon")


def test_cells_of_several_lines_do_not_change_the_numbers_of_rows(refusal):
    rows = [[weight, "light\nred", kind] for weight, _, kind in with_word(9)]
    assert refusal(xlsx({"a": [["weight", "colour\r\nname", "kind"], *rows]})).row == 11


def test_a_column_without_a_name_has_the_number_of_the_column_of_the_sheet(read):
    answer = read(xlsx({"a": placed([["weight", None, "kind"], *ROWS], before=1)})).answer
    assert warnings(answer)["unnamed_column"] == {"position": 3, "name": "column 3"}
    answer = read(xlsx({"a": placed(ROWS, before=1)})).answer
    assert [column["name"] for column in answer["columns"]] == ["column 2", "column 3", "column 4"]


def test_rows_are_numbered_also_in_a_column_without_a_name_that_is_not_the_first_of_the_sheet(read):
    rows = [[number + 1, *row] for number, row in enumerate(ROWS)]
    assert warnings(read(xlsx({"a": placed(rows, before=2)})).answer)["row_numbers"] == {"name": "column 3"}


def test_empty_rows_above_a_table_are_lines_to_skip_and_setting_their_number_changes_nothing(read):
    raw = xlsx({"a": placed([NAMES, *ROWS], 3)})
    detected, given = read(raw), read(raw, skip=3)
    assert (detected.answer["skip"], detected.answer["reasons"]["skip"]["code"]) == (3, "skip_blank")
    assert given.table.header == detected.table.header and given.answer["skip"] == 3


@pytest.mark.parametrize("above", [[["Report 2024"]], [["Report 2024"], ["by", None]], [["Report"], [], []]])
def test_titles_above_a_table_are_left_out_and_named(read, refusal, above):
    titles = [[*row, *[None] * (3 - len(row))] for row in above]
    answer = read(xlsx({"a": [*titles, NAMES, *ROWS]})).answer
    assert [column["name"] for column in answer["columns"]] == NAMES and answer["rows"] == len(ROWS)
    assert warnings(answer)["preamble"] == {"count": len(above), "line": above[0][0]}
    assert refusal(xlsx({"a": [*titles, NAMES, *with_word(0)]})).row == len(above) + 2


def test_a_problem_of_an_arff_file_names_its_line(refusal):
    rows = ARFF.split("\n")
    rows[10] = rows[10].replace(rows[10].split(",")[0], "1e300")
    rows.insert(8, "% a comment")
    rows.insert(9, "")
    assert refusal("\n".join(rows)).row == 13

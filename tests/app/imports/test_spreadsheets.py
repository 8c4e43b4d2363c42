"""Import of spreadsheets: rows and columns have the numbers of the sheet; what is no plain cell is said."""

import io
import zipfile

import pytest

from app.imports.formats.sheet_extras import letters
from app.imports.importer import import_file
from app.imports.kept_readings import KeptReadings
from app.imports.options import ImportOptions
from tests.app.imports.test_formats import ARFF, NAMES, ROWS, archive, ods, sheet_xml, xlsx

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


def merged(*ranges, replaced=()):
    """Writes the rows of a sheet with merged cells, and with texts of its XML replaced."""
    cells = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)

    def write(rows):
        xml = sheet_xml(rows).replace("</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>")
        for old, new in replaced:
            assert old in xml
            xml = xml.replace(old, new, 1)
        return xml

    return write


MERGED_ROWS = [[weight, "pale" if row < 2 else None if row < 5 else colour, kind]
    for row, (weight, colour, kind) in enumerate(ROWS)]  # fmt: skip


@pytest.mark.parametrize("above", [0, 2])
def test_merged_cells_all_have_the_value_of_the_first_which_is_said(read, above):
    ranges = [f"C{above + 3}:C{above + 6}", "H50:K70"]
    answer = read(xlsx({"a": placed([NAMES, *MERGED_ROWS], above, 1)}, merged(*ranges))).answer
    colour = next(column for column in answer["columns"] if column["name"] == "colour")
    assert (colour["missing"], colour["categories"]) == (0, ["blue", "pale", "red"])
    assert warnings(answer)["merged_cells"] == {"count": 3, "row": above + 4}
    assert [row[1] for row in answer["preview"]["rows"][:6]] == ["pale"] * 5 + ["red" if 5 % 3 else "blue"]


def ods_with(cells):
    """An OpenDocument sheet in which the second column of each row is replaced by these cells."""
    raw = ods([[row[0], f"cell {number}", *row[2:]] for number, row in enumerate([NAMES, *ROWS])])
    members = zipfile.ZipFile(io.BytesIO(raw))
    content = members.read("content.xml").decode()
    for number, cell in cells.items():
        old = (
            f'<table:table-cell office:value-type="string"><text:p>cell {number}</text:p></table:table-cell>'
        )
        assert old in content
        content = content.replace(old, cell)
    rest = {name: members.read(name) for name in members.namelist() if name != "content.xml"}
    return archive(rest | {"content.xml": content})


def test_merged_cells_of_an_opendocument_sheet_have_the_value_of_the_first_too(read):
    first = (
        '<table:table-cell table:number-columns-spanned="1" table:number-rows-spanned="3"'
        ' office:value-type="string"><text:p>pale</text:p></table:table-cell>'
    )
    answer = read(ods_with({4: first} | dict.fromkeys((5, 6), "<table:covered-table-cell/>"))).answer
    assert warnings(answer)["merged_cells"] == {"count": 2, "row": 6}
    assert [row[1] for row in answer["preview"]["rows"][2:6]] == ["cell 3", "pale", "pale", "pale"]


GROUPED = [["id", "size", None, "kind"], [None, "length", "width", None]]
SIZES = [[100 + 7 * row, row * 1.5, row / 4, row % 2] for row in range(20)]


def test_titles_over_several_columns_are_the_beginning_of_their_names_and_no_row_is_lost(read):
    raw = xlsx({"a": [*GROUPED, *SIZES]}, merged("A1:A2", "B1:C1", "D1:D2"))
    answer = read(raw).answer
    assert [column["name"] for column in answer["columns"]] == ["id", "size length", "size width", "kind"]
    assert warnings(answer)["group_titles"] == {"row": 1, "name": "size length"}
    assert answer["rows"] == 20 and "merged_cells" not in warnings(answer)


def test_years_below_a_title_over_several_columns_are_names(read):
    rows = [["region", "sales", None, None], [None, 2019, 2020, 2021]]
    body = [[f"r{row % 4}", row + 3, row * 2, row % 5 + 90] for row in range(20)]
    answer = read(xlsx({"a": [*rows, *body]}, merged("A1:A2", "B1:D1"))).answer
    names = [column["name"] for column in answer["columns"]]
    assert (names, answer["rows"]) == (["region", "sales 2019", "sales 2020", "sales 2021"], 20)


def test_a_name_over_two_columns_directly_above_the_values_is_the_name_of_both(read):
    answer = read(xlsx({"a": [["id", "place", None, "kind"], *SIZES]}, merged("B1:C1"))).answer
    assert [column["name"] for column in answer["columns"]] == ["id", "place", "place (2)", "kind"]
    assert answer["rows"] == 20 and warnings(answer)["merged_cells"] == {"count": 1, "row": 1}


def test_a_title_that_is_merged_over_the_table_is_left_out_and_named(read):
    answer = read(xlsx({"a": [["Report", None, None], NAMES, *ROWS]}, merged("A1:C1"))).answer
    assert [column["name"] for column in answer["columns"]] == NAMES and answer["rows"] == len(ROWS)
    assert warnings(answer)["preamble"]["line"] == "Report"


def test_merged_cells_that_overlap_are_refused(refusal):
    raw = xlsx({"a": [NAMES, *ROWS]}, merged(*["A1:C21"] * 3))
    assert refusal(raw).code == "unreadable_format"


CELL = '<c r="A3"><v>1.75</v></c>'


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>", "<v />"])
@pytest.mark.parametrize("formula", ["<f>B1+1</f>", '<f t="shared" si="0"/>'])
def test_formulas_that_were_never_computed_are_named(read, formula, value):
    other = xlsx({"a": [NAMES, *ROWS], "b": [NAMES, *ROWS]}, merged(replaced=[(CELL, CELL)]))
    assert "formulas" not in warnings(read(other).answer)
    raw = xlsx({"a": [NAMES, *ROWS]}, merged(replaced=[(CELL, f'<c r="A3" s="1">{formula}{value}</c>')]))
    assert warnings(read(raw).answer)["formulas"] == {"count": 1, "cell": "A3"}


@pytest.mark.parametrize(
    "cell", ['<c r="A3"><f>1+0.75</f><v>1.75</v></c>', '<c r="A3" t="str"><f>""</f><v></v></c>']
)
def test_formulas_with_a_value_are_values(read, cell):
    raw = xlsx({"a": [NAMES, *ROWS]}, merged(replaced=[(CELL, cell)]))
    assert "formulas" not in warnings(read(raw).answer)


def test_formulas_of_another_sheet_are_not_named(read):
    def write(rows):
        with_formula = merged(replaced=[(CELL, '<c r="A3"><f>B1</f></c>')])
        return with_formula(rows) if rows[0] == NAMES else sheet_xml(rows)

    raw = xlsx({"a": [["x", "y"], *[[row, row % 2] for row in range(9)]], "b": [NAMES, *ROWS]}, write)
    assert "formulas" not in warnings(read(raw).answer)
    assert warnings(read(raw, sheet="b").answer)["formulas"]["count"] == 1


def test_values_0_of_all_formulas_of_a_workbook_that_is_computed_when_it_is_opened_are_named(read):
    raw = xlsx({"a": [NAMES, *ROWS]}, merged(replaced=[(CELL, '<c r="A3"><f>B1</f><v>0</v></c>')]))
    assert "formulas" not in warnings(read(raw).answer)
    members = zipfile.ZipFile(io.BytesIO(raw))
    texts = {name: members.read(name).decode() for name in members.namelist()}
    texts["xl/workbook.xml"] = texts["xl/workbook.xml"].replace(
        "</workbook>", '<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'
    )
    assert warnings(read(archive(texts)).answer)["formulas"] == {"count": 1, "cell": "A3"}


def test_formulas_of_an_opendocument_sheet_that_were_never_computed_are_named(read):
    cells = {3: '<table:table-cell table:formula="of:=[.A1]&gt;1"/>'}
    assert warnings(read(ods_with(cells)).answer)["formulas"] == {"count": 1, "cell": "B4"}


def test_what_is_said_of_a_sheet_is_said_again_when_it_is_read_with_other_options():
    kept = KeptReadings()
    raw = xlsx({"a": [NAMES, *MERGED_ROWS]}, merged("B3:B6"))
    for options in ({}, {"missing_words": ("x",)}, {"target": ("weight",)}):
        assert "merged_cells" in warnings(import_file(raw, ImportOptions(**options), kept).answer)


def test_the_letters_of_a_column_are_those_of_spreadsheets():
    assert [letters(column) for column in (0, 25, 26, 701, 702)] == [b"A", b"Z", b"AA", b"ZZ", b"AAA"]

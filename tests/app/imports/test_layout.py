"""Import of CSV files: where the table begins and ends, its rows, cells and names."""

from io import BytesIO
from zipfile import ZipFile

import pytest

VALUES = ["1.5,2.5,0", "2.5,3.5,1", "3.5,1.5,0", "4.5,2.0,1", "5.5,3.0,0"]


def rows(*lines):
    return "\n".join(lines) + "\n"


def codes(result):
    return [warning["code"] for warning in result.answer["warning_codes"]]


@pytest.mark.parametrize(
    "before",
    [
        ["# a comment", "# another"],
        ["% comment"],
        ["Report of 2020", ""],
        ["Report", "made by us", ""],
        ["sep=,"],
    ],
)
def test_lines_before_the_table_are_left_out(before, read):
    result = read(rows(*before, "a,b,y", *VALUES))
    assert result.table.header.inputs == ("a", "b")
    assert (result.answer["rows"], result.table.X[0].tolist()) == (5, [1.5, 2.5])
    assert ("preamble" in codes(result)) == before[0].startswith("Report")


@pytest.mark.parametrize("after", [["", "Source: us"], ["Source: us"], ["", "5 rows"], ["end of file"]])
def test_lines_below_the_table_are_left_out_with_a_warning(after, read):
    result = read(rows("a,b,y", *VALUES, *after))
    assert (result.answer["rows"], len(result.table.X)) == (5, 5)
    assert "footer" in codes(result)


def test_a_short_last_row_is_no_footer(refusal):
    assert refusal(rows("a,b,y", *VALUES, "6.5,4")).code == "ragged_row"


def test_comments_in_the_table_are_left_out_if_it_begins_with_one(read):
    result = read(rows("# one", "a,b,y", *VALUES, "# two", "6.5,1,0"), comment="#")
    assert result.answer["rows"] == 6
    assert result.answer["comment"] == "#"


def test_a_first_cell_with_the_sign_of_a_comment_is_a_value(read):
    result = read(rows("colour,x,y", "#ff0000,1,2", "#00ff00,2,3", "#0000ff,3,4", "#ffffff,4,5"))
    assert result.answer["rows"] == 4


def test_the_number_of_lines_before_the_table_can_be_set(read):
    result = read(rows("x,y,z", "1,2,3", "a,b,y", *VALUES), skip=2)
    assert result.table.header.inputs == ("a", "b")
    assert read(rows("a,b,y", *VALUES), skip=0).answer["skip"] == 0


def test_rows_are_counted_from_the_first_line_of_the_file(refusal):
    problem = refusal(rows("Report", "", "a,b,y", *VALUES, "6,7,8,9"))
    assert (problem.code, problem.row) == ("ragged_row", 9)


def test_a_comment_above_the_table_with_as_many_cells_names_the_columns(read):
    result = read(rows("# made by us", "# a,b,y", *VALUES))
    assert (result.table.header.inputs, result.answer["rows"]) == (("a", "b"), 5)


def test_delimiters_at_the_end_of_lines_are_no_column(read):
    for header in ("a,b,y", "a,b,y,", "a,b,y,,"):
        result = read(rows(header, *(f"{row}," for row in VALUES)))
        assert (result.table.header.inputs, result.answer["rows"]) == (("a", "b"), 5)


def test_rows_without_values_are_left_out_with_a_warning(read):
    result = read(rows("a,b,y", *VALUES, ",,", " , , "))
    assert result.answer["rows"] == 5
    assert {"code": "blank_rows", "parameters": {"count": 2, "row": 7}} in result.answer["warning_codes"]


def test_row_names_without_a_name_in_the_header_are_a_column(read):
    result = read(rows("a,b,y", *(f"name{number},{row}" for number, row in enumerate(VALUES))))
    assert [column["name"] for column in result.answer["columns"]] == ["row name", "a", "b", "y"]
    assert "row_names" in codes(result)


def test_a_row_of_units_below_the_names_is_left_out_with_a_warning(read):
    result = read(rows("time,speed,y", "s,m/s,-x", *VALUES))
    assert result.answer["rows"] == 5
    assert "second_header" in codes(result)


@pytest.mark.parametrize(("ragged", "count"), [("pad", 7), ("drop", 5)])
def test_rows_of_another_length_can_be_padded_or_dropped(ragged, count, read):
    result = read(rows("a,b,y", *VALUES, "6.5,4", "7.5,4,1,9"), ragged=ragged)
    assert result.answer["rows"] == count
    warned = {"pad": {"padded_rows", "cut_rows"}, "drop": {"ragged_rows"}}[ragged]
    assert warned <= set(codes(result))


@pytest.mark.parametrize("other", ["|", ";", " "])
def test_another_delimiter_inside_a_text_is_part_of_it(other, read):
    result = read(rows("a,b,y", *(f"x{other}{row},{row}.5,{row % 2}" for row in range(6))))
    assert result.answer["delimiter"] == ","


@pytest.mark.parametrize("blanks", [" ", "   ", "\t", "\t\t", " \t "])
def test_runs_of_blanks_and_tabs_separate_cells(blanks, read):
    text = rows(*(row.replace(",", blanks if number else "  ") for number, row in enumerate(VALUES)))
    assert read(text).table.X[:, 1].tolist() == [2.5, 3.5, 1.5, 2, 3]
    assert read(text, delimiter=" ").table.X[:, 1].tolist() == [2.5, 3.5, 1.5, 2, 3]


def test_cells_in_single_quotation_marks_are_read_without_them(read):
    lines = ["'a','b','y'", "'x, y','1','u'", "'z','2','v'", "'x, y','3','u'", "'z','4','v'"]
    assert read(rows(*lines)).table.header.sources[0].categories == ("x, y", "z")


@pytest.mark.parametrize(
    ("first", "names"),
    [
        ("country,1990,1991,1992", ("country", "1990", "1991")),
        ("0,1,2,3", ("0", "1", "2")),
        ("a,b,c,d", ("a", "b", "c")),
    ],
)
def test_names_may_be_numbers(first, names, read):
    text = "word" if first.startswith("country") else "7"
    lines = [
        f"{text if text == '7' else text + str(row)},{row}.5,{row * 7 % 5}.25,{row * row}" for row in range(8)
    ]
    result = read(rows(first, *lines), task="regression")
    assert result.answer["rows"] == 8
    assert [column["name"] for column in result.answer["columns"]][:3] == list(names)
    doubtful = [question for question in result.answer["questions"] if question["column"] is None]
    assert bool(doubtful) == ("1" in first)
    assert ("header_read" in codes(result)) == bool(doubtful)


def test_words_without_a_header_are_values_if_the_first_ones_occur_again(read):
    lines = ["e,x,s", "p,y,t", "e,x,s", "p,y,u", "e,x,t"]
    result = read(rows(*lines))
    assert (result.answer["header"], result.answer["rows"]) == (False, 5)


def test_a_doubtful_header_is_a_question_whose_readings_are_options(read):
    text = rows("0,1,2", "4.5,1.5,7", "2.5,1.25,8", "1.5,2.5,9", "3.5,4.5,3")
    (question,) = read(text).answer["questions"]
    counts = {}
    for reading in question["readings"]:
        assert reading["option"] == "header"
        counts[reading["value"]] = read(text, header=reading["value"] == "yes").answer["rows"]
    assert counts == {"yes": 4, "no": 5}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "Git LFS"),
        ("<!DOCTYPE html>\n<html><body>Not found</body></html>", "web page"),
        ('{"rows": [1, 2, 3]}', "JSON"),
        ('[\n  {"a": 1, "b": 2}\n]', "JSON"),
        ("<?xml version='1.0'?><a/>", "XML"),
        (b"GIF89a\x01\x00\x01\x00", "image"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "XML"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z archive, not CSV: unpack it"),
        (b"data.csv" + bytes(249) + b"ustar\x0000" + bytes(247), "tar archive, not CSV: unpack it"),
        (b"BZh91AY&SY", "bzip2, not CSV: unpack it"),
        (rb"{\rtf1\ansi a, b}", "text document"),
        (b"ARROW1\0\0" + bytes(20), "Feather"),
        (b"MATLAB 5.0 MAT-file" + bytes(20), "MATLAB"),
    ],
)
def test_what_is_no_table_is_named(content, name, refusal):
    problem = refusal(content)
    assert problem.code == "wrong_file_type"
    assert name in problem.text


def test_a_quotation_mark_inside_a_cell_gives_a_warning(read):
    lines = ['"u, v",1,2', "w,2,3", '"u, v" ,3,4', "w,4,5"]
    assert "stray_quote" not in codes(read(rows("a,b,y", *lines)))
    result = read(rows("a,b,y", *lines, '"x,"y,5,1,2'), ragged="pad")
    assert {"code": "stray_quote", "parameters": {"row": 6}} in result.answer["warning_codes"]


def test_empty_columns_at_the_end_of_a_table_without_names_are_left_out_with_a_warning(read):
    result = read(rows(*(f"{row},," for row in VALUES)))
    assert {"code": "empty_end", "parameters": {"count": 2}} in result.answer["warning_codes"]
    assert [column["name"] for column in result.answer["columns"]] == ["column 1", "column 2", "column 3"]


@pytest.mark.parametrize(
    ("text", "options", "field"),
    [
        ("a,b\n1,2\n", {"skip": 2}, "skip"), ("a,b\n1,2\n", {"skip": 99}, "skip"),
        ("#a,b\n#1,2\n", {"comment": "#"}, "comment"), ('""\n""\n', {}, None),
    ],
)  # fmt: skip
def test_a_file_of_which_no_row_is_left_is_refused_with_the_option(text, options, field, refusal):
    problem = refusal(text, **options)
    assert (problem.code, problem.field, problem.given) == ("no_lines", field, options.get(field))


def test_a_warning_about_one_row_has_no_plural(read):
    text = rows("a,b,y", *(f"{row},{row * 3 % 7},{row % 2}" for row in range(20)), ",,", "1,2")
    assert read(text, ragged="drop").answer["warnings"] == [
        "1 row without any value is left out, the first at line 22.",
        "1 row of another length is left out, the first at line 23.",
    ]


def test_a_zip_archive_without_a_table_is_to_be_unpacked(refusal):
    raw = BytesIO()
    with ZipFile(raw, "w") as archive:
        archive.writestr("data.csv", "a,b\n1,2\n3,4\n")
    assert "zip archive" in (text := refusal(raw.getvalue()).text) and "unpack it" in text

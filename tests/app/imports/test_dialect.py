"""Import of CSV files: delimiter, decimal sign, header and encoding."""

import codecs

import numpy as np
import pytest

PLAIN = "length,width,kind\n5.1,3.5,a\n4.9,3.0,b\n4.7,3.2,a\n6.3,2.9,b\n"


def rows(*lines):
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
def test_the_delimiter_is_detected(delimiter, read):
    result = read(PLAIN.replace(",", delimiter))
    assert result.answer["delimiter"] == delimiter
    assert result.table.header.inputs == ("length", "width")


def test_a_comma_between_digits_is_a_decimal_sign_if_the_delimiter_is_another_character(read):
    result = read(rows("a;b;c", "1,5;2;3,25", "2,5;3;4,5", "3;4;5,5", "4;5,5;6"))
    assert (result.answer["delimiter"], result.answer["decimal"]) == (";", ",")
    assert result.table.X.tolist() == [[1.5, 2], [2.5, 3], [3, 4], [4, 5.5]]
    assert result.table.y.tolist() == [3.25, 4.5, 5.5, 6]


def test_quoted_decimal_commas_are_read_if_the_delimiter_is_a_comma(read):
    result = read(rows("x,y", '"1,5",2', '"2,5",3', '"3,5",4', '"4,5",5'))
    assert result.answer["decimal"] == ","
    assert result.table.X[:, 0].tolist() == [1.5, 2.5, 3.5, 4.5]


def test_a_first_row_without_numbers_is_the_header(read):
    assert read(PLAIN).answer["header"] is True
    without = read(rows(*PLAIN.splitlines()[1:]))
    assert without.answer["header"] is False
    assert without.table.header.inputs == ("column 1", "column 2")
    assert np.array_equal(without.table.X, read(PLAIN).table.X)


def test_options_take_precedence_over_detection(read):
    result = read("1;2\n3;4\n5;6\n7;8\n9;1\n", header=True, delimiter=";", decimal=".")
    assert result.table.header.inputs == ("1",)
    assert result.answer["rows"] == 4


def test_quoted_cells_may_contain_delimiters_and_line_ends(read):
    result = read('note,x,y\n"a, b",1,2\n"c\nd",2,3\n"a, b",3,4\n"c\nd",4,5\n')
    assert result.table.header.sources[0].categories == ("a, b", "c\nd")


def test_numbers_are_read_exactly(read):
    values = [0.1, 1e-300, -9.876543210987654e99, 123456789.123456789]
    result = read("x,y\n" + "".join(f"{value!r},{row}\n" for row, value in enumerate(values)))
    assert result.table.X[:, 0].tolist() == values


def test_parsing_by_numpy_and_cell_by_cell_gives_the_same_numbers(read):
    numbers = np.random.default_rng(0).standard_normal((50, 3))
    text = "a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in numbers.tolist())
    quoted = text.replace("a,b,c", '"a",b,c')
    assert np.array_equal(read(text).table.X, numbers[:, :2])
    assert np.array_equal(read(quoted).table.X, numbers[:, :2])
    assert read(text).table.content == read(quoted).table.content


def test_blank_lines_and_the_type_of_line_end_change_nothing(read):
    for end in ("\r\n", "\r", "\n\n"):
        assert read(PLAIN.replace("\n", end)).table.content == read(PLAIN).table.content


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
def test_the_encoding_is_detected(encode, encoding_name, read):
    result = read(encode(PLAIN.replace("length", "Länge")))
    assert result.answer["encoding"] == encoding_name
    assert result.table.header.inputs == ("Länge", "width")


def test_latin_1_gives_a_warning(read):
    assert any(
        "Latin-1" in warning for warning in read(PLAIN.replace("a", "ä").encode("latin-1")).answer["warnings"]
    )


def test_invalid_utf_16_is_refused_with_its_row(refusal):
    problem = refusal(codecs.BOM_UTF16_LE + "a,b\n1,2\n".encode("utf-16-le") + b"\x00\xd8\x41\x00")
    assert problem.row == 3 and "UTF-16" in problem.text


@pytest.mark.parametrize(
    ("signature", "name"), [(b"PK\x03\x04", "spreadsheet"), (b"\x89PNG", "image"), (b"%PDF", "PDF")]
)
def test_a_file_of_another_format_is_refused_with_the_format_name(signature, name, refusal):
    assert name in refusal(signature + b"\x00\x01\x02").text


def test_a_nul_byte_is_refused_with_its_row(refusal):
    problem = refusal(b"a,b\n1,2\n3,\x004\n")
    assert problem.row == 3 and "NUL" in problem.text

"""Tables of plain numbers are read in few calls: as each cell alone, or not at all."""

import csv
import re
from io import StringIO

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.imports.text import plain_numbers
from app.imports.text.dialect import Dialect
from app.imports.text.plain_numbers import read_numbers

PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
CELLS = st.one_of(
    st.floats(-1e15, 1e15).map(repr),
    st.integers(-(10**14), 10**14).map(str),
    st.sampled_from(["-0", "1.", ".5", "+3", "007", "1E5", "2e-3", " 4 ", "-.25e+1"]),
)
ODD = ["", "x", "nan", "inf", "1e400", "true", "null", "[1]", "1],[2", "1 2", "0x1", "1_0", "1e", "--1", "١"]


def table(rows, delimiter=",", end="\n"):
    return end.join([delimiter.join("abc"), *(delimiter.join(row) for row in rows)]) + end


def numbers_of(text, delimiter=",", width=3):
    columns = read_numbers(text, Dialect(delimiter, header_rows=1), list("abcdefg"[:width]))
    return None if columns is None else np.column_stack([column.numbers for column in columns])


@pytest.fixture
def short_pieces(monkeypatch):
    """Few lines are read together."""
    monkeypatch.setattr(plain_numbers, "PIECE", 20)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12), st.sampled_from(",;\t|"))
@example([("1", "2", "3"), (".5", "+1", "007"), ("4", "5", "6")], ";")
def test_plain_numbers_are_read_as_each_cell_alone(rows, delimiter):
    expected = [[float(cell) for cell in row] for row in rows]
    np.testing.assert_array_equal(numbers_of(table(rows, delimiter), delimiter), expected)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_piece_of_a_text_is_read_and_blank_lines_are_none(end, short_pieces):
    rows = [[str(row), f"{row}.25", "+.5" if row == 20 else "-1"] for row in range(40)]
    text = table(rows[:10], end=end) + end + table(rows[10:], end=end).partition(end)[2] + end
    np.testing.assert_array_equal(numbers_of(text), [[float(cell) for cell in row] for row in rows])


@pytest.mark.parametrize("odd", ODD)
def test_a_table_with_any_other_cell_is_not_read(odd, short_pieces):
    rows = [["1", "2", "3"] for _ in range(30)]
    assert numbers_of(table(rows)) is not None
    rows[17][1] = odd
    assert numbers_of(table(rows)) is None


@pytest.mark.parametrize(
    "line", ["1,2", "1,2,3,4", "1,2,3,", "1,2,\r3", "1,2\r3,4", "1;2;3", "1,2,3#", "# 1", '"1",2,3']
)
def test_a_table_with_any_other_line_is_not_read(line, short_pieces):
    assert numbers_of(table([["1", "2", "3"]] * 20) + line + "\n4,5,6\n") is None


def test_decimal_commas_between_semicolons_are_not_taken_for_separators():
    assert numbers_of("a;b;c\n1,5;2\n3,5;4\n", ";") is None
    assert numbers_of("a;b;c\n1,5;2;3\n", ";") is None


def test_too_many_rows_are_not_read(monkeypatch):
    monkeypatch.setattr(plain_numbers, "MAX_ROWS", 5)
    assert numbers_of(table([["1", "2", "3"]] * 5)) is not None
    assert numbers_of(table([["1", "2", "3"]] * 6)) is None


def test_integers_that_no_float_equals_are_not_read():
    assert numbers_of(table([["1", "9007199254740993", "3"]])) is None


@given(st.lists(st.lists(st.text("0123456789.,;-+eE \r\n", max_size=5), min_size=2, max_size=4), max_size=5))
def test_what_is_read_agrees_with_a_csv_reader(rows):
    text = table([["1", "2", "3"], *rows])
    numbers = numbers_of(text)
    if numbers is not None:
        cells = list(csv.reader(StringIO(text, newline="")))[1:]
        cells = [[cell.strip() for cell in row] for row in cells if any(cell.strip() for cell in row)]
        assert all(PLAIN.fullmatch(cell) for row in cells for cell in row)
        np.testing.assert_array_equal(numbers, [[float(cell) for cell in row] for row in cells])

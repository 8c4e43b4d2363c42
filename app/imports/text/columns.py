"""Columns: the cells of a table as numbers and as categories, and the type of each column."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, quoted
from app.imports.progress import LINES, report, reported
from app.imports.text.dialect import BLOCK, Dialect, blocks, is_missing, number
from engine.datasets.tables.limits import MAX_NUMBER, MAX_ROWS

MAX_LEVELS = 1000  # distinct texts of a column that are stored
MAX_INVALID = 0.2  # share of cells that are not numbers; a column with more of them is text
MAX_EXAMPLES = 5
INVALID, TOO_LARGE = -np.inf, np.inf  # in place of the number of such a cell


@dataclass
class Column:
    """One column: its cells as numbers (NaN if missing or invalid) and as codes of its distinct texts."""

    name: str
    numbers: NDArray[np.float64]
    invalid: int = 0  # cells that are neither missing nor numbers
    examples: list[tuple[int, str]] = field(default_factory=list)  # line and text of the first invalid cells
    missing: int = 0
    infinite: tuple[int, str] | None = None  # line and text of the first number that is too large
    # Codes (-1: missing) and distinct texts; None if there are too many, or if all cells are numbers.
    texts: tuple[NDArray[np.int64], list[str]] | None = None

    @property
    def filled(self) -> int:
        """Cells with a value."""
        return len(self.numbers) - self.missing

    @property
    def kind(self) -> str:
        """`empty`, `number`, or `text`."""
        if self.filled == 0:
            return "empty"
        if self.invalid > MAX_INVALID * self.filled:
            return "text"
        return "number"

    @cached_property
    def levels(self) -> tuple[NDArray[np.int64], list[str]] | None:
        """Codes and distinct texts, sorted by value, then by alphabet; None if there are too many."""
        report()
        if self.texts is None:
            return None if self.invalid else _levels_of_numbers(self.numbers)
        codes, texts = self.texts
        order = sorted(range(len(texts)), key=lambda index: _sort_key(texts[index]))
        rank = np.empty(len(texts) + 1, np.int64)
        rank[order], rank[-1] = np.arange(len(texts)), -1
        return rank[codes], [texts[index] for index in order]


def _sort_key(text: str) -> tuple[bool, float, str]:
    value = number(text)
    return (True, 0.0, text) if value is None else (False, value, text)


def _levels_of_numbers(numbers: NDArray) -> tuple[NDArray[np.int64], list[str]] | None:
    present = ~np.isnan(numbers)
    if len(np.unique(numbers[present][: 4 * MAX_LEVELS])) > MAX_LEVELS:
        return None
    values, codes = np.unique(numbers[present], return_inverse=True)
    if len(values) > MAX_LEVELS:
        return None
    result = np.full(len(numbers), -1, np.int64)
    result[present] = codes
    return result, [f"{value:.15g}" for value in values]


def read_columns(text: str, dialect: Dialect, names: list[str]) -> tuple[list[Column], int]:
    """Returns the columns and the number of rows. Raises Refused for a row of another length."""
    numbers = _parse_numbers(text, dialect, len(names))
    if numbers is not None:
        return [Column(name, column) for name, column in zip(names, numbers.T, strict=True)], len(numbers)
    # float() would accept 1_000, and 1.5 where the comma is the decimal sign.
    plain = "_" not in text and (dialect.decimal == "." or "." not in text)
    builders = [_ColumnBuilder(name, dialect.decimal, plain) for name in names]
    rows = 0
    for lines, block in blocks(text, dialect, len(names)):
        for builder, values in reported(zip(builders, zip(*block, strict=True), strict=True)):
            builder.add(lines, values)
        rows += len(block)
    return [builder.finish() for builder in reported(builders)], rows


def _parse_numbers(text: str, dialect: Dialect, columns: int) -> NDArray | None:
    """Returns the cells (rows, columns) if all are finite numbers, parsed by NumPy; else None."""
    if '"' in text or (dialect.decimal == "," and (dialect.delimiter == "," or "." in text)):
        return None
    plain = text.replace(",", ".") if dialect.decimal == "," else text
    lines = StringIO(plain)
    if dialect.header:
        next((line for line in lines if line.strip()), None)
    if lines.tell() >= len(plain.rstrip()):
        return None
    delimiter = None if dialect.delimiter == " " else dialect.delimiter
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about blank lines
            rows = reported(lines, LINES)
            numbers = np.loadtxt(rows, delimiter=delimiter, ndmin=2, comments=None, max_rows=MAX_ROWS + 1)
    except ValueError:
        return None
    valid_shape = numbers.shape[1] == columns and 0 < len(numbers) <= MAX_ROWS
    return numbers if valid_shape and (np.abs(numbers) <= MAX_NUMBER).all() else None


class _ColumnBuilder:
    """Builds a column block by block."""

    def __init__(self, name: str, decimal: str, plain: bool) -> None:
        self._column = Column(name, np.empty(0))
        self._decimal = decimal
        self._plain = plain  # float() reads a cell like `number`, but for infinite and missing ones
        self._float: Callable[[str], float] = float if decimal == "." else _float_with_comma
        self._numbers: list[NDArray] = []
        self._codes: list[NDArray] = []
        self._codes_by_text: dict[str, int] | None = {}

    def add(self, lines: list[int], cells: tuple[str, ...]) -> None:
        """Adds the cells of the next rows."""
        self._numbers.append(self._as_numbers(lines, cells))
        if self._codes_by_text is not None and len(set(cells[: 2 * MAX_LEVELS])) <= MAX_LEVELS:
            self._add_codes(cells)
        else:
            self._codes_by_text = None

    def finish(self) -> Column:
        """Returns the column."""
        column = self._column
        column.numbers = np.concatenate(self._numbers) if self._numbers else np.empty(0)
        if self._codes_by_text is not None and self._codes:
            column.texts = np.concatenate(self._codes), list(self._codes_by_text)
        return column

    def _as_numbers(self, lines: list[int], cells: tuple[str, ...]) -> NDArray:
        column = self._column
        if self._plain and not column.invalid:
            try:
                values = np.fromiter(map(self._float, cells), float, len(cells))
                if (np.abs(values) <= MAX_NUMBER).all():
                    return values
            except ValueError:
                pass
        if column.invalid > BLOCK // 2:  # the column is text
            missing = int(_of_each(cells, is_missing, bool).sum())
            column.missing += missing
            column.invalid += len(cells) - missing
            return np.full(len(cells), np.nan)
        values = _of_each(cells, self._read, float)
        self._count(lines, cells, values)
        return np.where(np.isfinite(values), values, np.nan)

    def _read(self, cell: str) -> float:
        """Returns the number of a cell; NaN if it is missing, INVALID or TOO_LARGE."""
        value = self._quickly_read(cell) if self._plain else None
        if value is None or not isfinite(value):
            if is_missing(cell):
                return np.nan
            value = number(cell, self._decimal)
        if value is None:
            return INVALID
        return value if abs(value) <= MAX_NUMBER else TOO_LARGE

    def _quickly_read(self, cell: str) -> float | None:
        try:
            return self._float(cell)  # in a fifth of the time of a regular expression
        except ValueError:
            return None

    def _count(self, lines: list[int], cells: tuple[str, ...], values: NDArray) -> None:
        column = self._column
        invalid, too_large = np.flatnonzero(values == INVALID), np.flatnonzero(values == TOO_LARGE)
        column.missing += int(np.isnan(values).sum())
        column.invalid += len(invalid)
        examples = invalid[: MAX_EXAMPLES - len(column.examples)]
        column.examples += [(lines[index], cells[index].strip()) for index in examples]
        if column.infinite is None and len(too_large):
            column.infinite = lines[too_large[0]], cells[too_large[0]].strip()

    def _add_codes(self, cells: tuple[str, ...]) -> None:
        codes_by_text = self._codes_by_text
        assert codes_by_text is not None
        codes: dict[str, int] = {}
        for cell in dict.fromkeys(cells):
            text = cell.strip()
            missing = text not in codes_by_text and is_missing(text)
            codes[cell] = -1 if missing else codes_by_text.setdefault(text, len(codes_by_text))
            if len(codes_by_text) > MAX_LEVELS:
                self._codes_by_text = None
                return
        self._codes.append(_of_each(cells, codes.__getitem__, np.int64))


def _float_with_comma(cell: str) -> float:
    return float(cell.replace(",", "."))


def _of_each(cells: tuple[str, ...], function: Callable[[str], Any], kind: type) -> NDArray:
    """Returns the results for all cells; if many are equal, the function is called once for each text."""
    if cells[0] == cells[-1] and cells.count(cells[0]) == len(cells):
        return np.full(len(cells), function(cells[0]), kind)
    distinct = set(cells)
    if len(distinct) <= len(cells) // 2:
        function = {cell: function(cell) for cell in distinct}.__getitem__
    return np.fromiter(map(function, cells), kind, len(cells))


def invalid_cell(column: Column) -> Problem | None:
    """Returns the problem of the first cell that is not a number, if there is one."""
    if column.infinite is not None:
        line, cell = column.infinite
        message = f"{quoted(cell)} is not a number between −1e100 and 1e100"
        return Problem("number_too_large", message, line, column.name, given=cell)
    if column.examples:
        line, cell = column.examples[0]
        numeric = column.filled - column.invalid
        others = f"though {numeric:,} other cells are" if numeric else "and no other cell is"
        message = f"{quoted(cell)} is not a number, {others} (is this column text?)"
        return Problem("not_a_number", message, line, column.name, given=cell)
    return None

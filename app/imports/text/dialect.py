"""Dialect: delimiter, header and decimal sign of a CSV file, detected from its first lines."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from app.imports.errors import Problem, Refused
from app.imports.sentences import FileWarning
from engine.datasets.tables.limits import (
    MAX_COLUMNS,
    MAX_LINES,
    MAX_NAME_LENGTH,
    MAX_ROWS,
    MAX_SEPARATORS,
)

# In order of preference if several are possible: a comma may be a decimal sign, and a space part of a text.
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma", " ": "space"}
MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "null", "?", "-", "–", "—"))
BLOCK = 20_000  # rows that are read together
SAMPLE_LINES = 100  # from which the dialect is detected
MAX_NAME_WARNINGS = 5  # about columns without a name
MIN_AGREEMENT = 0.9  # share of lines with the most frequent number of cells
# Without two repetitions in a row that match the same digits: those take a time that grows with their square.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
COMMA_NUMBER = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?")
INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """Delimiter, decimal sign, and whether the first line is a header."""

    delimiter: str
    decimal: str
    header: bool


def is_missing(cell: str) -> bool:
    """Whether a cell is empty or marks a missing value."""
    return cell.strip().lower() in MISSING


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yields the number of the last line and the cells of each record that is not blank. Raises Refused."""
    # newline="" keeps the line ends: a quoted cell may contain some.
    lines: Iterable[str] = StringIO(text, newline="")
    if delimiter == " ":
        lines = (" ".join(line.split()) for line in lines)
    reader = csv.reader(_refuse_wide_lines(lines, delimiter), delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip()):
                yield reader.line_num, cells
    except csv.Error as error:
        code, message = "malformed_csv", str(error)
        if "field larger" in message:
            code = "cell_too_long"
            limit = csv.field_size_limit()
            message = f"a cell of more than {limit:,} characters (is a quotation mark missing?)"
        raise Refused(Problem(code, message, reader.line_num)) from None


def _refuse_wide_lines(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Yields the lines. Raises Refused for a line of too many cells, which csv would parse for a minute."""
    for row, line in enumerate(lines, 1):
        if len(line) > MAX_SEPARATORS and (count := line.count(delimiter)) > MAX_SEPARATORS:
            message = f"a line with {count:,} separators; a table has at most {MAX_COLUMNS} columns"
            raise Refused(Problem("too_many_columns", message, row, given=count, limit=MAX_COLUMNS))
        yield line


def blocks(text: str, dialect: Dialect, columns: int) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Yields line numbers and cells of BLOCK rows at a time. Raises Refused for a row of another length."""
    lines = records(text, dialect.delimiter)
    if dialect.header:
        next(lines, None)
    rows = 0
    while block := list(islice(lines, BLOCK)):
        rows += len(block)
        if rows > MAX_ROWS:
            line = block[MAX_ROWS - rows][0]
            message = f"there are more than {MAX_ROWS:,} rows"
            raise Refused(Problem("too_many_rows", message, line, limit=MAX_ROWS))
        for line, cells in block:
            if len(cells) != columns:
                raise Refused(_ragged_row(line, cells, columns, dialect))
        yield [line for line, _ in block], [cells for _, cells in block]


def _ragged_row(line: int, cells: list[str], columns: int, dialect: Dialect) -> Problem:
    source = "the header has" if dialect.header else "the first row has"
    count = f"{len(cells):,} cell{'s' if len(cells) != 1 else ''}"
    return Problem("ragged_row", f"{count}, but {source} {columns:,}", line, given=len(cells), limit=columns)


def refuse_many_lines(text: str) -> None:
    """Raises Refused for a text of so many lines that reading the empty ones would take long."""
    count = max(text.count("\n"), text.count("\r"))
    if count > MAX_LINES:
        message = f"there are more than {MAX_LINES:,} lines"
        raise Refused(Problem("too_many_rows", message, given=count, limit=MAX_LINES))


def detect_dialect(text: str, delimiter: str | None, decimal: str | None, header: bool | None) -> Dialect:
    """Returns the dialect of a file; arguments that are not None are not detected. Raises Refused."""
    delimiter = delimiter or _detect_delimiter(text)
    sample = [cells for _, cells in islice(records(text, delimiter), SAMPLE_LINES)]
    if decimal is None:
        cells = [cell.strip() for row in sample for cell in row[:MAX_COLUMNS]]
        commas = sum(COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)
        points = sum("." in cell and NUMBER.fullmatch(cell) is not None for cell in cells)
        decimal = "," if commas > points else "."
    if header is None:
        header = not any(number(cell, decimal) is not None for cell in sample[0][:MAX_COLUMNS])
    return Dialect(delimiter, decimal, header)


def _detect_delimiter(text: str) -> str:
    """Returns the first delimiter that splits almost all lines into equally many cells, else the best one."""
    lines = text[: 1 << 20]
    candidates: list[tuple[float, int, str]] = []
    for delimiter in DELIMITERS:
        try:
            counts = [len(cells) for _, cells in islice(records(lines, delimiter), SAMPLE_LINES)]
        except Refused:
            continue
        mode = max(set(counts), key=counts.count) if counts else 1
        share = counts.count(mode) / len(counts) if counts else 0.0
        if mode > 1 and share >= MIN_AGREEMENT:
            return delimiter
        if mode > 1:
            candidates.append((share, mode, delimiter))
    return max(candidates)[2] if candidates else ","


def number(cell: str, decimal: str = ".") -> float | None:
    """Returns the number in a cell, infinite if it is too large; None if the cell is not a number."""
    cell = cell.strip()
    if decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    if NUMBER.fullmatch(cell):
        return float(cell)
    return float("inf") if INFINITE.fullmatch(cell) else None


def name_columns(first: list[str], header: bool) -> tuple[list[str], list[FileWarning]]:
    """Returns unique column names for a first record, and warnings about changed names.

    Raises Refused for too many columns.
    """
    if len(first) > MAX_COLUMNS:
        message = f"{len(first):,} columns; a table may have at most {MAX_COLUMNS}"
        raise Refused(Problem("too_many_columns", message, 1, given=len(first), limit=MAX_COLUMNS))
    if not header:
        return [f"column {number}" for number in range(1, len(first) + 1)], []
    names: list[str] = []
    warnings: list[FileWarning] = []
    for column, cell in enumerate(first, 1):
        printable = "".join(character if character.isprintable() else " " for character in cell)
        plain = " ".join(printable.split())
        name = plain[:MAX_NAME_LENGTH] or f"column {column}"
        if not plain and len(warnings) < MAX_NAME_WARNINGS:
            warnings.append(FileWarning("unnamed_column", {"position": column, "name": name}))
        unique, count = name, 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        if unique != name:
            values = {"name": name, "position": column, "renamed": unique}
            warnings.append(FileWarning("repeated_name", values))
        names.append(unique)
    return names, warnings

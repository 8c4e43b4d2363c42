"""Header: whether the first row names the columns, how sure that is, and unique names for all columns."""

from collections.abc import Callable
from typing import NamedTuple

from app.imports.errors import Problem, Refused
from app.imports.reasons import Reason
from app.imports.sentences import FileWarning
from app.imports.text.delimiter import Rows
from app.imports.text.missing import is_missing
from app.imports.text.notation import common_unit, is_number, measure
from engine.datasets.tables.dates import is_date
from engine.datasets.tables.limits import MAX_COLUMNS, MAX_NAME_LENGTH

MIN_NUMBERS = 0.8  # share of the cells of a column of numbers
MIN_SEQUENCE = 3  # numeric names of a table without other names
MIN_REPEATED = 0.5  # share of the cells of a column that repeat earlier ones, for its values to be known
YEARS = range(1800, 2101)
MAX_NAME_WARNINGS = 5  # about columns without a name

Cells = list[str]


class FirstRow(NamedTuple):
    """Whether the first row names the columns, whether there is no doubt, and why."""

    is_header: bool
    sure: bool
    reason: Reason


def detect_header(first: Cells, body: list[Cells]) -> FirstRow:
    """Returns whether the first row is a header."""
    columns = range(len(first))
    readers = {column: _value_reader([row[column] for row in body]) for column in columns}
    numeric = [column for column in columns if readers[column] is not None]
    numbers = [column for column in numeric if (is_value := readers[column]) and is_value(first[column])]
    names = [column for column in numeric if column not in numbers and not is_missing(first[column])]
    words = Reason("header_words", {"words": len(names), "columns": len(numeric)})
    if not body:
        return FirstRow(not any(is_number(cell) for cell in first), False, Reason("header_only"))
    if not numeric:
        return _header_of_words(first, body)
    if not numbers:
        return FirstRow(bool(names), 2 * len(names) >= len(numeric), words)
    if names:
        return FirstRow(len(names) >= len(numbers) or _is_sequence(first, numbers), False, words)
    if _are_numeric_names(first, numbers, body):
        return FirstRow(True, False, Reason("header_sequence"))
    return FirstRow(False, True, Reason("header_values"))


def _value_reader(cells: Cells) -> Callable[[str], bool] | None:
    """The function that recognises cells like most of these: numbers, with a unit too, or dates."""
    if _is_numeric(cells):
        return is_number
    filled = [cell for cell in cells if not is_missing(cell)]
    if unit := common_unit(filled):
        return lambda cell: measure(cell)[1] == unit
    dates = bool(filled) and is_date(filled[0]) and sum(map(is_date, filled)) >= MIN_NUMBERS * len(filled)
    return is_date if dates else None


def _is_numeric(cells: Cells) -> bool:
    filled = [cell for cell in cells if not is_missing(cell)]
    return bool(filled) and sum(map(is_number, filled)) >= MIN_NUMBERS * len(filled)


def _header_of_words(first: Cells, body: list[Cells]) -> FirstRow:
    """Of a table without numbers: a cell of the first row that occurs below it is a value."""
    columns = list(zip(*body, strict=True))
    recurring = [cell for cell, column in zip(first, columns, strict=True) if cell in column]
    if recurring:
        return FirstRow(False, len(recurring) > 1, Reason("header_repeated", {"cell": recurring[0][:40]}))
    known = any(len(set(column)) <= MIN_REPEATED * len(column) for column in columns)
    return FirstRow(True, known and len(body) > 1 / MIN_REPEATED, Reason("header_unique"))


def _are_numeric_names(first: Cells, numbers: list[int], body: list[Cells]) -> bool:
    """Whether numbers of the first row are names: 0 1 2 3, or years, and no such numbers below."""
    others = [column for column in range(len(first)) if column not in numbers]
    if any(first[column] in [row[column] for row in body] for column in others):
        return False
    if len(numbers) < (2 if others else MIN_SEQUENCE):
        return False
    return _is_sequence(first, numbers) and not any(_is_sequence(row, numbers) for row in body[:10])


def _is_sequence(row: Cells, columns: list[int]) -> bool:
    cells = [row[column].strip() for column in columns]
    if not all(cell.isdecimal() and len(cell) < 10 for cell in cells):
        return False
    values = [int(cell) for cell in cells]
    steps = {second - first for first, second in zip(values, values[1:], strict=False)}
    if len(steps) != 1 or min(steps) < 1:
        return False
    return all(value in YEARS for value in values) or (steps == {1} and values[0] in (0, 1))


def preamble_rows(rows: Rows, usual: int) -> int:
    """The number of rows before the table: shorter ones, but not a header that lacks one name, and those with
    one word beside empty cells, which are titles.
    """
    lines = 0
    while lines < len(rows) and _is_above(rows[lines][1], usual) and not is_short_header(rows[lines:], usual):
        lines += 1
    return lines if lines < len(rows) else 0


def _is_above(cells: Cells, usual: int) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(cells) < usual or (usual > 2 and len(filled) < 2 and not any(map(is_number, filled)))


def is_short_header(rows: Rows, usual: int) -> bool:
    """Whether the first row lacks a name: of row names, or of the empty column behind the last delimiter."""
    after = [cells for _, cells in rows[1:3]]
    filled = [cell for cell in rows[0][1] if cell.strip()]
    return (
        len(rows[0][1]) == usual - 1 == len(filled) > 0
        and usual > 2
        and all(len(row) == usual for row in after)
    )


def second_row_has_no_values(body: list[Cells]) -> bool:
    """Whether the row below the names has names or units: no number, unlike the rows below it."""
    if len(body) < 3 or len(body[0]) != len(body[1]):
        return False
    numeric = [column for column in range(len(body[0])) if _is_numeric([row[column] for row in body[1:]])]
    cells = [body[0][column] for column in numeric]
    return len(cells) > 1 and not any(is_number(cell) or is_missing(cell) for cell in cells)


def name_columns(first: Cells, header: bool, before: int = 0) -> tuple[list[str], list[FileWarning]]:
    """Returns unique column names for a first record, and warnings about changed names; `before` are the
    columns of a sheet before the first one.

    Raises Refused for too many columns.
    """
    if len(first) > MAX_COLUMNS:
        message = f"{len(first):,} columns; a table may have at most {MAX_COLUMNS}"
        raise Refused(Problem("too_many_columns", message, 1, given=len(first), limit=MAX_COLUMNS))
    if not header:
        return [f"column {number}" for number in range(before + 1, before + len(first) + 1)], []
    names: list[str] = []
    warnings: list[FileWarning] = []
    for column, cell in enumerate(first, before + 1):
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

"""Sniffing: delimiter, header and decimal sign, recognised from the first lines of a table."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from app.imports.errors import Problem, Refused
from engine.datasets.tables.limits import MAX_COLUMNS, MAX_NAME_LENGTH, MAX_SEPARATORS

# In the order of preference where several fit: a comma may be a decimal sign, and a space part of a text.
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma", " ": "space"}
MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "null", "?", "-", "–", "—"))
PROBED_LINES = 100
AGREEMENT = 0.9
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
COMMA_NUMBER = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?")
INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How the file is written."""

    delimiter: str
    decimal: str
    header: bool


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.strip().lower() in MISSING


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line number (of the record's last line) and cells of every line that is not blank. Raises Refused."""
    # In memory, every kind of line's end as it stands: a cell in quotation marks may contain some.
    lines: Iterable[str] = StringIO(text, newline="")
    if delimiter == " ":
        lines = (" ".join(line.split()) for line in lines)
    reader = csv.reader(_not_too_wide(lines, delimiter), delimiter=delimiter, skipinitialspace=True)
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


def _not_too_wide(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """The lines; one of a million cells would take the reader a minute before its columns are counted."""
    for place, line in enumerate(lines, 1):
        if len(line) > MAX_SEPARATORS and (count := line.count(delimiter)) > MAX_SEPARATORS:
            message = f"a line with {count:,} separators; a table has at most {MAX_COLUMNS} columns"
            raise Refused(Problem("too_many_columns", message, place, given=count, limit=MAX_COLUMNS))
        yield line


def detect_dialect(text: str, delimiter: str | None, decimal: str | None, header: bool | None) -> Dialect:
    """How the file is written; what is given is not questioned. Raises Refused."""
    chosen = delimiter or _delimiter(text)
    probe = [cells for _, cells in islice(records(text, chosen), PROBED_LINES)]
    if decimal is None:
        cells = [cell.strip() for row in probe for cell in row[:MAX_COLUMNS]]
        commas = sum(COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)
        points = sum("." in cell and NUMBER.fullmatch(cell) is not None for cell in cells)
        decimal = "," if commas > points else "."
    if header is None:
        header = not any(number(cell, decimal) is not None for cell in probe[0][:MAX_COLUMNS])
    return Dialect(chosen, decimal, header)


def _delimiter(text: str) -> str:
    """The first in order of preference that cuts the lines into equally many cells; else what cuts most."""
    lines = text[: 1 << 20]
    found: list[tuple[float, int, str]] = []
    for delimiter in DELIMITERS:
        try:
            counts = [len(cells) for _, cells in islice(records(lines, delimiter), PROBED_LINES)]
        except Refused:
            continue
        usual = max(set(counts), key=counts.count) if counts else 1
        share = counts.count(usual) / len(counts) if counts else 0.0
        if usual > 1 and share >= AGREEMENT:
            return delimiter
        if usual > 1:
            found.append((share, usual, delimiter))
    return max(found)[2] if found else ","


def number(cell: str, decimal: str = ".") -> float | None:
    """The number a cell shows, None where it shows none; infinity where it is too large or says so."""
    cell = cell.strip()
    if decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    if NUMBER.fullmatch(cell):
        return float(cell)
    return float("inf") if INFINITE.fullmatch(cell) else None


def names(first: list[str], header: bool) -> tuple[list[str], list[str]]:
    """The columns' names, each once, and what was done to them. Raises Refused for too many columns."""
    if len(first) > MAX_COLUMNS:
        message = f"{len(first):,} columns; a table may have at most {MAX_COLUMNS}"
        raise Refused(Problem("too_many_columns", message, 1, given=len(first), limit=MAX_COLUMNS))
    if not header:
        return [f"column {place}" for place in range(1, len(first) + 1)], []
    result: list[str] = []
    notes: list[str] = []
    for place, cell in enumerate(first, 1):
        plain = " ".join("".join(sign if sign.isprintable() else " " for sign in cell).split())
        name = plain[:MAX_NAME_LENGTH] or f"column {place}"
        if not plain and len(notes) < 5:
            notes.append(f"Column {place} has no name in the header and is called “{name}”.")
        once, count = name, 1
        while once in result:
            count += 1
            once = f"{name} ({count})"
        if once != name:
            notes.append(f"Two columns are called “{name}”: the one in place {place} is now “{once}”.")
        result.append(once)
    return result, notes

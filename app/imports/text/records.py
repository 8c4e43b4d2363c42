"""Records: the rows of cells of a text, of equal length, with what was done to those of another length."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from itertools import chain, islice
from sys import getsizeof
from typing import NamedTuple

from app.imports.errors import Problem, Refused
from app.imports.progress import LINES, reported
from app.imports.text.dialect import Dialect
from engine.datasets.tables.limits import MAX_COLUMNS, MAX_LINES, MAX_ROWS, MAX_SEPARATORS

BEHIND_QUOTE = re.compile(r"(?<=[^\s])[\"'][ \t]+(?=[,;|\r\n])")  # blanks that end no cell
BLOCK = 20_000  # rows that are read together
BYTES_OF_A_CELL = 84  # beside its characters: an object, and its place in a list
PIECE = 1 << 16  # characters that are separated into lines together
MAX_KEPT = 2_000_000  # characters of a text whose cells are kept
RAGGED = {
    "refuse": "a row of another length is an error",
    "pad": "short rows are filled with missing values, long ones are cut",
    "drop": "rows of another length are left out",
}


class Block(NamedTuple):
    """Some rows: their line numbers, and the cells of each column."""

    lines: list[int]
    columns: list[tuple[str, ...]]


@dataclass
class Changes:
    """What was done to rows; the line of the first row of each kind."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, line: int) -> None:
        """Counts a row: `blank`, `padded`, `cut` or `dropped`."""
        self.counts[kind] += 1
        self.lines.setdefault(kind, line)


def pieces(text: str, size: int, start: int = 0) -> Iterator[str]:
    """Yields the text from `start` on in pieces of whole lines, each of about so many characters."""
    while start < len(text):
        end = text.find("\n", start + size) + 1 or len(text)
        yield text[start:end]
        start = end


def lines_of(text: str) -> Iterator[str]:
    """Yields the lines with their ends, of which a quoted cell may contain some; the text is not copied."""
    return chain.from_iterable(StringIO(piece, newline="") for piece in pieces(text, PIECE))


def records(text: str, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yields the number of the last line and the cells of each record that is not blank. Raises Refused."""
    lines: Iterable[str] = lines_of(text)
    if dialect.comment:
        lines = ("\n" if line.lstrip().startswith(dialect.comment) else line for line in lines)
    if dialect.delimiter == " ":
        lines = (line.replace("\t", " ").strip(" ") for line in lines)
    reader = csv.reader(
        _refuse_wide_lines(lines, dialect.delimiter), delimiter=dialect.delimiter, skipinitialspace=True,
        quotechar=dialect.quote, escapechar=dialect.escape or None,
    )  # fmt: skip
    try:
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip()):
                yield reader.line_num + dialect.skipped, cells
    except csv.Error as error:
        code, message = "malformed_csv", str(error)
        if "field larger" in message:
            code = "cell_too_long"
            limit = csv.field_size_limit()
            message = f"a cell of more than {limit:,} characters (is a quotation mark missing?)"
        raise Refused(Problem(code, message, reader.line_num + dialect.skipped)) from None


def stray_quote(text: str, dialect: Dialect) -> int | None:
    """The line of the first quotation mark that neither begins nor ends a cell, and so may join two cells."""
    if dialect.quote not in text or dialect.escape:
        return None
    lines = (BEHIND_QUOTE.sub(dialect.quote, line) for line in lines_of(text))
    reader = csv.reader(
        lines, delimiter=dialect.delimiter, quotechar=dialect.quote, skipinitialspace=True, strict=True
    )
    try:
        for _ in reported(reader, LINES):
            pass
    except csv.Error:
        return reader.line_num + dialect.skipped
    return None


def _refuse_wide_lines(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Yields the lines. Raises Refused for a line of too many cells, which csv would parse for a minute."""
    for row, line in enumerate(lines, 1):
        if len(line) > MAX_SEPARATORS and (count := line.count(delimiter)) > MAX_SEPARATORS:
            message = f"a line with {count:,} separators; a table has at most {MAX_COLUMNS} columns"
            raise Refused(Problem("too_many_columns", message, row, given=count, limit=MAX_COLUMNS))
        yield line


class SplitText:
    """The rows of a text in cells, which are kept after the first pass if the text is not long."""

    def __init__(self, text: str, dialect: Dialect, width: int, ragged: str) -> None:
        self.text = text
        self.is_kept = len(text) <= MAX_KEPT
        self.changes = Changes()  # of the last pass
        self._dialect, self._width, self._ragged = dialect, width, ragged
        self._blocks: list[Block] | None = None

    def blocks(self) -> Iterator[Block]:
        """Yields BLOCK rows at a time. Raises Refused for a row of another length."""
        if self._blocks is None and self.is_kept:
            self._blocks = list(self._split())
        return self._split() if self._blocks is None else iter(self._blocks)

    def size(self) -> int:
        """About the bytes of the text and of the cells that are kept."""
        cells = sum(len(block.lines) for block in self._blocks or ()) * self._width
        return 2 * getsizeof(self.text) + cells * BYTES_OF_A_CELL

    def _split(self) -> Iterator[Block]:
        self.changes = Changes()
        rows = _fitted_rows(self.text, self._dialect, self._width, self._ragged, self.changes)
        return (Block(lines, list(zip(*cells, strict=True))) for lines, cells in rows)


def _fitted_rows(
    text: str, dialect: Dialect, columns: int, ragged: str, changes: Changes
) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Yields line numbers and cells of BLOCK rows at a time. Raises Refused for a row of another length."""
    lines = records(text, dialect)
    for _ in range(dialect.header_rows):
        next(lines, None)
    rows = 0
    while block := list(islice(lines, BLOCK)):
        if {len(cells) for _, cells in block} != {columns} or not all(any(cells) for _, cells in block):
            block = [
                (line, fitted)
                for line, cells in block
                if (fitted := _fitted(line, cells, columns, dialect, ragged, changes)) is not None
            ]
        rows += len(block)
        if rows > MAX_ROWS:
            line = block[MAX_ROWS - rows][0]
            message = f"there are more than {MAX_ROWS:,} rows"
            raise Refused(Problem("too_many_rows", message, line, limit=MAX_ROWS))
        if block:
            yield [line for line, _ in block], [cells for _, cells in block]


def _fitted(
    line: int, cells: list[str], columns: int, dialect: Dialect, ragged: str, changes: Changes
) -> list[str] | None:
    """The cells of a row with the length of the table; None if the row is left out. Raises Refused."""
    if len(cells) > 1 and not any(cell.strip() for cell in cells):
        changes.add("blank", line)
        return None
    if len(cells) > columns and not any(cell.strip() for cell in cells[columns:]):
        return cells[:columns]  # delimiters at the end of the line
    if len(cells) == columns:
        return cells
    if ragged == "drop":
        changes.add("dropped", line)
        return None
    if ragged == "pad":
        changes.add("padded" if len(cells) < columns else "cut", line)
        return (cells + [""] * columns)[:columns]
    raise Refused(_ragged_row(line, cells, columns, dialect))


def _ragged_row(line: int, cells: list[str], columns: int, dialect: Dialect) -> Problem:
    source = "the header has" if dialect.header_rows else "the first row has"
    count = f"{len(cells):,} cell{'s' if len(cells) != 1 else ''}"
    return Problem("ragged_row", f"{count}, but {source} {columns:,}", line, given=len(cells), limit=columns)


def refuse_many_lines(text: str) -> None:
    """Raises Refused for a text of so many lines that reading the empty ones would take long."""
    count = max(text.count("\n"), text.count("\r"))
    if count > MAX_LINES:
        message = f"there are more than {MAX_LINES:,} lines"
        raise Refused(Problem("too_many_rows", message, given=count, limit=MAX_LINES))

"""Cells of a table: each column in its notation, and what is doubtful about it."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from app.imports.options import ImportOptions
from app.imports.sentences import FileWarning
from app.imports.text.column_builder import Wanted, number_of, read_cells
from app.imports.text.columns import Column
from app.imports.text.dialect import SAMPLE_LENGTH
from app.imports.text.layout import Layout
from app.imports.text.missing import occurring, own_words, suspected_sentinel, words_as_missing
from app.imports.text.notation import PLAIN
from app.imports.text.plain_numbers import read_numbers
from app.imports.text.readings import (
    assumed_notations,
    certain_notations,
    chosen_notations,
    dated_columns,
    keep_first_reading,
    looks_grouped,
)
from app.imports.text.records import Changes, SplitText, stray_quote

LEADING_ZERO = re.compile(r"(?<![\d.eE+-])0\d")  # of codes and dates


@dataclass
class Cells:
    """The columns of a table, its number of rows, questions and warnings."""

    columns: list[Column]
    rows: int
    questions: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)
    dated: frozenset[str] = frozenset()  # see `dated_columns`


class SplitTable:
    """The cells of a table as texts, and the columns that were read from them last, unless they are many."""

    def __init__(self, layout: Layout, ragged: str) -> None:
        self.layout = layout
        self._text = SplitText(layout.text, layout.dialect, len(layout.names), ragged)
        self._columns: dict[tuple[int, Wanted], Column] = {}
        self._used: set[tuple[int, Wanted]] = set()

    @property
    def is_kept(self) -> bool:
        """Whether it can be read again without splitting the text."""
        return self._text.is_kept

    @property
    def changes(self) -> Changes:
        """What was done to rows of another length."""
        return self._text.changes

    def size(self) -> int:
        """About the bytes of what is kept."""
        return self._text.size() + sum(column.size() for column in self._columns.values())

    def read(self, wanted: dict[int, Wanted]) -> list[Column]:
        """Returns the columns of these positions, which are not to be changed. Raises Refused."""
        if not self.is_kept:
            return read_cells(self._text, wanted)
        needed = self._needed(wanted)
        new = {position: each for position, each in needed.items() if (position, each) not in self._columns}
        read = read_cells(self._text, new)
        self._columns |= zip(new.items(), read, strict=True)
        self._used |= needed.items()
        return [self._columns[item] for item in needed.items()]

    def forget_unused(self) -> None:
        """Removes the columns that no import has asked for since it was last called."""
        self._columns = {item: column for item, column in self._columns.items() if item in self._used}
        self._used = set()

    def _needed(self, wanted: dict[int, Wanted]) -> dict[int, Wanted]:
        """The same, with those own words for missing values only that may change the column."""
        if not any(each.missing for each in wanted.values()):
            return wanted
        found: dict[int, set[str]] = {
            position: {word for word in each.missing if number_of(word, each.notation) is not None}
            for position, each in wanted.items()
        }
        for _, cells in self._text.blocks():
            for position, each in wanted.items():
                found[position] |= occurring(each.missing - found[position], cells[position])
        return {
            position: each._replace(missing=frozenset(found[position])) for position, each in wanted.items()
        }


def read_table(layout: Layout, options: ImportOptions) -> Cells:
    """Returns the cells of a table. Raises Refused for a row of another length."""
    return read_split_table(SplitTable(layout, options.ragged), options)


def read_split_table(table: SplitTable, options: ImportOptions) -> Cells:
    """Returns the cells of a table whose texts may be kept already. Raises Refused."""
    layout = table.layout
    columns = _read_at_once(layout, options)
    if columns is not None:
        cells = Cells(columns, len(columns[0].numbers))
    else:
        assumed = assumed_notations(layout, options)
        own = own_words(options.missing_words, layout.names)
        wanted = {i: Wanted(name, assumed[i], own[name]) for i, name in enumerate(layout.names)}
        columns = table.read(wanted)
        cells = Cells(columns, len(columns[0].numbers), dated=dated_columns(columns, layout))
        _read_again(cells, table, options, own)
        table.forget_unused()
        cells.warnings += _row_warnings(table.changes)
        if (line := stray_quote(layout.text, layout.dialect)) is not None:
            cells.warnings.append(FileWarning("stray_quote", {"row": line}))
        cells.warnings += _decide_words(cells.columns, layout.text, own)
    cells.warnings += _cell_warnings(cells.columns)
    return cells


def _read_at_once(layout: Layout, options: ImportOptions) -> list[Column] | None:
    """Returns the columns if all cells are plain numbers, with a point or without doubt with a comma."""
    if options.thousands or options.date or options.missing_words:
        return None
    if LEADING_ZERO.search(layout.text[:SAMPLE_LENGTH]):  # about which is something to be said
        return None
    columns = None
    if options.decimal != "," and not looks_grouped(layout):
        columns = read_numbers(layout.text, layout.dialect, layout.names)
        if columns and layout.dialect.delimiter == ";" and _has_late_fractions(columns, layout):
            columns = None
    if columns is None and options.decimal != "." and layout.dialect.delimiter != ",":
        columns = _read_with_commas(layout)
    return columns


def _has_late_fractions(columns: list[Column], layout: Layout) -> bool:
    """Whether a point comes only after the first rows of a column, where it may be a sign between groups."""
    first = len(layout.rows)
    return any(
        not (column.numbers[:first] % 1).any() and (column.numbers[first:] % 1).any() for column in columns
    )


def _read_with_commas(layout: Layout) -> list[Column] | None:
    """Returns the columns if every comma is a decimal sign by the first rows, and there are no points."""
    has_points = layout.text.find(".", layout.text.find("\n")) >= 0
    notations = None if has_points else certain_notations(layout)
    if notations is None:
        return None
    columns = read_numbers(layout.text.replace(",", "."), layout.dialect, layout.names)
    for column, (notation, sample) in zip(columns or [], notations, strict=False):
        column.notation, column.sample = notation, sample
        if notation == PLAIN and (column.numbers % 1 != 0).any():  # its first comma comes later
            return None
    return columns


def _read_again(
    cells: Cells, table: SplitTable, options: ImportOptions, own: dict[str, frozenset[str]]
) -> None:
    """Reads the columns again whose values are in another notation, and asks where two are possible."""
    found = chosen_notations(cells.columns, table.layout, options)
    again = {
        index: Wanted(cells.columns[index].name, notation, own[cells.columns[index].name])
        for index, notation in found.notations.items()
        if notation != cells.columns[index].notation
    }
    if again:
        for index, column in zip(again, table.read(again), strict=True):
            if column.has_dates and cells.columns[index].has_dates and column.invalid:
                keep_first_reading(found, column.name)  # a later cell is a date in one of the orders only
            else:
                cells.columns[index] = column
    cells.questions += found.questions
    cells.warnings += found.warnings


def _row_warnings(changes: Changes) -> list[FileWarning]:
    codes = {"blank": "blank_rows", "padded": "padded_rows", "cut": "cut_rows", "dropped": "ragged_rows"}
    return [
        FileWarning(codes[kind], {"count": count, "row": changes.lines[kind]})
        for kind, count in changes.counts.items()
    ]


def _decide_words(columns: list[Column], text: str, own: dict[str, frozenset[str]]) -> list[FileWarning]:
    """Decides in each column of words which of them mark missing values, beside its `own` words."""
    among_numbers = {word for column in columns if column.kind == "number" for word in column.words if word}
    warnings = []
    for index, column in enumerate(columns):
        if column.texts is None:
            continue
        column = columns[index] = replace(column)  # the one that was read may be used again
        assert column.texts is not None
        words = column.doubtful_words()
        if column.kind != "text":
            column.take_as_missing(set(words))
            continue
        missing = words_as_missing(words, among_numbers, column.texts[1], text)
        column.take_as_missing(missing)
        column.words = missing | (column.words & own[column.name])
        for word in words:
            if word not in missing:
                warnings.append(FileWarning("word_is_value", {"name": column.name, "word": word}))
    return warnings


def _cell_warnings(columns: list[Column]) -> list[FileWarning]:
    """Warnings about numbers that may mark missing values, identifiers, and units that differ."""
    warnings = []
    for column in columns:
        if column.inexact:
            warnings.append(FileWarning("long_integers", {"name": column.name}))
        if units := column.mixed_units():
            warnings.append(FileWarning("mixed_units", {"name": column.name, "units": ", ".join(units)}))
        if column.kind == "text" and (pair := column.two_spellings()):
            values = {"name": column.name, "first": pair[0], "second": pair[1]}
            warnings.append(FileWarning("spellings", values))
        if column.kind != "number":
            continue
        code = next((cell for cell in column.sample if LEADING_ZERO.match(cell)), None)
        if code is not None:
            warnings.append(FileWarning("codes", {"name": column.name, "cell": code}))
        sentinel = suspected_sentinel(column.numbers)
        if sentinel is not None:
            value, count = sentinel
            warnings.append(FileWarning("sentinel", {"name": column.name, "value": value, "count": count}))
    return warnings

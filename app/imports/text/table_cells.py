"""Cells of a table: each column in its notation, and what is doubtful about it."""

from dataclasses import dataclass, field
from typing import Any

from app.imports.options import ImportOptions
from app.imports.sentences import FileWarning
from app.imports.text.column_builder import Wanted, read_cells
from app.imports.text.columns import Column
from app.imports.text.layout import Layout
from app.imports.text.missing import own_words, suspected_sentinel, words_as_missing
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
from app.imports.text.records import Changes, stray_quote


@dataclass
class Cells:
    """The columns of a table, its number of rows, questions and warnings."""

    columns: list[Column]
    rows: int
    questions: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)
    dated: frozenset[str] = frozenset()  # see `dated_columns`


def read_table(layout: Layout, options: ImportOptions) -> Cells:
    """Returns the cells of a table. Raises Refused for a row of another length."""
    text, dialect, names = layout.text, layout.dialect, layout.names
    columns = _read_at_once(layout, options)
    if columns is not None:
        cells = Cells(columns, len(columns[0].numbers))
    else:
        assumed = assumed_notations(layout, options)
        own = own_words(options.missing_words, names)
        positions = {index: Wanted(name, assumed[index], own[name]) for index, name in enumerate(names)}
        columns, changes = read_cells(text, dialect, positions, len(names), options.ragged)
        cells = Cells(columns, len(columns[0].numbers), dated=dated_columns(columns, layout))
        _read_again(cells, layout, options)
        cells.warnings += _row_warnings(changes)
        if (line := stray_quote(text, dialect)) is not None:
            cells.warnings.append(FileWarning("stray_quote", {"row": line}))
        cells.warnings += _decide_words(cells.columns, text, own)
    cells.warnings += _cell_warnings(cells.columns)
    return cells


def _read_at_once(layout: Layout, options: ImportOptions) -> list[Column] | None:
    """Returns the columns if all cells are plain numbers, with a point or without doubt with a comma."""
    if options.thousands or options.date or options.missing_words:
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


def _read_again(cells: Cells, layout: Layout, options: ImportOptions) -> None:
    """Reads the columns again whose values are in another notation, and asks where two are possible."""
    found = chosen_notations(cells.columns, layout, options)
    own = own_words(options.missing_words, layout.names)
    again = {
        index: Wanted(cells.columns[index].name, notation, own[cells.columns[index].name])
        for index, notation in found.notations.items()
        if notation != cells.columns[index].notation
    }
    if again:
        read, _ = read_cells(layout.text, layout.dialect, again, len(layout.names), options.ragged)
        for index, column in zip(again, read, strict=True):
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
    for column in columns:
        if column.texts is None:
            continue
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
        if column.kind != "number":
            continue
        sentinel = suspected_sentinel(column.numbers)
        if sentinel is not None:
            value, count = sentinel
            warnings.append(FileWarning("sentinel", {"name": column.name, "value": value, "count": count}))
        units = column.units - {""}
        if len(units) > 1 or ("%" in units and "" in column.units):
            values = {
                "name": column.name,
                "units": ", ".join(sorted(units | ({"none"} if "" in column.units else set()))),
            }
            warnings.append(FileWarning("mixed_units", values))
    return warnings

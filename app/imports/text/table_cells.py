"""Cells of a table: each column in its notation, and what is doubtful about it."""

from dataclasses import dataclass, field
from typing import Any

from app.imports.sentences import FileWarning
from app.imports.text.column_builder import read_cells, read_numbers
from app.imports.text.columns import Column
from app.imports.text.layout import Layout
from app.imports.text.missing import suspected_sentinel, words_as_missing
from app.imports.text.notation import PLAIN, Evidence, Notation, likelier, possible, readings, sure_decimal
from app.imports.text.records import Changes, stray_quote

MAX_ASSUMED_ROWS = 30
MAX_EXAMPLES = 3  # cells of a question
MIN_NUMBERS = 0.8  # share of the distinct cells of a column that a notation must read


@dataclass
class Cells:
    """The columns of a table, its number of rows, questions and warnings."""

    columns: list[Column]
    rows: int
    questions: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)


def read_table(layout: Layout, decimal: str | None, thousands: str | None, ragged: str) -> Cells:
    """Returns the cells of a table. Raises Refused for a row of another length."""
    text, dialect, names = layout.text, layout.dialect, layout.names
    plain = decimal in (None, ".") and not thousands
    columns = read_numbers(text, dialect, names) if plain and not _looks_grouped(layout) else None
    if columns is not None:
        cells = Cells(columns, len(columns[0].numbers))
    else:
        allowed = possible(decimal, thousands)
        assumed = _assumed_notations(layout, allowed)
        positions = {index: (name, assumed[index]) for index, name in enumerate(names)}
        columns, changes = read_cells(text, dialect, positions, len(names), ragged)
        cells = Cells(columns, len(columns[0].numbers))
        _read_notations(cells, layout, allowed, ragged)
        cells.warnings += _row_warnings(changes)
        if (line := stray_quote(text, dialect)) is not None:
            cells.warnings.append(FileWarning("stray_quote", {"row": line}))
        cells.warnings += _decide_words(cells.columns, text)
    cells.warnings += _cell_warnings(cells.columns)
    return cells


def _looks_grouped(layout: Layout) -> bool:
    """Whether a column of 1.234 and the like may have groups, as the delimiter is that of a decimal comma."""
    if layout.dialect.delimiter != ";":
        return False
    columns = zip(*(row[: len(layout.names)] for row in layout.rows), strict=False)
    return any(
        len(readings(list(dict.fromkeys(column))[:50], possible(None, None))) > 1 for column in columns
    )


def _assumed_notations(layout: Layout, allowed: tuple[Notation, ...]) -> list[Notation]:
    """The notation of each column by its first rows: those that do not need it are not read a second time."""
    rows = [row for row in layout.rows[:MAX_ASSUMED_ROWS] if len(row) == len(layout.names)]
    if not rows:
        return [allowed[0]] * len(layout.names)
    columns = [list(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    return [readings(column, allowed)[0] for column in columns]


def _read_notations(cells: Cells, layout: Layout, allowed: tuple[Notation, ...], ragged: str) -> None:
    """Reads the columns again whose numbers are in another notation, and asks where two are possible."""
    samples = {index: column.sample for index, column in enumerate(cells.columns) if column.sample}
    found = {index: readings(sample, allowed) for index, sample in samples.items()}
    found = {index: list_ for index, list_ in found.items() if _reads(list_[0], samples[index])}
    sure = {index: sure_decimal(list_, samples[index]) for index, list_ in found.items()}
    chosen: dict[int, Notation] = {}
    for index, list_ in found.items():
        others = frozenset(sign for other, sign in sure.items() if sign and other != index)
        chosen[index] = likelier(list_, samples[index], Evidence(layout.dialect.delimiter, others))
        if len(list_) > 1 and (chosen[index] != PLAIN or layout.dialect.delimiter == ";" or "," in others):
            ordered = [chosen[index], *(notation for notation in list_ if notation != chosen[index])]
            cells.questions.append(_question(cells.columns[index].name, ordered[:2], samples[index]))
            cells.warnings.append(_ambiguous(cells.columns[index].name, ordered, samples[index]))
    again = {
        index: (cells.columns[index].name, notation)
        for index, notation in chosen.items()
        if notation != cells.columns[index].notation
    }
    if again:
        read, _ = read_cells(layout.text, layout.dialect, again, len(layout.names), ragged)
        for index, column in zip(again, read, strict=True):
            cells.columns[index] = column


def _reads(notation: Notation, sample: list[str]) -> bool:
    return sum(notation.number(cell) is not None for cell in sample) >= MIN_NUMBERS * len(sample)


def _question(name: str, found: list[Notation], sample: list[str]) -> dict[str, Any]:
    cells = _differing(found, sample)[:MAX_EXAMPLES]
    return {
        "column": name,
        "readings": [
            {
                "option": "thousands" if notation.thousands else "decimal",
                "value": notation.thousands or notation.decimal,
                "examples": [{"cell": cell, "read": notation.number(cell)} for cell in cells],
            }
            for notation in found
        ],
    }


def _differing(found: list[Notation], sample: list[str]) -> list[str]:
    return [cell for cell in sample if len({notation.number(cell) for notation in found[:2]}) > 1]


def _ambiguous(name: str, found: list[Notation], sample: list[str]) -> FileWarning:
    cell = _differing(found, sample)[0]
    values = {"name": name, "cell": cell, "read": found[0].number(cell), "other": found[1].number(cell)}
    return FileWarning("ambiguous_numbers", values)


def _row_warnings(changes: Changes) -> list[FileWarning]:
    codes = {"blank": "blank_rows", "padded": "padded_rows", "cut": "cut_rows", "dropped": "ragged_rows"}
    return [
        FileWarning(codes[kind], {"count": count, "row": changes.lines[kind]})
        for kind, count in changes.counts.items()
    ]


def _decide_words(columns: list[Column], text: str) -> list[FileWarning]:
    """Decides in each column of words which of them mark missing values."""
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
        column.words = missing
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

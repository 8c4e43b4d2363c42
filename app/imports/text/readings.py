"""Readings: how the numbers and dates of each column are written, and what is asked if two are possible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.imports.options import ImportOptions
from app.imports.sentences import FileWarning
from app.imports.text.columns import AnyNotation, Column
from app.imports.text.layout import Layout
from app.imports.text.missing import is_missing
from app.imports.text.notation import (
    NOTATIONS,
    PLAIN,
    Evidence,
    Notation,
    common_unit,
    likelier,
    measure,
    possible,
    readings,
    sure_decimal,
)
from engine.datasets.tables.dates import ORDERS, DateNotation, is_date, iso

MAX_ASSUMED_ROWS = 30
MAX_EXAMPLES = 3  # cells of a question
MIN_READ = 0.8  # share of the distinct cells of a column that a notation must read


@dataclass
class Chosen:
    """The notation of each column by its position, where one reads it, and what is doubtful."""

    notations: dict[int, AnyNotation] = field(default_factory=dict)
    questions: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)

    def ask(self, name: str, found: Sequence[AnyNotation], sample: list[str]) -> None:
        """Adds the question which of two notations is meant, the assumed one first, and a warning."""
        cells = [cell for cell in sample if len({notation.number(cell) for notation in found[:2]}) > 1]
        cells.sort(key=lambda cell: [notation.number(cell) is None for notation in found[:2]])
        readings: list[dict[str, Any]] = [
            {
                "option": _option(notation)[0],
                "value": _option(notation)[1],
                "examples": [{"cell": cell, "read": _shown(notation, cell)} for cell in cells[:MAX_EXAMPLES]],
            }
            for notation in found[:2]
        ]
        self.questions.append({"column": name, "readings": readings})
        read, other = (reading["examples"][0]["read"] for reading in readings)
        values = {"name": name, "cell": cells[0], "read": read, "other": other}
        code = "ambiguous_dates" if isinstance(found[0], DateNotation) else "ambiguous_numbers"
        if other is None:  # each reads cells that the other does not
            code, values["other"] = "two_notations", cells[-1]
        self.warnings.append(FileWarning(code, values))


def _shown(notation: AnyNotation, cell: str) -> float | str | None:
    """The number or date in a cell as it is shown; None if it is not in this notation."""
    value = notation.number(cell)
    return iso(value) if value is not None and isinstance(notation, DateNotation) else value


def _option(notation: AnyNotation) -> tuple[str, str]:
    """The option, and its value, with which a column is read in this notation."""
    if isinstance(notation, DateNotation):
        return "date_order", notation.order
    return ("thousands", notation.thousands) if notation.thousands else ("decimal", notation.decimal)


def looks_grouped(layout: Layout) -> bool:
    """Whether a column of 1.234 and the like may have groups, as the delimiter is that of a decimal comma."""
    if layout.dialect.delimiter != ";":
        return False
    columns = zip(*(row[: len(layout.names)] for row in layout.rows), strict=False)
    return any(
        len(readings(list(dict.fromkeys(column))[:50], possible(None, None))) > 1 for column in columns
    )


def certain_notations(layout: Layout) -> list[tuple[Notation, list[str]]] | None:
    """The notation of each column, and its first cells, if these have one reading only, without groups."""
    rows = [row for row in layout.rows if len(row) == len(layout.names)]
    columns = [list(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    found = [readings(cells, NOTATIONS) for cells in columns]
    if not found or any(len(each) > 1 or each[0].thousands for each in found):
        return None
    return [(each[0], cells) for each, cells in zip(found, columns, strict=True)]


def assumed_notations(layout: Layout, options: ImportOptions) -> list[AnyNotation]:
    """The notation of each column by its first rows: those that do not need it are not read a second time."""
    allowed = possible(options.decimal, options.thousands)
    rows = [row for row in layout.rows[:MAX_ASSUMED_ROWS] if len(row) == len(layout.names)]
    if not rows:
        return [allowed[0]] * len(layout.names)
    columns = [list(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    assumed: list[AnyNotation] = []
    for name, cells in zip(layout.names, columns, strict=True):
        dates = date_notations(name, _filled(cells), options)
        assumed.append(dates[0] if dates else readings(cells, allowed)[0])
    return assumed


def date_notations(name: str, cells: list[str], options: ImportOptions) -> list[DateNotation]:
    """The orders in which most of these cells are dates, without those that read the same as an earlier one;
    none for a column that has no dates.
    """
    named = name in options.date
    excluded = name in (*options.text, *options.number)
    if not named and (excluded or not _begins_with_dates(cells)):
        return []
    allowed = [DateNotation(order) for order in ORDERS if options.date_order in (None, order)]
    values = {notation: [notation.number(cell) for cell in cells] for notation in allowed}
    counts = {notation: sum(value is not None for value in column) for notation, column in values.items()}
    most = max(counts.values())
    if not named and most < MIN_READ * len(cells):
        return []
    different: list[DateNotation] = []
    for notation in allowed:
        if counts[notation] == most and all(values[notation] != values[other] for other in different):
            different.append(notation)
    return different


def _begins_with_dates(cells: list[str]) -> bool:
    first = cells[:5]
    return bool(first) and sum(map(is_date, first)) >= len(first) / 2


def dated_columns(columns: list[Column], layout: Layout) -> frozenset[str]:
    """The names of the columns that are read as dates or not as options say that they are text or numbers."""
    rows = [row for row in layout.rows[:MAX_ASSUMED_ROWS] if len(row) == len(layout.names)]
    return frozenset(
        column.name
        for index, column in enumerate(columns)
        if _begins_with_dates(_filled(dict.fromkeys(row[index] for row in rows)))
        or _begins_with_dates(_sample(column))
    )


def _filled(cells: Iterable[str]) -> list[str]:
    return [cell for cell in cells if not is_missing(cell)]


def _sample(column: Column) -> list[str]:
    return list(dict.fromkeys((*column.sample, *(cell for _, cell in column.examples))))


def chosen_notations(columns: list[Column], layout: Layout, options: ImportOptions) -> Chosen:
    """Returns the notations that read most of the cells, the likelier ones where several do."""
    chosen = Chosen()
    samples = {
        index: _sample(column)
        for index, column in enumerate(columns)
        if column.sample or column.name in options.date
    }
    dates = {
        index: found
        for index, sample in samples.items()
        if (found := date_notations(columns[index].name, sample, options))
    }
    numbers = {index: sample for index, sample in samples.items() if index not in dates}
    comma = _choose_numbers(chosen, columns, numbers, layout, options)
    _choose_dates(chosen, columns, dates, comma or layout.dialect.delimiter == ";")
    return chosen


def _choose_numbers(
    chosen: Chosen,
    columns: list[Column],
    samples: dict[int, list[str]],
    layout: Layout,
    options: ImportOptions,
) -> bool:
    """Adds the notations of columns of numbers; returns whether one has a decimal comma without doubt."""
    allowed = possible(options.decimal, options.thousands)
    found = {index: _number_readings(sample, allowed) for index, sample in samples.items()}
    _read_otherwise(chosen, columns, samples, found)
    found = {index: list_ for index, list_ in found.items() if _reads(list_[0], samples[index])}
    sure = {index: sure_decimal(list_, samples[index]) for index, list_ in found.items()}
    for index, list_ in found.items():
        others = frozenset(sign for other, sign in sure.items() if sign and other != index)
        taken = likelier(list_, samples[index], Evidence(layout.dialect.delimiter, others))
        chosen.notations[index] = taken
        if len(list_) > 1 and (
            replace(taken, unit="") != PLAIN or layout.dialect.delimiter == ";" or "," in others
        ):
            ordered = [taken, *(notation for notation in list_ if notation != taken)]
            chosen.ask(columns[index].name, ordered, samples[index])
    for index in samples.keys() - found.keys():
        if columns[index].has_dates:  # only its first cells are dates
            chosen.notations[index] = allowed[0]
    return "," in sure.values()


def _number_readings(sample: list[str], allowed: tuple[Notation, ...]) -> list[Notation]:
    """The notations that read most of these cells, with the unit that all of them have."""
    unit = common_unit(sample)
    cells = [measure(cell)[0] for cell in sample] if unit else sample
    return [replace(notation, unit=unit) for notation in readings(cells, allowed)]


def _read_otherwise(
    chosen: Chosen,
    columns: list[Column],
    samples: dict[int, list[str]],
    found: dict[int, list[Notation]],
) -> None:
    """Takes the only other notation of columns that those of the options do not read, and says so."""
    for index, sample in samples.items():
        others = readings(sample, NOTATIONS) if not _reads(found[index][0], sample) else []
        if len(others) == 1 and _reads(others[0], sample):
            found[index] = others
            cell = next(cell for cell in sample if others[0].number(cell) is not None)
            values = {"name": columns[index].name, "cell": cell, "read": others[0].number(cell)}
            chosen.warnings.append(FileWarning("other_notation", values))


def _reads(notation: Notation, sample: list[str]) -> bool:
    return sum(notation.number(cell) is not None for cell in sample) >= MIN_READ * len(sample)


def _choose_dates(
    chosen: Chosen, columns: list[Column], dates: dict[int, list[DateNotation]], day_first: bool
) -> None:
    """Adds the orders of columns of dates: of two possible ones that of other columns, or the usual one.

    With a decimal comma or semicolons the day is usually first, else the month.
    """
    sure = {found[0].order for found in dates.values() if len(found) == 1} - {"ymd"}
    usual = sure.pop() if len(sure) == 1 else "dmy" if day_first else "mdy"
    for index, found in dates.items():
        ordered = sorted(found, key=lambda notation: notation.order != usual)
        chosen.notations[index] = ordered[0]
        if len(ordered) > 1:
            chosen.ask(columns[index].name, ordered, _sample(columns[index]))


def keep_first_reading(chosen: Chosen, name: str) -> None:
    """Removes the question about a column whose further cells only one reading reads."""
    chosen.questions = [question for question in chosen.questions if question["column"] != name]
    chosen.warnings = [warning for warning in chosen.warnings if warning.parameters.get("name") != name]

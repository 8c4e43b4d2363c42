"""CSV export: a table as CSV in which spreadsheets execute no formulas."""

import csv
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from engine.datasets.tables.dates import DAY, DateInputs, iso
from engine.datasets.tables.table import Header, Source, Table

# Spreadsheets execute a cell that begins with one of these.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(text: str) -> str:
    """Returns the text, with an apostrophe before it if a spreadsheet would execute it."""
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def to_csv(table: Table) -> str:
    """Returns the rows in order: inputs, with categories and dates as text, then the targets."""
    header = table.header
    text = StringIO()
    writer = csv.writer(text)
    sources = header.sources or [Source(name, "number", k) for k, name in enumerate(header.inputs)]
    inputs = [column for source in sources for column in _input_columns(source, header, table.X)]
    writer.writerow([escape_formula(name) for name in (*(name for name, _ in inputs), *header.targets)])
    writer.writerows(zip(*(cells for _, cells in inputs), *_target_cells(table), strict=True))
    return text.getvalue()


def _input_columns(source: Source, header: Header, X: NDArray) -> list[tuple[str, list[str]]]:
    """Returns the columns that the file has for one of the table, each with its name: numbers of dates are
    columns of their own where the dates do not follow from them.
    """
    if source.date is None:
        return [(source.name, _input_cells(source, X))]
    numbers = X[:, source.first : source.first + source.width]
    dates = _dates(source.date, numbers)
    if dates is not None:
        return [(source.name, dates)]
    names = header.inputs[source.first : source.first + source.width]
    return [(name, _format_numbers(column)) for name, column in zip(names, numbers.T, strict=True)]


def _dates(inputs: DateInputs, numbers: NDArray) -> list[str] | None:
    """Returns the dates, to the second, of which these are the numbers (n, width); None if there are none."""
    if "elapsed" not in inputs.numbers:
        return None
    seconds = np.rint(inputs.first + DAY * numbers[:, inputs.numbers.index("elapsed")])
    if not np.array_equal(np.column_stack(inputs.values(seconds)), numbers):
        return None
    return [iso(value) for value in seconds.tolist()]


def _input_cells(source: Source, X: NDArray) -> list[str]:
    if source.kind == "number":
        return _format_numbers(X[:, source.first])
    labels = [escape_formula(category) for category in source.categories]
    if source.kind == "flag":
        return [labels[int(code)] for code in X[:, source.first]]
    width = len(labels)
    return [labels[code] for code in X[:, source.first : source.first + width].argmax(axis=1)]


def _target_cells(table: Table) -> list[list[str]]:
    if table.header.task == "regression":
        return [_format_numbers(table.y)]
    if table.y.ndim == 2:
        return [[str(label) for label in column] for column in table.y.T.tolist()]
    labels = [escape_formula(name) for name in table.header.classes or ()]
    return [[labels[code] for code in table.y.tolist()]]


def _format_numbers(values: NDArray[np.float64]) -> list[str]:
    """Returns the shortest digits that parse to the same number; integers without a decimal point."""
    return [
        str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        for value in values.tolist()
    ]

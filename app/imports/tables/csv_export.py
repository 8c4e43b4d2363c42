"""CSV export: a table as CSV in which spreadsheets execute no formulas."""

import csv
from collections.abc import Iterator
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from engine.datasets.tables.table import Header, Source, Table

# Spreadsheets execute a cell that begins with one of these.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(text: str) -> str:
    """Returns the text, with an apostrophe before it if a spreadsheet would execute it."""
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def to_csv(table: Table) -> str:
    """Returns the rows in order: inputs, with categories as text, then the targets."""
    header = table.header
    text = StringIO()
    writer = csv.writer(text)
    sources = _columns(header)
    writer.writerow(
        [escape_formula(name) for name in (*(source.name for source in sources), *header.targets)]
    )
    columns = [_input_cells(source, table.X) for source in sources]
    writer.writerows(zip(*columns, *_target_cells(table), strict=True))
    return text.getvalue()


def _columns(header: Header) -> list[Source]:
    """Returns the columns of the file; the numbers of a date are columns of their own."""
    columns: list[Source] = []
    for source in header.sources or [Source(name, "number", k) for k, name in enumerate(header.inputs)]:
        if source.kind != "date":
            columns.append(source)
            continue
        numbers = range(source.first, source.first + source.width)
        columns += [Source(header.inputs[index], "number", index) for index in numbers]
    return columns


def _input_cells(source: Source, X: NDArray) -> Iterator[str] | list[str]:
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

"""Export: a table as CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterator
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from engine.datasets.tables.table import Source, Table

# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(FORMULA) else text


def to_csv(table: Table) -> str:
    """The rows in their order: inputs (text columns as text again), then the targets."""
    header = table.header
    out = StringIO()
    writer = csv.writer(out)
    sources = header.sources or tuple(Source(name, "number", k) for k, name in enumerate(header.inputs))
    writer.writerow(
        [escape_formula(name) for name in (*(source.name for source in sources), *header.targets)]
    )
    columns = [_input(source, table.X) for source in sources]
    writer.writerows(zip(*columns, *_targets(table), strict=True))
    return out.getvalue()


def _input(source: Source, X: NDArray) -> Iterator[str] | list[str]:
    if source.kind == "number":
        return _numbers(X[:, source.first])
    labels = [escape_formula(category) for category in source.categories]
    if source.kind == "flag":
        return [labels[int(code)] for code in X[:, source.first]]
    width = len(labels)
    return [labels[code] for code in X[:, source.first : source.first + width].argmax(axis=1)]


def _targets(table: Table) -> list[list[str]]:
    if table.header.task == "regression":
        return [_numbers(table.y)]
    if table.y.ndim == 2:
        return [[str(label) for label in column] for column in table.y.T.tolist()]
    labels = [escape_formula(name) for name in table.header.classes or ()]
    return [[labels[code] for code in table.y.tolist()]]


def _numbers(values: NDArray[np.float64]) -> list[str]:
    """The shortest digits that give the same number again; whole numbers without a point."""
    return [
        str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        for value in values.tolist()
    ]

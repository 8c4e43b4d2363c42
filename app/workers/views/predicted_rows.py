"""Predicted rows: the rows of a request for a prediction, which may be sent as the text of a table."""

from dataclasses import replace
from typing import Any

from app.imports.errors import Refused
from app.imports.options import ImportOptions
from app.imports.text.columns import Column
from app.imports.text.delimiter import detect_delimiter, first_rows
from app.imports.text.dialect import SAMPLE_LENGTH, Dialect
from app.imports.text.header import name_columns
from app.imports.text.layout import Layout
from app.imports.text.notation import unit
from app.imports.text.records import records
from app.imports.text.table_cells import read_table
from engine.config.errors import ConfigError
from engine.datasets.tables.named_rows import Measured
from engine.queries import MAX_ROWS


def read_rows(inputs: Any) -> Any:
    """Returns rows; those of a text are objects with its column names, numbers read as in an import.

    Raises ConfigError for a text that is not a table with a header.
    """
    if not isinstance(inputs, str):
        return inputs
    if not inputs.strip():
        raise ConfigError("inputs", "the table is empty: a header and at least one row are needed")
    try:
        return _rows_of_text(inputs)
    except Refused as refused:
        problem = refused.problem
        field = "inputs" if problem.row is None else f"inputs.{max(0, problem.row - 2)}"
        raise ConfigError(field, problem.text, given=problem.given, limit=problem.limit) from None


def _rows_of_text(text: str) -> list[dict[str, str | float | Measured]]:
    layout = _layout(text)
    if not layout.rows:
        raise ConfigError("inputs", "there is a header and no row")
    columns = read_table(layout, ImportOptions()).columns
    rows: list[dict[str, str | float | Measured]] = []
    for _, cells in records(layout.text, layout.dialect):
        if len(rows) == MAX_ROWS + layout.dialect.header_rows:
            raise ConfigError("inputs", f"may have at most {MAX_ROWS:,} rows", limit=MAX_ROWS)
        rows.append({column.name: _cell(column, cell) for column, cell in zip(columns, cells, strict=False)})
    return rows[layout.dialect.header_rows :]


def _layout(text: str) -> Layout:
    """Returns the layout of a text whose first row has the names, and all others values.

    Unlike in an import, no row is taken for one above or below the table: each is to be predicted.
    """
    plain = Dialect(",", header_rows=1)
    dialect = replace(plain, delimiter=detect_delimiter(text[:SAMPLE_LENGTH], plain)[0])
    rows = [cells for _, cells in first_rows(text, dialect)]
    names, _ = name_columns(rows[0], True)
    return Layout(text, dialect, True, names, rows[1:])


def _cell(column: Column, cell: str) -> str | float | Measured:
    """Returns the number of a cell in the notation of its column, with its unit, if any; or its text."""
    value = column.notation.number(cell) if column.kind == "number" else None
    if value is None:
        return cell
    return Measured(value, unit(cell), cell) if unit(cell) else value

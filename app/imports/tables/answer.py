"""The answer of an import: preview, columns, missing values, sample rows and warnings."""

from typing import Any

import numpy as np

from app.imports.options import ImportOptions
from app.imports.sentences import FileWarning
from app.imports.tables.builder import RULES, MissingValues
from app.imports.tables.date_inputs import describe_dates
from app.imports.tables.decisions import column_reasons
from app.imports.tables.roles import Roles
from app.imports.text.columns import Column
from engine.datasets.tables.dates import NUMBERS, DateNotation
from engine.datasets.tables.limits import MAX_CATEGORIES
from engine.datasets.tables.table import Table

MAX_PREVIEW_CELL = 80
MAX_GRAPH_INPUTS = 64  # of the network graph of the page
MAX_QUESTION_CELLS = 5
MAX_SAMPLE_ROWS = 400
MIN_CLASS_ROWS = 3
MAX_WORDS = 20  # for missing values, of a column


def preview(column_names: list[str], rows: list[list[str]]) -> dict[str, Any]:
    """Returns the first rows as text."""
    return {"columns": column_names, "rows": [[cell[:MAX_PREVIEW_CELL] for cell in row] for row in rows]}


def header_question(header: bool, first: list[str]) -> dict[str, Any]:
    """Returns the question whether the first row has names, the assumed reading first."""
    cells = [cell.strip()[:MAX_PREVIEW_CELL] for cell in first[:MAX_QUESTION_CELLS]]
    readings = [
        {"option": "header", "value": value, "examples": [{"cell": cell, "read": kind} for cell in cells]}
        for value, kind in (("yes", "name"), ("no", "value"))
    ]
    return {"column": None, "readings": readings if header else readings[::-1]}


def describe_columns(columns: list[Column], roles: Roles, options: ImportOptions) -> dict[str, Any]:
    """Returns the columns with their roles and why they have them, the targets and the task."""
    by_name = {column.name: "input" for column in roles.inputs}
    by_name |= {target.name: "target" for target in roles.targets}
    reason = roles.reason.text
    if roles.task != roles.suggested_task:
        reason = f"set as an option; the suggestion was {roles.suggested_task}: {reason}"
    return {
        "columns": [
            _describe_column(column, by_name.get(column.name, "ignored"), roles)
            | {name: reason.describe() for name, reason in column_reasons(column, roles, options).items()}
            for column in columns
        ],
        "dates": _used_dates(columns, roles),
        "date_order": next((c.notation.order for c in columns if isinstance(c.notation, DateNotation)), None),
        "target": [target.name for target in roles.targets],
        "task": roles.task,
        "task_reason": reason,
        "task_reason_code": roles.reason.code,
        "task_reason_parameters": dict(roles.reason.parameters),
        "suggested_task": roles.suggested_task,
    }


def _used_dates(columns: list[Column], roles: Roles) -> list[str] | None:
    """Returns the numbers that the dates of a table become; None if it has no dates."""
    if not any(column.has_dates and column.name not in roles.texts for column in columns):
        return None
    return [name for name in NUMBERS if any(name in dates.numbers for dates in roles.dates.values())]


def _describe_column(column: Column, role: str, roles: Roles) -> dict[str, Any]:
    as_text = column.name in roles.texts
    kind = "date" if column.has_dates else "number"
    entry: dict[str, Any] = {
        "name": column.name,
        "type": "empty" if column.kind == "empty" else "text" if as_text else kind,
        "role": role,
        "missing": column.missing,
        "missing_words": sorted(word for word in column.words if word)[:MAX_WORDS],
        "values": len(column.levels[1]) if column.levels is not None else None,
    }
    if column.has_dates and not as_text:
        return entry | describe_dates(column, roles.dates.get(column.name))
    present = column.numbers[~np.isnan(column.numbers)]
    if not as_text and len(present):
        return entry | {"minimum": present.min(), "maximum": present.max(), "mean": present.mean()}
    categories = column.levels[1][:MAX_CATEGORIES] if as_text and column.levels is not None else None
    return entry | {"categories": categories}


def describe_missing(missing: MissingValues | None) -> dict[str, Any] | None:
    """Returns the rule for missing values and its counts; None if the table was not built."""
    if missing is None:
        return None
    return {"rule": missing.rule, "help": RULES[missing.rule], "cells": missing.cells, "rows": missing.rows,
            "dropped": missing.dropped, "filled": missing.filled}  # fmt: skip


def describe_table(table: Table | None) -> dict[str, Any]:
    """Returns inputs, classes and number of rows of the table, and up to MAX_SAMPLE_ROWS of its rows."""
    if table is None:
        return {"inputs": [], "classes": None, "rows_used": 0, "sample": None}
    header = table.header
    rows = np.unique(np.linspace(0, len(table.X) - 1, MAX_SAMPLE_ROWS).astype(int))
    return {
        "inputs": header.inputs,
        "classes": header.classes,
        "rows_used": header.rows,
        "sample": {"inputs": table.X[rows][:, :MAX_GRAPH_INPUTS], "targets": table.y[rows]},
    }


def table_warnings(
    table: Table | None, missing: MissingValues | None, columns: list[Column], texts: set[str]
) -> list[FileWarning]:
    """Returns warnings about numbers read as text, wide tables, rare classes and dropped rows."""
    warnings = []
    for column in columns:
        numeric = column.filled - column.invalid
        if column.kind == "text" and column.name in texts and 2 * numeric > column.filled:
            warnings.append(FileWarning("read_as_text", {"name": column.name, "count": numeric}))
    if table is not None and len(table.header.inputs) > MAX_GRAPH_INPUTS:
        warnings.append(FileWarning("large_graph", {"count": len(table.header.inputs)}))
    if table is not None and table.header.classes and table.y.ndim == 1:
        counts = np.bincount(table.y)
        rarest = int(counts.min())
        if rarest < MIN_CLASS_ROWS:
            name = table.header.classes[int(counts.argmin())]
            warnings.append(FileWarning("rare_class", {"name": name, "count": rarest}))
    if missing is not None and missing.dropped:
        warnings.append(FileWarning("dropped_rows", {"count": missing.dropped}))
    return warnings

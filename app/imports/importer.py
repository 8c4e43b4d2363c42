"""Understanding: what a file is taken for, all of it, for a person to confirm; and the table it makes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from app.imports.columns import Column, invalid_cell, read
from app.imports.dialect import DELIMITERS, detect_dialect, names, records
from app.imports.errors import Problem, Refused
from app.imports.images import import_images, is_images
from app.imports.roles import refuse_target, suggest_targets, suggest_task
from app.imports.table_builder import RULES, MissingValues, build, plan_missing_values, refuse_input
from app.imports.text_decoding import decode
from engine.datasets.tables.limits import MAX_CATEGORIES, MAX_INPUTS
from engine.datasets.tables.table import Table

PREVIEW_ROWS = 12
MAX_PREVIEW_CELL = 80
MAX_GRAPH_INPUTS = 64  # what the page's graph shows of them
SAMPLE_ROWS = 400

EXCLUSIVE = (  # options of which a column may be named in one
    ("text", "number", "cannot be read as numbers and as text; name it in one of the two"),
    ("target", "ignore", "cannot be learned and left out; name it in one of the two"),
)


@dataclass(frozen=True)
class ImportOptions:
    """What a person decided; None and empty: as recognised."""

    target: tuple[str, ...] = ()
    task: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    missing: str = "auto"
    ignore: tuple[str, ...] = ()
    text: tuple[str, ...] = ()  # columns whose values are categories
    number: tuple[str, ...] = ()  # columns whose values are numbers


@dataclass(frozen=True)
class ImportResult:
    """The answer, and the table if there are no problems."""

    answer: dict[str, Any]
    table: Table | None
    problems: list[Problem]


def import_file(raw: bytes, wishes: ImportOptions) -> ImportResult:
    """Everything there is to say of a file. What is wrong with it is a list of problems; only what cannot be
    read as a table at all raises Refused.
    """
    if is_images(raw):
        return ImportResult(*import_images(raw, wishes.task), [])
    text, encoding = decode(raw)
    dialect = detect_dialect(text, wishes.delimiter, wishes.decimal, wishes.header)
    probe = [cells for _, cells in islice(records(text, dialect.delimiter), PREVIEW_ROWS + 1)]
    called, warnings = names(probe[0], dialect.header)
    if encoding == "Latin-1":
        warnings.append(
            "The file is not UTF-8 and was read as Latin-1 (Windows 1252): check names with accents."
        )
    columns, rows = read(text, dialect, called)
    if rows == 0:
        raise Refused(Problem("no_rows", "there is a header and no row below it", 1))
    if len(columns) == 1:
        message = "there is one column only; a table needs an input and a target (is the delimiter right?)"
        raise Refused(
            Problem("one_column", message, column=called[0], given=dialect.delimiter, limit=list(DELIMITERS))
        )
    answer = {
        "encoding": encoding,
        "delimiter": dialect.delimiter,
        "decimal": dialect.decimal,
        "header": dialect.header,
        "rows": rows,
        "preview": _preview(called, probe[1:] if dialect.header else probe[:PREVIEW_ROWS]),
    }
    return _assign_roles(columns, wishes, warnings, answer)


def _preview(called: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"columns": called, "rows": [[cell[:MAX_PREVIEW_CELL] for cell in row] for row in rows]}


def _assign_roles(
    columns: list[Column], wishes: ImportOptions, warnings: list[str], answer: dict[str, Any]
) -> ImportResult:
    by_name = {column.name: column for column in columns}
    wished = _targets(wishes.target, by_name)
    asked = {"target": wished, "ignore": wishes.ignore, "text": wishes.text, "number": wishes.number}
    _refuse_columns([column.name for column in columns], asked)
    texts = {column.name for column in columns if column.kind == "text"} - set(wishes.number) | set(
        wishes.text
    )
    if wished:
        targets = tuple(by_name[name] for name in wished)
    else:
        targets = suggest_targets([column for column in columns if column.name not in wishes.ignore])
    if not targets:
        raise Refused(
            Problem("no_target", "no column can be a target: there must be numbers, or text with few values")
        )
    suggested, reason = suggest_task(targets, targets[0].name in texts)
    task = wishes.task or suggested
    if task in ("binary", "multiclass"):
        texts |= {target.name for target in targets}
    inputs: list[Column] = []
    for column in columns:
        if column in targets or column.name in wishes.ignore:
            continue
        left_out = refuse_input(column, column.name in texts)
        if left_out is None:
            inputs.append(column)
        elif column.name not in wishes.ignore:
            warnings.append(left_out)
    problems = _find_problems(inputs, targets, task, texts, wishes)
    gaps, table = None, None
    if not problems:
        gaps, stay = plan_missing_values(inputs, targets, texts, wishes.missing)
        built = build(inputs, targets, task, texts, gaps.rule, stay)
        table = built if isinstance(built, Table) else None
        problems += [built] if isinstance(built, Problem) else []
    warnings += _warnings_about(table, gaps, columns, texts)
    roles = {column.name: "input" for column in inputs} | {target.name: "target" for target in targets}
    answer |= {
        "columns": [_column(column, roles.get(column.name, "ignored"), texts) for column in columns],
        "target": [target.name for target in targets],
        "task": task,
        "task_reason": reason if task == suggested else f"chosen; suggested was {suggested}: {reason}",
        "suggested_task": suggested,
        "warnings": warnings,
        "problems": [problem.describe() for problem in problems],
        "missing": _missing_answer(gaps),
    }
    return ImportResult(answer | describe_table(table), table, problems)


def describe_table(table: Table | None) -> dict[str, Any]:
    """What the table is, and some of its rows to draw."""
    if table is None:
        return {"inputs": [], "classes": None, "rows_used": 0, "sample": None}
    header = table.header
    rows = np.unique(np.linspace(0, len(table.X) - 1, SAMPLE_ROWS).astype(int))
    return {
        "inputs": header.inputs,
        "classes": header.classes,
        "rows_used": header.rows,
        "sample": {"inputs": table.X[rows][:, :MAX_GRAPH_INPUTS], "targets": table.y[rows]},
    }


def _targets(wished: Iterable[str], by_name: dict[str, Column]) -> list[str]:
    """The wished target columns, each once; several may be given in one text, with commas between."""
    found: list[str] = []
    for text in wished:
        parts = [part.strip() for part in text.split(",")]
        found += [text] if text in by_name or any(part not in by_name for part in parts) else parts
    return list(dict.fromkeys(found))


def _refuse_columns(called: list[str], asked: Mapping[str, Collection[str]]) -> None:
    for option, wished in asked.items():
        unknown = next((name for name in wished if name not in called), None)
        if unknown is not None:
            message = f"there is no column “{unknown}”"
            raise Refused(Problem("unknown_column", message, given=unknown, limit=called, option=option))
    for one, other, message in EXCLUSIVE:
        both = next((name for name in asked[other] if name in asked[one]), None)
        if both is not None:
            raise Refused(
                Problem(
                    "conflicting_options", f"“{both}” {message}", given=both, limit=[one, other], option=other
                )
            )


def _find_problems(
    inputs: list[Column], targets: tuple[Column, ...], task: str, texts: set[str], wishes: ImportOptions
) -> list[Problem]:
    found = [problem for column in (*inputs, *targets)
             if column.name not in texts and (problem := invalid_cell(column)) is not None]  # fmt: skip
    wrong = refuse_target(targets, task, texts)
    if wrong is not None:
        found.append(wrong)
    if not inputs:
        message = "no column is left as an input (constant and empty ones and long texts tell nothing)"
        found.append(Problem("no_inputs", message))
    if len(inputs) > MAX_INPUTS:
        found.append(
            Problem(
                "too_many_inputs",
                f"at most {MAX_INPUTS} columns can be inputs",
                given=len(inputs),
                limit=MAX_INPUTS,
            )
        )
    return found


def _warnings_about(
    table: Table | None, gaps: MissingValues | None, columns: list[Column], texts: set[str]
) -> list[str]:
    found = []
    for column in columns:
        numeric = column.filled - column.strays
        if column.kind == "text" and column.name in texts and 2 * numeric > column.filled:
            found.append(f"“{column.name}” is read as text, though {numeric:,} of its cells are numbers.")
    if table is not None and len(table.header.inputs) > MAX_GRAPH_INPUTS:
        found.append(f"The network has {len(table.header.inputs)} inputs; its graph cannot show them all.")
    if table is not None and table.header.classes and table.y.ndim == 1:
        rare = np.bincount(table.y)
        if rare.min() < 3:
            name = table.header.classes[int(rare.argmin())]
            found.append(f"The class “{name}” has only {rare.min()} row{'s' if rare.min() > 1 else ''}.")
    if gaps is not None and gaps.dropped:
        found.append(f"{gaps.dropped:,} rows are left out because a value is missing.")
    return found


def _missing_answer(gaps: MissingValues | None) -> dict[str, Any] | None:
    if gaps is None:
        return None
    return {"rule": gaps.rule, "help": RULES[gaps.rule], "cells": gaps.cells, "rows": gaps.rows,
            "dropped": gaps.dropped, "filled": gaps.filled}  # fmt: skip


def _column(column: Column, role: str, texts: set[str]) -> dict[str, Any]:
    as_text = column.name in texts
    told: dict[str, Any] = {
        "name": column.name,
        "type": "empty" if column.kind == "empty" else "text" if as_text else "number",
        "role": role,
        "missing": column.missing,
        "values": len(column.levels[1]) if column.levels is not None else None,
    }
    there = column.numbers[~np.isnan(column.numbers)]
    if not as_text and len(there):
        return told | {"minimum": there.min(), "maximum": there.max(), "mean": there.mean()}
    categories = column.levels[1][:MAX_CATEGORIES] if as_text and column.levels is not None else None
    return told | {"categories": categories}

"""Imports a file: detects its format and the roles of its columns, and builds the table."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from app.imports.errors import Problem
from app.imports.formats import convert
from app.imports.formats.gzip_text import decompressed
from app.imports.kept_readings import KeptReadings
from app.imports.options import ImportOptions
from app.imports.pictures.images import import_images, is_images
from app.imports.reading import Reading, read_file
from app.imports.sentences import describe_warnings
from app.imports.tables.answer import describe_columns, describe_missing, describe_table, table_warnings
from app.imports.tables.assignment import assign_roles
from app.imports.tables.builder import build_table, plan_missing_values
from app.imports.tables.decisions import add_format_reason, given_reasons, missing_reason
from app.imports.tables.roles import Roles, refuse_target
from app.imports.text.columns import invalid_cell
from engine.datasets.tables.limits import MAX_INPUTS
from engine.datasets.tables.table import Table


@dataclass(frozen=True)
class ImportResult:
    """The answer of an import, and the table if there are no problems."""

    answer: dict[str, Any]
    table: Table | None
    problems: list[Problem]


def import_file(raw: bytes, options: ImportOptions, kept: KeptReadings | None = None) -> ImportResult:
    """Returns the description of a file and its table.

    A file whose cells are among the `kept` ones is not read again. Problems of single cells or columns are
    listed in the result; Refused is raised if the file cannot be read as a table at all.
    """
    digest = sha256(raw).digest() if kept is not None else b""
    reading = kept.find(digest, options) if kept is not None else None
    if reading is None:
        raw = decompressed(raw)
        converted = convert(raw, options.sheet)
        if converted is None and is_images(raw):
            return ImportResult(*import_images(raw, options.task), [])
        reading = read_file(raw, converted, options)
        if kept is not None:
            kept.keep(digest, reading)
    return _import_reading(reading, options)


def _import_reading(reading: Reading, options: ImportOptions) -> ImportResult:
    """Returns the description and the table of a file that was read."""
    words = tuple(
        name for name in reading.words if name not in (*options.number, *options.text, *options.date)
    )
    result = _import_columns(reading, replace(options, text=(*options.text, *words)))
    if reading.format is not None:
        add_format_reason(result.answer, reading.format, words)
    return replace(result, answer=result.answer | reading.format_answer)


def _import_columns(reading: Reading, options: ImportOptions) -> ImportResult:
    columns, assignment = reading.columns, assign_roles(reading.columns, options)
    roles = assignment.roles
    reasons = reading.reasons | given_reasons(options)
    problems = _find_problems(roles)
    missing, table = None, None
    if not problems:
        missing, kept_rows = plan_missing_values(roles.inputs, roles.targets, roles.texts, options.missing)
        result = build_table(roles, missing.rule, kept_rows)
        table = result if isinstance(result, Table) else None
        problems += [result] if isinstance(result, Problem) else []
        reasons |= missing_reason(missing, len(kept_rows)) if options.missing == "auto" else {}
    of_table = table_warnings(table, missing, columns, roles.texts)
    answer = reading.answer | {"questions": [*reading.questions, *assignment.questions]}
    answer |= describe_columns(columns, roles, options)
    answer |= describe_warnings(
        [*reading.format_warnings, *reading.warnings, *assignment.warnings, *of_table]
    )
    answer |= {
        "problems": [problem.describe() for problem in problems],
        "missing": describe_missing(missing),
        "reasons": {name: reason.describe() for name, reason in reasons.items()},
    }
    return ImportResult(answer | describe_table(table), table, problems)


def _find_problems(roles: Roles) -> list[Problem]:
    numeric = [column for column in (*roles.inputs, *roles.targets) if column.name not in roles.texts]
    problems = [problem for column in numeric if (problem := invalid_cell(column)) is not None]
    target_problem = refuse_target(roles.targets, roles.task, roles.texts)
    if target_problem is not None:
        problems.append(target_problem)
    count = len(roles.inputs)
    if count == 0:
        message = "no column can be an input (all others are constant, empty or text with many values)"
        problems.append(Problem("no_inputs", message))
    if count > MAX_INPUTS:
        message = f"at most {MAX_INPUTS} columns can be inputs"
        problems.append(Problem("too_many_inputs", message, given=count, limit=MAX_INPUTS))
    return problems

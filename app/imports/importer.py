"""Imports a file: detects its format and the roles of its columns, and builds the table."""

from dataclasses import dataclass, replace
from typing import Any

from app.imports.decoding import decode
from app.imports.errors import Problem, Refused
from app.imports.formats import convert
from app.imports.formats.converted import DELIMITER
from app.imports.formats.gzip_text import decompressed
from app.imports.options import ImportOptions
from app.imports.pictures.images import import_images, is_images
from app.imports.reasons import Reason
from app.imports.sentences import FileWarning, describe_warnings
from app.imports.tables.answer import (
    describe_columns,
    describe_missing,
    describe_table,
    header_question,
    preview,
    table_warnings,
)
from app.imports.tables.assignment import assign_roles
from app.imports.tables.builder import build_table, plan_missing_values
from app.imports.tables.decisions import add_format_reason, given_reasons, missing_reason, reading_reasons
from app.imports.tables.roles import Roles, refuse_target
from app.imports.text.columns import Column, invalid_cell
from app.imports.text.dialect import DELIMITERS
from app.imports.text.layout import Layout, find_layout
from app.imports.text.records import refuse_many_lines
from app.imports.text.table_cells import Cells, read_table
from engine.datasets.tables.limits import MAX_INPUTS
from engine.datasets.tables.table import Table

PREVIEW_ROWS = 12


@dataclass(frozen=True)
class ImportResult:
    """The answer of an import, and the table if there are no problems."""

    answer: dict[str, Any]
    table: Table | None
    problems: list[Problem]


def import_file(raw: bytes, options: ImportOptions) -> ImportResult:
    """Returns the description of a file and its table.

    Problems of single cells or columns are listed in the result; Refused is raised if the file cannot be read
    as a table at all.
    """
    raw = decompressed(raw)
    converted = convert(raw, options.sheet)
    if converted is None and is_images(raw):
        return ImportResult(*import_images(raw, options.task), [])
    if converted is None:
        text, encoding = decode(raw)
        return _import_text(text, encoding, options)
    words = tuple(name for name in converted.texts if name not in (*options.number, *options.text))
    options = replace(options, delimiter=DELIMITER, text=(*options.text, *words))
    result = _import_text(converted.text, converted.title, options)
    reason = Reason("format", {"format": converted.title})
    add_format_reason(result.answer, reason, words)
    return replace(result, answer=result.answer | converted.answer)


def _import_text(text: str, encoding: str, options: ImportOptions) -> ImportResult:
    """Returns the description of comma-separated or similar text, and its table."""
    refuse_many_lines(text)
    layout = find_layout(text, options.delimiter, options.header, options.skip, options.comment)
    cells = read_table(layout, options)
    _refuse_size(cells.columns, cells.rows, layout.dialect.delimiter)
    warnings = [*layout.warnings, *cells.warnings]
    questions = list(cells.questions)
    if encoding == "Latin-1":
        warnings.append(FileWarning("latin_1"))
    if layout.doubtful_header is not None:
        questions.append(header_question(layout.header, layout.doubtful_header))
        warnings.append(FileWarning("header_read" if layout.header else "no_header_read"))
    answer = {"encoding": encoding, **_describe_reading(layout, cells), "questions": questions}
    answer["reasons"] = layout.reasons | reading_reasons(cells) | given_reasons(options)
    return _import_columns(cells.columns, options, warnings, answer)


def _describe_reading(layout: Layout, cells: Cells) -> dict[str, Any]:
    """Returns how the text was read, and its first rows."""
    notations = [column.notation for column in cells.columns if column.kind == "number"]
    return {
        "delimiter": layout.dialect.delimiter,
        "decimal": "," if any(notation.decimal == "," for notation in notations) else ".",
        "thousands": next((notation.thousands for notation in notations if notation.thousands), ""),
        "skip": layout.dialect.skipped,
        "comment": layout.dialect.comment,
        "header": layout.header,
        "rows": cells.rows,
        "preview": preview(layout.names, layout.rows[:PREVIEW_ROWS]),
    }


def _refuse_size(columns: list[Column], rows: int, delimiter: str) -> None:
    if rows == 0:
        raise Refused(Problem("no_rows", "the file has a header and no rows", 1))
    if len(columns) == 1:
        message = "there is only one column; a table needs an input and a target (is the delimiter correct?)"
        raise Refused(
            Problem("one_column", message, column=columns[0].name, given=delimiter, limit=list(DELIMITERS))
        )


def _import_columns(
    columns: list[Column], options: ImportOptions, warnings: list[FileWarning], answer: dict[str, Any]
) -> ImportResult:
    assignment = assign_roles(columns, options)
    roles = assignment.roles
    answer["questions"] += assignment.questions
    problems = _find_problems(roles)
    missing, table = None, None
    if not problems:
        missing, kept_rows = plan_missing_values(roles.inputs, roles.targets, roles.texts, options.missing)
        result = build_table(roles, missing.rule, kept_rows)
        table = result if isinstance(result, Table) else None
        problems += [result] if isinstance(result, Problem) else []
        answer["reasons"] |= missing_reason(missing, len(kept_rows)) if options.missing == "auto" else {}
    warnings = warnings + assignment.warnings + table_warnings(table, missing, columns, roles.texts)
    answer |= describe_columns(columns, roles, options) | describe_warnings(warnings)
    answer |= {
        "problems": [problem.describe() for problem in problems],
        "missing": describe_missing(missing),
        "reasons": {name: reason.describe() for name, reason in answer["reasons"].items()},
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

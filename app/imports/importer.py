"""Imports a file: detects its format and the roles of its columns, and builds the table."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.imports.errors import Problem, Refused
from app.imports.formats import convert
from app.imports.formats.converted import DELIMITER
from app.imports.formats.gzip_text import decompressed
from app.imports.pictures.images import import_images, is_images
from app.imports.sentences import FileWarning, describe_warnings
from app.imports.tables.answer import (
    describe_columns,
    describe_missing,
    describe_table,
    header_question,
    preview,
    table_warnings,
)
from app.imports.tables.builder import build_table, plan_missing_values, refuse_input
from app.imports.tables.identifiers import identifier_warning
from app.imports.tables.roles import Roles, refuse_target, suggest_task
from app.imports.tables.targets import Suggestion, suggest_targets
from app.imports.text.columns import Column, invalid_cell
from app.imports.text.decoding import decode
from app.imports.text.dialect import DELIMITERS
from app.imports.text.layout import Layout, find_layout
from app.imports.text.records import refuse_many_lines
from app.imports.text.table_cells import Cells, read_table
from engine.datasets.tables.limits import MAX_INPUTS
from engine.datasets.tables.table import Table

PREVIEW_ROWS = 12

NAMED = ("ignore", "input", "text", "number")  # options with names of columns
EXCLUSIVE = (  # pairs of options that may not name the same column
    ("text", "number", "cannot be read as numbers and as text; name it in one of the two options"),
    ("input", "ignore", "cannot be both an input and ignored; name it in one of the two options"),
    ("target", "ignore", "cannot be both a target and ignored; name it in one of the two options"),
)


@dataclass(frozen=True)
class ImportOptions:
    """The options of an import; None and empty values are detected."""

    target: tuple[str, ...] = ()
    task: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None  # the sign between groups of digits; empty: none
    header: bool | None = None
    skip: int | None = None  # lines before the table
    comment: str | None = None  # lines that begin with it are no rows; empty: none
    ragged: str = "refuse"  # what happens to rows of another length
    missing: str = "auto"
    ignore: tuple[str, ...] = ()
    input: tuple[str, ...] = ()  # columns that are inputs though they seem to name or number the rows
    text: tuple[str, ...] = ()  # columns whose values are categories
    number: tuple[str, ...] = ()  # columns whose values are numbers
    sheet: str | None = None  # of a spreadsheet: its name, or its number from 1


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
    return replace(result, answer=result.answer | converted.answer)


def _import_text(text: str, encoding: str, options: ImportOptions) -> ImportResult:
    """Returns the description of comma-separated or similar text, and its table."""
    refuse_many_lines(text)
    layout = find_layout(text, options.delimiter, options.header, options.skip, options.comment)
    cells = read_table(layout, options.decimal, options.thousands, options.ragged)
    _refuse_size(cells.columns, cells.rows, layout.dialect.delimiter)
    warnings = [*layout.warnings, *cells.warnings]
    questions = list(cells.questions)
    if encoding == "Latin-1":
        warnings.append(FileWarning("latin_1"))
    if layout.doubtful_header is not None:
        questions.append(header_question(layout.header, layout.doubtful_header))
        warnings.append(FileWarning("header_read" if layout.header else "no_header_read"))
    answer = {"encoding": encoding, **_describe_reading(layout, cells), "questions": questions}
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
    roles, ignored, questions = _assign_roles(columns, options)
    answer["questions"] += questions
    problems = _find_problems(roles)
    missing, table = None, None
    if not problems:
        missing, kept_rows = plan_missing_values(roles.inputs, roles.targets, roles.texts, options.missing)
        result = build_table(roles.inputs, roles.targets, roles.task, roles.texts, missing.rule, kept_rows)
        table = result if isinstance(result, Table) else None
        problems += [result] if isinstance(result, Problem) else []
    warnings = warnings + ignored + table_warnings(table, missing, columns, roles.texts)
    answer |= describe_columns(columns, roles) | describe_warnings(warnings)
    answer |= {
        "problems": [problem.describe() for problem in problems],
        "missing": describe_missing(missing),
    }
    return ImportResult(answer | describe_table(table), table, problems)


def _assign_roles(
    columns: list[Column], options: ImportOptions
) -> tuple[Roles, list[FileWarning], list[dict[str, Any]]]:
    """Returns the roles, the warnings about columns that are no inputs, and questions about the targets."""
    by_name = {column.name: column for column in columns}
    target_names = _split_target_names(options.target, by_name)
    named = {name: getattr(options, name) for name in NAMED}
    _refuse_columns([column.name for column in columns], {"target": target_names, **named})
    texts = {column.name for column in columns if column.kind == "text"}
    texts = texts - set(options.number) | set(options.text)
    candidates = [column for column in columns if column.name not in options.ignore]
    if target_names:
        suggestion = Suggestion(tuple(by_name[name] for name in target_names))
    else:
        suggestion = suggest_targets(candidates)
    targets = suggestion.targets
    if not targets:
        message = "no column can be a target: one must contain numbers, or text with few values"
        raise Refused(Problem("no_target", message))
    suggested_task, reason = suggest_task(targets, targets[0].name in texts)
    task = options.task or suggested_task
    if task in ("binary", "multiclass"):
        texts |= {target.name for target in targets}
    others = [column for column in candidates if column not in targets]
    inputs, ignored = _choose_inputs(others, texts, options.input)
    roles = Roles(inputs, targets, task, texts, suggested_task, reason)
    return roles, suggestion.warnings + ignored, suggestion.questions


def _choose_inputs(
    columns: list[Column], texts: set[str], kept: Collection[str]
) -> tuple[list[Column], list[FileWarning]]:
    """Returns the columns that can be inputs, without identifiers that are not `kept`, and the warnings."""
    warnings = {column.name: refuse_input(column, column.name in texts) for column in columns}
    inputs = [column for column in columns if warnings[column.name] is None]
    for column in inputs:
        if column.name not in texts and column.name not in kept:
            warnings[column.name] = identifier_warning(column)
    if named := [column for column in inputs if warnings[column.name] is None]:
        return named, [warning for warning in warnings.values() if warning is not None]
    refused = {column.name for column in inputs}
    return inputs, [warning for name, warning in warnings.items() if warning and name not in refused]


def _split_target_names(option: Iterable[str], by_name: dict[str, Column]) -> list[str]:
    """Returns the names in the option `target` without duplicates; a value may be a comma-separated list."""
    target_names: list[str] = []
    for text in option:
        parts = [part.strip() for part in text.split(",")]
        target_names += [text] if text in by_name or any(part not in by_name for part in parts) else parts
    return list(dict.fromkeys(target_names))


def _refuse_columns(column_names: list[str], options: Mapping[str, Collection[str]]) -> None:
    """Raises Refused if an option names an unknown column, or two exclusive options the same column."""
    for option, values in options.items():
        unknown = next((name for name in values if name not in column_names), None)
        if unknown is not None:
            message = f"there is no column “{unknown}”"
            raise Refused(
                Problem("unknown_column", message, given=unknown, limit=column_names, option=option)
            )
    for first, second, message in EXCLUSIVE:
        shared = next((name for name in options[second] if name in options[first]), None)
        if shared is not None:
            text, limit = f"“{shared}” {message}", [first, second]
            raise Refused(Problem("conflicting_options", text, given=shared, limit=limit, option=second))


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

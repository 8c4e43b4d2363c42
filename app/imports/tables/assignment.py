"""Assignment: which columns are inputs, targets and categories, by options or by their content."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.imports.errors import Problem, Refused
from app.imports.options import ImportOptions
from app.imports.reasons import GIVEN, Reason
from app.imports.sentences import FileWarning
from app.imports.tables.builder import refuse_input
from app.imports.tables.date_inputs import NO_DATES, date_inputs
from app.imports.tables.identifiers import identifier_warning
from app.imports.tables.roles import Roles, suggest_task
from app.imports.tables.targets import Suggestion, class_doubts, suggest_targets
from app.imports.text.columns import Column

NAMED = ("ignore", "input", "text", "number", "date")  # options with names of columns
EXCLUSIVE = (  # pairs of options that may not name the same column
    ("text", "number", "cannot be read as numbers and as text; name it in one of the two options"),
    ("text", "date", "cannot be read as dates and as text; name it in one of the two options"),
    ("number", "date", "cannot be read as dates and as numbers; name it in one of the two options"),
    ("input", "ignore", "cannot be both an input and ignored; name it in one of the two options"),
    ("target", "ignore", "cannot be both a target and ignored; name it in one of the two options"),
)


@dataclass(frozen=True)
class Assignment:
    """The roles, warnings about columns that are no inputs, and questions about the targets."""

    roles: Roles
    warnings: list[FileWarning]
    questions: list[dict[str, Any]]


def assign_roles(columns: list[Column], options: ImportOptions) -> Assignment:
    """Returns the roles of the columns. Raises Refused."""
    by_name = {column.name: column for column in columns}
    target_names = _split_target_names(options.target, by_name)
    named = {name: getattr(options, name) for name in NAMED}
    _refuse_columns([column.name for column in columns], {"target": target_names, **named})
    texts = {column.name for column in columns if column.kind == "text"}
    texts = texts - {*options.number, *options.date} | set(options.text)
    candidates = [column for column in columns if column.name not in options.ignore]
    given = tuple(by_name[name] for name in target_names)
    suggestion = Suggestion(given, GIVEN) if given else suggest_targets(candidates)
    targets = suggestion.targets
    if not targets:
        message = "no column can be a target: one must contain numbers, or text with few values"
        raise Refused(Problem("no_target", message))
    suggested_task, reason = suggest_task(targets, targets[0].name in texts)
    task = options.task or suggested_task
    if task in ("binary", "multiclass"):
        texts |= {target.name for target in targets}
    others = [column for column in candidates if column not in targets]
    dates = [column for column in others if column.has_dates and column.name not in texts]
    left_out = dates if NO_DATES in options.dates else []
    inputs, warnings = _choose_inputs([c for c in others if c not in left_out], texts, options.input)
    reasons = dict.fromkeys((*options.ignore, *options.input), GIVEN)
    reasons |= {target.name: suggestion.reason for target in targets}
    reasons |= {name: Reason(warning.code, warning.parameters) for name, warning in warnings.items()}
    reasons |= {column.name: Reason("dates_left_out") for column in left_out}
    numbers = {column.name: date_inputs(column, options.dates) for column in dates if column in inputs}
    roles = Roles(inputs, targets, task, texts, suggested_task, reason, reasons, numbers)
    doubts = [class_doubts(targets[0], task, [] if given else others)] if options.task is None else []
    return _assignment(roles, [suggestion, *doubts], list(warnings.values()))


def _assignment(roles: Roles, found: list[Suggestion], warnings: list[FileWarning]) -> Assignment:
    said = [warning for each in found for warning in each.warnings]
    return Assignment(roles, said + warnings, [asked for each in found for asked in each.questions])


def _choose_inputs(
    columns: list[Column], texts: set[str], kept: Collection[str]
) -> tuple[list[Column], dict[str, FileWarning]]:
    """Returns the columns that can be inputs, without identifiers that are not `kept`, and the warnings about
    the others by name.
    """
    refused = {
        column.name: warning
        for column in columns
        if (warning := refuse_input(column, column.name in texts)) is not None
    }
    inputs = [column for column in columns if column.name not in refused]
    identifiers = {
        column.name: warning
        for column in inputs
        if column.name not in kept
        and (warning := identifier_warning(column, column.name in texts)) is not None
    }
    named = [column for column in inputs if column.name not in identifiers]
    if not named:
        return inputs, refused
    order = [column.name for column in columns]
    return named, dict(sorted((refused | identifiers).items(), key=lambda item: order.index(item[0])))


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

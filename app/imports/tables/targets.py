"""Targets: which columns are suggested as targets, by their names, values and position."""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.imports.reasons import Reason
from app.imports.sentences import FileWarning
from app.imports.text.columns import Column
from engine.datasets.tables.limits import MAX_CLASSES

# Usual names of a target column.
TARGET = re.compile(
    r"(target|label|class|classe|y|outcome|output|result|species|category|diagnosis|survived|quality|price|"
    r"response|ziel|klasse|clase|etiqueta)s?",
    re.IGNORECASE,
)
CLASSES = re.compile(
    r"(label|class|classe|species|category|diagnosis|klasse|clase|etiqueta)(es|s)?", re.IGNORECASE
)
NUMBERED_TARGET = re.compile(r"(target|label|class|tag|y)[ _.:-]?.+", re.IGNORECASE)
FEW = 10  # whole numbers that are suggested as classes under any name
ROWS_OF_A_CLASS = 5  # on average, for numbers to be suggested as classes
MIN_FILLED = 0.5  # share of the rows; a column with fewer values is no target without a usual name


@dataclass
class Suggestion:
    """Suggested targets, and what is doubtful about them."""

    targets: tuple[Column, ...]
    reason: Reason
    warnings: list[FileWarning] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)


def suggest_targets(columns: list[Column]) -> Suggestion:
    """Returns the column with a usual name, else several labels with such names, else the last column."""
    usable = [column for column in columns if _usable(column)]
    matches = [column for column in columns if TARGET.fullmatch(column.name) and column.kind != "empty"]
    names = [column.name for column in columns]
    outside = [column for column in matches if not _has_alike(column.name, names)] or matches
    chosen = [column for column in outside if column in usable]
    if chosen:
        others = _other_targets(chosen[-1], [column for column in matches if column in usable])
        return Suggestion((chosen[-1],), Reason("target_name"), *others)
    labels = [column for column in usable if NUMBERED_TARGET.fullmatch(column.name) and is_label(column)]
    if 2 <= len(labels) < len(usable):
        return Suggestion(tuple(labels), Reason("target_labels"))
    filled = [column for column in usable if column.filled >= MIN_FILLED * len(column.numbers)] or usable
    return _last_target(columns, matches, filled)


def _last_target(columns: list[Column], matches: list[Column], filled: list[Column]) -> Suggestion:
    """Returns the last column that can be the target; one of too many texts with a usual name of a target
    stays it, as no other one is taken in its place unasked.
    """
    refused = matches[-1] if matches else columns[-1] if columns else None
    if filled and refused is not None and _usable(refused) and refused not in filled:
        values = {"name": refused.name, "count": refused.filled, "other": filled[-1].name}
        asked = [target_question([filled[-1], refused])]
        return Suggestion((filled[-1],), Reason("target_last"), [FileWarning("few_targets", values)], asked)
    if not filled or refused is None or refused.kind != "text" or _usable(refused):
        return Suggestion(tuple(filled[-1:]), Reason("target_last"))
    values = {"name": refused.name, "limit": MAX_CLASSES, "other": filled[-1].name}
    if matches:
        asked = [target_question([refused, filled[-1]])]
        return Suggestion((refused,), Reason("target_name"), [FileWarning("named_classes", values)], asked)
    asked = [target_question([filled[-1], refused])]
    return Suggestion(tuple(filled[-1:]), Reason("target_last"), [FileWarning("many_classes", values)], asked)


def target_question(columns: list[Column]) -> dict[str, Any]:
    """Returns the question which of these columns is the target, the assumed one first."""
    readings = [
        {"option": "target", "value": column.name, "examples": [{"cell": column.name, "read": "target"}]}
        for column in columns
    ]
    return {"column": None, "readings": readings}


def class_doubts(target: Column, task: str, others: list[Column]) -> Suggestion:
    """Returns the target, with a warning and a question if it is predicted as a number and could be classes:
    with few whole numbers, or with more than a network may have classes under a usual name of classes.
    """
    count = whole_numbers(target) if task == "regression" else 0
    values = {"name": target.name, "count": count, "limit": MAX_CLASSES}
    found = Suggestion((target,), Reason("target_last"))
    other = next((column for column in reversed(others) if _usable(column)), None)
    if FEW < count <= min(MAX_CLASSES, len(target.numbers) // ROWS_OF_A_CLASS):
        found.warnings.append(FileWarning("numbers_or_classes", values))
        readings = [
            {"option": "task", "value": name, "examples": [{"cell": target.name, "read": name}]}
            for name in ("regression", "multiclass")
        ]
        found.questions.append({"column": target.name, "readings": readings})
    elif count > MAX_CLASSES and names_classes(target) and other is not None:
        found.warnings.append(FileWarning("many_numbers", values | {"other": other.name}))
        found.questions.append(target_question([target, other]))
    return found


def whole_numbers(column: Column) -> int:
    """Returns how many different numbers a column has, if all are whole; else 0."""
    present = np.unique(column.numbers[~np.isnan(column.numbers)])
    if column.kind != "number" or not len(present) or (present % 1 != 0).any():
        return 0
    return len(present)


def names_classes(column: Column) -> bool:
    """Whether the name of a column is usual for classes."""
    return CLASSES.fullmatch(column.name) is not None


def _other_targets(chosen: Column, matches: list[Column]) -> tuple[list[FileWarning], list[dict[str, Any]]]:
    """Warning and question about further columns with usual names of a target."""
    if len(matches) < 2:
        return [], []
    ordered = [chosen, *(column for column in matches if column is not chosen)]
    warning = FileWarning("other_target", {"name": chosen.name, "other": ordered[1].name})
    return [warning], [target_question(ordered)]


def _has_alike(name: str, names: list[str]) -> bool:
    """Whether a column is one of a group: x, y and z, or class beside pclass."""
    plain = name.lower()
    others = [other.lower() for other in names if other != name]
    if len(plain) == 1:
        return any(len(other) == 1 and abs(ord(other) - ord(plain)) == 1 for other in others) and (
            sum(len(other) == 1 for other in others) > 1
        )
    return any(other != plain and plain in other and len(other) - len(plain) == 1 for other in others)


def _usable(column: Column) -> bool:
    if column.kind in ("empty", "date"):
        return False
    return column.kind == "number" or (column.levels is not None and len(column.levels[1]) <= MAX_CLASSES)


def is_label(column: Column) -> bool:
    """Whether all cells of the column are 0 or 1."""
    if column.kind != "number" or column.invalid:
        return False
    present = column.numbers[~np.isnan(column.numbers)]
    return len(present) > 0 and bool(np.isin(present, (0, 1)).all())

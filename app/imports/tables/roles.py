"""Roles: which columns are inputs and targets, and the task that follows from the targets."""

from dataclasses import dataclass

from app.imports.errors import Problem
from app.imports.reasons import Reason
from app.imports.sentences import TaskReason
from app.imports.tables.targets import FEW, ROWS_OF_A_CLASS, is_label, names_classes, whole_numbers
from app.imports.text.columns import Column
from engine.datasets.tables.dates import DateInputs
from engine.datasets.tables.limits import MAX_CLASSES


@dataclass(frozen=True)
class Roles:
    """Inputs, targets and task of an import."""

    inputs: list[Column]
    targets: tuple[Column, ...]
    task: str
    texts: set[str]  # names of the columns whose values are categories
    suggested_task: str
    reason: TaskReason  # of the suggested task
    reasons: dict[str, Reason]  # of the roles that do not follow from the type, by name of the column
    dates: dict[str, DateInputs]  # of the inputs with dates, by name


def suggest_task(targets: tuple[Column, ...], as_text: bool) -> tuple[str, TaskReason]:
    """Returns the task and the reason."""
    if len(targets) > 1:
        return "multilabel", TaskReason("label_columns", {"count": len(targets)})
    column = targets[0]
    levels = column.levels
    count = len(levels[1]) if levels is not None else 0
    values = {"name": column.name, "count": count}
    if count == 2:
        return "binary", TaskReason("two_values", values)
    if as_text or column.kind == "text" or (column.kind == "date" and 0 < count <= MAX_CLASSES):
        return "multiclass", TaskReason("classes", values)
    integers = whole_numbers(column)
    limit = MAX_CLASSES if names_classes(column) else FEW
    if 2 < integers <= min(limit, len(column.numbers) // ROWS_OF_A_CLASS):
        return "multiclass", TaskReason("few_integers", values)
    if integers > limit:
        return "regression", TaskReason("many_integers", values | {"count": integers, "limit": limit})
    return "regression", TaskReason("numbers", {"name": column.name})


def refuse_target(targets: tuple[Column, ...], task: str, texts: set[str]) -> Problem | None:
    """Returns the problem if these columns cannot be the targets of the task."""
    if task == "multilabel":
        if len(targets) < 2:
            return Problem(
                "too_few_labels",
                "multilabel needs two or more target columns of 0 and 1",
                column=targets[0].name,
            )
        invalid = next((column for column in targets if not is_label(column)), None)
        return (
            Problem("label_values", "the cells of a label must be 0 or 1", column=invalid.name)
            if invalid is not None
            else None
        )
    column = targets[0]
    if len(targets) > 1:
        return Problem("several_targets", f"{task} has one target column; several are a multilabel task",
            column=targets[1].name, given=[target.name for target in targets],
        )  # fmt: skip
    if task == "regression" and column.has_dates and column.name not in texts:
        message = "dates can be inputs, but not the number that a regression predicts"
        return Problem("target_is_date", message, column=column.name)
    if task == "regression" and (column.kind != "number" or column.name in texts):
        return Problem(
            "target_is_text", "regression needs numbers, and this column is text", column=column.name
        )
    return None


def constant_target(name: str, value: str) -> Problem:
    """Returns the problem that every row has the same value of the target."""
    message = f"every row has the same value, “{value[:60]}”: there is nothing to learn"
    return Problem("constant_target", message, column=name, given=value)


def refuse_target_values(name: str, task: str, levels: list[str] | None, count: int | None) -> Problem | None:
    """Returns the problem if the target values do not fit the task; `count`: number of distinct values."""
    if levels is not None and len(levels) == 1:
        return constant_target(name, levels[0])
    if task == "regression":
        return None
    if levels is None or len(levels) > MAX_CLASSES:
        number = f"{len(levels):,}" if levels is not None else "more than 1,000"
        message = f"{number} different values; at most {MAX_CLASSES} classes are allowed"
        return Problem("too_many_classes", message, column=name, given=count, limit=MAX_CLASSES)
    if task == "binary" and len(levels) != 2:
        return Problem(
            "binary_values",
            f"binary needs two values, not {len(levels)}",
            column=name,
            given=levels,
        )
    return None

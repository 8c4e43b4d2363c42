"""Table builder: encodes columns with roles as a table of numbers for training."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem
from app.imports.progress import reported
from app.imports.sentences import FileWarning
from app.imports.tables.date_inputs import input_names
from app.imports.tables.roles import Roles, constant_target, refuse_target_values
from app.imports.text.columns import Column
from app.imports.text.notation import Notation
from engine.datasets.tables.limits import MAX_CATEGORIES, MAX_INPUTS, MIN_ROWS
from engine.datasets.tables.table import MISSING_CATEGORY, Header, Source, Table

MAX_DROPPED = 0.05  # share of the rows; with more, missing values are filled in
RULES = {
    "drop": "rows with a missing input are dropped",
    "median": "missing numbers are replaced by the column's median; missing texts are a separate category",
    "mean": "missing numbers are replaced by the column's mean; missing texts are a separate category",
}


@dataclass(frozen=True)
class MissingValues:
    """The rule for missing values and its counts."""

    rule: str
    cells: int  # missing cells of inputs and targets
    rows: int  # rows with a missing cell
    dropped: int  # rows removed
    filled: int  # cells replaced
    lacking: int  # rows with a missing input


def plan_missing_values(
    inputs: list[Column], targets: tuple[Column, ...], texts: set[str], rule: str
) -> tuple[MissingValues, NDArray]:
    """Returns the rule for missing values and a mask of the kept rows; rows without a target are dropped."""
    missing = _rows_with_missing(inputs, texts)
    no_target = _rows_with_missing(list(targets), texts)
    rows = int((missing | no_target).sum())
    if rule == "auto":
        rule = "drop" if missing.sum() <= MAX_DROPPED * len(missing) else "median"
    kept = ~(missing | no_target) if rule == "drop" else ~no_target
    cells = sum(column.missing for column in (*inputs, *targets))
    filled = 0 if rule == "drop" else int(sum(_missing_cells(column, texts)[kept].sum() for column in inputs))
    return MissingValues(rule, cells, rows, int((~kept).sum()), filled, int(missing.sum())), kept


def _missing_cells(column: Column, texts: set[str]) -> NDArray:
    if column.name in texts:
        assert column.levels is not None
        return column.levels[0] < 0
    return np.isnan(column.numbers)


def _rows_with_missing(columns: list[Column], texts: set[str]) -> NDArray:
    result = np.zeros(len(columns[0].numbers), bool)
    for column in reported(columns):
        if column.missing:
            result |= _missing_cells(column, texts)
    return result


def build_table(roles: Roles, rule: str, kept: NDArray) -> Table | Problem:
    """Returns the table, or the problem that prevents it."""
    if kept.sum() < MIN_ROWS:
        message = f"only {int(kept.sum())} rows are usable; at least {MIN_ROWS} are needed"
        return Problem("too_few_rows", message, given=int(kept.sum()), limit=MIN_ROWS)
    columns: list[NDArray] = []
    names: list[str] = []
    sources: list[Source] = []
    for column in reported(roles.inputs):
        source, values = _encode(column, roles, rule, kept, len(names))
        sources.append(source)
        columns += values
        names += _input_names(source, set(names))
    if len(names) > MAX_INPUTS:
        message = f"the columns are encoded as {len(names):,} inputs; at most {MAX_INPUTS} are allowed"
        return Problem("too_many_inputs", message, given=len(names), limit=MAX_INPUTS)
    X = np.ascontiguousarray(np.column_stack(columns))
    result = _encode_targets(roles.targets, roles.task, kept)
    if isinstance(result, Problem):
        return result
    y, classes = result
    targets = tuple(target.name for target in roles.targets)
    header = Header(roles.task, tuple(names), targets, classes, len(X), tuple(sources))
    return Table(header, X, y)


def _encode(
    column: Column, roles: Roles, rule: str, kept: NDArray, first: int
) -> tuple[Source, list[NDArray]]:
    """Encodes a column: numbers unchanged, dates as their numbers, two categories as 0 and 1, more as one-hot
    columns.
    """
    if column.name not in roles.texts:
        values = _filled(column.numbers[kept], rule)
        if column.name not in roles.dates:
            return _number_source(column, first), [values]
        dates = roles.dates[column.name]
        return Source(column.name, "date", first, date=dates), dates.values(values)
    assert column.levels is not None
    codes, levels = column.levels[0][kept], list(column.levels[1])
    if (codes < 0).any():
        codes = np.where(codes < 0, len(levels), codes)
        levels.append(MISSING_CATEGORY)
    if len(levels) == 2:
        return Source(column.name, "flag", first, tuple(levels)), [codes.astype(np.float64)]
    one_hot = [(codes == code).astype(np.float64) for code in range(len(levels))]
    return Source(column.name, "one_hot", first, tuple(levels)), one_hot


def _number_source(column: Column, first: int) -> Source:
    """Returns the source of a column of numbers, with how these are written, for texts in predictions."""
    source, notation = Source(column.name, "number", first, unit=column.unit), column.notation
    if not isinstance(notation, Notation):
        return source
    return replace(source, decimal=notation.decimal, thousands=notation.thousands)


def _filled(values: NDArray, rule: str) -> NDArray:
    """Returns numbers with the mean or median in place of the missing ones."""
    missing = np.isnan(values)
    if not missing.any():
        return values
    return np.where(missing, getattr(np, rule)(values[~missing]) if not missing.all() else 0.0, values)


def _input_names(source: Source, used: set[str]) -> list[str]:
    if source.date is not None:
        names = input_names(source.name, source.date)
    else:
        suffixes = {"number": (), "flag": source.categories[1:], "one_hot": source.categories}[source.kind]
        names = [f"{source.name}={category}" for category in suffixes] or [source.name]
    result = []
    for name in names:
        while name in used:
            name += "′"
        used.add(name)
        result.append(name)
    return result


def _encode_targets(
    targets: tuple[Column, ...], task: str, kept: NDArray
) -> tuple[NDArray, tuple[str, ...] | None] | Problem:
    if task == "multilabel":
        y = np.column_stack([target.numbers[kept] for target in targets]).astype(np.int64)
        if (y == y[0]).all():
            return Problem(
                "constant_target",
                "every row has the same labels: there is nothing to learn",
                column=targets[0].name,
            )
        return y, tuple(target.name for target in targets)
    target = targets[0]
    if task == "regression":
        y = target.numbers[kept]
        if (y == y[0]).all():
            return constant_target(target.name, f"{y[0]:.15g}")
        return y, None
    categories = target.levels
    codes = categories[0][kept] if categories is not None else np.zeros(0, np.int64)
    unique_codes, y = np.unique(codes, return_inverse=True)
    levels = [categories[1][code] for code in unique_codes] if categories is not None else None
    problem = refuse_target_values(target.name, task, levels, None if levels is None else len(levels))
    return problem or (y.astype(np.int64), tuple(levels or ()))


def refuse_input(column: Column, as_text: bool) -> FileWarning | None:
    """Returns the warning that a column is left out of the inputs, or None if it can be an input."""
    if column.kind == "empty":
        return FileWarning("empty_column", {"name": column.name})
    levels = column.levels
    if levels is not None and len(levels[1]) == 1 and not column.missing:
        return FileWarning("constant_column", {"name": column.name, "value": levels[1][0][:40]})
    values = {"name": column.name, "limit": MAX_CATEGORIES}
    if as_text and levels is None:
        return FileWarning("too_many_texts", values)
    if as_text and levels is not None and len(levels[1]) > MAX_CATEGORIES:
        return FileWarning("many_texts", values | {"count": len(levels[1])})
    return None

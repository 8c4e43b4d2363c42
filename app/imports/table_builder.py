"""Building: from columns with roles to the table of numbers that a training uses."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.imports.columns import Column
from app.imports.errors import Problem
from app.imports.roles import constant_target, refuse_values
from engine.datasets.tables.limits import MAX_CATEGORIES, MAX_INPUTS, MIN_ROWS
from engine.datasets.tables.table import Header, Source, Table

MISSING_CATEGORY = "(missing)"
MAX_DROPPED = 0.05  # of the rows: more than that are too many to lose
RULES = {
    "drop": "rows with a missing input are left out",
    "median": "a missing number becomes the column's median, a missing text a category of its own",
    "mean": "a missing number becomes the column's mean, a missing text a category of its own",
}


@dataclass(frozen=True)
class MissingValues:
    """What was done about missing values, counted."""

    rule: str
    cells: int  # missing cells of inputs and targets
    rows: int  # rows with any
    dropped: int  # rows left out
    filled: int  # cells filled in


def plan_missing_values(
    inputs: list[Column], targets: tuple[Column, ...], texts: set[str], rule: str
) -> tuple[MissingValues, NDArray]:
    """The rule for missing values, and which rows stay. Rows without a target are always left out."""
    lacks = _rows_with_missing(inputs, texts)
    unknown = _rows_with_missing(list(targets), texts)
    rows = int((lacks | unknown).sum())
    if rule == "auto":
        rule = "drop" if lacks.sum() <= MAX_DROPPED * len(lacks) else "median"
    stay = ~(lacks | unknown) if rule == "drop" else ~unknown
    cells = sum(column.missing for column in (*inputs, *targets))
    filled = 0 if rule == "drop" else int(sum(_missing_cells(column, texts)[stay].sum() for column in inputs))
    return MissingValues(rule, cells, rows, int((~stay).sum()), filled), stay


def _missing_cells(column: Column, texts: set[str]) -> NDArray:
    if column.name in texts:
        assert column.levels is not None
        return column.levels[0] < 0
    return np.isnan(column.numbers)


def _rows_with_missing(columns: list[Column], texts: set[str]) -> NDArray:
    result = np.zeros(len(columns[0].numbers), bool)
    for column in columns:
        if column.missing:
            result |= _missing_cells(column, texts)
    return result


def build(
    inputs: list[Column], targets: tuple[Column, ...], task: str, texts: set[str], rule: str, stay: NDArray
) -> Table | Problem:
    """The table, or why there can be none."""
    if stay.sum() < MIN_ROWS:
        message = f"only {int(stay.sum())} rows are left to learn from; there must be at least {MIN_ROWS}"
        return Problem("too_few_rows", message, given=int(stay.sum()), limit=MIN_ROWS)
    columns: list[NDArray] = []
    names: list[str] = []
    sources: list[Source] = []
    for column in inputs:
        source, values = _encoded(column, texts, rule, stay, len(names))
        sources.append(source)
        columns += values
        names += _input_names(source, set(names))
    if len(names) > MAX_INPUTS:
        message = f"the text columns become {len(names):,} inputs together; a network may have {MAX_INPUTS}"
        return Problem("too_many_inputs", message, given=len(names), limit=MAX_INPUTS)
    X = np.ascontiguousarray(np.column_stack(columns))
    truth = _truth(targets, task, stay)
    if isinstance(truth, Problem):
        return truth
    y, classes = truth
    header = Header(
        task, tuple(names), tuple(target.name for target in targets), classes, len(X), tuple(sources)
    )
    return Table(header, X, y)


def _encoded(
    column: Column, texts: set[str], rule: str, stay: NDArray, first: int
) -> tuple[Source, list[NDArray]]:
    """A column as inputs: a number is itself, two categories are 0 and 1, more are one-hot."""
    if column.name not in texts:
        values = column.numbers[stay]
        lacks = np.isnan(values)
        if lacks.any():
            values = np.where(lacks, getattr(np, rule)(values[~lacks]) if not lacks.all() else 0.0, values)
        return Source(column.name, "number", first), [values]
    assert column.levels is not None
    codes, levels = column.levels[0][stay], list(column.levels[1])
    if (codes < 0).any():
        codes = np.where(codes < 0, len(levels), codes)
        levels.append(MISSING_CATEGORY)
    if len(levels) == 2:
        return Source(column.name, "flag", first, tuple(levels)), [codes.astype(np.float64)]
    one_hot = [(codes == place).astype(np.float64) for place in range(len(levels))]
    return Source(column.name, "one_hot", first, tuple(levels)), one_hot


def _input_names(source: Source, taken: set[str]) -> list[str]:
    quoted = {"number": (), "flag": source.categories[1:], "one_hot": source.categories}[source.kind]
    wanted = [f"{source.name}={category}" for category in quoted] or [source.name]
    result = []
    for name in wanted:
        while name in taken:
            name += "′"
        taken.add(name)
        result.append(name)
    return result


def _truth(
    targets: tuple[Column, ...], task: str, stay: NDArray
) -> tuple[NDArray, tuple[str, ...] | None] | Problem:
    if task == "multilabel":
        y = np.column_stack([target.numbers[stay] for target in targets]).astype(np.int64)
        if (y == y[0]).all():
            return Problem(
                "constant_target",
                "every row has the same labels: there is nothing to tell apart",
                column=targets[0].name,
            )
        return y, tuple(target.name for target in targets)
    target = targets[0]
    if task == "regression":
        y = target.numbers[stay]
        if (y == y[0]).all():
            return constant_target(target.name, f"{y[0]:.15g}")
        return y, None
    found = target.levels
    codes = found[0][stay] if found is not None else np.zeros(0, np.int64)
    used, y = np.unique(codes, return_inverse=True)
    levels = [found[1][code] for code in used] if found is not None else None
    problem = refuse_values(target.name, task, levels, None if levels is None else len(levels))
    return problem or (y.astype(np.int64), tuple(levels or ()))


def refuse_input(column: Column, as_text: bool) -> str | None:
    """Why a column is left out of the inputs, in words; None where it is one."""
    if column.kind == "empty":
        return f"“{column.name}” has no values and is left out."
    levels = column.levels
    if levels is not None and len(levels[1]) == 1 and not column.missing:
        return f"“{column.name}” is {levels[1][0][:40]} in every row, which tells nothing: it is left out."
    if as_text and (levels is None or len(levels[1]) > MAX_CATEGORIES):
        many = f"{len(levels[1]):,}" if levels is not None else "more than 1,000"
        return (
            f"“{column.name}” is text with {many} different values and is left out: "
            f"at most {MAX_CATEGORIES} can become inputs."
        )
    return None

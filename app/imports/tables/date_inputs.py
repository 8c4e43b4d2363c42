"""Inputs of dates: which numbers a column of dates becomes, and how they are called."""

from collections.abc import Collection

import numpy as np

from app.imports.text.columns import Column
from engine.datasets.tables.dates import NUMBERS, DateInputs, DateNotation, iso

NO_DATES = "none"  # in the option `dates`: dates are left out
TITLES = {
    "year": "year",
    "day_of_year": "day of year",
    "weekday": "weekday",
    "hour": "hour",
    "elapsed": "days",
}


def date_inputs(column: Column, wanted: Collection[str]) -> DateInputs:
    """Returns the wanted numbers of a column, by default those that differ between its rows."""
    assert isinstance(column.notation, DateNotation)
    present = column.numbers[~np.isnan(column.numbers)]
    first = float(present.min()) if len(present) else 0.0
    names = tuple(name for name in NUMBERS if not wanted or name in wanted)
    inputs = DateInputs(column.notation.order, first, names)
    if wanted or not len(present):
        return inputs
    differing = [
        name for name, numbers in zip(names, inputs.values(present), strict=True) if np.ptp(numbers) > 0
    ]
    return DateInputs(inputs.order, first, tuple(differing))


def input_names(name: str, inputs: DateInputs) -> list[str]:
    """Returns the names of the inputs of a column."""
    return [f"{name} {TITLES[number]}" for number in inputs.numbers]


def describe_dates(column: Column, inputs: DateInputs | None) -> dict[str, object]:
    """Returns the first and the last date of a column as text, its order, and its numbers as an input."""
    present = column.numbers[~np.isnan(column.numbers)]
    assert isinstance(column.notation, DateNotation)
    return {
        "minimum": iso(present.min()) if len(present) else None,
        "maximum": iso(present.max()) if len(present) else None,
        "order": column.notation.order,
        "numbers": list(inputs.numbers) if inputs is not None else [],
    }

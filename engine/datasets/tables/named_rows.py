"""Named rows: rows whose cells have the names and words of a table's columns, encoded as inputs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config.errors import ConfigError
from engine.datasets.tables.dates import DateNotation
from engine.datasets.tables.limits import MAX_NUMBER
from engine.datasets.tables.table import MISSING_CATEGORY, Source

EXAMPLES = {"ymd": "2020-12-31", "dmy": "31.12.2020 or 2020-12-31", "mdy": "12/31/2020 or 2020-12-31"}
PLAIN_SIGNS = str.maketrans({"−": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"})
# A number with anything but digits before or behind it.
MEASURE = re.compile(
    r"(?P<sign>[+-]?) ?(?P<before>[^\s\d.,+-]{0,8}) ?"
    r"(?P<number>[+-]?[\d.,](?:[\d.,' ]*[\d.,])?(?:[eE][+-]?\d+)?) ?(?P<behind>[^\s\d.,]{0,8})"
)
MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?"))  # words for a cell without a value


class Measured(NamedTuple):
    """A number that was read from a text with its unit: a currency, a percent sign or another one."""

    number: float
    unit: str
    text: str

    def __str__(self) -> str:
        return self.text


def plain_number(text: str) -> float | None:
    """Returns the number in a text with a decimal point; None if there is none."""
    try:
        return float(text) if "_" not in text else None
    except ValueError:
        return None


@dataclass(frozen=True)
class EncodedRows:
    """The inputs X (n, d) of rows, and the names in them that are no inputs: targets, columns left out."""

    X: NDArray[np.float64]
    ignored: tuple[str, ...]


def encode_rows(rows: Sequence[Mapping[str, Any]], sources: Sequence[Source]) -> EncodedRows:
    """Encodes rows as the table was: numbers unchanged, words as 0 and 1, dates as their numbers.

    A name that is no source is ignored. Raises ConfigError for the first cell that is absent or cannot be
    read; its field is `inputs.ROW.NAME`.
    """
    X = np.zeros((len(rows), sum(source.width for source in sources)))
    for index, row in enumerate(rows):
        for source in sources:
            field = f"inputs.{index}.{source.name}"
            if source.name not in row:
                raise ConfigError(field, "this column is absent", given=list(row), limit=_names(sources))
            ENCODERS[source.kind](X[index], source, row[source.name], field)
    known = {source.name for source in sources}
    return EncodedRows(X, tuple(dict.fromkeys(name for row in rows for name in row if name not in known)))


def _names(sources: Sequence[Source]) -> list[str]:
    return [source.name for source in sources]


def _number(row: NDArray, source: Source, cell: Any, field: str) -> None:
    value = _number_in(cell, source, field) if isinstance(cell, str | Measured) else cell
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is None or not is_number or not abs(value) <= MAX_NUMBER:
        message = "must be a number" if not _is_missing(cell) else "has no value; a number is needed"
        raise ConfigError(field, message, given=cell, limit=MAX_NUMBER)
    row[source.first] = value


def _number_in(cell: "str | Measured", source: Source, field: str) -> float | None:
    """Returns the number of a text, which may have the unit and signs of the column; None if there is none.

    Raises ConfigError for another unit, and for a sign that stands between groups of digits in the column.
    """
    number, unit = (cell.number, cell.unit) if isinstance(cell, Measured) else with_unit(cell)
    if unit and unit != source.unit:
        known = f"the numbers of this column are in {source.unit}" if source.unit else "this column has none"
        message = f"has the unit {unit}, but {known}: write the number as in the table, without a unit"
        raise ConfigError(field, message, given=str(cell), limit=source.unit or None)
    if not isinstance(number, str):
        return number
    if source.thousands and source.thousands in number:
        message = f"may have no sign between groups of digits (“{source.thousands}”)"
        raise ConfigError(field, message, given=cell, limit=source.decimal)
    return plain_number(number if "." in number else number.replace(source.decimal, "."))


def with_unit(text: str) -> tuple[str, str]:
    """Returns the number of a text such as 0.5 cm, $5 or 29%, as text, and what is before or behind it."""
    text = text.strip().translate(PLAIN_SIGNS)
    parts = MEASURE.fullmatch(text)
    if parts is None or (parts["before"] and parts["behind"]):
        return text, ""
    return parts["sign"] + parts["number"], parts["before"] or parts["behind"]


def _one_hot(row: NDArray, source: Source, cell: Any, field: str) -> None:
    row[source.first + _category(source, cell, field)] = 1.0


def _flag(row: NDArray, source: Source, cell: Any, field: str) -> None:
    row[source.first] = float(_category(source, cell, field))


def _date(row: NDArray, source: Source, cell: Any, field: str) -> None:
    assert source.date is not None
    seconds = DateNotation(source.date.order).number(str(cell))
    if seconds is None:
        message = f"must be a date such as {EXAMPLES[source.date.order]}"
        raise ConfigError(field, message, given=cell, limit=source.date.order)
    row[source.first : source.first + source.width] = np.concatenate(source.date.values(np.array([seconds])))


ENCODERS: dict[str, Callable[..., None]] = {
    "number": _number,
    "one_hot": _one_hot,
    "flag": _flag,
    "date": _date,
}


def _category(source: Source, cell: Any, field: str) -> int:
    """Returns the index of the category that a cell names: by its text, else by its number."""
    text = "" if cell is None else str(cell).strip()
    if text in source.categories:
        return source.categories.index(text)
    value = plain_number(text)
    by_number = [plain_number(category) for category in source.categories]
    if value is not None and value in by_number:
        return by_number.index(value)
    if _is_missing(cell) and MISSING_CATEGORY in source.categories:
        return source.categories.index(MISSING_CATEGORY)
    message = f"must be one of {', '.join(source.categories)}"
    raise ConfigError(field, message, given=cell, limit=list(source.categories))


def _is_missing(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING)

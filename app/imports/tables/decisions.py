"""Decisions: why the numbers, missing values and columns of a table were read as they were."""

from typing import Any

from app.imports.options import ImportOptions
from app.imports.reasons import GIVEN, Reason
from app.imports.tables.builder import MAX_DROPPED, MissingValues
from app.imports.tables.roles import Roles
from app.imports.text.columns import Column
from app.imports.text.table_cells import Cells
from engine.datasets.tables.dates import DateNotation, iso

READING = ("delimiter", "decimal", "thousands", "header", "skip", "comment", "missing", "dates", "date_order")
MAX_WORDS = 6  # that are listed
MAX_CELL = 40


def given_reasons(options: ImportOptions) -> dict[str, Reason]:
    """Returns the reason of every option about the whole file that was set."""
    given = [name for name in READING if getattr(options, name) not in (None, "auto", (), [])]
    return dict.fromkeys(given, GIVEN)


def reading_reasons(cells: Cells) -> dict[str, Reason]:
    """Returns why numbers and dates are read so, and what is read as missing."""
    columns = cells.columns
    asked = {reading["option"] for question in cells.questions for reading in question["readings"]}
    numbers = [column for column in columns if column.kind == "number"]
    plain = all(not column.sample for column in numbers)  # all cells were read at once
    decimal = "," if any(column.notation.decimal == "," for column in numbers) else "."
    grouped = [column for column in numbers if column.notation.thousands]
    with_sign = [column for column in numbers if column.notation.decimal == decimal]
    return {
        "decimal": Reason("decimal_plain") if plain else _sign_reason(with_sign, "decimal"),
        "thousands": _sign_reason(grouped, "thousands"),
        "missing_words": _words_reason(columns),
        "dates": Reason("dates_differ"),
        "date_order": Reason("date_order_usual" if "date_order" in asked else "date_order_most"),
    }


def _sign_reason(columns: list[Column], option: str) -> Reason:
    """The first cell in which the sign of this option occurs."""
    for column in columns:
        sign = getattr(column.notation, option)
        cell = next((cell for cell in column.sample if sign in cell), None)
        if cell is not None:
            return Reason(f"{option}_used", {"cell": cell[:MAX_CELL], "name": column.name})
    return Reason(f"{option}_none")


def _words_reason(columns: list[Column]) -> Reason:
    found = sorted({word[:MAX_CELL] for column in columns for word in column.words if word})
    if found:
        more = ["…"] if len(found) > MAX_WORDS else []
        return Reason("words_found", {"words": ", ".join(found[:MAX_WORDS] + more)})
    return Reason("words_blank" if any(column.missing for column in columns) else "words_none")


def missing_reason(missing: MissingValues, rows: int) -> dict[str, Reason]:
    """Returns why rows with missing inputs are left out or filled."""
    few = missing.lacking <= MAX_DROPPED * rows
    values = {"missing": missing.lacking, "rows": rows}
    if not missing.cells:
        return {"missing": Reason("words_none")}
    return {"missing": Reason("missing_few" if few else "missing_many", values)}


def column_reasons(column: Column, roles: Roles, options: ImportOptions) -> dict[str, Reason]:
    """Returns why a column has its type and its role."""
    return {
        "type_reason": _type_reason(column, roles, options),
        "role_reason": roles.reasons.get(column.name) or _input_reason(column, roles),
    }


def _type_reason(column: Column, roles: Roles, options: ImportOptions) -> Reason:
    if column.name in (*options.text, *options.number, *options.date):
        return GIVEN
    numbers = column.filled - column.invalid
    if column.kind == "empty":
        return Reason("type_empty")
    if column.kind == "text":
        values = {"words": column.invalid, "filled": column.filled}
        return Reason("type_long_integers") if column.inexact else Reason("type_words", values)
    if column.name in roles.texts:
        return Reason("type_classes")
    if isinstance(column.notation, DateNotation):
        return Reason(f"type_dates_{column.notation.order}")
    if column.invalid:
        return Reason("type_most_numbers", {"numbers": numbers, "filled": column.filled})
    if column.unit and "" not in column.units:
        return Reason("type_unit", {"filled": column.filled, "unit": column.unit})
    return Reason("type_numbers", {"filled": column.filled})


def _input_reason(column: Column, roles: Roles) -> Reason:
    dates = roles.dates.get(column.name)
    if dates is not None:
        return Reason("input_dates", {"inputs": len(dates.numbers), "first": iso(dates.first)})
    if column.name not in roles.texts:
        return Reason("input_number")
    return Reason("input_texts", {"texts": len(column.levels[1]) if column.levels is not None else 0})


def add_format_reason(answer: dict[str, Any], reason: Reason, words: tuple[str, ...]) -> None:
    """Sets the reason of what the format of a file gives: its separator, and which columns are words."""
    answer["reasons"]["delimiter"] = reason.describe()
    for column in answer["columns"]:
        if column["name"] in words:
            column["type_reason"] = reason.describe()

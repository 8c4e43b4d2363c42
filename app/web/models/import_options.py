"""Query options of an import."""

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, field_validator

from app.imports.tables.builder import RULES
from app.imports.text.records import RAGGED
from app.web.models.base import QueryOptions, refused
from engine.datasets.tables.dates import ORDERS

DELIMITERS = {"auto": None, "comma": ",", "semicolon": ";", "tab": "\t", "vertical bar": "|", "space": " "}
DECIMALS = {"auto": None, "point": ".", "comma": ","}
THOUSANDS = {"auto": None, "none": "", "comma": ",", "point": ".", "space": " ", "apostrophe": "'"}
HEADERS = {"auto": None, "yes": True, "no": False, "true": True, "false": False}
DATE_ORDERS = {"auto": None} | {order: order for order in ORDERS}
MISSING = {name: name for name in ("auto", *RULES)}


def _enumeration(values: dict[str, Any]) -> Any:
    """Validation of a query option that is one of the names of `values`, or one of these values itself."""

    def validate(value: str) -> Any:
        if value in values.values():
            return value
        if value not in values:
            raise refused(f"must be one of {', '.join(values)}", list(values))
        return values[value]

    return PlainValidator(validate, json_schema_input_type=str)


class ImportOptions(QueryOptions):
    """How a table is read; options that are not set are recognised from the table."""

    target: list[str] = Field([], description="target columns, several for multilabel")
    task: Literal["regression", "binary", "multiclass", "multilabel"] | None = Field(
        None, description="the task of the data"
    )
    delimiter: Annotated[str | None, _enumeration(DELIMITERS)] = Field(
        None,
        description="the character, or auto, comma, semicolon, tab, vertical bar, space (blanks, tabs)",
    )
    decimal: Annotated[str | None, _enumeration(DECIMALS)] = Field(
        None, description="the character, or auto, point, comma"
    )
    thousands: Annotated[str | None, _enumeration(THOUSANDS)] = Field(
        None, description="the sign between groups of digits, or auto, none, comma, point, space, apostrophe"
    )
    header: Annotated[bool | None, _enumeration(HEADERS)] = Field(
        None, description="yes, no or auto: whether the first row names the columns"
    )
    skip: int | None = Field(None, ge=0, le=1000, description="lines before the table; default: recognised")
    comment: str | None = Field(
        None, max_length=3, description="lines that begin with it are no rows; empty: there are none"
    )
    ragged: Annotated[str, _enumeration({name: name for name in RAGGED})] = Field(
        "refuse", description=f"what happens to rows of another length: {', '.join(RAGGED)}"
    )
    missing: Annotated[str, _enumeration(MISSING)] = Field(
        "auto", description=f"how missing inputs are handled: {', '.join(MISSING)}"
    )
    missing_words: list[str] = Field(
        [],
        max_length=100,
        description="words or numbers that mean missing in this file beside the usual ones, repeated; "
        "COLUMN=WORD: in one column only",
    )
    ignore: list[str] = Field([], description="columns that are not inputs")
    input: list[str] = Field([], description="columns that are inputs though they seem to be identifiers")
    text: list[str] = Field([], description="columns whose values are categories")
    number: list[str] = Field([], description="columns whose values are numbers")
    date: list[str] = Field([], description="columns whose values are dates")
    dates: list[Literal["year", "day_of_year", "weekday", "hour", "elapsed", "none"]] = Field(
        [],
        description="the numbers that dates become, repeated; none: dates are left out; "
        "default: those that differ between the rows",
    )
    date_order: Annotated[str | None, _enumeration(DATE_ORDERS)] = Field(
        None, description="auto, ymd, dmy or mdy: the order of day, month and year"
    )

    @field_validator("dates")
    @classmethod
    def _refuse_none_beside_numbers(cls, dates: list[str]) -> list[str]:
        if "none" in dates and set(dates) != {"none"}:
            raise refused("none leaves the dates out; it cannot be combined with numbers of them", ["none"])
        return dates

    sheet: str | None = Field(None, description="of a spreadsheet: name of the sheet, or its number from 1")
    dry_run: bool = Field(False, description="only report how the file would be read")

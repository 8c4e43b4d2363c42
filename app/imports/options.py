"""Options of an import."""

from dataclasses import dataclass


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
    missing_words: tuple[str, ...] = ()  # further words for a missing value, in all columns or as COLUMN=WORD
    ignore: tuple[str, ...] = ()
    input: tuple[str, ...] = ()  # columns that are inputs though they seem to name or number the rows
    text: tuple[str, ...] = ()  # columns whose values are categories
    number: tuple[str, ...] = ()  # columns whose values are numbers
    date: tuple[str, ...] = ()  # columns whose values are dates
    dates: tuple[str, ...] = ()  # the numbers that dates become; "none": they are left out
    date_order: str | None = None  # of day, month and year
    sheet: str | None = None  # of a spreadsheet: its name, or its number from 1

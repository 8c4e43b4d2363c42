"""Dialect: how the rows and cells of a text are separated, and which of its lines are no rows."""

from dataclasses import dataclass

# In order of preference if several fit equally well: a comma may be a decimal sign, a space part of a text.
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma", " ": "space"}
SAMPLE_LINES = 200  # from which the dialect is detected
SAMPLE_LENGTH = 1 << 20  # characters


@dataclass(frozen=True)
class Dialect:
    """How a text is separated into rows and cells; a blank as delimiter means runs of blanks or tabs."""

    delimiter: str
    header_rows: int = 0  # rows of names before the rows of values
    quote: str = '"'
    escape: str = ""  # before a quotation mark in a cell; empty: it is doubled
    comment: str = ""  # lines that begin with it are no rows
    skipped: int = 0  # lines before the first row
    columns_before: int = 0  # empty ones before the first column of a sheet

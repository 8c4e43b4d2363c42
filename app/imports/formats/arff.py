"""ARFF: the format of Weka, with the types of its columns, read by SciPy."""

import csv
import re
from io import StringIO
from typing import Any

import numpy as np

from app.imports.decoding import decode
from app.imports.errors import Problem, Refused
from app.imports.formats.converted import Converted, to_text
from app.imports.text.records import refuse_many_lines
from engine.datasets.tables.limits import MAX_COLUMNS

START = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*%[^\n]*\n|\s)*@relation\b", re.IGNORECASE)
ATTRIBUTE = re.compile(r"^\s*@attribute\b", re.IGNORECASE | re.MULTILINE)
DATA = re.compile(r"\s*@data\b", re.IGNORECASE)
NO_ROW = re.compile(r"\s*(%|$)")  # a comment, or blank
SAMPLE_BYTES = 1 << 16


def is_arff(raw: bytes) -> bool:
    """Whether the first statement after comments is @relation."""
    return START.match(raw[:SAMPLE_BYTES]) is not None


def read(raw: bytes, sheet: str | None) -> Converted:
    """Returns names and rows of an ARFF file; nominal columns are words. Raises Refused."""
    from scipy.io import arff  # takes a while

    text, _ = decode(raw)
    refuse_many_lines(text)
    count = len(ATTRIBUTE.findall(text))
    if count > MAX_COLUMNS:
        message = f"{count:,} attributes; a table may have at most {MAX_COLUMNS}"
        raise Refused(Problem("too_many_columns", message, given=count, limit=MAX_COLUMNS))
    try:
        data, attributes = arff.loadarff(StringIO(text))
    except (arff.ArffError, csv.Error, NotImplementedError, ValueError, StopIteration, IndexError) as error:
        cause = str(error).rstrip(".") or type(error).__name__
        message = f"the ARFF file cannot be read ({cause}): save the table as CSV instead"
        raise Refused(Problem("unreadable_format", message, given="ARFF")) from None
    names = list(attributes.names())
    words = tuple(name for name, kind in zip(names, attributes.types(), strict=True) if kind == "nominal")
    columns = [_cells(data[name]) for name in names]
    rows = to_text([names, *zip(*columns, strict=True)]).split("\n")
    return Converted(_in_lines_of(text, rows), "ARFF", words)


def _in_lines_of(text: str, rows: list[str]) -> str:
    """Returns the names and rows in the lines in which the file has @data and its rows."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if DATA.match(line)), None)
    if start is None:
        return "\n".join(rows)  # SciPy has found the data in another way
    rest = iter(rows[1:])
    placed = [rows[0], *("" if NO_ROW.match(line) else next(rest, "") for line in lines[start + 1 :])]
    return "\n".join([*[""] * start, *placed, *rest])


def _cells(values: np.ndarray) -> list[Any]:
    """Returns a column as cells: words as they are, numbers in full precision, ? where one is missing."""
    if values.dtype.kind == "S":
        return [value.decode("utf-8", "replace") for value in values.tolist()]
    if values.dtype.kind == "M":
        return ["" if np.isnat(value) else str(value) for value in values]
    return ["?" if value != value else f"{value:.17g}" for value in values.tolist()]

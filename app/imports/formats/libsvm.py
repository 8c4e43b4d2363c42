"""LIBSVM: rows of a label and numbered values that are not 0, read by scikit-learn."""

import re
from io import BytesIO

from app.imports.errors import Problem, Refused
from app.imports.formats.converted import Converted, to_text
from engine.datasets.tables.limits import MAX_COLUMNS, MAX_ROWS

NUMBER = rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
PAIRS = rb"(?:[ \t]+\d+:%b)" % NUMBER
END = rb"[ \t]*(?:#.*)?\r?"
ROW = re.compile(rb"%b%b+%b" % (NUMBER, PAIRS, END))
# Two pairs at least: a label and a time such as 12:30 are no row of several labels.
LABELLED_ROW = re.compile(rb"(%b(?:,%b)*)%b{2,}%b" % (NUMBER, NUMBER, PAIRS, END))
SAMPLE_BYTES, SAMPLE_LINES = 1 << 16, 5


def is_libsvm(raw: bytes) -> bool:
    """Whether the first lines are a number, or several with commas, and then pairs like 3:0.5."""
    lines = _first_lines(raw)
    return bool(lines) and any(all(map(row.fullmatch, lines)) for row in (ROW, LABELLED_ROW))


def _first_lines(raw: bytes) -> list[bytes]:
    lines = [line for line in raw[:SAMPLE_BYTES].split(b"\n")[:SAMPLE_LINES] if line.strip()]
    return lines[:-1] if len(lines) > 1 and len(raw) > SAMPLE_BYTES else lines


def _refuse_several_labels(raw: bytes) -> None:
    rows = filter(None, map(LABELLED_ROW.fullmatch, _first_lines(raw)))
    several = next((row[1].decode() for row in rows if b"," in row[1]), None)
    if several is not None:
        message = "rows have several labels; save the table as CSV with a column of 0 and 1 for each label"
        raise Refused(Problem("several_labels", message, given=several))


def read(raw: bytes, sheet: str | None) -> Converted:
    """Returns the values by column and the label as last column. Raises Refused."""
    from sklearn.datasets import load_svmlight_file  # takes a while

    _refuse_several_labels(raw)
    try:
        values, labels = load_svmlight_file(BytesIO(raw), zero_based="auto")
    except (ValueError, OverflowError, MemoryError) as error:
        cause = str(error).rstrip(".")
        message = f"the LIBSVM file cannot be read ({cause}): correct it, or save the table as CSV"
        raise Refused(Problem("unreadable_format", message, given="LIBSVM")) from None
    rows, columns = values.shape
    if columns >= MAX_COLUMNS:
        message = f"{columns:,} columns and a label; a table may have at most {MAX_COLUMNS}"
        raise Refused(Problem("too_many_columns", message, given=columns + 1, limit=MAX_COLUMNS))
    if rows > MAX_ROWS:
        raise Refused(Problem("too_many_rows", f"there are more than {MAX_ROWS:,} rows", limit=MAX_ROWS))
    names = [*(f"column {column}" for column in range(1, columns + 1)), "label"]
    cells = (
        [f"{value:.17g}" for value in (*row, label)]
        for row, label in zip(values.toarray().tolist(), labels.tolist(), strict=True)
    )
    return Converted(to_text([names, *cells]), "LIBSVM")

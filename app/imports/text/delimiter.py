"""Delimiter: the character that separates the cells of most rows into equally many plausible cells."""

import re
from collections import Counter
from dataclasses import replace
from itertools import islice

from app.imports.errors import Refused
from app.imports.reasons import Reason
from app.imports.text.dialect import DELIMITERS, SAMPLE_LINES, Dialect
from app.imports.text.missing import is_missing
from app.imports.text.notation import is_number, measure
from app.imports.text.records import records
from engine.datasets.tables.limits import MAX_COLUMNS

QUOTED = re.compile(r"(?:^|[,;\t|])\s*'[^'\n]*'\s*(?=[,;\t|\r\n]|$)", re.MULTILINE)
NUMBERS = re.compile(r"[\d.,+-]+(?: +[\d.,+-]+)+")
WORDS_OF_A_SENTENCE = 3
MAX_CELLS = 5000  # that are examined for each delimiter

Rows = list[tuple[int, list[str]]]  # number of the last line, and cells


def detect_delimiter(sample: str, dialect: Dialect) -> tuple[str, Reason]:
    """Returns the best delimiter for a sample of a text, a comma if none separates anything, and why."""
    scores: dict[str, tuple[float, Reason]] = {}
    for delimiter in DELIMITERS:
        try:
            rows = first_rows(sample, replace(dialect, delimiter=delimiter))
        except Refused:
            continue
        usual = usual_length(rows)
        if usual > 1:
            share = sum(len(cells) == usual for _, cells in rows) / len(rows)
            values = {"share": f"{share:.0%}", "rows": len(rows), "columns": usual}
            scores[delimiter] = _score(rows, delimiter, share), Reason("delimiter_rows", values)
    best = max((score for score, _ in scores.values()), default=0.0)
    for delimiter, (score, reason) in scores.items():
        if score > best - 1e-9:
            return delimiter, reason
    return ",", Reason("delimiter_none")


def first_rows(sample: str, dialect: Dialect) -> Rows:
    """The first rows of a text."""
    return list(islice(records(sample, dialect), SAMPLE_LINES))


def usual_length(rows: Rows) -> int:
    """The most frequent number of cells, the larger one of two that are equally frequent."""
    counts = Counter(len(cells) for _, cells in rows)
    return max(counts, key=lambda count: (counts[count], count), default=0)


def _score(rows: Rows, delimiter: str, share: float) -> float:
    """How well a delimiter fits: the share of equally long rows, the first one too, and cells without other
    delimiters.
    """
    cells = [cell.strip() for _, row in rows for cell in row[:MAX_COLUMNS]][:MAX_CELLS]
    clean = sum(_is_clean(cell, delimiter) for cell in cells) / len(cells)
    header = 0.25 if len(rows[0][1]) == usual_length(rows) else 0.0
    return share + clean + header


def _is_clean(cell: str, delimiter: str) -> bool:
    if is_missing(cell) or is_number(measure(cell)[0]):
        return True
    if NUMBERS.fullmatch(cell):
        return False
    return not any(other in cell for other in DELIMITERS if other not in (delimiter, " "))


def detect_quotes(sample: str) -> tuple[str, str]:
    """Returns the quotation mark and the sign that escapes it (empty: it is doubled)."""
    if '"' not in sample and "'" not in sample:
        return '"', ""
    if '"' not in sample:
        lines = min(sample.count("\n") + 1, SAMPLE_LINES)
        return ("'" if len(QUOTED.findall(sample)) >= lines else '"'), ""
    return '"', "\\" if '\\"' in sample and '""' not in sample else ""

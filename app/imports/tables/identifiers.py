"""Identifiers: columns that name or number the rows. As inputs they would let a network recognise rows."""

import re

import numpy as np

from app.imports.sentences import FileWarning
from app.imports.text.columns import Column

NAME = re.compile(
    r"(.*[ _.-])?(id|ids|identifier|key|index|idx|row|rownames|row name|row number|no|nr|number|serial no)\.?"
    r"|.*[a-z]Id|[A-Za-z]*ID|unnamed.*|obs|observation|observation[_ ]number|column \d+",
    re.IGNORECASE,
)
ID = re.compile(r"(?:.*[ _.-])?(?:[iI][dD]s?|[iI]dentifier|IDENTIFIER)|.*[a-z]I[dD]")
UNNAMED = re.compile(r"column \d+")
MIN_ROWS = 20  # with fewer, integers differ from each other by chance
MIN_TEXTS = 10  # the same of texts, with fewer all are different
MIN_NAMES = 3
MIN_DISTINCT = 0.9  # share of the rows


def identifier_warning(column: Column, as_text: bool) -> FileWarning | None:
    """The warning that a column numbers or names the rows and is no input; None if it does not."""
    if as_text:
        different = 0 if column.levels is None else len(column.levels[1])
        least = MIN_DISTINCT * column.filled if column.filled >= MIN_TEXTS else max(column.filled, MIN_NAMES)
        if different >= least:
            return FileWarning("row_texts", {"name": column.name})
        is_named = ID.fullmatch(column.name) is not None and different >= MIN_TEXTS
        return FileWarning("named_texts", {"name": column.name, "count": different}) if is_named else None
    if column.kind != "number" or NAME.fullmatch(column.name) is None or len(column.numbers) < MIN_ROWS:
        return None
    numbers = column.numbers[~np.isnan(column.numbers)]
    if not len(numbers) or not (numbers % 1 == 0).all():
        return None
    if numbers[0] in (0, 1) and (np.diff(numbers) == 1).all():
        return FileWarning("row_numbers", {"name": column.name})
    unnamed = UNNAMED.fullmatch(column.name) is not None  # without a name, only numbered rows are recognised
    if not unnamed and len(np.unique(numbers)) >= MIN_DISTINCT * len(numbers):
        return FileWarning("identifier", {"name": column.name})
    return None

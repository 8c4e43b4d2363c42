"""Converted: a table of another format as comma-separated text."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from app.imports.progress import LINES, reported
from app.imports.sentences import FileWarning

DELIMITER = ","


@dataclass(frozen=True)
class Converted:
    """`title` names the format; `texts` are columns of words; `answer` are further fields of the answer.

    Its lines have the numbers of the rows of the file; `columns_before` are those before its first column.
    """

    text: str
    title: str
    texts: tuple[str, ...] = ()
    answer: dict[str, Any] = field(default_factory=dict)
    columns_before: int = 0
    warnings: tuple[FileWarning, ...] = ()


def to_text(rows: Iterable[Sequence[Any]]) -> str:
    """Returns rows of cells as comma-separated text."""
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(reported(rows, LINES))
    return buffer.getvalue()

"""Formats of tables beside CSV: spreadsheets, ARFF, LIBSVM, and any of these or CSV compressed by gzip.

Each is read by a well-kept library and becomes a text of comma-separated cells, so that it has the same
detection, options and limits as a CSV file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.imports.formats import arff, libsvm, spreadsheets
from app.imports.formats.converted import Converted


@dataclass(frozen=True)
class Format:
    """`matches(raw)` tells from the first bytes; `read(raw, sheet)` converts, or raises Refused."""

    matches: Callable[[bytes], bool]
    read: Callable[[bytes, str | None], Converted]


FORMATS: dict[str, Format] = {
    "spreadsheet": Format(spreadsheets.is_spreadsheet, spreadsheets.read),
    "ARFF": Format(arff.is_arff, arff.read),
    "LIBSVM": Format(libsvm.is_libsvm, libsvm.read),
}


def convert(raw: bytes, sheet: str | None = None) -> Converted | None:
    """Returns a file as comma-separated text; None if it is CSV, or no table. Raises Refused."""
    entry = next((entry for entry in FORMATS.values() if entry.matches(raw)), None)
    return entry.read(raw, sheet) if entry else None

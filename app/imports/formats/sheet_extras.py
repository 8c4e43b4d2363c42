"""What the reader of spreadsheets does not tell of a sheet: formulas without a value, merged cells of .ods.

Both are searched in the text of the members, piece by piece, with patterns of bounded length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile

from app.imports.formats.merged_cells import Range
from app.imports.progress import report

STEP = 1 << 20
MAX_INDEX = 1 << 22  # bytes of the members that list the sheets
MAX_PIECE = 1 << 24  # bytes between two ends of cells
SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]{0,2000}?\bid=\"([^\"]{1,255})\"")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]{0,4000}>")
TARGET, IDENTITY = re.compile(rb'\bTarget="([^"]+)"'), re.compile(rb'\bId="([^"]+)"')
# A cell with a formula: its attributes, and its stored value if it has one.
FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]{0,300})>\s*<(?:\w+:)?f(?:\s[^>]{0,2000})?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v>([^<]*)</|<(?:\w+:)?v\s*/>|</)"
)
REFERENCE = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(\s[^>]*)?>")
COUNT = re.compile(rb'table:number-(rows|columns)-(repeated|spanned)="(\d{1,7})"')


@dataclass
class Extras:
    """Cells with a formula that was never computed, the name of the first of them, and merged cells."""

    formulas: int = 0
    first: str = ""
    merged: list[Range] = field(default_factory=list)


def find_extras(raw: bytes, index: int) -> Extras:
    """Returns what else is in the sheet at this position, from 0, of a .xlsx or .ods file."""
    try:
        return _find(raw, index)
    except LookupError:  # members that only the reader finds, such as those with other capital letters
        return Extras()


def _find(raw: bytes, index: int) -> Extras:
    with ZipFile(BytesIO(raw)) as archive:
        if "content.xml" in archive.namelist():
            pieces = _pieces(archive, "content.xml", b">")
            found = any(mark in piece for piece in pieces for mark in (b"-spanned=", b"table:formula="))
            return _of_tables(_pieces(archive, "content.xml", b">"), index) if found else Extras()
        workbook, member = _workbook(archive, index)
        if member not in archive.namelist():
            return Extras()
        return _of_formulas(_pieces(archive, member, b"c>"), b'fullCalcOnLoad="1"' in workbook)


def _workbook(archive: ZipFile, index: int) -> tuple[bytes, str]:
    """Returns the list of sheets, and the member with the cells of one; an empty name if it is not found."""
    texts = []
    for member in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        with archive.open(member) as file:
            texts.append(file.read(MAX_INDEX))
    identities = SHEET.findall(texts[0])
    for relation in RELATION.findall(texts[1]) if index < len(identities) else ():
        identity, target = IDENTITY.search(relation), TARGET.search(relation)
        if identity and target and identity[1] == identities[index]:
            path = target[1].decode("utf-8", "replace")
            return texts[0], path[1:] if path.startswith("/") else f"xl/{path}"
    return texts[0], ""


def _pieces(archive: ZipFile, member: str, end: bytes) -> Iterator[bytes]:
    """Yields the content in pieces that each end with these bytes; of a longer piece the end."""
    rest = b""
    with archive.open(member) as file:
        while piece := file.read(STEP):
            report()
            cut = piece.rfind(end) + len(end)
            if cut >= len(end):
                yield rest + piece[:cut]
                rest = piece[cut:]
            else:
                rest = (rest + piece)[-MAX_PIECE:]
    yield rest


def _of_formulas(pieces: Iterator[bytes], computes_when_opened: bool) -> Extras:
    """Returns the formulas without a value; if a workbook is computed when it is opened and all of them have
    the value 0, these too: libraries write them so.
    """
    lacking, zeros, all_zero = Extras(), Extras(), computes_when_opened
    for piece in pieces:
        for attributes, value in FORMULA.findall(piece) if b"f>" in piece or b"f " in piece else ():
            if value.strip() in (b"", b"0"):
                is_empty_text = b't="str"' in attributes
                _add(zeros if value.strip() else lacking, attributes) if not is_empty_text else None
            else:
                all_zero = False
    return zeros if all_zero and zeros.formulas and not lacking.formulas else lacking


def _add(extras: Extras, attributes: bytes) -> None:
    place = REFERENCE.search(attributes)
    extras.first = extras.first or (place[1].decode() if place else "?")
    extras.formulas += 1


def _of_tables(pieces: Iterator[bytes], index: int) -> Extras:
    """Returns what is in one table of an OpenDocument file."""
    extras, table, row, column, repeated = Extras(), -1, 0, 0, 0
    for kind, attributes in (match.groups() for piece in pieces for match in TAG.finditer(piece)):
        counts = {(axis, how): int(number) for axis, how, number in COUNT.findall(attributes or b"")}
        if kind == b"table":
            table, row, repeated = table + 1, 0, 0
        elif kind == b"table-row":
            row, column, repeated = row + repeated, 0, counts.get((b"rows", b"repeated"), 1)
        elif table == index:
            height, width = counts.get((b"rows", b"spanned"), 1), counts.get((b"columns", b"spanned"), 1)
            if height * width > 1:
                extras.merged.append(((row, column), (row + height - 1, column + width - 1)))
            if b"table:formula=" in (attributes or b"") and b"office:value-type=" not in attributes:
                _add(extras, b'r="%b%d"' % (letters(column), row + 1))
            column += counts.get((b"columns", b"repeated"), 1)
    return extras


def letters(column: int) -> bytes:
    """Returns the letters of a column, from 0: A, B … Z, AA."""
    text = b""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        text = bytes([ord("A") + letter]) + text
    return text

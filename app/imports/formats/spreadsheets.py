"""Spreadsheets: .xlsx and .ods, read by calamine, one sheet of them."""

import datetime
import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZipFile

from app.imports.errors import Problem, Refused
from app.imports.formats.converted import Converted, to_text
from app.imports.formats.merged_cells import Range, fill_merged
from app.imports.formats.sheet_extras import Extras, find_extras
from app.imports.progress import report
from app.imports.sentences import FileWarning
from app.zip_errors import ZIP_ERRORS
from engine.datasets.tables.limits import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED

ZIP = b"PK\x03\x04"
# A member that every file of the format has, the title, and the names of the members with cells.
KINDS = (
    ("xl/workbook.xml", "Excel", re.compile(r"xl/worksheets/.+\.xml")),
    ("content.xml", "OpenDocument", re.compile(r"content\.xml")),
)
MAX_MEMBERS = 2000
STEP = 1 << 20
OVERLAP = 200  # bytes of a piece that are searched again with the next one
# Where a cell or row is, and how often it is repeated: their product is what a reader would have to hold.
PLACE = re.compile(rb'\sr="([A-Z]{0,7})(\d{1,9})"')
REPEATED_VALUE = re.compile(
    rb"<table:table-cell(?=[^>]*office:value-type)[^>]*?number-columns-repeated=\"(\d{1,9})\""
)
MAX_EMPTY = 50  # empty cells for each that has a value, in a large sheet
SMALL_AREA = 1_000_000  # cells
LINE_BREAKS = re.compile(r"\s*[\r\n]\s*")  # in a cell; each row of the sheet is one line of the text


class Area(NamedTuple):
    """The cells of a sheet from the first one with a value on, and how many rows and columns precede it.

    `merged` are the merged cells of the sheet, which the reader tells of .xlsx only.
    """

    rows: list[list[Any]]
    row: int
    column: int
    merged: list[Range]


def is_spreadsheet(raw: bytes) -> bool:
    """Whether this is a zip file with the members of a spreadsheet."""
    return raw.startswith(ZIP) and _kind(raw) is not None


def _kind(raw: bytes) -> tuple[str, re.Pattern[str]] | None:
    try:
        with ZipFile(BytesIO(raw)) as archive:
            names = set(archive.namelist())
    except ZIP_ERRORS:
        return None
    return next(((title, cells) for member, title, cells in KINDS if member in names), None)


def read(raw: bytes, sheet: str | None) -> Converted:
    """Returns the cells of a sheet: that of a name or a number from 1, else the first with two columns.

    Raises Refused.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    kind = _kind(raw)
    assert kind is not None, "is_spreadsheet was asked before"
    title, cells = kind
    _refuse_large(raw, cells)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(raw))
        names = list(workbook.sheet_names)
        if not names:
            raise ValueError("it has no sheets")
        wanted = names if sheet is None else [_sheet_name(sheet, names)]
        name, found = _first_table(workbook, wanted)
    except Refused:
        raise
    except (CalamineError, ValueError, OSError) as error:
        message = f"the spreadsheet cannot be read: {error}"
        raise Refused(Problem("unreadable_format", message, given=title)) from None
    report()
    text, warnings = _to_text(found, find_extras(raw, names.index(name)))
    answer = {"sheet": name, "sheets": names}
    return Converted(text, title, answer=answer, columns_before=found.column, warnings=warnings)


def _to_text(area: Area, extras: Extras) -> tuple[str, tuple[FileWarning, ...]]:
    """Returns the cells as text, each row in the line of its number, and what is to be said about them."""
    warnings: list[FileWarning] = []
    rows: Iterable[list[str]] = ([_cell(value) for value in row] for row in area.rows)
    if merged := area.merged or extras.merged:
        rows = list(rows)
        warnings += fill_merged(rows, (area.row, area.column), merged)
    if extras.formulas:
        warnings.append(FileWarning("formulas", {"count": extras.formulas, "cell": extras.first}))
    return "\n" * area.row + to_text(rows), tuple(warnings)


def _first_table(workbook: Any, names: list[str]) -> tuple[str, Area]:
    """Returns name and cells of the first sheet with two columns, else of the first one."""
    found: list[tuple[str, Area]] = []
    for name in names:
        report()
        sheet = workbook.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=True)
        row, column = sheet.start or (0, 0)
        found.append((name, Area(rows, row, column, sheet.merged_cell_ranges or [])))
        if rows and len(rows[0]) > 1 and len(rows) > 1:
            return found[-1]
    name, area = found[0]
    if not area.rows:
        raise Refused(Problem("empty_file", f"The sheet “{name}” is empty.", given=name))
    return name, area


def _sheet_name(sheet: str, names: list[str]) -> str:
    if sheet in names:
        return sheet
    if sheet.isdecimal() and 1 <= int(sheet) <= len(names):
        return names[int(sheet) - 1]
    message = f"there is no sheet “{sheet[:60]}”"
    raise Refused(Problem("unknown_sheet", message, given=sheet, limit=names, option="sheet"))


def _cell(value: Any) -> str:
    """Returns a cell as one line: whole numbers without a decimal point, dates in the order of ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime.datetime):
        is_date = value.time() == datetime.time()
        return value.date().isoformat() if is_date else value.isoformat(" ", "seconds")
    return LINE_BREAKS.sub(" ", str(value).replace("\0", ""))


def _refuse_large(raw: bytes, cells: re.Pattern[str]) -> None:
    """Raises Refused for what would unpack to more than the limit, and for cells far away from all others.

    The reader holds every cell between the first and the last one, empty ones too.
    """
    try:
        with ZipFile(BytesIO(raw)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                message = f"the decompressed content is larger than {MAX_UNPACKED:,} bytes"
                raise Refused(Problem("too_large_unpacked", message, limit=MAX_UNPACKED))
            for member in members:
                with archive.open(member) as file:  # also verifies the stated size and the checksum
                    _refuse_wide(_pieces(file), search=bool(cells.fullmatch(member.filename)))
    except Refused:
        raise
    except ZIP_ERRORS as error:
        message = f"the spreadsheet is damaged: {error}"
        raise Refused(Problem("unreadable_format", message, given="spreadsheet")) from None


def _pieces(file: Any) -> Any:
    """Yields the content in pieces that overlap."""
    tail = b""
    while piece := file.read(STEP):
        report()
        yield tail + piece
        tail = piece[-OVERLAP:]


def _refuse_wide(pieces: Any, search: bool) -> None:
    rows = columns = count = 0
    for piece in pieces:
        if not search:
            continue
        for letters, number in PLACE.findall(piece):
            count += 1
            rows, columns = max(rows, int(number)), max(columns, _column(letters))
        columns = max(columns, *(int(number) for number in REPEATED_VALUE.findall(piece)), 0)
    if columns > MAX_COLUMNS:
        message = f"{columns:,} columns; a table may have at most {MAX_COLUMNS}"
        raise Refused(Problem("too_many_columns", message, given=columns, limit=MAX_COLUMNS))
    if rows * columns > max(SMALL_AREA, MAX_EMPTY * count):
        message = f"there are more than {MAX_ROWS:,} rows, almost all of them empty"
        raise Refused(Problem("too_many_rows", message, given=rows, limit=MAX_ROWS))


def _column(letters: bytes) -> int:
    """Returns the number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number

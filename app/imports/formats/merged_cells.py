"""Merged cells of a sheet: only the first of them has a value, which stands for all."""

from app.imports.errors import Problem, Refused
from app.imports.progress import reported
from app.imports.sentences import FileWarning
from app.imports.text.header import detect_header

Place = tuple[int, int]  # row and column, from 0
Range = tuple[Place, Place]  # the first and the last cell
Rows = list[list[str]]
GROUPS_WITHIN = 10  # rows of a sheet that are searched for titles of groups of columns
SAMPLE_ROWS = 200


def fill_merged(rows: Rows, start: Place, ranges: list[Range]) -> list[FileWarning]:
    """Writes the value of merged cells into all of them, and titles of groups before the names of columns.

    `start` is the place of the first of the cells, `rows`, in the sheet. A row that has nothing beside one
    text over several columns is a title and is left as it is. Raises Refused for cells that overlap.
    """
    inside = [area for area in (_clipped(rows, start, each) for each in ranges) if area is not None]
    if sum(map(_size, inside)) > len(rows) * len(rows[0]):
        message = "the spreadsheet cannot be read: merged cells overlap"
        raise Refused(Problem("unreadable_format", message, given="merged cells"))
    filled: dict[int, int] = {}  # cells by row
    groups: set[int] = set()
    for area in reported(inside):
        if not _is_title(rows, area):
            _fill(rows, area, filled)
            if area[0][1] < area[1][1] and area[0][0] == area[1][0] < GROUPS_WITHIN:
                groups.add(area[0][0])
    warnings = []
    for row in sorted(groups):
        if _is_above_names(rows, row):
            name = _join_names(rows, row)
            for each in (row, row + 1):
                filled.pop(each, None)
            warnings.append(FileWarning("group_titles", {"row": start[0] + row + 1, "name": name[:40]}))
    if filled:
        values = {"count": sum(filled.values()), "row": start[0] + min(filled) + 1}
        warnings.append(FileWarning("merged_cells", values))
    return warnings


def _clipped(rows: Rows, start: Place, area: Range) -> Range | None:
    """Returns the part of merged cells among the rows, with its places there; None if it is one cell."""
    (top, left), (bottom, right) = area
    first = top - start[0], left - start[1]
    last = min(bottom - start[0], len(rows) - 1), min(right - start[1], len(rows[0]) - 1)
    if min(first) < 0 or first[0] > last[0] or first[1] > last[1] or first == last:
        return None
    return first, last


def _size(area: Range) -> int:
    (top, left), (bottom, right) = area
    return (bottom - top + 1) * (right - left + 1)


def _is_title(rows: Rows, area: Range) -> bool:
    (top, left), (bottom, right) = area
    others = any(cell for row in rows[top : bottom + 1] for cell in (*row[:left], *row[right + 1 :]))
    return right > left and not others


def _fill(rows: Rows, area: Range, filled: dict[int, int]) -> None:
    (top, left), (bottom, right) = area
    value = rows[top][left]
    if not value:
        return
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if not rows[row][column]:
                rows[row][column] = value
                filled[row] = filled.get(row, 0) + 1


def _is_above_names(rows: Rows, row: int) -> bool:
    """Whether the next row has the names of the columns."""
    body = [cells for cells in rows[row + 2 : row + 2 + SAMPLE_ROWS] if any(cells)]
    if not body:
        return False
    found = detect_header(rows[row + 1], body)
    return found.is_header and (found.sure or found.reason.code != "header_unique")


def _join_names(rows: Rows, row: int) -> str:
    """Writes the titles of a row before the names in the next one, and returns the first such name."""
    names = [
        " ".join(dict.fromkeys(part for part in pair if part))
        for pair in zip(rows[row], rows[row + 1], strict=True)
    ]
    changed = [name for name, old in zip(names, rows[row + 1], strict=True) if name != old]
    rows[row], rows[row + 1] = [], names
    return changed[0] if changed else names[0]

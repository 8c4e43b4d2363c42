"""Layout: where the table of a text begins and ends, how it is separated, and what its columns are called."""

import re
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile

from app.imports.errors import Problem, Refused
from app.imports.options import ImportOptions
from app.imports.reasons import Reason
from app.imports.sentences import FileWarning
from app.imports.text.delimiter import Rows, detect_delimiter, detect_quotes, first_rows, usual_length
from app.imports.text.dialect import DELIMITERS, SAMPLE_LENGTH, Dialect
from app.imports.text.header import (
    detect_header,
    is_short_header,
    name_columns,
    preamble_rows,
    second_row_has_no_values,
)
from app.imports.text.records import lines_of

COMMENTS = ("#", "%", "//")  # recognised at the beginning of a text
SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)  # of spreadsheets
FOOTER = re.compile(
    r"\W*(source|sources|note|notes|footnote|copyright|quelle|fuente|generated|end of)\b", re.IGNORECASE
)
TOTAL = re.compile(
    r"(grand )?(totals?|sum|summe|gesamt|gesamtsumme|insgesamt|somme|totaux|suma|totale)\W*", re.IGNORECASE
)
MAX_FOOTER = 10  # lines
TAIL_LENGTH = 20_000  # characters in which a footer is looked for
MAX_QUOTED_LINE = 60


@dataclass(frozen=True)
class Layout:
    """The text of a table, its dialect, names and first rows, and what is to be said about them."""

    text: str
    dialect: Dialect
    header: bool  # whether the columns have names
    names: list[str]
    rows: list[list[str]]  # the first rows of values
    warnings: list[FileWarning] = field(default_factory=list)
    doubtful_header: list[str] | None = None  # the cells of the first row if it may be a header or not
    reasons: dict[str, Reason] = field(default_factory=dict)  # of what was detected, by option


def find_layout(text: str, options: ImportOptions, columns_before: int = 0) -> Layout:
    """Returns the layout of a text; options that are not None are not detected. Raises Refused."""
    skip, comment = options.skip, options.comment
    delimiter, skipped, reasons = _find_beginning(text, options)
    text = _without_lines(text, skipped)
    dialect = _find_dialect(text, delimiter, comment, skipped, reasons)
    dialect = replace(dialect, columns_before=columns_before)
    rows = first_rows(text, dialect)
    usual = usual_length(rows)
    warnings: list[FileWarning] = []
    if skip is None and (lines := preamble_rows(rows, usual)):
        warnings.append(_preamble_warning(rows, lines))
        preamble_lines = rows[lines - 1][0] - skipped
        text, rows = _without_lines(text, preamble_lines), rows[lines:]
        dialect = replace(dialect, skipped=skipped + preamble_lines)
        reasons["skip"] = Reason("skip_few_cells", {"columns": usual})
    text, footer = _without_footer(text, dialect, usual)
    if footer:
        warnings.append(FileWarning("footer", {"count": len(footer), "line": _quoted(footer[0])}))
        rows = first_rows(text, dialect)
    if not rows:
        raise Refused(_no_lines(skip, comment))
    layout = _named(text, dialect, [cells for _, cells in rows], usual, options.header, warnings)
    return replace(layout, reasons=reasons | layout.reasons)


def _find_beginning(text: str, options: ImportOptions) -> tuple[str | None, int, dict[str, Reason]]:
    """Returns the delimiter that is known, the lines to skip, and the reasons of what was detected."""
    if options.skip is not None:
        return options.delimiter, options.skip, {"skip": Reason("skip_none")}
    named = SEPARATOR_LINE.match(text.partition("\n")[0])
    if named and named[1] in DELIMITERS:
        reasons = {"skip": Reason("skip_line"), "delimiter": Reason("delimiter_line")}
        return options.delimiter or named[1], 1, reasons
    blank = sum(1 for _ in takewhile(lambda line: not line.strip(), lines_of(text)))
    return options.delimiter, blank, {"skip": Reason("skip_blank" if blank else "skip_none")}


def _no_lines(skip: int | None, comment: str | None) -> Problem:
    option, given = ("skip", skip) if skip else ("comment", comment) if comment else (None, None)
    message = "no row is left: every line is empty, a comment, or above the table"
    return Problem("no_lines", message, given=given, option=option)


def _find_dialect(
    text: str, delimiter: str | None, comment: str | None, skipped: int, reasons: dict[str, Reason]
) -> Dialect:
    """Returns the dialect of a text, and adds the reasons of what is detected."""
    quote, escape = detect_quotes(text[:SAMPLE_LENGTH])
    if comment is None:
        comment = _detect_comment(text)
        reasons["comment"] = Reason("comment_lines" if comment else "comment_none")
    dialect = Dialect(delimiter or ",", 0, quote, escape, comment, skipped)
    if delimiter:
        return dialect
    delimiter, reasons["delimiter"] = detect_delimiter(text[:SAMPLE_LENGTH], dialect)
    return replace(dialect, delimiter=delimiter)


def _without_lines(text: str, count: int) -> str:
    return text[sum(map(len, islice(lines_of(text), count))) :]


def _detect_comment(text: str) -> str:
    """The sign with which the first lines of a text begin, if others follow that do not."""
    lines = [line.strip() for line in text[:SAMPLE_LENGTH].splitlines()[:1000] if line.strip()]
    for sign in COMMENTS:
        if lines and lines[0].startswith(sign) and not all(line.startswith(sign) for line in lines):
            beginning = next(index for index, line in enumerate(lines) if not line.startswith(sign))
            if not any(line.startswith(sign) for line in lines[beginning : beginning + 20]):
                return sign
    return ""


def _preamble_warning(rows: Rows, lines: int) -> FileWarning:
    first = " ".join(cell for cell in rows[0][1] if cell.strip())
    return FileWarning("preamble", {"count": lines, "line": _quoted(first)})


def _without_footer(text: str, dialect: Dialect, usual: int) -> tuple[str, list[str]]:
    """Returns the text without lines below the table, and these lines."""
    lines = text[-TAIL_LENGTH:].splitlines(keepends=True)[1:]
    footer: list[str] = []
    end = len(lines)
    if end > 1 and _is_total(lines, dialect):
        footer, end = [lines[-1].strip()], end - 1
    while end > 1 and len(footer) <= MAX_FOOTER:
        line, after_blank = lines[end - 1].strip(), not lines[end - 2].strip()
        if line and not _is_footer(line, dialect, usual, after_blank):
            break
        footer = [line, *footer] if line else footer
        end -= 1
    if not footer or len(footer) > MAX_FOOTER:
        return text, []
    return text[: len(text) - len("".join(lines[end:]))], footer


def _is_total(lines: list[str], dialect: Dialect) -> bool:
    """Whether the last line, and no other one, begins with a word for a sum."""
    first = [line.split(dialect.delimiter)[0].strip().strip('"').strip() for line in lines]
    return TOTAL.fullmatch(first[-1]) is not None and first.count(first[-1]) == 1


def _is_footer(line: str, dialect: Dialect, usual: int, after_blank: bool) -> bool:
    if '"' in line:  # it may be the end of a cell of several lines
        return False
    if dialect.comment and line.startswith(dialect.comment):
        return True
    rows = first_rows(line, replace(dialect, comment=""))
    count = len(rows[0][1]) if rows else 0
    filled = [cell for cell in rows[0][1] if cell.strip()] if rows else []
    if not filled or count > usual or usual < 2 or (count == usual and len(filled) > 1):
        return False
    return after_blank or FOOTER.match(filled[0]) is not None or (count == 1 and usual > 2)


def _named(
    text: str,
    dialect: Dialect,
    rows: list[list[str]],
    usual: int,
    header: bool | None,
    found: list[FileWarning],
) -> Layout:
    """Returns the layout with names: of the first row, of a comment above it, or of no row."""
    first, body = rows[0], rows[1:]
    warnings = list(found)
    commented = _names_in_comment(text, dialect, usual) if header is None else None
    if commented is None and header is not False and _has_row_names(rows, usual):
        first = ["row name", *first]
        warnings.append(FileWarning("row_names", {"name": first[0]}))
    columns = len(first)  # also where single rows are longer
    if columns >= usual:
        columns = min(columns, _filled_columns([first, *body]))
    first = first[:columns]
    body = [row[:columns] for row in body if len(row) >= columns and any(cell.strip() for cell in row)]
    if commented is not None and not detect_header(first, body).is_header:
        names, named = name_columns(commented[:columns], True, dialect.columns_before)
        reasons = {"header": Reason("header_comment")}
        return Layout(text, dialect, True, names, [first, *body], warnings + named, reasons=reasons)
    layout = _named_by_first_row(text, dialect, header, first, body, warnings)
    if not layout.header and columns < usual:  # with a header, a column without name and values is none
        layout.warnings.append(FileWarning("empty_end", {"count": usual - columns}))
    return layout


def _named_by_first_row(
    text: str,
    dialect: Dialect,
    header: bool | None,
    first: list[str],
    body: list[list[str]],
    warnings: list[FileWarning],
) -> Layout:
    doubtful, two_rows, reasons = None, False, {}
    if header is None:
        header, sure, reasons["header"] = detect_header(first, body)
        doubtful = None if sure or not body else first
        two_rows = header and second_row_has_no_values(body)
    header_rows = 1 + two_rows if header else 0
    if two_rows:
        warnings.append(FileWarning("second_header", {"line": _quoted(" ".join(body[0]))}))
    names, named = name_columns(first, header, dialect.columns_before)
    dialect = replace(dialect, header_rows=header_rows)
    values = body[header_rows - 1 :] if header else [first, *body]
    return Layout(text, dialect, header, names, values, warnings + named, doubtful, reasons)


def _has_row_names(rows: list[list[str]], usual: int) -> bool:
    """Whether the first row lacks a name and the last column has values."""
    lacks_one = is_short_header([(0, row) for row in rows], usual)
    return lacks_one and any(row[-1].strip() for row in rows[1:] if len(row) == usual)


def _filled_columns(rows: list[list[str]]) -> int:
    """The number of columns without those at the end that are empty in every row."""
    return max((index + 1 for row in rows for index, cell in enumerate(row) if cell.strip()), default=1)


def _names_in_comment(text: str, dialect: Dialect, usual: int) -> list[str] | None:
    """The cells of the last comment above the table, if they are as many as the columns."""
    last = None
    for line in text[:SAMPLE_LENGTH].splitlines():
        if not dialect.comment or (line.strip() and not line.lstrip().startswith(dialect.comment)):
            break
        last = line.strip() or last
    if last is None:
        return None
    rows = first_rows(last.lstrip(dialect.comment), replace(dialect, comment=""))
    return rows[0][1] if rows and len(rows[0][1]) == usual else None


def _quoted(line: str) -> str:
    return line if len(line) <= MAX_QUOTED_LINE else line[:MAX_QUOTED_LINE] + "…"

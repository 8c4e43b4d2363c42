"""Reading: the cells of a file and how they were read, before columns get roles.

Roles, task and the rule for missing values do not change the cells, so one reading serves many imports.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from app.imports.decoding import decode
from app.imports.errors import Problem, Refused
from app.imports.formats.converted import DELIMITER, Converted
from app.imports.options import ImportOptions
from app.imports.reasons import Reason
from app.imports.sentences import FileWarning
from app.imports.tables.answer import header_question, preview
from app.imports.tables.decisions import reading_reasons
from app.imports.text.columns import Column
from app.imports.text.dialect import DELIMITERS
from app.imports.text.layout import Layout, find_layout
from app.imports.text.records import refuse_many_lines
from app.imports.text.table_cells import Cells, SplitTable, read_split_table

PREVIEW_ROWS = 12
# The options from which the texts of the cells follow.
TEXT_OPTIONS = ("delimiter", "header", "skip", "comment", "ragged", "sheet")
# Those from which their values follow. `text` and `number` change those of columns with dates only.
VALUE_OPTIONS = (*TEXT_OPTIONS, "decimal", "thousands", "missing_words", "date", "date_order")


@dataclass(frozen=True)
class Reading:
    """The columns of a file, and what its description says whatever the roles of the columns are."""

    options: ImportOptions  # with which it was read
    columns: list[Column]
    dated: frozenset[str]  # columns that are read otherwise if options name them as text or numbers
    answer: dict[str, Any]
    questions: list[dict[str, Any]]
    warnings: list[FileWarning]
    reasons: dict[str, Reason]
    format: Reason | None = None  # of a file that is no text
    words: tuple[str, ...] = ()  # columns that its format gives as words
    format_answer: dict[str, Any] = field(default_factory=dict)
    format_warnings: tuple[FileWarning, ...] = ()
    table: SplitTable | None = None  # the texts of the cells, unless they are many

    def serves(self, options: ImportOptions) -> bool:
        """Whether the cells have the same values with these options."""
        changed = {*options.text, *options.number} ^ {*self.options.text, *self.options.number}
        return self._has_equal(VALUE_OPTIONS, options) and changed.isdisjoint(self.dated)

    def again(self, options: ImportOptions) -> "Reading | None":
        """Returns what is read of the same texts of cells; None if options lead to others, or none are kept.

        Raises Refused.
        """
        if self.table is None or not self._has_equal(TEXT_OPTIONS, options):
            return None
        with_words = replace(options, text=(*options.text, *self.words))
        reading = _read_cells(self.table, self.answer["encoding"], with_words)
        return replace(
            reading, options=options, format=self.format, words=self.words,
            format_answer=self.format_answer, format_warnings=self.format_warnings,
        )  # fmt: skip

    def size(self) -> int:
        """About the bytes of what is kept."""
        kept = self.table.size() if self.table is not None else 0
        return kept + sum(column.size() for column in self.columns)

    def _has_equal(self, names: tuple[str, ...], options: ImportOptions) -> bool:
        return all(getattr(options, name) == getattr(self.options, name) for name in names)


def read_file(raw: bytes, converted: Converted | None, options: ImportOptions) -> Reading:
    """Returns the cells of a text, or of a file that was converted to one. Raises Refused."""
    if converted is None:
        text, encoding = decode(raw)
        return _read_text(text, encoding, options)
    with_words = replace(options, delimiter=DELIMITER, text=(*options.text, *converted.texts))
    reading = _read_text(converted.text, converted.title, with_words, converted.columns_before)
    return replace(
        reading, options=options, format=Reason("format", {"format": converted.title}),
        words=converted.texts, format_answer=converted.answer, format_warnings=converted.warnings,
    )  # fmt: skip


def _read_text(text: str, encoding: str, options: ImportOptions, columns_before: int = 0) -> Reading:
    """Returns the cells of comma-separated or similar text."""
    refuse_many_lines(text)
    layout = find_layout(text, options, columns_before)
    return _read_cells(SplitTable(layout, options.ragged), encoding, options)


def _read_cells(table: SplitTable, encoding: str, options: ImportOptions) -> Reading:
    """Returns the values of the cells of a text. Raises Refused."""
    _refuse_equal_signs(options)
    layout, cells = table.layout, read_split_table(table, options)
    _refuse_size(cells.columns, cells.rows, layout.dialect.delimiter)
    warnings = [*layout.warnings, *cells.warnings]
    questions = list(cells.questions)
    if encoding == "Latin-1":
        warnings.append(FileWarning("latin_1"))
    if layout.doubtful_header is not None:
        questions.append(header_question(layout.header, layout.doubtful_header))
        warnings.append(FileWarning("header_read" if layout.header else "no_header_read"))
    answer = {"encoding": encoding, **_describe(layout, cells)}
    reasons = layout.reasons | reading_reasons(cells)
    return Reading(
        options, cells.columns, cells.dated, answer, questions, warnings, reasons,
        table=table if table.is_kept else None,
    )  # fmt: skip


def _refuse_equal_signs(options: ImportOptions) -> None:
    """Raises Refused if a sign is to be both that of decimals and that between groups of digits."""
    if options.thousands and options.thousands == options.decimal:
        message = "the decimal sign cannot be the sign between groups of digits too"
        limit = ["decimal", "thousands"]
        raise Refused(
            Problem("conflicting_options", message, given=options.decimal, limit=limit, option="thousands")
        )


def _describe(layout: Layout, cells: Cells) -> dict[str, Any]:
    """Returns how the text was read, and its first rows."""
    notations = [column.notation for column in cells.columns if column.kind == "number"]
    return {
        "delimiter": layout.dialect.delimiter,
        "decimal": "," if any(notation.decimal == "," for notation in notations) else ".",
        "thousands": next((notation.thousands for notation in notations if notation.thousands), ""),
        "skip": layout.dialect.skipped,
        "comment": layout.dialect.comment,
        "header": layout.header,
        "rows": cells.rows,
        "preview": preview(layout.names, layout.rows[:PREVIEW_ROWS]),
    }


def _refuse_size(columns: list[Column], rows: int, delimiter: str) -> None:
    if rows == 0:
        raise Refused(Problem("no_rows", "the file has a header and no rows", 1))
    if len(columns) == 1:
        message = "there is only one column; a table needs an input and a target (is the delimiter correct?)"
        raise Refused(
            Problem("one_column", message, column=columns[0].name, given=delimiter, limit=list(DELIMITERS))
        )

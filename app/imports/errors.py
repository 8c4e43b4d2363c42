"""Problems of an imported file or of one of its cells."""

from dataclasses import dataclass
from typing import Any

from engine.datasets.tables.limits import MAX_ARRAYS

# The codes of all problems.
PROBLEMS = frozenset((
    "ambiguous_labels", "binary_values", "cell_too_long", "conflicting_options", "constant_target",
    "damaged_gzip", "damaged_npz", "empty_file", "idx_dimensions", "image_count", "image_shape",
    "image_size", "image_sizes_differ", "label_count", "label_shape", "label_type", "label_values",
    "malformed_csv",
    "no_image_arrays", "no_inputs", "no_labels", "no_lines", "no_rows", "no_target", "not_a_date",
    "not_a_number", "not_idx", "several_labels",
    "not_npz", "nul_byte", "number_too_large", "one_column", "pickled_array", "pixel_type", "pixel_value",
    "ragged_row", "several_targets", "target_is_date", "target_is_text", "too_few_labels", "too_few_rows",
    "too_large_unpacked", "too_many_arrays", "too_many_classes", "too_many_columns", "too_many_inputs",
    "too_many_rows", "too_slow", "trailing_bytes", "truncated_gzip", "truncated_idx", "unknown_column",
    "unknown_sheet", "unpaired_files", "unreadable_array", "unreadable_format", "wrong_encoding",
    "wrong_file_type", "wrong_task",
))  # fmt: skip
MAX_QUOTED = 60  # characters of a cell in a message
MAX_GIVEN, MAX_ITEMS = 200, 20  # characters and list items of `given` in an answer


@dataclass(frozen=True)
class Problem:
    """One problem of a file.

    `code` is stable, and its parameters are the other fields: `row` is the line in the file (from 1),
    `column` the column's name, `given` the invalid value, `limit` the allowed
    values, `option` the import option that is invalid.
    `message` is an English sentence without the location.
    """

    code: str
    message: str
    row: int | None = None
    column: str | None = None
    given: Any = None
    limit: Any = None
    option: str | None = None

    def __post_init__(self) -> None:
        assert self.code in PROBLEMS, self.code

    @property
    def text(self) -> str:
        """The message after its location: row, column, message."""
        location = [f"row {self.row:,}"] if self.row is not None else []
        location += [f"column “{self.column}”"] if self.column is not None else []
        prefix = ", ".join(location)
        return f"{prefix[:1].upper()}{prefix[1:]}: {self.message}" if prefix else self.message

    @property
    def field(self) -> str | None:
        """The location as a dotted path, or the invalid option."""
        path = [f"rows.{self.row}"] if self.row is not None else []
        path += [f"columns.{self.column}"] if self.column is not None else []
        return ".".join(path) or self.option

    def describe(self) -> dict[str, Any]:
        """The problem as an item of the list `problems` of an answer."""
        return {
            "code": self.code, "message": self.text, "row": self.row, "column": self.column,
            "given": _shorten(self.given), "limit": self.limit,
        }  # fmt: skip


def _shorten(given: Any) -> Any:
    """Returns a cell or a list of values, shortened for an answer."""
    if isinstance(given, str) and len(given) > MAX_GIVEN:
        return given[:MAX_GIVEN] + "…"
    return [_shorten(item) for item in given[:MAX_ITEMS]] if isinstance(given, list) else given


class Refused(ValueError):
    """The file cannot be imported."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def quoted(cell: str) -> str:
    """Returns a cell in quotation marks, shortened to MAX_QUOTED characters."""
    plain = "".join(character if character.isprintable() else "�" for character in cell[: MAX_QUOTED + 1])
    return f"“{plain[:MAX_QUOTED]}…”" if len(plain) > MAX_QUOTED else f"“{plain}”"


def too_many_arrays(count: int | None = None) -> Problem:
    """Returns the problem of a file with more arrays than images and labels need."""
    message = f"more than {MAX_ARRAYS} arrays; images and labels are two, or a few pairs"
    return Problem("too_many_arrays", message, given=count, limit=MAX_ARRAYS)

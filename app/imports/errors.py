"""Problems of an imported file, or of one cell of it."""

from dataclasses import dataclass
from typing import Any

MAX_QUOTED = 60  # characters of a cell in a message
MAX_GIVEN, MAX_ITEMS = 200, 20  # characters and list items of `given` in an answer


@dataclass(frozen=True)
class Problem:
    """One problem of a file.

    `code` is stable, and its parameters are the other fields: `row` is the line in the file (from 1),
    `column` the column's name, `given` what was found, `limit` what is allowed, `option` the import option
    at fault.
    `message` is an English sentence without the location.
    """

    code: str
    message: str
    row: int | None = None
    column: str | None = None
    given: Any = None
    limit: Any = None
    option: str | None = None

    @property
    def text(self) -> str:
        """The message behind the location: row, column, reason."""
        where = [f"row {self.row:,}"] if self.row is not None else []
        where += [f"column “{self.column}”"] if self.column is not None else []
        place = ", ".join(where)
        return f"{place[:1].upper()}{place[1:]}: {self.message}" if place else self.message

    @property
    def field(self) -> str | None:
        """The location as a dotted path, or the option at fault."""
        path = [f"rows.{self.row}"] if self.row is not None else []
        path += [f"columns.{self.column}"] if self.column is not None else []
        return ".".join(path) or self.option

    def describe(self) -> dict[str, Any]:
        """The problem as an item of the list `problems` of an answer."""
        return {
            "code": self.code, "message": self.text, "row": self.row, "column": self.column,
            "given": _shortened(self.given), "limit": self.limit,
        }  # fmt: skip


def _shortened(given: Any) -> Any:
    """A cell, or a list of values, short enough for an answer."""
    if isinstance(given, str) and len(given) > MAX_GIVEN:
        return given[:MAX_GIVEN] + "…"
    return [_shortened(item) for item in given[:MAX_ITEMS]] if isinstance(given, list) else given


class Refused(ValueError):
    """The file cannot be imported."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def quoted(cell: str) -> str:
    """Returns a cell in quotation marks, shortened to MAX_QUOTED characters."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in cell[: MAX_QUOTED + 1])
    return f"“{plain[:MAX_QUOTED]}…”" if len(plain) > MAX_QUOTED else f"“{plain}”"

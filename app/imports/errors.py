"""Refusal: why a file, or one cell of it, cannot be used."""

from dataclasses import dataclass
from typing import Any

LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `row` is the line in the file (from 1), `column` the column's name."""

    message: str
    row: int | None = None
    column: str | None = None
    given: Any = None
    limit: Any = None
    option: str | None = None  # where it is about what was asked for, and not about a place in the file

    @property
    def text(self) -> str:
        """The whole sentence: row, column, reason."""
        where = [f"row {self.row:,}"] if self.row is not None else []
        where += [f"column “{self.column}”"] if self.column is not None else []
        said = ", ".join(where)
        return f"{said[:1].upper()}{said[1:]}: {self.message}" if said else self.message

    @property
    def field(self) -> str | None:
        """The place as a dotted path."""
        path = [f"rows.{self.row}"] if self.row is not None else []
        path += [f"columns.{self.column}"] if self.column is not None else []
        return ".".join(path) or self.option

    def describe(self) -> dict[str, Any]:
        """The problem as an answer tells it."""
        return {"message": self.text, "row": self.row, "column": self.column}


class Refused(ValueError):
    """This file cannot be used at all."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def shown(cell: str) -> str:
    """A cell in quotation marks, as long as it is short."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in cell[: LONGEST_SHOWN + 1])
    return f"“{plain[:LONGEST_SHOWN]}…”" if len(plain) > LONGEST_SHOWN else f"“{plain}”"

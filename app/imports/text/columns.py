"""Columns: the cells of a table as numbers and as categories, and the type of each column."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from sys import getsizeof

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, quoted
from app.imports.progress import report
from app.imports.text.missing import ALWAYS, AMONG_NUMBERS
from app.imports.text.notation import PLAIN, Notation, differing_units
from engine.datasets.tables.dates import DateNotation

AnyNotation = Notation | DateNotation
CODE, EXPONENT = re.compile(r"\d+[A-Za-z]\d+"), re.compile(r"\d+[eE]\d+")
MAX_UNITS = 4  # of a column of texts that are named
MAX_LEVELS = 1000  # distinct texts of a column that are stored
MAX_INVALID = 0.2  # share of cells that are not numbers; a column with more of them is text


@dataclass
class Column:
    """One column: its cells as numbers (NaN if missing or invalid) and as codes of its distinct texts.

    Dates are seconds, as in `engine.datasets.tables.dates`.
    """

    name: str
    numbers: NDArray[np.float64]
    invalid: int = 0  # cells that are neither missing nor numbers
    examples: list[tuple[int, str]] = field(default_factory=list)  # line and text of the first invalid cells
    missing: int = 0
    infinite: tuple[int, str] | None = None  # line and text of the first number that is too large
    # Codes (-1: missing) and distinct texts; None if there are too many, or if all cells are numbers.
    texts: tuple[NDArray[np.int64], list[str]] | None = None
    notation: AnyNotation = PLAIN
    inexact: int = 0  # integers that are no exact number: identifiers
    words: set[str] = field(default_factory=set)  # that mark missing values, of a column of numbers
    # Currencies, percent signs and units; empty text: that of a number without one.
    units: set[str] = field(default_factory=set)
    sample: list[str] = field(default_factory=list)  # the first distinct cells that are not missing

    @property
    def filled(self) -> int:
        """Cells with a value."""
        return len(self.numbers) - self.missing

    @property
    def has_dates(self) -> bool:
        """Whether its cells were read as dates."""
        return isinstance(self.notation, DateNotation)

    @property
    def kind(self) -> str:
        """`empty`, `number`, `date` or `text`."""
        if self.filled == 0:
            return "empty"
        if self.inexact or self.invalid > MAX_INVALID * self.filled or self._has_codes:
            return "text"
        return "date" if self.has_dates else "number"

    @property
    def _has_codes(self) -> bool:
        """Whether it has codes such as 12A4, of which 12E3 is one too, and no number."""
        return any(CODE.fullmatch(cell) for _, cell in self.examples) and any(
            map(EXPONENT.fullmatch, self.sample)
        )

    @property
    def unit(self) -> str:
        """The currency, percent sign or unit of its numbers; empty if there is none, or more than one."""
        units = self.units - {""} if self.kind == "number" else set()
        return next(iter(units)) if len(units) == 1 else ""

    def mixed_units(self) -> list[str]:
        """The units of its cells if they differ; `none` is that of a number without one."""
        if self.kind == "text":
            units = differing_units(self.texts[1] if self.texts is not None else self.sample)
            return sorted(units) if 1 < len(units) <= MAX_UNITS else []
        units = self.units - {""}
        with_unit = isinstance(self.notation, Notation) and bool(self.notation.unit)
        if len(units) < 2 and not ((with_unit or "%" in units) and "" in self.units):
            return []
        return sorted(units | ({"none"} if "" in self.units else set()))

    def two_spellings(self) -> tuple[str, str] | None:
        """The first two texts of a column that differ only in small and capital letters."""
        seen: dict[str, str] = {}
        for text in self.texts[1] if self.texts is not None else ():
            first = seen.setdefault(text.casefold(), text)
            if first != text:
                return first, text
        return None

    @cached_property
    def levels(self) -> tuple[NDArray[np.int64], list[str]] | None:
        """Codes and distinct texts, sorted by value, then by alphabet; None if there are too many."""
        report()
        if self.texts is None:
            unsuitable = self.invalid or self.inexact or self.has_dates
            return None if unsuitable else _levels_of_numbers(self.numbers)
        codes, texts = self.texts
        order = sorted(range(len(texts)), key=lambda index: self._sort_key(texts[index]))
        rank = np.empty(len(texts) + 1, np.int64)
        rank[order], rank[-1] = np.arange(len(texts)), -1
        return rank[codes], [texts[index] for index in order]

    def _sort_key(self, text: str) -> tuple[bool, float, str]:
        value = self.notation.number(text)
        return (True, 0.0, text) if value is None else (False, value, text)

    def size(self) -> int:
        """Its bytes, with those of the codes that are computed for a column of classes."""
        codes, levels = self.texts or ((), ())
        texts = (*self.sample, *self.words, *levels, *(cell for _, cell in self.examples))
        return 2 * max(self.numbers.nbytes, 8 * len(codes)) + 8 * len(codes) + sum(map(getsizeof, texts))

    def doubtful_words(self) -> list[str]:
        """The texts of the column that mark a missing value in a column of numbers."""
        texts = self.texts[1] if self.texts is not None else []
        return [text for text in texts if text.lower() in AMONG_NUMBERS or text.lower() in ALWAYS]

    def take_as_missing(self, words: set[str]) -> None:
        """Makes all cells with these texts missing; all other texts of the column are values."""
        numbers = self.filled - self.invalid
        self.drop_texts(words)
        assert self.texts is not None
        self.missing = int((self.texts[0] < 0).sum())
        self.invalid = self.filled - numbers

    def drop_texts(self, words: set[str]) -> None:
        """Removes these texts from the distinct ones: their cells have the code of missing ones."""
        assert self.texts is not None
        codes, texts = self.texts
        kept = [text for text in texts if text not in words]
        position = {text: code for code, text in enumerate(kept)}
        new = np.array([position.get(text, -1) for text in texts] + [-1], np.int64)
        self.texts = new[codes], kept


def _levels_of_numbers(numbers: NDArray) -> tuple[NDArray[np.int64], list[str]] | None:
    present = ~np.isnan(numbers)
    if len(np.unique(numbers[present][: 4 * MAX_LEVELS])) > MAX_LEVELS:
        return None
    values, codes = np.unique(numbers[present], return_inverse=True)
    if len(values) > MAX_LEVELS:
        return None
    result = np.full(len(numbers), -1, np.int64)
    result[present] = codes
    return result, [f"{value:.15g}" for value in values]


def invalid_cell(column: Column) -> Problem | None:
    """Returns the problem of the first cell that is not a number, if there is one."""
    if column.infinite is not None:
        line, cell = column.infinite
        message = f"{quoted(cell)} is not a number between −1e100 and 1e100"
        return Problem("number_too_large", message, line, column.name, given=cell)
    if column.examples:
        line, cell = column.examples[0]
        numeric = column.filled - column.invalid
        others = f"though {numeric:,} other cells are" if numeric else "and no other cell is"
        kind = "date" if column.has_dates else "number"
        message = f"{quoted(cell)} is not a {kind}, {others} (is this column text?)"
        return Problem(f"not_a_{kind}", message, line, column.name, given=cell)
    return None

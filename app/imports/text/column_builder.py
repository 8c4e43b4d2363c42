"""Column builder: reads the cells of columns, each in a notation."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.imports.progress import reported
from app.imports.text.columns import MAX_LEVELS, AnyNotation, Column
from app.imports.text.missing import is_missing, occurring
from app.imports.text.notation import PLAIN, Notation, unit
from app.imports.text.plain_numbers import EXACT
from app.imports.text.records import BLOCK, SplitText
from engine.datasets.tables.limits import MAX_NUMBER

MAX_EXAMPLES = 5
MAX_SAMPLE, MAX_STRANGE = 200, 500  # distinct cells of a column from which its notation follows
SOME, MANY_DISTINCT = 1000, 0.9  # cells that show whether most are distinct, and then at least this share
INVALID, TOO_LARGE = -np.inf, np.inf  # in place of the number of such a cell


class Wanted(NamedTuple):
    """A column that is read: its name, its notation, and its own words for missing values, in lower case."""

    name: str
    notation: AnyNotation
    missing: frozenset[str] = frozenset()


def read_cells(split: SplitText, columns: dict[int, Wanted]) -> list[Column]:
    """Returns the columns of these positions. Raises Refused."""
    # float() would accept 1_000.
    plain = "_" not in split.text
    builders = [(position, ColumnBuilder(wanted, plain)) for position, wanted in columns.items()]
    for lines, cells in split.blocks():
        for position, builder in reported(builders):
            builder.add(lines, cells[position])
    return [builder.finish() for _, builder in reported(builders)]


class ColumnBuilder:
    """Builds a column block by block."""

    def __init__(self, wanted: Wanted, plain: bool) -> None:
        notation = wanted.notation
        self._column = Column(wanted.name, np.empty(0), notation=notation)
        self._notation = notation
        # Of own words for missing values, numbers also mark cells with the same number.
        self._own = wanted.missing
        self._own_numbers = {number: word for word in self._own if (number := self._number(word)) is not None}
        # These read a cell like the notation, but for groups, units, infinite and missing ones.
        self._float: Callable[[str], float] = float if notation.decimal == "." else _float_with_comma
        self._plain = plain and isinstance(notation, Notation) and not notation.unit
        self._numbers: list[NDArray] = []
        self._codes: list[NDArray] = []
        self._codes_by_text: dict[str, int] | None = {}
        self._sample: dict[str, None] = {}
        self._has_fractions = False

    def add(self, lines: list[int], cells: tuple[str, ...]) -> None:
        """Adds the cells of the next rows."""
        if self._own:
            cells = self._without_own_words(cells)
        values = self._as_numbers(lines, cells)
        self._sample_fractions(cells, values)
        self._numbers.append(self._without_own_numbers(values))
        if self._codes_by_text is not None and len(set(cells[: 2 * MAX_LEVELS])) <= MAX_LEVELS:
            self._add_codes(cells)
        else:
            self._codes_by_text = None

    def finish(self) -> Column:
        """Returns the column."""
        column = self._column
        column.numbers = np.concatenate(self._numbers) if self._numbers else np.empty(0)
        column.sample = list(self._sample)
        if self._codes_by_text is not None and self._codes:
            column.texts = np.concatenate(self._codes), list(self._codes_by_text)
            if self._own_numbers:
                texts = [text for text in self._codes_by_text if self._number(text) in self._own_numbers]
                column.drop_texts(set(texts))
        return column

    def _number(self, cell: str) -> float | None:
        return number_of(cell, self._notation)

    def _without_own_words(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Empties the cells with own words for missing values; of numbers only those in columns of words."""
        is_text = self._column.invalid > BLOCK // 2
        own = occurring(self._own if is_text else self._own - set(self._own_numbers.values()), cells)
        if not own:
            return cells
        texts = {cell: cell.strip() for cell in set(cells)}
        found = {cell: text for cell, text in texts.items() if text.lower() in own}
        self._column.words.update(found.values())
        return tuple("" if cell in found else cell for cell in cells) if found else cells

    def _without_own_numbers(self, values: NDArray) -> NDArray:
        for number, word in self._own_numbers.items():
            equal = values == number
            if equal.any():
                self._column.words.add(word)
                self._column.missing += int(equal.sum())
                values = np.where(equal, np.nan, values)
        return values

    def _sample_fractions(self, cells: tuple[str, ...], values: NDArray) -> None:
        """Adds the first numbers with a fraction to the sample: others do not show what a point means."""
        if not self._has_fractions:
            found = np.flatnonzero(values % 1 > 0)[:MAX_EXAMPLES]
            self._sample |= dict.fromkeys(cells[index].strip() for index in found)
            self._has_fractions = len(found) > 0

    def _as_numbers(self, lines: list[int], cells: tuple[str, ...]) -> NDArray:
        column = self._column
        if len(self._sample) < MAX_SAMPLE:
            new = dict.fromkeys(
                cell.strip() for cell in dict.fromkeys(cells[:MAX_SAMPLE]) if not is_missing(cell)
            )
            self._sample |= new
        if self._plain and not column.invalid:
            try:
                values = np.fromiter(map(self._float, cells), float, len(cells))
                if (np.abs(values) < EXACT).all():
                    column.units.add("")
                    return values
            except ValueError:
                pass
        if column.invalid > BLOCK // 2:  # the column is text
            missing = int(_of_each(cells, partial(map, is_missing), bool).sum())
            column.missing += missing
            column.invalid += len(cells) - missing
            return np.full(len(cells), np.nan)
        values = _of_each(cells, self._read_cells, float)
        self._count(lines, cells, values)
        return np.where(np.isfinite(values), values, np.nan)

    def _read_cells(self, cells: Sequence[str]) -> NDArray:
        """Returns the numbers of cells; NaN if one is missing, INVALID or TOO_LARGE."""
        if not self._plain:
            return np.fromiter(map(self._read, cells), float, len(cells))
        numbers = np.array(_floats(self._float, cells))
        is_plain = np.abs(numbers) < EXACT
        if (is_plain & (numbers != 0)).any():
            self._column.units.add("")
        for index in map(int, np.flatnonzero(~is_plain)):
            numbers[index] = self._read(cells[index])
        return numbers

    def _read(self, cell: str) -> float:
        if is_missing(cell):
            self._column.words.add(cell.strip())
            return np.nan
        value = self._notation.number(cell)
        if len(self._sample) < MAX_STRANGE:
            self._sample[cell.strip()] = None
        if value is None:
            return INVALID
        self._column.units.add(unit(cell))
        if abs(value) >= EXACT and _is_inexact(cell):
            self._column.inexact += 1
        return value if abs(value) <= MAX_NUMBER else TOO_LARGE

    def _count(self, lines: list[int], cells: tuple[str, ...], values: NDArray) -> None:
        column = self._column
        invalid, too_large = np.flatnonzero(values == INVALID), np.flatnonzero(values == TOO_LARGE)
        column.missing += int(np.isnan(values).sum())
        column.invalid += len(invalid)
        examples = invalid[: MAX_EXAMPLES - len(column.examples)]
        column.examples += [(lines[index], cells[index].strip()) for index in examples]
        if column.infinite is None and len(too_large):
            column.infinite = lines[too_large[0]], cells[too_large[0]].strip()

    def _add_codes(self, cells: tuple[str, ...]) -> None:
        codes_by_text = self._codes_by_text
        assert codes_by_text is not None
        codes: dict[str, int] = {}
        for cell in dict.fromkeys(cells):
            text = cell.strip()
            codes[cell] = codes_by_text.setdefault(text, len(codes_by_text)) if text else -1
            if len(codes_by_text) > MAX_LEVELS:
                self._codes_by_text = None
                return
        self._codes.append(np.fromiter(map(codes.__getitem__, cells), np.int64, len(cells)))


def _floats(read: Callable[[str], float], cells: Sequence[str]) -> list[float]:
    """Returns what `read` gives for all cells, NaN for a ValueError; faster than a regular expression."""
    values: list[float] = []
    rest = iter(cells)
    while len(values) < len(cells):
        try:
            values.extend(map(read, rest))  # those before an error stay
        except ValueError:
            values.append(np.nan)
    return values


def number_of(word: str, notation: AnyNotation) -> float | None:
    """The number of a word for missing values, which a cell of a column in this notation may equal."""
    value = notation.number(word)
    return PLAIN.number(word) if value is None and isinstance(notation, Notation) else value


def _float_with_comma(cell: str) -> float:
    if "." in cell:
        raise ValueError(cell)
    return float(cell.replace(",", "."))


def _is_inexact(cell: str) -> bool:
    """Whether a cell is an integer that no float equals: it names something, and is not measured."""
    digits = cell.strip().lstrip("+-")
    return digits.isdecimal() and len(digits) < 400 and int(float(digits)) != int(digits)


def _of_each(cells: tuple[str, ...], function: Callable[[Sequence[str]], Iterable], kind: type) -> NDArray:
    """Returns the results for all cells; if many are equal, the function gets each text once."""
    some = cells[:: len(cells) // SOME + 1]
    if len(set(some)) > MANY_DISTINCT * len(some):
        return np.fromiter(function(cells), kind, len(cells))
    distinct = tuple(dict.fromkeys(cells))
    results = dict(zip(distinct, function(distinct), strict=True))
    return np.fromiter(map(results.__getitem__, cells), kind, len(cells))

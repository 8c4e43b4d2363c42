"""Notation: how the numbers of a column are written, and which of several readings is meant.

A cell is a number with a sign or accounting parentheses, a currency before or behind or a percent sign, and
digits with a decimal sign and signs between groups. Percentages and amounts are read in their own unit. Those
that all have the same unit behind them, as in 0.5 cm, are a notation of their own.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from engine.datasets.tables.named_rows import PLAIN_SIGNS

MAX_LENGTH = 60  # of a cell that is compared with the patterns below, some of which take quadratic time
MAX_PARTS = 10_000  # cells whose parts are kept, because several notations read them
# Symbols, and codes of ISO 4217.
CURRENCY = r"(?:US\$|R\$|[$€£¥₹₽₩₺]|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN)"
CELL = re.compile(
    rf"(?P<open>\()?(?P<sign>[+-])? ?(?P<before>{CURRENCY})? ?(?P<inner>[+-])?(?P<digits>[.,]?\d[\d.,' ]*?)"
    rf"(?P<exponent>[eEdD][+-]?\d+)? ?(?P<after>%|{CURRENCY})?(?P<close>\))?"
)
# Without two repetitions in a row that match the same digits: those take a time that grows with their square.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
# A number and its unit: letters, ², ³, °, %, ‰, · and /.
MEASURE = re.compile(r"(?P<number>.*\d[.,]?) ?(?P<unit>(?:[^\W\d_²³]|[°%‰])(?:[^\W\d_]|[°%‰·/]){0,7})")
MIN_UNITS = 0.8  # share of the cells with the unit of a column
ORDINALS = frozenset(("st", "nd", "rd", "th"))
CODE_UNIT = re.compile(r"\d[A-Z]")  # of a cell such as 12A
INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)


@dataclass(frozen=True)
class Notation:
    """Decimal sign, the sign between groups of digits, and the unit behind each number (empty: none)."""

    decimal: str = "."
    thousands: str = ""
    unit: str = ""

    @cached_property
    def _digits(self) -> re.Pattern[str]:
        decimal, sign = re.escape(self.decimal), re.escape(self.thousands)
        # The last group has three digits; those before may have two, as in 1,00,000.
        grouped = rf"[1-9]\d{{0,2}}(?:{sign}\d{{2,3}})*{sign}\d{{3}}" if sign else r"(?!)"
        return re.compile(rf"(?:(?:{grouped}|\d+)(?:{decimal}\d*)?|{decimal}\d+)")

    def number(self, cell: str) -> float | None:
        """The number in a cell, infinite if it is too large; None if it is not a number in this notation."""
        if self.unit:
            number, found = measure(cell)
            return replace(self, unit="").number(number) if found in (self.unit, "") else None
        parts = _parts(cell)
        if parts is None:
            cell = cell.strip()
            plain = self.decimal == "." and NUMBER.fullmatch(cell)
            return float(cell) if plain else float("inf") if INFINITE.fullmatch(cell) else None
        digits = parts["digits"]
        if self._digits.fullmatch(digits) is None:
            return None
        if self.thousands:
            digits = digits.replace(self.thousands, "")
        exponent = (parts["exponent"] or "").lower().replace("d", "e")
        value = float(digits.replace(self.decimal, ".") + exponent)
        negative = "-" in (parts["sign"], parts["inner"]) or parts["open"] is not None
        return -value if negative else value


PLAIN = Notation()
NOTATIONS = tuple(Notation(decimal, thousands) for decimal, thousands in (
    (".", ""), (".", ","), (".", " "), (".", "'"), (",", ""), (",", "."), (",", " "), (",", "'"),
))  # fmt: skip


@lru_cache(MAX_PARTS)
def _parts(cell: str) -> re.Match[str] | None:
    if len(cell) > MAX_LENGTH:
        return None
    parts = CELL.fullmatch(cell.strip().translate(PLAIN_SIGNS))
    if parts is None or (parts["open"] is None) != (parts["close"] is None) or _is_code(parts):
        return None
    signs = sum(parts[name] is not None for name in ("open", "sign", "inner"))
    currencies = parts["before"] is not None and parts["after"] is not None
    return None if signs > 1 or currencies else parts


def _is_code(parts: re.Match[str]) -> bool:
    """Whether it is like 1D2, as flats and parts are called: Fortran writes 1.0D2 or 1D+02."""
    exponent = parts["exponent"] or ""
    return exponent[:1] in ("d", "D") and exponent[1:].isdigit() and parts["digits"].isdigit()


@lru_cache(MAX_PARTS)
def measure(cell: str) -> tuple[str, str]:
    """The number of a cell such as 0.5 cm, as text, and its unit; the cell and no unit for any other one."""
    found = None if len(cell) > MAX_LENGTH else MEASURE.fullmatch(cell.strip().translate(PLAIN_SIGNS))
    if found is None or found["unit"] in ORDINALS or _parts(cell) is not None:
        return cell, ""
    parts = _parts(found["number"])
    is_plain = parts is not None and parts["before"] is None and parts["after"] is None
    return (found["number"], found["unit"]) if is_plain else (cell, "")


def common_unit(cells: Iterable[str]) -> str:
    """The unit of these cells if most of them are numbers with this one; else nothing."""
    units = Counter(measure(cell)[1] for cell in cells)
    unit, count = max(units.items(), key=lambda item: item[1], default=("", 0))
    return unit if count >= MIN_UNITS * units.total() else ""


def differing_units(cells: Collection[str]) -> set[str]:
    """The units of these cells, if most of them have one and the others are numbers, whose unit is `none`.

    An empty set if a cell is another text, or a code like 12A.
    """
    units = Counter(measure(cell)[1] or ("none" if is_number(cell) else "") for cell in cells)
    codes = any(CODE_UNIT.fullmatch(cell.strip()[-2:]) for cell in cells)
    return set() if codes or "" in units or 2 * units["none"] > units.total() else set(+units)


def unit(cell: str) -> str:
    """The currency, percent sign or unit of a number, or nothing."""
    parts = _parts(cell)
    return measure(cell)[1] if parts is None else parts["before"] or parts["after"] or ""


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any notation."""
    if _parts(cell) is None:  # every notation reads it alike
        return PLAIN.number(cell) is not None
    return any(notation.number(cell) is not None for notation in NOTATIONS)


@dataclass(frozen=True)
class Evidence:
    """What is known of a file beside the cells of one column: its delimiter, and what other columns show."""

    delimiter: str
    decimals: frozenset[str] = frozenset()  # decimal signs that other columns use without doubt


def possible(decimal: str | None, thousands: str | None) -> tuple[Notation, ...]:
    """The notations that options allow."""
    return tuple(
        notation
        for notation in NOTATIONS
        if decimal in (None, notation.decimal) and thousands in (None, notation.thousands)
    ) or (Notation(decimal or ".", thousands or ""),)


def readings(cells: Iterable[str], allowed: tuple[Notation, ...]) -> list[Notation]:
    """The notations that read most of the cells, without those that read the same as an earlier one."""
    cells = list(cells)
    signs = "\n".join(cells).translate(PLAIN_SIGNS)
    # Without a sign between groups in any cell, a notation reads the same as that of no groups.
    allowed = tuple(
        notation
        for notation in allowed
        if notation.thousands in signs or Notation(notation.decimal) not in allowed
    )
    best: list[list[float | None]] = []  # what the best notations read
    different: list[Notation] = []
    most = -1
    for notation in allowed:
        values = _read_at_least(most, notation, cells)
        if values is None or values in best:
            continue
        count = len(values) - values.count(None)
        if count > most:
            best, different, most = [], [], count
        best.append(values)
        different.append(notation)
    return different


def _read_at_least(count: int, notation: Notation, cells: list[str]) -> list[float | None] | None:
    """What a notation reads; None as soon as it is certain that it reads fewer cells."""
    values: list[float | None] = []
    lacking = len(cells) - count
    for cell in cells:
        values.append(notation.number(cell))
        lacking -= values[-1] is None
        if lacking < 0:
            return None
    return values


def sure_decimal(found: list[Notation], cells: Iterable[str]) -> str | None:
    """The decimal sign that the only reading of these cells uses, or None."""
    if len(found) != 1 or not any(found[0].decimal in cell for cell in cells):
        return None
    return found[0].decimal


def likelier(found: list[Notation], cells: list[str], evidence: Evidence) -> Notation:
    """The likelier of several readings, which differ in what one sign between three digits means."""
    known = [notation for notation in found if notation.decimal in evidence.decimals]
    if len(evidence.decimals) == 1 and known:
        return known[0]
    grouped = next((notation for notation in found if notation.thousands == ","), None)
    if grouped is None:
        return found[0]
    # Decimals have a comma in every cell; groups have none in the numbers below 1,000.
    every = all("," in cell for cell in cells)
    decimal = next((notation for notation in found if notation.decimal == ","), grouped)
    return decimal if every and evidence.delimiter == ";" else grouped

"""Dates: what a text means as a date, and the numbers that a network gets of it.

A date is a number of seconds since 1970-01-01T00:00 in the proleptic Gregorian calendar, without leap
seconds; one with an offset is converted to UTC. The numbers of a date (ISO 8601 for the weekday):

    year         the year
    day_of_year  1 for the first of January
    weekday      1 for Monday to 7 for Sunday
    hour         hours since midnight, with a fraction
    elapsed      days since the first date of the column, with a fraction
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAY = 86_400.0  # seconds
ORDERS = ("ymd", "dmy", "mdy")  # of day, month and year
TIME = (
    r"(?:(?:T|[, ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<offset>Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)
YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})(?P<sign>[-/.]?)(?P<a>\d{{1,2}})(?P=sign)(?P<b>\d{{1,2}}){TIME}")
YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?P<sign>[-/.])(?P<b>\d{1,2})(?P=sign)"
    rf"(?P<year>\d{{4}}|(?:(?<=\d\d.\d\d.)|(?<=/))\d{{2}}){TIME}"
)
MAX_LENGTH = 40  # characters of a date
CENTURY = 30  # two digits from here on are years from 1930, as spreadsheets read them


@dataclass(frozen=True)
class DateNotation:
    """How dates are written: the order of day, month and year. A date with the year first is read in any."""

    order: str = "ymd"
    decimal: str = "."
    thousands: str = ""

    def number(self, text: str) -> float | None:
        """The seconds of the date in a text; None if it is no date in this order."""
        text = text.strip()
        if len(text) > MAX_LENGTH or not text[:1].isdigit():
            return None
        match = YEAR_FIRST.fullmatch(text)
        if match is None:
            match = YEAR_LAST.fullmatch(text) if self.order != "ymd" else None
            if match is None or (self.order == "mdy" and match["sign"] == "."):
                return None
            day, month = (match["a"], match["b"]) if self.order == "dmy" else (match["b"], match["a"])
        else:
            if not match["sign"] and len(match["a"] + match["b"]) != 4:
                return None
            month, day = match["a"], match["b"]
        return _seconds(match, int(month), int(day))


def _seconds(match: re.Match[str], month: int, day: int) -> float | None:
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 1900 if year >= CENTURY else 2000
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    time = f"{hour:02}:{int(match['minute'] or 0):02}:{int(match['second'] or 0):02}"
    try:
        date = np.datetime64(f"{year:04}-{month:02}-{day:02}T{time}", "s") if year > 0 else None
    except ValueError:
        date = None
    if date is None:
        return None
    return float(date.astype(np.int64)) + float(match["fraction"] or 0) - _offset(match["offset"])


def _offset(text: str | None) -> float:
    """Returns the seconds of an offset from UTC such as +02:00."""
    if text in (None, "Z", "UTC"):
        return 0.0
    digits = text[1:].replace(":", "")
    offset = int(digits[:2]) * 3600.0 + int(digits[2:]) * 60.0
    return -offset if text[0] == "-" else offset


def iso(seconds: float) -> str:
    """Returns a date as text in the order of ISO 8601, with its time if it has one."""
    date = str(np.datetime64(int(np.floor(seconds)), "s"))
    return date.partition("T")[0] if seconds % DAY == 0 else date.replace("T", " ")


def is_date(text: str) -> bool:
    """Whether a text is a date with signs between its parts, in any order."""
    return not text.strip().isdigit() and any(
        DateNotation(order).number(text) is not None for order in ORDERS[1:]
    )


def _days(seconds: NDArray[np.float64]) -> NDArray[np.datetime64]:
    return np.floor(seconds / DAY).astype("datetime64[D]")


def _year(seconds: NDArray[np.float64], first: float) -> NDArray[np.float64]:
    return _days(seconds).astype("datetime64[Y]").astype(float) + 1970


def _day_of_year(seconds: NDArray[np.float64], first: float) -> NDArray[np.float64]:
    days = _days(seconds)
    return (days - days.astype("datetime64[Y]")).astype(float) + 1


def _weekday(seconds: NDArray[np.float64], first: float) -> NDArray[np.float64]:
    return (np.floor(seconds / DAY) + 3) % 7 + 1  # 1970-01-01 was a Thursday


def _hour(seconds: NDArray[np.float64], first: float) -> NDArray[np.float64]:
    return seconds % DAY / 3600


def _elapsed(seconds: NDArray[np.float64], first: float) -> NDArray[np.float64]:
    return (seconds - first) / DAY


NUMBERS: Mapping[str, Callable[[NDArray[np.float64], float], NDArray[np.float64]]] = {
    "year": _year,
    "day_of_year": _day_of_year,
    "weekday": _weekday,
    "hour": _hour,
    "elapsed": _elapsed,
}


@dataclass(frozen=True)
class DateInputs:
    """The inputs of a column of dates: its order, its first date in seconds, and names of NUMBERS."""

    order: str
    first: float
    numbers: tuple[str, ...]

    def values(self, seconds: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Returns the numbers (n,) of each kind for dates (n,) in seconds, none of them NaN."""
        return [NUMBERS[name](seconds, self.first) for name in self.numbers]

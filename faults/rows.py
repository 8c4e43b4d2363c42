"""Rows: the figures of a drill, each with its bound."""

from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.summary import short


@dataclass(frozen=True)
class Row:
    """What was measured, the figure in `unit`, its bound as text (`≤ 45`), and whether it holds."""

    what: str
    figure: float
    unit: str
    bound: str
    holds: bool

    def as_dict(self) -> dict[str, Any]:
        """Returns the row as in the results file."""
        return asdict(self) | {"figure": short(self.figure)}

    def __str__(self) -> str:
        sign = "ok  " if self.holds else "FAIL"
        return f"{sign} {self.what}: {short(self.figure):g} {self.unit} ({self.bound})"


def at_most(what: str, figure: float, bound: float, unit: str) -> Row:
    """Returns a row with an upper bound."""
    return Row(what, float(figure), unit, f"≤ {bound:g}", bool(figure <= bound))


def at_least(what: str, figure: float, bound: float, unit: str) -> Row:
    """Returns a row with a lower bound."""
    return Row(what, float(figure), unit, f"≥ {bound:g}", bool(figure >= bound))


def exactly(what: str, figure: float, expected: float, unit: str) -> Row:
    """Returns a row with an expected value."""
    return Row(what, float(figure), unit, f"= {expected:g}", bool(figure == expected))

"""Claim: a measured value and its limit."""

from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.summary import short


@dataclass
class Claim:
    """`limit` is an upper bound if `most` is true, else a lower bound."""

    what: str
    measured: float
    limit: float
    most: bool
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the measured value is within the limit."""
        return bool(self.measured <= self.limit if self.most else self.measured >= self.limit)

    def as_dict(self) -> dict[str, Any]:
        """Returns the claim as in the results file."""
        return asdict(self) | {"measured": short(self.measured), "met": self.met}


def at_most(what: str, measured: float, limit: float, unit: str = "") -> Claim:
    """Returns a claim with an upper bound."""
    return Claim(what, measured, limit, True, unit)


def at_least(what: str, measured: float, limit: float, unit: str = "") -> Claim:
    """Returns a claim with a lower bound."""
    return Claim(what, measured, limit, False, unit)

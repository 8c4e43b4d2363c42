"""What was measured of the claims of lessons, and the sentences that quote it.

`measured.json`, written by `make lessons` beside the files of the lessons, has for every lesson and claim the
value for each seed. A sentence quotes them: `{claim.held}` of `{claim.seeds}` seeds; of the values for which
the claim holds, `{claim.least}`, `{claim.median}` and `{claim.most}`; and its bounds, `{claim.low}` and
`{claim.high}`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from statistics import median
from typing import Self

from app import encoding
from app.lessons.lesson import Claim

FILE = "measured.json"
QUOTE = re.compile(r"\{([a-z0-9-]+)\.([a-z]+)\}")
FIELDS = ("held", "seeds", "least", "most", "median", "low", "high")
NOT_MEASURED = "?"
COMMA_AND_POINT = str.maketrans(",.", ".,")
DECIMAL_COMMA = ("es",)  # languages


@dataclass(frozen=True)
class Measured:
    """The values of a claim for its seeds, in order, and for how many of them it holds."""

    values: tuple[float, ...]
    held: int

    @classmethod
    def of(cls, claim: Claim, values: Sequence[float]) -> Self:
        """What was measured of `claim`."""
        return cls(tuple(values), sum(claim.low <= value <= claim.high for value in values))


def read(folder: Path) -> dict[str, dict[str, Measured]]:
    """What was measured of the lessons in `folder`, by lesson and claim; nothing if it was not measured."""
    path = folder / FILE
    if not path.is_file():
        return {}
    return {
        lesson: {
            name: Measured(tuple(inf if value is None else value for value in entry["values"]), entry["held"])
            for name, entry in claims.items()
        }
        for lesson, claims in encoding.decode(path.read_bytes()).items()
    }


def write(folder: Path, measured: Mapping[str, Mapping[str, Measured]]) -> None:
    """Write what was measured; infinite values are null."""
    body = {
        lesson: {
            name: {
                "values": [float(f"{value:.6g}") if isfinite(value) else None for value in entry.values],
                "held": entry.held,
            }
            for name, entry in claims.items()
        }
        for lesson, claims in measured.items()
    }
    lines = [
        f"{encoding.encode(lesson).decode()}: {{\n"
        + ",\n".join(
            f"  {encoding.encode(name).decode()}: {encoding.encode(entry).decode()}"
            for name, entry in claims.items()
        )
        + "\n}"
        for lesson, claims in sorted(body.items())
    ]
    (folder / FILE).write_text("{" + ",\n".join(lines) + "}\n", "utf-8")


def quoted(
    sentence: str, claims: Sequence[Claim], measured: Mapping[str, Measured], language: str = "en"
) -> str:
    """A sentence of a language with the measured numbers in the places of its quotes."""
    named = {claim.name: claim for claim in claims}

    def number(quote: re.Match[str]) -> str:
        claim, entry = named[quote[1]], measured.get(quote[1])
        return in_language(quoted_number(claim, entry, quote[2]), language)

    return QUOTE.sub(number, sentence)


def wrong_quotes(sentence: str, claims: Sequence[Claim]) -> list[str]:
    """The quotes in a sentence that name no claim, or nothing that can be quoted."""
    names = {claim.name for claim in claims}
    return [quote[0] for quote in QUOTE.finditer(sentence) if quote[1] not in names or quote[2] not in FIELDS]


def quoted_number(claim: Claim, measured: Measured | None, field: str) -> str:
    """One of FIELDS as text; a question mark if the claim was not measured."""
    if field in ("low", "high"):
        return shown(getattr(claim, field))
    if field == "seeds":
        return str(claim.seeds)
    if measured is None:
        return NOT_MEASURED
    if field == "held":
        return str(measured.held)
    holding = [value for value in measured.values if claim.low <= value <= claim.high]
    if not holding:
        return NOT_MEASURED
    return shown({"least": min, "most": max, "median": median}[field](holding))  # type: ignore[operator]


def in_language(number: str, language: str) -> str:
    """A number of `shown` with the decimal sign of a language, and its sign between groups of digits."""
    return number.translate(COMMA_AND_POINT) if language in DECIMAL_COMMA else number


def shown(value: float) -> str:
    """A number with three significant digits; whole numbers with all of them."""
    if value == int(value) if isfinite(value) else False:
        return f"{int(value):,}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")

"""Missing values: which words mark one is decided by column; numbers that may mark one are suspected."""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

ALWAYS = frozenset(
    ("", "?", "n/a", "n.a.", "<na>", "#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!")
)
# Missing among numbers; among words they may be a value: Namibia's code, the sign of a strand, a name.
AMONG_NUMBERS = frozenset(("na", "nan", "-nan", "null", "none", ".", "-", "--", "–", "—"))
WORDS = ALWAYS | AMONG_NUMBERS
SENTINELS = (
    -200.0, -99.0, -99.9, -999.0, -999.9, -9999.0, -9999.9, -99999.0, 999.0, 9999.0, 99999.0, 1e20, -1e20,
)  # fmt: skip
MIN_SENTINELS = 2  # cells with such a number


def is_missing(cell: str) -> bool:
    """Whether a cell is empty or, in a column of numbers, marks a missing value."""
    return cell.strip().lower() in WORDS


def own_words(given: Iterable[str], names: Collection[str]) -> dict[str, frozenset[str]]:
    """Returns the words for a missing value by column: those of all, and those given as COLUMN=WORD."""
    everywhere: set[str] = set()
    by_name: dict[str, set[str]] = {name: set() for name in names}
    for text in given:
        name, sign, word = text.partition("=")
        words = by_name[name] if sign and name in by_name else everywhere
        words.add((word if words is not everywhere else text).strip().lower())
    return {name: frozenset(everywhere | words) for name, words in by_name.items()}


def occurring(words: Collection[str], cells: Iterable[str]) -> frozenset[str]:
    """Those of these words, which are in lower case, that may be among the cells: that are in their text."""
    text = "\n".join(cells).lower() if words else ""
    return frozenset(word for word in words if word in text)


def words_as_missing(words: list[str], among_numbers: set[str], texts: list[str], text: str) -> set[str]:
    """Which of these words of a text column mark missing values.

    Those that do in a column of numbers of the same file (`among_numbers`), unless a single value would be
    left, and those without quotation marks where other values (`texts`) have them.
    """
    missing = {word for word in words if word.lower() in ALWAYS or word in among_numbers}
    if len(texts) - len(missing) < 2:
        missing = {word for word in missing if word.lower() in ALWAYS}
    others = [value for value in texts if value not in words][:10]
    if others and all(f'"{value}"' in text for value in others):
        missing |= {word for word in words if f'"{word}"' not in text}
    return missing


def suspected_sentinel(numbers: NDArray[np.float64]) -> tuple[float, int] | None:
    """The number that may mark missing values, and how often: usual ones far outside of all other numbers."""
    lowest, highest = np.fmin.reduce(numbers), np.fmax.reduce(numbers)
    for sentinel in SENTINELS:
        if not lowest <= sentinel <= highest:
            continue
        equal = numbers == sentinel
        count = int(equal.sum())
        if count < MIN_SENTINELS:
            continue
        others = numbers[~equal & ~np.isnan(numbers)]
        if not len(others):
            continue
        low, high = others.min(), others.max()
        width = max(high - low, 1e-9 * abs(high))
        if sentinel < low - width / 2 or sentinel > high + width:
            return sentinel, count
    return None

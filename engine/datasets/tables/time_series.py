"""Time series: columns that are one quantity at successive times, detected by their names."""

import re
from collections.abc import Sequence
from itertools import pairwise

MIN_LENGTH = 8  # columns; a table with fewer numbered columns is not a time series
NO_NAME = "column"  # such columns have no names in their file, and are numbered in an import
NUMBERED = re.compile(r"(\D*?)\s*(-?\d+(?:\.\d+)?)")


def is_time_series(names: Sequence[str]) -> bool:
    """Returns whether these are at least 8 names of a common prefix and increasing numbers.

    `t0, t1, ...` and `0.0, 0.5, ...` are; `pixel_0_0, pixel_0_1, ...`, `alcohol, hue, ...`, and the columns
    of a file without names, `column 1, column 2, ...`, are not.
    """
    matches = [NUMBERED.fullmatch(name.strip()) for name in names]
    if len(names) < MIN_LENGTH or not all(matches):
        return False
    prefixes = {match[1] for match in matches if match}
    times = [float(match[2]) for match in matches if match]
    if len(prefixes) != 1 or NO_NAME in prefixes:
        return False
    return all(time < next_time for time, next_time in pairwise(times))

"""Series: whether columns are one quantity at successive times, told by their names."""

import re
from collections.abc import Sequence

MIN_LENGTH = 8  # columns; fewer are rather a table whose columns happen to be numbered
NUMBERED = re.compile(r"(\D*?)\s*(-?\d+(?:\.\d+)?)")


def successive(names: Sequence[str]) -> bool:
    """True for at least 8 names that are numbers rising from each to the next, behind one and the same text.

    `t0, t1, ...` and `0.0, 0.5, ...` are; `pixel_0_0, pixel_0_1, ...` and `alcohol, hue, ...` are not.
    """
    found = [NUMBERED.fullmatch(name.strip()) for name in names]
    if len(names) < MIN_LENGTH or not all(found):
        return False
    texts = {match[1] for match in found if match}
    times = [float(match[2]) for match in found if match]
    return len(texts) == 1 and all(one < other for one, other in zip(times, times[1:], strict=False))

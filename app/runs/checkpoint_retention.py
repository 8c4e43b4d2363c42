"""Retention: which checkpoints of a run are kept when there is not room for all of them."""

from collections.abc import Mapping

MAX_CHECKPOINTS = 64
MAX_BYTES = 64 * 1024 * 1024


def surplus(
    sizes: Mapping[int, int], max_count: int = MAX_CHECKPOINTS, max_bytes: int = MAX_BYTES
) -> list[int]:
    """The steps to forget, given each recorded step's size in bytes.

    The first and the last are always kept. Between them goes, again and again, the one whose neighbours lie
    closest together, so that what stays is spread evenly over the steps.
    """
    steps = sorted(sizes)
    total = sum(sizes.values())
    forgotten: list[int] = []
    while len(steps) > 2 and (len(steps) > max_count or total > max_bytes):
        place = min(range(1, len(steps) - 1), key=lambda i: steps[i + 1] - steps[i - 1])
        step = steps.pop(place)
        total -= sizes[step]
        forgotten.append(step)
    return forgotten

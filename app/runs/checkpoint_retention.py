"""Checkpoint retention: which checkpoints of a run are kept when there are too many or they are too large."""

from collections.abc import Mapping

MAX_CHECKPOINTS = 64
MAX_BYTES = 64 * 1024 * 1024


def checkpoints_to_delete(
    sizes: Mapping[int, int], max_count: int = MAX_CHECKPOINTS, max_bytes: int = MAX_BYTES
) -> list[int]:
    """Returns the steps to delete, given the size in bytes of each recorded step's checkpoint.

    The first and the last are kept. Of the others, the one whose neighbours are closest together is deleted
    repeatedly, so that the remaining ones are spread evenly over the steps.
    """
    steps = sorted(sizes)
    total = sum(sizes.values())
    deleted: list[int] = []
    while len(steps) > 2 and (len(steps) > max_count or total > max_bytes):
        index = min(range(1, len(steps) - 1), key=lambda i: steps[i + 1] - steps[i - 1])
        step = steps.pop(index)
        total -= sizes[step]
        deleted.append(step)
    return deleted

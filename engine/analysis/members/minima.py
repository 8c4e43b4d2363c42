"""Minima: which trainings that differ in their seeds ended at the same loss."""

from collections.abc import Sequence

import numpy as np

SAME_MINIMUM = 2.0  # neighbouring losses with at most this ratio are of one minimum
FLOOR = 1e-12  # losses below it are equal


def group_minima(losses: Sequence[float]) -> list[list[int]]:
    """Returns the indices of the losses by minimum, the lowest loss first.

    In order of size, a loss belongs to another minimum than the one before if it is more than SAME_MINIMUM
    times as large.
    """
    groups: list[list[int]] = []
    before = 0.0
    for index in np.argsort(np.asarray(losses, np.float64), kind="stable").tolist():
        loss = max(float(losses[index]), FLOOR)
        if not groups or loss > SAME_MINIMUM * before:
            groups.append([])
        groups[-1].append(index)
        before = loss
    return groups

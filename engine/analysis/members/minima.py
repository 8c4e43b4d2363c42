"""Minima: which of several trainings ended at the same loss."""

from collections.abc import Sequence

import numpy as np

FLOOR = 1e-3  # lower losses count as equal: they say how far the training came, not where to
ALWAYS = 4.0  # ratio of neighbouring losses from which on they are of different minima
AT_LEAST = 1.25  # ratio up to which they are of one
WIDER = 3.0  # between these ratios: how many times as wide as the groups beside it a gap is that separates


def group_minima(losses: Sequence[float]) -> list[list[int]]:
    """Returns the indices of the losses (not negative) by minimum, the lowest loss first.

    A gap is the difference of the logarithms of two losses that are neighbours in order of size, where losses
    below FLOOR count as FLOOR. A gap separates two minima if the upper loss is at least ALWAYS times the
    lower one; or if it is at least AT_LEAST times the lower one, and the gap at least WIDER times as wide as
    each of the two groups beside it and as the median gap. So evenly spread losses are one minimum, however
    many there are, and two narrow groups are two, though they are near.
    """
    order = np.argsort(np.asarray(losses, np.float64), kind="stable")
    logs = np.log(np.maximum(np.asarray(losses, np.float64)[order], FLOOR))
    gaps = np.diff(logs)
    cuts = np.flatnonzero(gaps >= np.log(AT_LEAST)).tolist()
    median = float(np.median(gaps)) if len(gaps) else 0.0
    while cuts:
        bounds = [-1, *cuts, len(logs) - 1]  # the last index of each group
        widths = [
            float(logs[last] - logs[before + 1]) for before, last in zip(bounds, bounds[1:], strict=False)
        ]
        doubtful = [
            cut
            for number, cut in enumerate(cuts)
            if gaps[cut] < np.log(ALWAYS) and gaps[cut] < WIDER * max(*widths[number : number + 2], median)
        ]
        if not doubtful:
            break
        cuts.remove(min(doubtful, key=lambda cut: float(gaps[cut])))
    groups = np.split(order, np.array(cuts, int) + 1)
    return [indices.tolist() for indices in groups if len(indices)]

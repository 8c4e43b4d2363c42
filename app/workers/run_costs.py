"""Run costs: how much of a training worker a run takes, from which follows how many train at once.

A run of limited speed takes what it needs; one that needs more than an equal share, or has no limit, takes
that share, because such runs divide what is left among them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

# Seconds: of a turn and its messages per step, per layer of a step, and per number that is multiplied.
PER_STEP, PER_LAYER, PER_PRODUCT = 6e-6, 2e-6, 5e-10
SLOW_PRODUCT = 5e-10  # on a slow machine, in a large network
OUTPUTS = 2  # of a typical network
REPEATED_STEPS, VIEW_POINTS, MAX_SAMPLES = 65, 20_000, 200_000
EPISODES = 0.05  # of a step of policy gradient, which plays a batch of episodes


class Need(NamedTuple):
    """What a run needs to train: the share of a core, or the part of its `batch` for all runs of that."""

    share: float
    batch: str | None = None


@dataclass(frozen=True)
class Capacity:
    """How many runs train at once in a worker: `fast` ones at full speed, or more that need less."""

    fast: int

    def part(self, share: float) -> float:
        """Returns the part of a worker that a run takes which needs this share of a core.

        At most 8 * `fast` runs train in a worker, however little they need, because they also take memory.
        """
        return min(max(share, 1 / (8 * self.fast)), 1 / self.fast)

    def parts(self, needs: Iterable[Need]) -> float:
        """Returns the part of a worker that these runs take; a batch takes that of one run at full speed."""
        needs = list(needs)
        batches = {need.batch for need in needs if need.batch is not None}
        alone = sum(self.part(need.share) for need in needs if need.batch is None)
        return alone + len(batches) * self.part(1.0)


def estimated_share(config: dict[str, Any], speed: float | None) -> float:
    """Returns the share of a core that a run needs, before it has been measured; `speed` None: no limit."""
    if speed is None:
        return 1.0
    products = 6 * _parameters(config) * config.get("batch_size", 32)
    seconds = PER_STEP + PER_LAYER * len(config["layers"]) + PER_PRODUCT * products
    if config["paradigm"] == "policy_gradient":
        seconds += EPISODES
    return min(1.0, speed * seconds)


def slice_seconds(config: dict[str, Any]) -> float:
    """Returns the processor time that a slice may take which computes with a network of this configuration.

    The longest ones are a step, which is repeated up to 64 times after a divergence, and a view.
    """
    parameters = _parameters(config)
    steps = 6 * parameters * min(config.get("batch_size", 32), MAX_SAMPLES) * REPEATED_STEPS
    return SLOW_PRODUCT * (steps + 2 * parameters * VIEW_POINTS)


def _parameters(config: dict[str, Any]) -> int:
    """Returns the approximate number of weights."""
    units = [
        len(config.get("features") or ()),
        *(layer["units"] for layer in config.get("layers", ())),
        OUTPUTS,
    ]
    return sum(before * after for before, after in pairwise(units))

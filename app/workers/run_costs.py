"""Run costs: how much of a training worker a run takes, from which follows how many train at once.

A run of limited speed takes what it needs; one that needs more than an equal share, or has no limit, takes
that share, because such runs divide what is left among them.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# Seconds: of a turn and its messages per step, per layer of a step, and per number that is multiplied.
PER_STEP, PER_LAYER, PER_PRODUCT = 6e-6, 2e-6, 5e-10
EPISODES = 0.05  # of a step of policy gradient, which plays a batch of episodes


@dataclass(frozen=True)
class Capacity:
    """How many runs train at once in a worker: `fast` ones at full speed, or more that need less."""

    fast: int

    def part(self, share: float) -> float:
        """Returns the part of a worker that a run takes which needs this share of a core.

        At most 8 * `fast` runs train in a worker, however little they need, because they also take memory.
        """
        return min(max(share, 1 / (8 * self.fast)), 1 / self.fast)


def estimated_share(config: dict[str, Any], speed: float | None) -> float:
    """Returns the share of a core that a run needs, before it has been measured; `speed` None: no limit."""
    if speed is None:
        return 1.0
    units = [len(config.get("features") or ()), *(layer["units"] for layer in config["layers"]), 1]
    products = 6 * sum(before * after for before, after in pairwise(units)) * config.get("batch_size", 32)
    seconds = PER_STEP + PER_LAYER * len(units) + PER_PRODUCT * products
    if config["paradigm"] == "policy_gradient":
        seconds += EPISODES
    return min(1.0, speed * seconds)

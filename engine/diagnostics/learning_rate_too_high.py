"""Learning rate too high: the loss jumps up and down, or stays worse than at the start."""

from collections.abc import Iterator

import numpy as np

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy, learning_rate_changes
from engine.diagnostics.facts import Facts

STEPS = 20
CHANGE = 0.25  # relative, from point to point
RISES = 0.25  # minimum fraction of rises, and of falls
LEVEL = 0.1  # of the first loss
WORSE = 1.2  # times the first loss


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, from the second half of the recorded training losses."""
    trajectory = facts.trajectory
    if trajectory is None or not trajectory.covers(STEPS):
        return
    first, losses = trajectory.train[0], trajectory.train[trajectory.second_half]
    differences = np.diff(losses)
    change = float(np.median(np.abs(differences) / np.maximum(losses[1:], losses[:-1]).clip(1e-300)))
    rises = float((differences > 0).mean())
    level = float(np.median(losses) / first)
    jumps = change >= CHANGE and RISES <= rises <= 1 - RISES and level >= LEVEL
    if jumps or losses.min() > WORSE * first:
        parameters = {"change_percent": 100 * change, "level_percent": 100 * level}
        yield Finding(change if jumps else level, parameters, _remedy(facts))


def _remedy(facts: Facts) -> Remedy:
    text = "Use a tenth of the learning rate: the steps jump over the minimum."
    return Remedy("lower_learning_rate", text, learning_rate_changes(facts.config, 0.1))


LEARNING_RATE_TOO_HIGH = Diagnosis(
    f"In the second half of at least {STEPS} steps the training loss changes by {CHANGE:.0%} or more from "
    f"point to point (median), up and down, at {LEVEL:.0%} or more of its first value; or it stays above "
    f"{WORSE:g} times its first value.",
    check,
    bounds={"steps": STEPS, "change_percent": 100 * CHANGE, "level_percent": 100 * LEVEL, "worse": WORSE},
    needs_path=True,
)

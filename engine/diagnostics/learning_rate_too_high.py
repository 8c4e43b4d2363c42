"""Learning rate too high: the loss oscillates strongly, or stays above its first value."""

from collections.abc import Iterator

import numpy as np

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy, learning_rate_changes
from engine.diagnostics.facts import Facts

MIN_STEPS = 20
MIN_CHANGE = 0.25  # relative, between neighbouring points
MIN_RISES = 0.25  # fraction of rises, and of falls
MIN_LEVEL = 0.1  # of the first loss
MIN_GROWTH = 1.2  # times the first loss


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, from the second half of the recorded training losses."""
    trajectory = facts.trajectory
    if trajectory is None or not trajectory.covers(MIN_STEPS):
        return
    first, losses = trajectory.train[0], trajectory.train[trajectory.second_half]
    differences = np.diff(losses)
    change = float(np.median(np.abs(differences) / np.maximum(losses[1:], losses[:-1]).clip(1e-300)))
    rises = float((differences > 0).mean())
    level = float(np.median(losses) / first)
    oscillates = change >= MIN_CHANGE and MIN_RISES <= rises <= 1 - MIN_RISES and level >= MIN_LEVEL
    if oscillates or losses.min() > MIN_GROWTH * first:
        parameters = {"change_percent": 100 * change, "level_percent": 100 * level}
        yield Finding(change if oscillates else level, parameters, _remedy(facts))


def _remedy(facts: Facts) -> Remedy:
    changes = learning_rate_changes(facts.config, 0.1)
    rate = changes["optimizer"]["learning_rate"]
    text = f"Use a tenth of the learning rate, {rate:g}: the steps overshoot the minimum."
    return Remedy("lower_learning_rate", text, changes, {"rate": rate})


LEARNING_RATE_TOO_HIGH = Diagnosis(
    f"In the second half of at least {MIN_STEPS} steps the training loss changes by {MIN_CHANGE:.0%} or more "
    f"from point to point (median), up and down, at {MIN_LEVEL:.0%} or more of its first value; or it stays "
    f"above {MIN_GROWTH:g} times its first value.",
    check,
    bounds={
        "steps": MIN_STEPS,
        "change_percent": 100 * MIN_CHANGE,
        "level_percent": 100 * MIN_LEVEL,
        "worse": MIN_GROWTH,
    },
    needs_path=True,
)

"""Learning rate too low: the loss falls at nearly every step, but very little."""

from collections.abc import Iterator

import numpy as np

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy, learning_rate_changes
from engine.diagnostics.facts import Facts

STEPS = 200
FALLS = 0.9  # fraction of points at which the loss falls
FALL = 0.005  # relative, over the second half
LOSS = 0.7  # of the baseline


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, from the second half of the recorded training losses."""
    trajectory = facts.trajectory
    if trajectory is None or not trajectory.covers(STEPS):
        return
    losses = trajectory.train[trajectory.second_half]
    fall = float(1 - losses[-1] / losses[0])
    steady = float((np.diff(losses) < 0).mean()) >= FALLS
    if steady and 0 < fall < FALL and losses[-1] > LOSS * facts.baseline:
        text = "Use ten times the learning rate: the loss falls steadily, but the steps are tiny."
        remedy = Remedy("raise_learning_rate", text, learning_rate_changes(facts.config, 10.0))
        yield Finding(fall, {"fall_percent": 100 * fall}, remedy)


LEARNING_RATE_TOO_LOW = Diagnosis(
    f"In the second half of at least {STEPS} steps the training loss falls at {FALLS:.0%} of the points or "
    f"more, by less than {FALL:.1%} in total, and is above {LOSS:.0%} of that of predicting the mean.",
    check,
    bounds={
        "steps": STEPS, "falls_percent": 100 * FALLS, "fall_percent": 100 * FALL, "loss_percent": 100 * LOSS,
    },
    needs_path=True,
)  # fmt: skip

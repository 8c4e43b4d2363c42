"""Plateau: the loss no longer falls, and is still high."""

from collections.abc import Iterator

import numpy as np

from engine.diagnostics import learning_rate_too_low
from engine.diagnostics.diagnosis import Diagnosis, Finding
from engine.diagnostics.facts import Facts
from engine.diagnostics.remedies import faster_learning

MIN_STEPS = 500
MAX_GAIN = 0.005  # relative fall of the best loss
MIN_LOSS = 0.5  # of the baseline


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, from both halves of the training losses; none where the learning rate is too low."""
    trajectory = facts.trajectory
    if (
        trajectory is None
        or not trajectory.covers(MIN_STEPS)
        or next(learning_rate_too_low.check(facts), None)
    ):
        return
    before = trajectory.train[: trajectory.second_half.start]
    losses = trajectory.train[trajectory.second_half]
    gain = float(1 - losses.min() / before.min())
    if gain < MAX_GAIN and np.median(losses) > MIN_LOSS * facts.baseline:
        level = float(np.median(losses)) / facts.baseline
        parameters = {"gain_percent": 100 * gain, "loss_percent": 100 * level}
        yield Finding(gain, parameters, faster_learning(facts.config))


PLATEAU = Diagnosis(
    f"The second half of at least {MIN_STEPS} steps lowered the best training loss by less than "
    f"{MAX_GAIN:.1%}, and it is above {MIN_LOSS:.0%} of that of predicting the mean.",
    check,
    bounds={"steps": MIN_STEPS, "gain_percent": 100 * MAX_GAIN, "loss_percent": 100 * MIN_LOSS},
    needs_path=True,
)

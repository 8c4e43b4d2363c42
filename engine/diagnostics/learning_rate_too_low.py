"""Learning rate too low: the loss falls at nearly every recorded point, but very slowly."""

from collections.abc import Iterator

import numpy as np

from engine.config.models import ExamplesConfig
from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy, learning_rate_changes
from engine.diagnostics.facts import Facts
from engine.optimizers import OPTIMIZERS
from engine.schedules import initial_rate

MIN_STEPS = 200
MIN_FALLS = 0.9  # fraction of points at which the loss falls
MAX_FALL = 0.005  # relative, over the second half
MIN_LOSS = 0.7  # of the baseline


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, from the second half of the recorded training losses."""
    trajectory = facts.trajectory
    if trajectory is None or not trajectory.covers(MIN_STEPS):
        return
    losses = trajectory.train[trajectory.second_half]
    fall = float(1 - losses[-1] / losses[0])
    steady = float((np.diff(losses) < 0).mean()) >= MIN_FALLS
    if steady and 0 < fall < MAX_FALL and losses[-1] > MIN_LOSS * facts.baseline:
        yield Finding(fall, {"fall_percent": 100 * fall}, _remedy(facts.config))


def _remedy(config: ExamplesConfig) -> Remedy:
    """Ten times the learning rate, or the default of the optimizer if that is larger."""
    default = OPTIMIZERS[config.optimizer.name].parameters["learning_rate"].default or 0.0
    changes = learning_rate_changes(config, max(10.0, default / initial_rate(config.optimizer)))
    rate = changes["optimizer"]["learning_rate"]
    text = f"Use the learning rate {rate:g}: the loss falls steadily, but the steps are very small."
    return Remedy("raise_learning_rate", text, changes, {"rate": rate})


LEARNING_RATE_TOO_LOW = Diagnosis(
    f"In the second half of at least {MIN_STEPS} steps the training loss falls at {MIN_FALLS:.0%} of the "
    f"points or more, by less than {MAX_FALL:.1%} in total, and is above {MIN_LOSS:.0%} of that of "
    "predicting the mean.",
    check,
    bounds={
        "steps": MIN_STEPS,
        "falls_percent": 100 * MIN_FALLS,
        "fall_percent": 100 * MAX_FALL,
        "loss_percent": 100 * MIN_LOSS,
    },
    needs_path=True,
)

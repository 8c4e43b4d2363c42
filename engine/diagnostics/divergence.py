"""Divergence: values that are not finite, or a loss far above its first value."""

from collections.abc import Iterator

import numpy as np

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy, learning_rate_changes
from engine.diagnostics.facts import Facts

FACTOR = 10.0


def check(facts: Facts) -> Iterator[Finding]:
    """One finding; its number is the loss divided by the first loss, infinite if a value is not finite."""
    nonfinite = max(layer.nonfinite for layer in facts.layers) > 0 or not np.isfinite(facts.loss)
    growth = float("inf") if nonfinite else _growth(facts)
    if growth > FACTOR:
        changes = learning_rate_changes(facts.config, 0.1)
        rate = changes["optimizer"]["learning_rate"]
        changes["optimizer"]["clip_norm"] = 1.0
        text = f"Use a tenth of the learning rate, {rate:g}, and clip the gradient to length 1."
        remedy = Remedy("lower_learning_rate_and_clip", text, changes, {"rate": rate})
        percent = 100 * max(layer.nonfinite for layer in facts.layers)
        yield Finding(growth, {"factor": growth, "nonfinite_percent": percent}, remedy)


def _growth(facts: Facts) -> float:
    """The larger of the current and the last recorded training loss, divided by the first recorded one; 0
    without recorded points.
    """
    trajectory = facts.trajectory
    if trajectory is None or not len(trajectory.train) or not trajectory.train[0] > 0:
        return 0.0
    latest = float(trajectory.train[-1])
    return max(facts.loss, latest if np.isfinite(latest) else float("inf")) / float(trajectory.train[0])


DIVERGENCE = Diagnosis(
    f"A number is not finite, or the training loss is above {FACTOR:g} times its first value.",
    check,
    bounds={"factor": FACTOR},
)

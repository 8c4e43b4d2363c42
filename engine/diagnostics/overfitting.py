"""Overfitting: the training loss falls while the loss on points not trained on rises."""

from collections.abc import Iterator

import numpy as np

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts

STEPS = 50
RISEN = 1.5  # times its minimum
APART = 2.0  # times the training loss
LOSS = 0.5  # of the baseline
LATEST = 3  # points whose median is the latest loss


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, from the latest losses and the minimum of the loss on points not trained on."""
    trajectory = facts.trajectory
    if trajectory is None or not trajectory.covers(STEPS) or np.isnan(trajectory.heldout).any():
        return
    best = int(trajectory.heldout.argmin())
    minimum = float(trajectory.heldout[best])
    heldout = float(np.median(trajectory.heldout[-LATEST:]))
    train = float(np.median(trajectory.train[-LATEST:]))
    bound = max(RISEN * minimum, APART * train, LOSS * facts.baseline)
    if heldout >= bound and train < trajectory.train[best]:
        risen = heldout / minimum if minimum > 0 else float("inf")
        yield Finding(risen, {"risen": risen, "part": trajectory.heldout_part}, _remedy(facts.config.l2))


def _remedy(l2: float) -> Remedy:
    stronger = min(100.0, 10 * l2 or 0.001)
    text = f"Set the penalty l2 to {stronger:g}: it keeps the weights small and the function smooth."
    return Remedy("raise_l2", text, {"l2": stronger}, {"l2": stronger})


OVERFITTING = Diagnosis(
    f"After {STEPS} steps the validation (otherwise test) loss is at least {RISEN:g} times its minimum, "
    f"{APART:g} times the training loss, which has fallen since, and {LOSS:.0%} of the loss of predicting "
    "the mean.",
    check,
    bounds={"steps": STEPS, "risen": RISEN, "apart": APART, "loss_percent": 100 * LOSS},
    needs_path=True,
)

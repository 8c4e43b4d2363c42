"""Overfitting: the training loss falls while the validation (otherwise test) loss rises."""

from collections.abc import Iterator

import numpy as np

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts

MIN_STEPS = 50
MIN_RISE = 1.5  # times its minimum
MIN_GAP = 2.0  # times the training loss
MIN_LOSS = 0.5  # of the baseline
LATEST_POINTS = 3  # the latest loss is their median


def check(facts: Facts) -> Iterator[Finding]:
    """One finding, from the latest losses and the minimum of the held-out loss."""
    trajectory = facts.trajectory
    if trajectory is None or not trajectory.covers(MIN_STEPS) or np.isnan(trajectory.heldout).any():
        return
    best = int(trajectory.heldout.argmin())
    minimum = float(trajectory.heldout[best])
    heldout = float(np.median(trajectory.heldout[-LATEST_POINTS:]))
    train = float(np.median(trajectory.train[-LATEST_POINTS:]))
    bound = max(MIN_RISE * minimum, MIN_GAP * train, MIN_LOSS * facts.baseline)
    if heldout >= bound and train < trajectory.train[best]:
        rise = heldout / minimum if minimum > 0 else float("inf")
        parameters: dict[str, float | str] = {
            "risen": rise,
            "part": trajectory.heldout_part,
            "heldout": heldout,
            "train": train,
        }
        yield Finding(rise, parameters, _remedy(facts.config.l2), since=int(trajectory.steps[best]))


def _remedy(l2: float) -> Remedy:
    stronger = min(100.0, 10 * l2 or 0.001)
    text = f"Set the penalty l2 to {stronger:g}: smaller weights give a smoother function."
    return Remedy("raise_l2", text, {"l2": stronger}, {"l2": stronger})


OVERFITTING = Diagnosis(
    f"After {MIN_STEPS} steps the validation (otherwise test) loss is at least {MIN_RISE:g} times its "
    f"minimum, {MIN_GAP:g} times the training loss, which has fallen since, and {MIN_LOSS:.0%} of the loss "
    "of predicting the mean.",
    check,
    bounds={"steps": MIN_STEPS, "risen": MIN_RISE, "apart": MIN_GAP, "loss_percent": 100 * MIN_LOSS},
    needs_path=True,
)

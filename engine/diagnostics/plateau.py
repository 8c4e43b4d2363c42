"""Plateau: the loss no longer falls, and is still high."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.diagnostics import learning_rate_too_low
from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts
from engine.optimizers import OPTIMIZERS

MIN_STEPS = 500
MAX_GAIN = 0.005  # relative fall of the best loss
MIN_LOSS = 0.5  # of the baseline
MAX_UNITS = 1024


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
        yield Finding(gain, {"gain_percent": 100 * gain}, _remedy(facts.config))


def _remedy(config: ExamplesConfig) -> Remedy:
    if config.optimizer.name in ("sgd", "perceptron", "adagrad") and config.output_activation != "step":
        others = dict.fromkeys(("momentum", "beta_1", "beta_2", "rho", "epsilon", "weight_decay"))
        rate = OPTIMIZERS["adam"].parameters["learning_rate"].default
        changes: dict[str, Any] = {"optimizer": {"name": "adam", "learning_rate": rate, **others}}
        return Remedy("use_adam", "Use Adam: it adapts its steps where gradients are small.", changes)
    if not config.layers:
        text = "Add a hidden layer: a single layer may be too small."
        return Remedy("add_layer", text, {"layers": [{"units": 8}]})
    wider = [{"units": min(MAX_UNITS, 2 * layer.units)} for layer in config.layers]
    text = "Double the units of the hidden layers: the network may be too small."
    return Remedy("double_units", text, {"layers": wider})


PLATEAU = Diagnosis(
    f"The second half of at least {MIN_STEPS} steps lowered the best training loss by less than "
    f"{MAX_GAIN:.1%}, and it is above {MIN_LOSS:.0%} of that of predicting the mean.",
    check,
    bounds={"steps": MIN_STEPS, "gain_percent": 100 * MAX_GAIN, "loss_percent": 100 * MIN_LOSS},
    needs_path=True,
)

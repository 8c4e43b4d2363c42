"""Illnesses that show on the way so far: in the losses as they were recorded."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.diagnostics.facts import Diagnosis, Facts, Found, Way
from engine.optimizers import OPTIMIZERS

JUMP, TURNS, LEVEL = 0.25, 0.25, 0.1  # relative change, share of rises and of falls, loss against the start's
WORSE, BOUNCE_STEPS = 1.2, 20
CREEP, FALLS, CREEP_LEVEL, CREEP_STEPS = 0.005, 0.9, 0.7, 200
STUCK, STUCK_LEVEL, STUCK_STEPS = 0.005, 0.5, 500
RISEN, APART, OVERFIT_LEVEL, OVERFIT_STEPS, LAST = 1.5, 2.0, 0.5, 50, 3
BLOWN_UP = 10.0


def learning_rate_too_high(facts: Facts) -> Iterator[Found]:
    """The loss jumps about, or is worse than at the start and stays so."""
    way = facts.way
    if way is None or not way.covers(BOUNCE_STEPS):
        return
    losses = way.train[way.later]
    changes = np.diff(losses)
    jump = float(np.median(np.abs(changes) / np.maximum(losses[1:], losses[:-1]).clip(1e-300)))
    rises = float((changes > 0).mean())
    level = float(np.median(losses) / way.train[0])
    jumps = jump >= JUMP and TURNS <= rises <= 1 - TURNS and level >= LEVEL
    if jumps or losses.min() > WORSE * way.train[0]:
        text = "Take a tenth of the learning rate: the steps jump over the valley."
        yield Found(jump if jumps else level, text, _rate(facts, 0.1))


def learning_rate_too_low(facts: Facts) -> Iterator[Found]:
    """The loss falls at every step, and hardly moves."""
    way = facts.way
    if way is None or not way.covers(CREEP_STEPS):
        return
    losses = way.train[way.later]
    fall = float(1 - losses[-1] / losses[0])
    steady = float((np.diff(losses) < 0).mean()) >= FALLS
    if steady and 0 < fall < CREEP and losses[-1] > CREEP_LEVEL * facts.baseline:
        text = "Take ten times the learning rate: the way down is clear, and the steps are tiny."
        yield Found(fall, text, _rate(facts, 10.0))


def plateau(facts: Facts) -> Iterator[Found]:
    """The loss no longer falls, and is still high."""
    way = facts.way
    if way is None or not way.covers(STUCK_STEPS) or next(learning_rate_too_low(facts), None):
        return
    before, losses = way.train[: way.later.start], way.train[way.later]
    gain = float(1 - losses.min() / before.min())
    if gain < STUCK and np.median(losses) > STUCK_LEVEL * facts.baseline:
        yield Found(gain, *_livelier(facts))


def _livelier(facts: Facts) -> tuple[str, dict[str, Any]]:
    config = facts.config
    if config.optimizer.name in ("sgd", "perceptron", "adagrad") and config.output_activation != "step":
        numbers = dict.fromkeys(("momentum", "beta_1", "beta_2", "rho", "epsilon", "weight_decay"))
        rate = OPTIMIZERS["adam"].parameters["learning_rate"].default
        changes = {"optimizer": {"name": "adam", "learning_rate": rate, **numbers}}
        return "Use Adam: its steps stay long where the slope is small.", changes
    if not config.layers:
        return "Add a hidden layer: one layer may be too little.", {"layers": [{"units": 8}]}
    wider = [{"units": min(1024, 2 * layer.units)} for layer in config.layers]
    return "Double the units of the hidden layers: the network may be too small.", {"layers": wider}


def overfitting(facts: Facts) -> Iterator[Found]:
    """The training loss still falls while the loss on points not trained on rises."""
    way = facts.way
    if way is None or not way.covers(OVERFIT_STEPS) or np.isnan(way.held).any():
        return
    best = int(way.held.argmin())
    held, trained = float(np.median(way.held[-LAST:])), float(np.median(way.train[-LAST:]))
    least = max(RISEN * way.held[best], APART * trained, OVERFIT_LEVEL * facts.baseline)
    if held >= least and trained < way.train[best]:
        stronger = min(100.0, 10 * facts.config.l2 or 0.001)
        text = f"Set the penalty l2 to {stronger:g}: it holds the weights small and the function smooth."
        number = held / float(way.held[best]) if way.held[best] > 0 else float("inf")
        yield Found(number, text, {"l2": stronger})


def divergence(facts: Facts) -> Iterator[Found]:
    """Numbers that are no longer numbers, or a loss that has blown up."""
    broken = max(layer.nonfinite for layer in facts.layers)
    if broken > 0 or not np.isfinite(facts.loss):
        text = "Take a tenth of the learning rate and cut the gradient to length 1."
        yield Found(float("inf"), text, _calmer(facts))
        return
    grown = _grown(facts.way, facts.loss)
    if grown > BLOWN_UP:
        text = "Take a tenth of the learning rate and cut the gradient to length 1."
        yield Found(grown, text, _calmer(facts))


def _grown(way: Way | None, loss: float) -> float:
    if way is None or not len(way.train) or not way.train[0] > 0:
        return 0.0
    latest = float(way.train[-1])
    return max(loss, latest if np.isfinite(latest) else float("inf")) / float(way.train[0])


def _calmer(facts: Facts) -> dict[str, Any]:
    changes = _rate(facts, 0.1)
    changes["optimizer"]["clip_norm"] = 1.0
    return changes


def _rate(facts: Facts, factor: float) -> dict[str, Any]:
    rate = facts.config.optimizer.learning_rate * factor
    return {"optimizer": {"learning_rate": float(f"{min(1000.0, max(1e-8, rate)):.3g}")}}


WAY: dict[str, Diagnosis] = {
    "learning_rate_too_high": Diagnosis(
        f"In the second half of at least {BOUNCE_STEPS} steps the training loss changes by {JUMP:.0%} or "
        f"more from point to point (median), up and down, at {LEVEL:.0%} or more of its first value; or it "
        f"stays above {WORSE:g} times that.",
        learning_rate_too_high,
        needs_path=True,
        bounds={
            "steps": BOUNCE_STEPS,
            "change_percent": 100 * JUMP,
            "level_percent": 100 * LEVEL,
            "worse": WORSE,
        },
    ),
    "learning_rate_too_low": Diagnosis(
        f"In the second half of at least {CREEP_STEPS} steps the training loss falls nearly always (at "
        f"{FALLS:.0%} of points or more), by less than {CREEP:.1%} in all, and is above {CREEP_LEVEL:.0%} of "
        "that of always answering the mean.",
        learning_rate_too_low,
        needs_path=True,
        bounds={
            "steps": CREEP_STEPS,
            "falls_percent": 100 * FALLS,
            "fall_percent": 100 * CREEP,
            "loss_percent": 100 * CREEP_LEVEL,
        },
    ),
    "plateau": Diagnosis(
        f"The second half of at least {STUCK_STEPS} steps lowered the best training loss by less than "
        f"{STUCK:.1%}, and it is above {STUCK_LEVEL:.0%} of that of always answering the mean.",
        plateau,
        needs_path=True,
        bounds={"steps": STUCK_STEPS, "gain_percent": 100 * STUCK, "loss_percent": 100 * STUCK_LEVEL},
    ),
    "overfitting": Diagnosis(
        f"After {OVERFIT_STEPS} steps the validation (else test) loss is at least {RISEN:g} times its least, "
        f"{APART:g} times the training loss, which has fallen since, and {OVERFIT_LEVEL:.0%} of the loss of "
        "always answering the mean.",
        overfitting,
        needs_path=True,
        bounds={"steps": OVERFIT_STEPS, "risen": RISEN, "apart": APART, "loss_percent": 100 * OVERFIT_LEVEL},
    ),
    "divergence": Diagnosis(
        f"Some number is no longer finite, or the training loss is above {BLOWN_UP:g} times its first value.",
        divergence,
        bounds={"factor": BLOWN_UP},
    ),
}

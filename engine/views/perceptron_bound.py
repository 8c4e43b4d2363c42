"""Novikoff's bound on the mistakes of the perceptron, its assumptions, and separability."""

from typing import Any

import numpy as np

from engine.analysis.margin import Margin
from engine.config.models import RunConfig
from engine.datasets import Data
from engine.schedules import initial_rate
from engine.views.perceptron_trajectory import MistakeTrajectory

MAX_CERTIFICATE_POINTS = 8  # of each class
# Why there is no bound, by the code of the assumption that does not hold.
VIOLATIONS = {
    "batch_size": "the batch size is not 1",
    "continued": "the run continues another one with other settings",
    "edited": "weights or learning rate were edited",
    "penalty": "a penalty or clipping changes the steps",
    "schedule": "the learning rate follows a schedule",
}


def bound(margin: Margin, trajectory: MistakeTrajectory | None, config: RunConfig) -> float:
    """The maximum number of mistakes k.

    From w_k·u >= w₀·u + kηγ and |w_k|² <= |w₀|² + kη²R² follows, with c = w₀·u/η and n = |w₀|²/η², that
    (c + kγ)² <= n + kR², so k <= (q + √(q² - 4γ²(c² - n))) / 2γ² with q = R² - 2cγ: (R/γ)² where w₀ = 0.
    """
    assert trajectory is not None and margin.normal is not None
    start = trajectory.initial_weights.astype(np.float64) / initial_rate(config.optimizer)
    c, n = float(start @ margin.normal), float(start @ start)
    q = margin.radius**2 - 2 * c * margin.margin
    return float((q + np.sqrt(max(q * q - 4 * margin.margin**2 * (c * c - n), 0))) / (2 * margin.margin**2))


def assumptions(
    config: RunConfig, trajectory: MistakeTrajectory | None, unexplained: bool, continued: bool
) -> list[dict[str, Any]]:
    """The assumptions of the bound; `otherwise` is the reason why there is no bound if it does not hold.

    `unexplained`: the weights are not those of the trajectory; `continued`: a fork with other settings.
    """
    unpenalized = config.l1 == 0 and config.l2 == 0 and config.optimizer.clip_norm is None
    constant = config.optimizer.schedule.name == "constant"
    zero = trajectory is not None and not trajectory.initial_weights.any()
    return [
        _assumption("batch_size", "one example at a time", config.batch_size == 1),
        _assumption("schedule", "a constant learning rate", constant),
        _assumption("penalty", "no penalty, no clipping", unpenalized),
        _assumption("continued", "the same settings from the first step", False)
        if unexplained and continued
        else _assumption("edited", "no edits of weights or learning rate", not unexplained),
        _assumption("zero_start", "zero weights at the start", True)
        if zero
        else _assumption("any_start", "any weights at the start", True),
    ]


def _assumption(code: str, name: str, holds: bool) -> dict[str, Any]:
    return {"code": code, "name": name, "holds": holds, "otherwise": VIOLATIONS.get(code, "")}


def separability(data: Data, margin: Margin) -> dict[str, Any]:
    """Whether a line separates the classes: the line of largest margin, or a certificate that none does."""
    normal = margin.normal
    return {
        "radius": margin.radius,
        "separable": margin.separable,
        "margin": margin.margin if margin.separable else None,
        "separator": None if normal is None else {"weights": normal[:-1], "bias": float(normal[-1])},
        "certificate": _certificate(data, margin) if margin.separable is False else None,
    }


def _certificate(data: Data, margin: Margin) -> dict[str, Any]:
    """A point that is a convex combination of points of either class, which proves inseparability."""
    shares, positive = margin.shares, data.train.truth == 1
    indices = [np.flatnonzero((shares > 0) & (positive == label)) for label in (False, True)]
    combinations = [shares[rows] / shares[rows].sum() for rows in indices]
    return {
        "common": combinations[1] @ data.train.inputs[indices[1]],
        "sides": [
            {
                "class": data.classes[side] if data.classes else str(side),
                "points": rows[:MAX_CERTIFICATE_POINTS],
                "inputs": data.train.inputs[rows[:MAX_CERTIFICATE_POINTS]],
                "shares": weights[:MAX_CERTIFICATE_POINTS],
            }
            for side, (rows, weights) in enumerate(zip(indices, combinations, strict=True))
        ],
    }

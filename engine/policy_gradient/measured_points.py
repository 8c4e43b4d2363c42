"""The measured point of a batch of episodes: mean, standard deviation and percentiles of each score."""

from typing import Any

import numpy as np

from engine.environments import State
from engine.layers.network import Network
from engine.training.measured_points import Point
from engine.training.state import TrainState

PERCENTILES = (10, 90)


def describe(config: Any, network: Network, state: TrainState, scores: State) -> Point:
    """Returns the point of a step. Losses are null, because there is no data set.

    For each score, `_mean`, `_std`, `_p10` and `_p90` over the episodes of the step.
    """
    metrics: dict[str, float] = {}
    for name, values in scores.items():
        low, high = np.percentile(values, PERCENTILES)
        metrics[f"{name}_mean"] = float(values.mean())
        metrics[f"{name}_std"] = float(values.std())
        metrics[f"{name}_p10"], metrics[f"{name}_p90"] = float(low), float(high)
    return {
        "step": state.step,
        "epoch": state.epoch,
        "train_loss": None,
        "validation_loss": None,
        "test_loss": None,
        "penalty": _penalty(config, network, state.theta),
        "metrics": metrics,
    }


def _penalty(config: Any, network: Network, theta: np.ndarray) -> float:
    if not (config.l1 or config.l2):
        return 0.0
    weights = theta[network.weight_mask()].astype(np.float64)
    return float(config.l1 * np.abs(weights).sum() + 0.5 * config.l2 * (weights**2).sum())

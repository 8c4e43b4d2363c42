"""The step the optimizer would make for a given gradient: the same rules as in a recorded step, done once."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.operations import EAGER
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import learning_rates
from engine.views.passes import penalty_gradient


@dataclass(frozen=True)
class Update:
    """The change of every parameter, with the rate it was made at; `clipped` if the gradient was cut."""

    change: np.ndarray
    learning_rate: float
    clipped: bool


def rate(checkpoint: Checkpoint) -> float:
    """The learning rate of the next step."""
    return float(learning_rates(checkpoint.config, np.array([checkpoint.step]))[0])


def missing(checkpoint: Checkpoint) -> str | None:
    """Why the next step cannot be told, if so: a light checkpoint lacks the optimizer's memory."""
    optimizer = OPTIMIZERS[checkpoint.config.optimizer.name]
    if len(checkpoint.state.optimizer_state) >= optimizer.state_vectors:
        return None
    return f"{checkpoint.config.optimizer.name} uses earlier gradients, and this snapshot does not hold them"


def next_update(checkpoint: Checkpoint, gradient: np.ndarray) -> Update | None:
    """What the optimizer would do with this gradient of the loss (flat, penalties not yet added), in double
    precision. None where `missing`.
    """
    if missing(checkpoint):
        return None
    config, network = checkpoint.config, checkpoint.network
    optimizer, eta = OPTIMIZERS[config.optimizer.name], rate(checkpoint)
    before = checkpoint.theta.astype(np.float64)
    theta, slots = before.copy(), [slot.astype(np.float64) for slot in checkpoint.state.optimizer_state]
    frozen = network.frozen_mask()
    if checkpoint.state.frozen is not None:
        frozen |= checkpoint.state.frozen
    with np.errstate(all="ignore"):
        g = np.where(frozen, 0.0, gradient + penalty_gradient(config, network, before))
        limit, norm = config.optimizer.clip_norm, float(np.linalg.norm(g))
        clipped = limit is not None and norm > limit
        if limit is not None and clipped:
            g *= limit / norm
        if optimizer.rate_in_gradient:
            g *= eta
        numbers: dict[str, Any] = {
            name: number
            for name, number in config.optimizer.model_dump().items()
            if isinstance(number, float)
        }
        numbers["weights"] = network.weight_mask().astype(np.float64)
        rates = optimizer.rates(np.array(float(checkpoint.step)), np.array(eta), numbers)
        optimizer.update(EAGER, theta, g, slots, numbers, rates)
        change = np.where(frozen, 0.0, theta - before)
    return Update(change, eta, clipped)

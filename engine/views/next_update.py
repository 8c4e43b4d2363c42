"""The next update of the optimizer for a gradient, in double precision."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.optimizers import OPTIMIZERS
from engine.training import reference
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import learning_rates

NO_OPTIMIZER_STATE = "no_optimizer_state"  # code of the only reason why an update is unknown


@dataclass(frozen=True)
class Update:
    """The change of every parameter (size,), its learning rate, and whether the gradient was clipped."""

    change: np.ndarray
    learning_rate: float
    clipped: bool


def next_learning_rate(checkpoint: Checkpoint) -> float:
    """The learning rate of the next step."""
    return float(learning_rates(checkpoint.config, np.array([checkpoint.step]))[0])


def missing_reason(checkpoint: Checkpoint) -> str | None:
    """Why the next update cannot be computed, or None: a light checkpoint has no optimizer state."""
    optimizer = OPTIMIZERS[checkpoint.config.optimizer.name]
    if len(checkpoint.state.optimizer_state) >= optimizer.state_vectors:
        return None
    return f"{checkpoint.config.optimizer.name} uses earlier gradients, which this snapshot does not contain"


def missing_fields(checkpoint: Checkpoint) -> dict[str, Any]:
    """`update_reason` of a view answer, with its code and parameters; None if the update can be computed."""
    reason = missing_reason(checkpoint)
    return {
        "update_reason": reason,
        "update_code": reason and NO_OPTIMIZER_STATE,
        "update_parameters": reason and {"optimizer": checkpoint.config.optimizer.name},
    }


def next_update(checkpoint: Checkpoint, gradient: np.ndarray) -> Update | None:
    """The optimizer's update for this gradient of the mean loss, (size,), without penalties.

    None if `missing_reason` returns a reason.
    """
    if missing_reason(checkpoint):
        return None
    config, network, state = checkpoint.config, checkpoint.network, checkpoint.state
    frozen, start = state.frozen, state.optimizer_start
    theta = checkpoint.theta.astype(np.float64)
    optimizer_state = [vector.astype(np.float64) for vector in state.optimizer_state]
    limit = config.optimizer.clip_norm
    with np.errstate(all="ignore"):
        total = gradient + reference.penalty_gradient(config, network, theta)
        trained = total[~reference.frozen_parameters(network, frozen)]
        clipped = limit is not None and float(np.linalg.norm(trained)) > limit
        updated, _ = reference.update(
            config, network, theta, optimizer_state, total, checkpoint.step, frozen, start
        )
    return Update(updated - theta, next_learning_rate(checkpoint), clipped)

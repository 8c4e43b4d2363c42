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
    """The change of every parameter (size,), its learning rate, and whether the gradient was clipped.

    `gradient` is what the optimizer was given: with penalties, clipped, and 0 for frozen parameters; `state`
    the optimizer state (vectors, size) after the update.
    """

    change: np.ndarray
    learning_rate: float
    clipped: bool
    gradient: np.ndarray
    state: list[np.ndarray]


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
    fixed = reference.frozen_parameters(network, frozen)
    theta = checkpoint.theta.astype(np.float64)
    optimizer_state = [vector.astype(np.float64) for vector in state.optimizer_state]
    limit = config.optimizer.clip_norm
    with np.errstate(all="ignore"):
        total = gradient + reference.penalty_gradient(config, network, theta)
        length = float(np.linalg.norm(total[~fixed]))
        clipped = limit is not None and length > limit
        updated, state_after = reference.update(
            config, network, theta, optimizer_state, total, checkpoint.step, frozen, start
        )
    used = np.where(fixed, 0.0, total * (limit / length if clipped and limit else 1.0))
    return Update(updated - theta, next_learning_rate(checkpoint), clipped, used, state_after)


def update_terms(checkpoint: Checkpoint, update: Update, position: int) -> dict[str, float]:
    """The quantities of the update rule for one parameter: `gradient`, and those of its optimizer.

    momentum, nesterov: `velocity`; rmsprop: `mean_square`; adagrad: `sum_of_squares`; adam, adamw:
    `corrected_mean` and `corrected_mean_square`. All are values after the update.
    """
    optimizer = checkpoint.config.optimizer
    gradient = {"gradient": float(update.gradient[position])}
    values = [float(vector[position]) for vector in update.state]
    if optimizer.name in ("momentum", "nesterov"):
        return gradient | {"velocity": values[0]}
    if optimizer.name == "adagrad":
        return gradient | {"sum_of_squares": values[0]}
    if optimizer.name == "rmsprop":
        return gradient | {"mean_square": values[0] * (1 - optimizer.rho)}
    if optimizer.name in ("adam", "adamw"):
        count = checkpoint.step - checkpoint.state.optimizer_start + 1
        decays = (optimizer.beta_1, optimizer.beta_2)
        means = [value * (1 - beta) / (1 - beta**count) for value, beta in zip(values, decays, strict=True)]
        return gradient | {"corrected_mean": means[0], "corrected_mean_square": means[1]}
    return gradient

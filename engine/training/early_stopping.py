"""Early stopping and the plateau rule: a loss that no longer falls ends the training."""

import numpy as np

from engine.config.models import EarlyStopping
from engine.training.state import TrainState


def check(rule: EarlyStopping, state: TrainState, loss: float) -> tuple[str, str] | None:
    """Update the early-stopping state at the end of an epoch. Returns (status, reason) to end, else None.

    `loss` is that of `rule.monitor`. It improves if it is below the best so far by more than `min_delta`.
    After `patience` epochs without an improvement the training is finished; with `restore_best` it ends with
    the weights of the best epoch. With the training loss as `monitor` it is a plateau rule.
    """
    stopping = state.stopping
    if loss < stopping.best - rule.min_delta:
        stopping.best, stopping.best_step, stopping.best_epoch = loss, state.step, state.epoch
        stopping.waited = 0
        stopping.best_theta = state.theta.copy() if rule.restore_best else None
        return None
    stopping.waited += 1
    if stopping.waited < rule.patience:
        return None
    monitor = rule.monitor.replace("_", " ")
    name = "plateau" if rule.monitor == "train_loss" else "early stopping"
    best = f"best {stopping.best:.4g} at epoch {stopping.best_epoch:,}"
    reason = f"{name}: the {monitor} has not improved for {rule.patience:,} epochs ({best})"
    if rule.restore_best and stopping.best_theta is not None:
        np.copyto(state.theta, stopping.best_theta)
        reason += "; the weights of that epoch are back"
    return "finished", reason

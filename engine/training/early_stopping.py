"""Early stopping and the plateau rule: a loss that no longer falls ends the training."""

import numpy as np

from engine.config.models import EarlyStopping
from engine.training.state import TrainState


def check(rule: EarlyStopping, state: TrainState, loss: float) -> tuple[str, str] | None:
    """Judge the loss at the end of an epoch.

    An improvement is a loss below the best so far by more than `min_delta`. After `patience` epochs without
    one the training is finished; with `restore_best` it ends with the weights of the best epoch. Monitoring
    the training loss makes it a plateau rule.
    """
    memory = state.stopping
    if loss < memory.best - rule.min_delta:
        memory.best, memory.best_step, memory.best_epoch, memory.waited = loss, state.step, state.epoch, 0
        memory.best_theta = state.theta.copy() if rule.restore_best else None
        return None
    memory.waited += 1
    if memory.waited < rule.patience:
        return None
    name = rule.monitor.replace("_", " ")
    what = "plateau" if rule.monitor == "train_loss" else "early stopping"
    best = f"best {memory.best:.4g} at epoch {memory.best_epoch:,}"
    reason = f"{what}: the {name} has not improved for {rule.patience:,} epochs ({best})"
    if rule.restore_best and memory.best_theta is not None:
        np.copyto(state.theta, memory.best_theta)
        reason += "; the weights of that epoch are back"
    return "finished", reason

"""Early stopping: the training ends if the monitored loss does not improve."""

import numpy as np

from engine.config.models import EarlyStopping
from engine.training.reason import Reason, ending
from engine.training.state import TrainState


def has_stopped(rule: EarlyStopping | None, state: TrainState) -> bool:
    """Returns whether the rule ended the training."""
    return rule is not None and state.stopping.waited >= rule.patience


def check(rule: EarlyStopping, state: TrainState, loss: float) -> tuple[str, Reason] | None:
    """Updates the early-stopping state after an epoch. Returns (status, reason) if training ends, or None.

    `loss` is the loss `rule.monitor`. It improves if it is below the best one by more than `min_delta`. The
    training ends after `patience` epochs without an improvement; with `restore_best`, the weights of the best
    epoch are restored.
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
    code = "plateau" if rule.monitor == "train_loss" else "early_stopping"
    best, best_epoch = float(stopping.best), stopping.best_epoch
    if rule.restore_best and stopping.best_theta is not None:
        np.copyto(state.theta, stopping.best_theta)
        code += "_restored"
    return "finished", ending(
        code, monitor=rule.monitor, patience=rule.patience, best=best, best_epoch=best_epoch
    )

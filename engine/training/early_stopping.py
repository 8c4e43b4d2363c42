"""Early stopping and the plateau rule: a loss that no longer falls ends the training."""

import numpy as np

from engine.config.models import EarlyStopping
from engine.training.reason import Reason, ending
from engine.training.state import TrainState


def check(rule: EarlyStopping, state: TrainState, loss: float) -> tuple[str, Reason] | None:
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
    code = "plateau" if rule.monitor == "train_loss" else "early_stopping"
    best, best_epoch = float(stopping.best), stopping.best_epoch
    if rule.restore_best and stopping.best_theta is not None:
        np.copyto(state.theta, stopping.best_theta)
        code += "_restored"
    return "finished", ending(
        code, monitor=rule.monitor, patience=rule.patience, best=best, best_epoch=best_epoch
    )

"""End of a training: after its last epoch or step, or because the monitored loss does not improve."""

import numpy as np

from engine.config.models import Config, EarlyStopping
from engine.training.reason import Reason, ending
from engine.training.state import TrainState

Ended = tuple[str, Reason]  # status and reason


def limit_reached(config: Config, step: int, epoch: int) -> Ended | None:
    """Returns ("finished", reason) if all epochs or all `steps` of the configuration are done, else None."""
    if epoch >= config.epochs:
        code, unit = config.last_epoch
        return "finished", ending(code, **{unit: config.epochs})
    if config.steps is not None and step >= config.steps:
        return "finished", ending("steps_done", steps=config.steps)
    return None


def extends(before: Config, after: Config) -> bool:
    """Returns whether a change of the configuration allows more epochs or more steps."""
    raised = before.steps is not None and (after.steps is None or after.steps > before.steps)
    return raised or after.epochs > before.epochs


def can_continue(before: Config, after: Config, state: TrainState) -> bool:
    """Returns whether a finished training has more to do after this change of its configuration."""
    return extends(before, after) and limit_reached(after, state.step, state.epoch) is None


def has_stopped(rule: EarlyStopping | None, state: TrainState) -> bool:
    """Returns whether the rule ended the training."""
    return rule is not None and state.stopping.waited >= rule.patience


def check(rule: EarlyStopping, state: TrainState, loss: float) -> Ended | None:
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

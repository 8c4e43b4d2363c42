"""The last part of a step: penalties and clipping of the gradient, and the optimizer's update."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.network import Network
from engine.operations import LoopVariable, Recorder
from engine.optimizers import OPTIMIZERS

FOLD = LoopVariable("fold")  # the learning rate where it is folded into the gradient, else 1
MAX_RATES = 3
RATES = tuple(LoopVariable(f"rate_{index}") for index in range(MAX_RATES))
UPDATE_BLOCK = 65_536  # parameters; four vectors of so many fit into a core's own cache


@dataclass
class Bound:
    """The arrays a step works on; the plan keeps references, so they must be changed in place only.

    For K networks side by side theta and slots are (K, size), and there are K generators.
    """

    theta: np.ndarray
    slots: list[np.ndarray]
    dropout: list[np.random.Generator]
    frozen: np.ndarray | None = None  # True at single parameters that must stay

    @property
    def networks(self) -> tuple[int, ...]:
        """(K,), or () for one network."""
        return self.theta.shape[:-1]


def record_penalties(
    xp: Recorder, network: Network, config: ExamplesConfig, bound: Bound, gradient: np.ndarray
) -> None:
    """Add the gradient of l1 Σ|w| + ½ l2 Σw²."""
    theta, folded = bound.theta, OPTIMIZERS[config.optimizer.name].folds_rate
    weights = network.weight_mask().astype(theta.dtype)
    pull = xp.temp(theta)
    for strength, record in ((config.l2, None), (config.l1, xp.sign)):
        if strength > 0:
            source = theta
            if record:
                record(theta, pull)
                source = pull
            xp.multiply(source, (weights * strength).astype(theta.dtype), pull)
            if folded:
                xp.multiply(pull, FOLD, pull)
            xp.add(gradient, pull, gradient)
    xp.release()


def record_update(
    xp: Recorder, network: Network, config: ExamplesConfig, bound: Bound, gradient: np.ndarray
) -> None:
    """Clip the gradient, if asked for, and move all parameters but the frozen ones."""
    theta, optimizer = bound.theta, OPTIMIZERS[config.optimizer.name]
    frozen = network.frozen_mask()
    if bound.frozen is not None:
        frozen |= bound.frozen
    if frozen.any():
        xp.multiply(gradient, (~frozen).astype(theta.dtype), gradient)
    if config.optimizer.clip_norm is not None:
        _clip(xp, gradient, config.optimizer.clip_norm)
    settings = config.optimizer.model_dump()
    numbers: dict[str, Any] = {name: n for name, n in settings.items() if isinstance(n, float)}
    weights = network.weight_mask().astype(theta.dtype)
    for part in _blocks(network, bound):
        slots = [slot[..., part] for slot in bound.slots]
        given = numbers | {"weights": weights[part]}
        optimizer.update(xp, theta[..., part], gradient[..., part], slots, given, RATES)
        xp.release()
    if frozen.any():  # momentum and decay move even what has no gradient
        kept = theta.copy()
        xp.putmask(theta, np.broadcast_to(frozen, kept.shape).copy(), kept)


def _blocks(network: Network, bound: Bound) -> list[slice]:
    """Parts of the flat vector that the optimizer treats one after the other: each stays in the cache."""
    if bound.networks:
        return [slice(None)]
    starts = range(0, network.size, UPDATE_BLOCK)
    return [slice(start, min(start + UPDATE_BLOCK, network.size)) for start in starts]


def _clip(xp: Recorder, gradient: np.ndarray, limit: float) -> None:
    """Shrink the whole gradient to the norm `limit` if it is longer (Pascanu et al. 2013).

    The norm is the largest entry times the norm of the entries divided by it, whose squares neither overflow
    nor vanish; `tiny` stands for a largest entry of 0.
    """
    parts, allowed = xp.temp(gradient), np.zeros((), gradient.dtype)
    largest, ratio = (np.zeros((*gradient.shape[:-1], 1), gradient.dtype) for _ in range(2))
    tiny = float(np.finfo(gradient.dtype).tiny)
    xp.multiply(FOLD, limit, allowed)
    xp.absolute(gradient, parts)
    xp.call(np.maximum.reduce, parts, -1, None, largest, True)
    xp.maximum(largest, tiny, largest)
    xp.divide(gradient, largest, parts)
    xp.multiply(parts, parts, parts)
    xp.call(np.add.reduce, parts, -1, None, ratio, True)
    xp.maximum(ratio, tiny, ratio)
    xp.sqrt(ratio, ratio)
    xp.divide(allowed, ratio, ratio)
    xp.divide(ratio, largest, ratio)
    xp.minimum(ratio, 1.0, ratio)
    xp.multiply(gradient, ratio, gradient)

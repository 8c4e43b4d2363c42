"""The last part of a step: penalties, clipping of the gradient, and the optimizer's update."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.network import Network
from engine.operations import LoopVariable, Recorder
from engine.optimizers import OPTIMIZERS
from engine.training.compiled.members import Members, common_number

# The learning rate if it is a factor of the gradient (`Optimizer.rate_in_gradient`), else 1.
GRADIENT_RATE = LoopVariable("gradient_rate")
MAX_RATES = 3
RATES = tuple(LoopVariable(f"rate_{index}") for index in range(MAX_RATES))
UPDATE_BLOCK = 65_536  # parameters; four vectors of this size fit into the cache of a core


@dataclass
class StepArrays:
    """The arrays that a step changes. Recorded steps refer to them, so that they are changed in place only.

    For K networks, theta and optimizer state are (K, size), there are K generators, and `members` has their
    settings.
    """

    theta: np.ndarray
    optimizer_state: list[np.ndarray]
    dropout: list[np.random.Generator]
    frozen: np.ndarray | None = None  # True for single frozen parameters
    members: Members | None = None

    def number(self, config: ExamplesConfig, name: str) -> Any:
        """Returns a number of the configuration, or a column (K, 1) if it differs between the networks."""
        return common_number(self.members.configs if self.members else [config], attrgetter(name))

    @property
    def networks(self) -> tuple[int, ...]:
        """(K,), or () for one network."""
        return self.theta.shape[:-1]


def record_penalties(
    xp: Recorder, network: Network, config: ExamplesConfig, arrays: StepArrays, gradient: np.ndarray
) -> None:
    """Adds the gradient of l1 Σ|w| + ½ l2 Σw²."""
    theta, scaled = arrays.theta, OPTIMIZERS[config.optimizer.name].rate_in_gradient
    weights = network.weight_mask().astype(theta.dtype)
    penalty = xp.temp(theta)
    for strength, record in ((arrays.number(config, "l2"), None), (arrays.number(config, "l1"), xp.sign)):
        if np.any(strength > 0):
            source = theta
            if record:
                record(theta, penalty)
                source = penalty
            xp.multiply(source, (weights * strength).astype(theta.dtype), penalty)
            if scaled:
                xp.multiply(penalty, GRADIENT_RATE, penalty)
            xp.add(gradient, penalty, gradient)
    xp.release()


def record_update(
    xp: Recorder, network: Network, config: ExamplesConfig, arrays: StepArrays, gradient: np.ndarray
) -> None:
    """Clips the gradient if `clip_norm` is set, and updates all parameters except the frozen ones."""
    theta, optimizer = arrays.theta, OPTIMIZERS[config.optimizer.name]
    frozen = network.frozen_mask()
    if arrays.frozen is not None:
        frozen |= arrays.frozen
    if frozen.any():
        xp.multiply(gradient, (~frozen).astype(theta.dtype), gradient)
    if config.optimizer.clip_norm is not None:
        record_clipping(xp, gradient, arrays.number(config, "optimizer.clip_norm"))
    settings = config.optimizer.model_dump()
    numbers: dict[str, Any] = {
        name: arrays.number(config, f"optimizer.{name}")
        for name, number in settings.items()
        if isinstance(number, float)
    }
    numbers["ascent"] = config.optimizer.ascent
    weights = network.weight_mask().astype(theta.dtype)
    for part in _blocks(network, arrays):
        state = [vector[..., part] for vector in arrays.optimizer_state]
        block_numbers = numbers | {"weights": weights[part]}
        optimizer.update(xp, theta[..., part], gradient[..., part], state, block_numbers, RATES)
        xp.release()
    if frozen.any():  # momentum and decay also change parameters without a gradient
        initial = theta.copy()
        xp.putmask(theta, np.broadcast_to(frozen, initial.shape).copy(), initial)


def _blocks(network: Network, arrays: StepArrays) -> list[slice]:
    """Returns blocks of the flat vector that fit into the cache and are updated one after the other."""
    if arrays.networks:
        return [slice(None)]
    starts = range(0, network.size, UPDATE_BLOCK)
    return [slice(start, min(start + UPDATE_BLOCK, network.size)) for start in starts]


def record_clipping(xp: Recorder, gradient: np.ndarray, limit: Any) -> None:
    """g ← g · min(1, limit / |g|) with the norm of the gradient of all parameters (Pascanu et al. 2013).

    The norm is computed as the largest entry times the norm of the entries divided by it, so that squares
    neither overflow nor underflow; `tiny` replaces a largest entry of 0.
    """
    column = (*gradient.shape[:-1], 1)
    parts, allowed = xp.temp(gradient), np.zeros(column if gradient.ndim > 1 else (), gradient.dtype)
    largest, ratio = (np.zeros(column, gradient.dtype) for _ in range(2))
    tiny = float(np.finfo(gradient.dtype).tiny)
    xp.multiply(GRADIENT_RATE, limit, allowed)
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
